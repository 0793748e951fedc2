"""The reference: docstrings of what somebody who uses the project from Python would import, by what it is for.

Docstrings here are plain text with code between backquotes, not reStructuredText: everything else in them is shown as it stands.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any

MODULES = {
    "laws": ("The records of the laws, and their proofs", ("theory.claims", "theory.catalogue", "theory.kernel.verdict",
             "theory.language.goals", "theory.language.domain", "theory.typesetting.notebook")),
    "statements": ("Claims of your own", ("theory.statements", "derivations.statements.process")),
    "vectors": ("Vectors and losses", ("theory.vectors", "theory.losses", "theory.losses.answers", "theory.hypotheses", "theory.kernel",
                "theory.optimizers.sgd", "theory.typeset")),
    "simulation": ("Simulators", ("numerics.simulation.steps", "numerics.simulation.records", "numerics.simulation.optimizers",
                   "numerics.lookup.embeddings", "numerics.lookup.settings")),
    "definitions": ("Definitions of losses and update rules, for new ones", ("numerics.losses.definition", "numerics.updates.definition",
                    "numerics.batch_losses.definition", "numerics.arithmetic.lanes")),
    "reading": ("Norms as confidence and in rankings", ("derivations.norm_reading.concentration", "numerics.calibration",
                "numerics.rankings")),
    "logs": ("Logs of your own training", ("numerics.training_log", "derivations.check_log.report")),
    "evidence": ("Evidence", ("derivations.evidence", "derivations.evidence.comparison", "derivations.evidence.formulas")),
}  # fmt: skip
_QUOTED = re.compile(r"(: |-> )'([^']*)'")
_WIDEST = 80
_CODE = re.compile(r"``(.+?)``|`(.+?)`", re.DOTALL)
_MARKUP = re.compile(r"([\\*_<>|\[\]#$~{}])")
_BLOCK = re.compile(r"\n\s*\n")


def reference_pages() -> dict[str, str]:
    """One page a purpose, and their index."""
    pages = {f"reference/{name}.md": _page(title, modules) for name, (title, modules) in MODULES.items()}
    names = "\n".join(MODULES)
    about = "Docstrings of the modules, read when the site is built. Shapes, units and errors are in each of them."
    pages["reference/index.md"] = f"# Reference\n\n{about}\n\n```{{toctree}}\n:maxdepth: 1\n\n{names}\n```\n"
    return pages


def _page(title: str, modules: tuple[str, ...]) -> str:
    return "\n\n".join([f"# {title}", *(part for name in modules for part in _module(importlib.import_module(name)))]) + "\n"


def _module(module: ModuleType) -> Iterator[str]:
    yield f"## `{module.__name__}`"
    yield prose(inspect.getdoc(module) or "")
    for name, thing in _surface(module):
        if inspect.isfunction(thing) or inspect.isclass(thing):
            yield from _described(name, thing, "###")
            if inspect.isclass(thing):
                yield from _methods(name, thing)


def _surface(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """What one imports from there: what a package says it has, else what the module itself defines."""
    for name in getattr(module, "__all__", vars(module)):
        thing = getattr(module, name)
        if hasattr(module, "__all__") or (not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__):
            yield name, thing


def _methods(owner: str, kind: type) -> Iterator[str]:
    for name, thing in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(thing, property) and thing.fget is not None and thing.__doc__:
            yield f"**`{owner}.{name}`** (property)\n\n{prose(inspect.getdoc(thing) or '')}"
        elif inspect.isfunction(thing) and thing.__doc__:
            yield f"```python\n{owner}.{name}{_signature(thing, owner + name)}\n```\n\n{prose(inspect.getdoc(thing) or '')}"


def _described(name: str, thing: Any, level: str) -> Iterator[str]:
    yield f"{level} `{name}`"
    if not (inspect.isclass(thing) and issubclass(thing, BaseException | Enum)):
        yield f"```python\n{name}{_signature(thing, name)}\n```"
    yield prose(inspect.getdoc(thing) or "")


def _signature(thing: Any, name: str = "") -> str:
    """Annotations without the quotes that they have when they are postponed; long ones a parameter a line."""
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return "(...)"
    if inspect.isclass(thing):
        found = found.replace(return_annotation=inspect.Signature.empty)  # None, of __init__
    found = found.replace(parameters=[_short(parameter) for parameter in found.parameters.values()])
    text = _QUOTED.sub(r"\1\2", str(found))
    if len(name) + len(text) <= _WIDEST:
        return text
    parts = [_QUOTED.sub(r"\1\2", str(parameter)) for parameter in found.parameters.values()]
    star = next((i for i, p in enumerate(found.parameters.values()) if p.kind is p.KEYWORD_ONLY), None)
    if star is not None:
        parts.insert(star, "*")
    return "(\n" + "".join(f"    {part},\n" for part in parts) + ")" + text[text.rindex(")") + 1 :]


class _Default:
    """A default that is written as short as one would type it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _short(parameter: inspect.Parameter) -> inspect.Parameter:
    """Of a record with defaults of its own as default, the name alone, if that makes it."""
    default = parameter.default
    kind = type(default)
    if is_dataclass(kind) and not [f for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING] and default == kind():
        return parameter.replace(default=_Default(f"{kind.__name__}()"))
    return parameter


def prose(doc: str) -> str:
    """A docstring as Markdown: code kept, lists kept, all other signs shown as they stand."""
    if re.match(r"\w+\(.*\)$", doc.replace("\n", " ")):  # what `dataclass` writes where nobody wrote anything
        return ""
    return "\n\n".join(_escaped(block) for block in _BLOCK.split(inspect.cleandoc(doc)) if block.strip())


def _escaped(block: str) -> str:
    out, end = "", 0
    for found in _CODE.finditer(block):
        text = " ".join((found[1] or found[2]).split())
        out += _MARKUP.sub(r"\\\1", block[end : found.start()]) + f"`{text}`"
        end = found.end()
    lines = (out + _MARKUP.sub(r"\\\1", block[end:])).splitlines()
    return "\n".join(line.strip() for line in lines)

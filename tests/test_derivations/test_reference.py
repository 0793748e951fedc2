"""The reference has what somebody who follows the documents imports, under the name by which it is imported."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

from derivations.docs.reference import MODULES, reference_pages

pytest.importorskip("sklearn", reason="estimators are in the manner of scikit-learn")
ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def imported() -> set[tuple[str, str]]:
    """Module and name of every function and class that README and tutorial import from the project."""
    sources = [*BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8")), (ROOT / "docs/tutorial.py").read_text(encoding="utf-8")]
    found = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("theory", "numerics", "derivations"):
            assert node.module is not None
            things = {(node.module, alias.name): getattr(importlib.import_module(node.module), alias.name) for alias in node.names}
            found |= {key for key, thing in things.items() if inspect.isfunction(thing) or inspect.isclass(thing)}
    return found


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference_pages()


def test_what_readme_and_tutorial_import_is_described(pages: dict[str, str]) -> None:
    sections = {name: part for page in pages.values() for name, part in re.findall(r"^## `([\w.]+)`\n(.*?)(?=^## |\Z)", page, re.M | re.S)}
    assert set(sections) == {module for _, modules in MODULES.values() for module in modules}
    wanted = imported()
    assert len(wanted) > 30
    assert [f"{module}.{name}" for module, name in sorted(wanted) if f"\n### `{name}`\n" not in sections.get(module, "")] == []


def test_whatever_is_named_says_something(pages: dict[str, str]) -> None:
    """A heading, at most its signature, and then words, or the methods of a class that have some."""
    parts = [(part, name) for page in pages.values() for part in page.split("\n### ")[1:] for name in [part.split("\n", 1)[0]]]
    assert len(parts) > 100
    silent = [name for part, name in parts if not re.sub(r"```python\n.*?```", "", part.partition("\n")[2], flags=re.S).strip()]
    assert silent == []


def test_signatures_are_as_one_would_write_them(pages: dict[str, str]) -> None:
    text = pages["reference/simulation.md"]
    assert "    optimizer: Optimizer = Optimizer(),\n" in text
    assert "Evaluation(values: Floats, gradients: Floats)\n" in text
    for name, page in pages.items():
        assert re.findall(r"<\w+ (?:object|function|class)\b.*", page) == [], name

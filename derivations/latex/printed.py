r"""What the kernel prints of a point or a limit, such as ``2*V_***2/(c*|u|)``, as LaTeX."""

from __future__ import annotations

import re

import sympy as sp

from theory.typeset import latex

_NAME = re.compile(r"[A-Za-z]+\d*(?:_(?:\w+|[-+*](?![\w(])))?")
_NORM = re.compile(r"\|(\w+)\|")
_ROOT = re.compile(r"sqrt\(([^()]+)\)")
_SIZE = re.compile(r"Abs\((\w+)\)")
_POWER = re.compile(r"\*\*(?:(\w+)|\(((?:[^()]|\([^()]*\))*)\))")  # before names are looked for: it may have some
_KNOWN = {"oo": r"\infty", "exp": r"\exp", "log": r"\ln", "pi": r"\pi", "sinh": r"\sinh "}


def printed_latex(text: str) -> str:
    """Names, norms, roots, powers and products; brackets and slashes stay as they are."""
    text = _SIZE.sub(r"\\lvert \1\\rvert ", text)
    text = _NORM.sub(r"\\lVert \1\\rVert", _ROOT.sub(r"\\sqrt{\1}", text))
    text = _POWER.sub(lambda power: "" if power[1] == "1" else f"^{{{power[1] or power[2]}}}", text)
    out, end = "", 0
    for name in _NAME.finditer(text):
        out += _signs(text[end : name.start()])
        command = text[: name.start()].endswith("\\")
        out += name[0] if command else _KNOWN.get(name[0]) or latex(sp.Symbol(name[0]))
        end = name.end()
    return re.sub(" +", " ", out + _signs(text[end:])).strip()


def _signs(text: str) -> str:
    return text.replace("*", " ")

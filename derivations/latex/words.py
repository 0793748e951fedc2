"""Words of the records (light LaTeX: plain text with ``$...$`` in it) as LaTeX text and as Markdown."""

from __future__ import annotations

import re

from derivations.latex.prose import with_formulas

_ESCAPES = {
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
_SIGNS = {
    "∞": r"\infty", "≥": r"\ge", "≤": r"\le", "→": r"\to", "≠": r"\ne",
    "⊥": r"\perp", "‖": r"\Vert", "√": r"\surd",
    "²": "^2", "³": "^3", "⁴": "^4", "η": r"\eta", "λ": r"\lambda", "τ": r"\tau", "−": "-",
    "×": r"\times", "≈": r"\approx",
}  # fmt: skip
_SPECIAL = re.compile(rf"(?<!\\)[{re.escape(''.join([*_ESCAPES, *_SIGNS]))}]")
_INNER = re.compile(r"<(\w+), (\w[^<>=]*)>")
_SLOPE = re.compile(r"(\|)?grad_(\w) L(?(1)\|)")
_GRADIENT = re.compile(r"grad(?:_(\w))? ")
_MATH = re.compile(r"(?<!\\)\$")


def words_latex(text: str) -> str:
    """Text with its formulas kept and everything else escaped; a lonely dollar sign becomes a character."""
    parts = prose_and_formulas(text)
    if parts == [text] and "$" in text:
        return plain_latex(text)
    return "".join(f"${part}$" if i % 2 else _escaped(part) for i, part in enumerate(parts))


def prose_and_formulas(text: str) -> list[str]:
    """Prose and formulas by turns, prose first and last; formulas that stand in it as plain letters are such, too. One part of prose
    for a text with a lonely dollar sign."""
    for found in (_inner_products, with_formulas):
        parts = _MATH.split(text)
        if len(parts) % 2 == 0:
            return [text]
        text = "".join(f"${part}$" if i % 2 else found(part) for i, part in enumerate(parts))
    return _MATH.split(text)


def _inner_products(text: str) -> str:
    """``<u, grad L>`` of what was measured as a formula, and ``grad_u L`` or its length."""
    text = _INNER.sub(lambda found: "$" + _GRADIENT.sub(_nabla, rf"\langle {found[1]}, {found[2]}\rangle") + "$", text)
    return _SLOPE.sub(lambda found: rf"$\lVert\nabla_{found[2]} L\rVert$" if found[1] else rf"$\nabla_{found[2]} L$", text)


def _nabla(found: re.Match[str]) -> str:
    return rf"\nabla_{found[1]} " if found[1] else r"\nabla "


def plain_latex(text: str) -> str:
    """Text without formulas, all of it escaped."""
    marked = text.replace("\\", "\0").replace("{", r"\{").replace("}", r"\}").replace("$", r"\$")
    return _escaped(marked).replace("\0", r"\textbackslash{}")


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(lambda found: _ESCAPES.get(found[0]) or f"${_SIGNS[found[0]]}$", text)
    return re.sub(r'"([^"]*)"', r"``\1''", text)


def words_markdown(text: str) -> str:
    """Text with its formulas kept; what Markdown would take for markup outside of them is escaped."""
    parts = prose_and_formulas(text)
    if len(parts) == 1:
        parts = [text.replace("$", r"\$")]
    return "".join(f"${part}$" if i % 2 else re.sub(r"([*_<>|`\[\]#])", r"\\\1", part) for i, part in enumerate(parts))

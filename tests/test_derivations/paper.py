r"""A fragment of the paper read back: its displays and definitions, rows joined and names put back, nothing else changed.

This reads LaTeX on its own: it knows how rows are laid out and what brackets a name may stand for, and nothing of how they are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivations.latex.widths import argument

_DISPLAY = re.compile(r"\\\[\n(.*?)\n\\\]|\\begin\{gather\*\}\n(.*?)\n\\end\{gather\*\}", re.DOTALL)
_LAYOUT = (r"\normlawfit", r"\begin{aligned}", r"\end{aligned}", r"\displaystyle", r"\qedhere", "&")


def parts(text: str) -> dict[str, str]:
    r"""What the names of a fragment stand for (``\lawpart``, and ``\lawalso`` in the same row)."""
    said = arguments(text.replace(r"\lawwith ", ""), r"\lawpart")
    inner = (part for row in said for part in (row.split(r"\lawalso")[0], *arguments(row, r"\lawalso")))
    rows = (joined(part) for part in inner)
    return dict(row.split(" = ", 1) for row in rows)


def displays(text: str) -> list[str]:
    """Every displayed formula, rows of one formula joined."""
    return [joined(part) for one, many in _DISPLAY.findall(text) for part in _formulas(one or many)]


def definitions(text: str) -> list[tuple[str, str, str]]:
    r"""Every ``\lawwhere`` and ``\lawand``: name, words and expression, as printed; what is "as above" as it was said last."""
    found, last = [], dict[str, tuple[str, str]]()
    for at in re.finditer(r"\\law(?:where|and)(?![A-Za-z])", text):
        name, end = argument(text, at.end())
        says, end = argument(text, end)
        expression, _ = argument(text, end)
        inner = arguments(expression, r"\lawbelow")
        said = says, joined(inner[0] if inner else expression.split(r"\lawand")[0])
        last[name] = last[name] if said == ("is", "as above") else said
        found.append((joined(name), *last[name]))
    return found


def arguments(text: str, macro: str) -> list[str]:
    """What stands in every use of a macro with one argument."""
    return [argument(text, at.end())[0] for at in re.finditer(re.escape(macro) + r"(?![A-Za-z])", text)]


def joined(text: str) -> str:
    r"""Rows as one line: the sign of a product that was broken, sizes of brackets and whatever else is layout are undone."""
    for left in dict.fromkeys(arguments(text, r"\hphantom")):  # room that is left below the left side
        text = text.replace(rf" \hphantom{{{left}}}", "")
    text = re.sub(r"\\\\\n& \\qquad \\times", " ", text)
    if rows := arguments(text, r"\lawrow"):  # boxes of their own
        text = " ".join([*arguments(text, r"\normlawfit")[:1], *(row.removeprefix(r"\times") for row in rows)])
    text = text.replace(r"\dfrac", r"\frac").replace(r"\displaystyle", "")
    for mark in _LAYOUT:
        text = text.replace(mark, " ")
    text = re.sub(r"\\\\\n\s*\\qquad", " ", text)
    text = re.sub(r"\s+", " ", text.replace(r"\biggl", r"\left").replace(r"\biggr", r"\right")).strip(" $")
    while text.startswith("{") and argument(text, 0)[1] == len(text):
        text = text[1:-1].strip(" $")
    return text


def bare(text: str) -> str:
    """Without white space that TeX does not see; a space that ends a command's name stays."""
    text = re.sub(r"(\\[A-Za-z]+) +(?![A-Za-z])", r"\1", re.sub(r"\s+", " ", text))
    return re.sub(r"(?<!\\) +(?=[^A-Za-z])|(?<=[^A-Za-z\\]) +", "", text).strip()


def _formulas(display: str) -> Iterator[str]:
    """The formulas below each other in one display: a row that is not indented begins one."""
    depth, begun = 0, ""
    for row in display.split("\n"):
        depth += row.count(r"\begin{aligned}") - row.count(r"\end{aligned}")
        begun += row + "\n"
        if depth == 0 and (row.endswith(r"\\")):
            yield begun.rstrip().removesuffix(r"\\")
            begun = ""
    if begun.strip():
        yield begun

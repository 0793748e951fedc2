r"""Displays that fit a page: long formulas are broken into rows; the last resort is the macro ``\normlawfit``."""

from __future__ import annotations

from derivations.latex.breaking import RELATIONS, closed, parts, pieces
from derivations.latex.legible import legible
from derivations.latex.widths import width

WIDTH = 53.0  # of a line of text in a list, in average letters: 320 pt at 10 pt, as in a stock `article`
INDENT = 4.0  # of the second row and those below
_SHORT = 14.0  # average letters of a left side
_THEREFORE = r" \ \Rightarrow\ "


def display(lines: tuple[str, ...], end: str = "") -> str:
    """Formulas in one display, one below the other, each broken where it must be; ``end`` closes the last."""
    rows = [broken(part) for line in lines for part in _conclusions(line)]
    if len(rows) == 1:
        return f"\\[\n{rows[0]}{end}\n\\]"
    return "\\begin{gather*}\n" + " \\\\\n".join(rows) + f"{end}\n\\end{{gather*}}"


def _conclusions(line: str) -> tuple[str, ...]:
    """What follows from something long stands on a line of its own."""
    before, arrow, after = line.partition(_THEREFORE)
    return (before, rf"\Rightarrow\ {after}") if arrow and width(line) > WIDTH else (line,)


def broken(line: str, limit: float = WIDTH) -> str:
    """One formula, in an ``aligned`` if it is wider than the limit."""
    return legible(_broken(line, limit))


def _left(line: str) -> str:
    """The left side of a formula with one relation, if it is so short that what goes on below can stand right of the relation."""
    left, *right = pieces(line, RELATIONS)
    return left if len(right) == 1 and width(left) <= _SHORT else ""


def _broken(line: str, limit: float) -> str:
    if width(line) <= limit:
        return line
    left = _left(line)
    indent = INDENT + width(left)
    rows: list[str] = []
    for piece in parts(line, limit - indent):
        if rows and width(rows[-1] + piece.text) <= limit - indent * (len(rows) > 1):
            rows[-1] += piece.text
        else:
            rows.append(rf"\times{piece.text}" if piece.factor else piece.text)
    if len(rows) == 1:
        return rf"\normlawfit{{{line}}}"
    rows = [closed(row.strip()) for row in rows]
    below = rf"& \qquad \hphantom{{{left}}}" if left else r"& \qquad"
    inside = " \\\\\n".join([f"& {rows[0]}", *(f"{below} {row}" for row in rows[1:])])
    text = f"\\begin{{aligned}}\n{inside}\n\\end{{aligned}}"
    return rf"\normlawfit{{{text}}}" if max(width(rows[0]), *(width(left + row) for row in rows[1:])) > limit else text

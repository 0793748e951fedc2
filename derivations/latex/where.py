"""A goal as it stands in a fragment: displayed whole, then what the names in it stand for, each as long as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivations.latex.decided import WORKED_OUT, definitions
from derivations.latex.definition import Definition
from derivations.latex.layout import INDENT, WIDTH, broken, display
from derivations.latex.legible import full_size, legible
from derivations.latex.naming import Names, Part
from derivations.latex.printer import goal_lines
from derivations.latex.widths import width
from derivations.latex.words import words_latex
from theory.kernel import Goal
from theory.typeset import tidy
from theory.typesetting.cases import Cases

_FIT, _BELOW, _KNOWN, _COMMA = r"\normlawfit", r"\lawbelow", r"\lawknown{", ",$ $"
_PART = r"\lawpart{"
_AGAIN = "as above"
_ALIGNED, _ROW = ("\\begin{aligned}\n& ", "\n\\end{aligned}"), " \\\\\n& \\qquad "  # as `layout.broken` writes rows
_MANY = 4  # rows below the first: then what a name stands for need not be on one page
_NAMED = re.compile(r"(\\math(?:cal|frak)\{[A-Z]\}(?:_\w|_\{\w+\})?) = ")
_LAST = re.compile(r"\$(\}+)$")  # of a row that ends in a formula
_GAP = 3.0  # average letters between two parts in one row
ROOM = 43.0  # average letters for a name and what it stands for, the words between them left out
_SMALL = 56.0  # of a line in the smaller size of what stands below, in the text of a stock `article`
LINE = WIDTH - 3 * INDENT  # for a side of a fraction: it may stand in a bracket, in a row below the first


def shown(lines: Sequence[str], names: Names, end: str = "") -> list[str]:
    """Formulas in one display, and below it the parts of those that are long; ``end`` closes the display if nothing follows."""
    named = [names.named(line, LINE) for line in lines]
    parts = [part for _, some in named for part in some]
    return [display(tuple(text for text, _ in named), "" if parts else end), *_introduced(part_rows(parts))]


def _introduced(rows: Sequence[str]) -> list[str]:
    """The parts of a formula, which continue its sentence."""
    return [rf"\lawpart{{\lawwith {row.removeprefix(_PART)}" if not i and row.startswith(_PART) else row for i, row in enumerate(rows)]


def cases(groups: Cases, names: Names) -> list[str]:
    """A statement by its cases, each said before its display; parts that were explained are named once, below everything else."""
    rows = list[str]()
    for case, lines in groups:
        rows += [rf"\lawcase{{{words_latex(case)}}}"] * bool(case) + shown(lines, names)
    return _once(rows)


def step_rows(goal: Goal, names: Names, end: str) -> list[str]:
    """A step of a proof and what its names stand for: here and not below the law, where one name may stand in several formulas."""
    where = where_rows(goal, names)
    rows = [*shown(tuple(dict.fromkeys(goal_lines(goal))), names, "" if where else end), *where]
    rows = _once(rows)
    return [*rows[:-1], _closed(rows[-1], end)]


def _once(rows: Sequence[str]) -> list[str]:
    """The parts that were explained in a step before, in one row below everything else."""
    known = dict.fromkeys(name for row in rows if row.startswith(_KNOWN) for name in row[len(_KNOWN) : -1].split(_COMMA))
    rest = [row for row in rows if not row.startswith(_KNOWN)]
    said = {name for row in rest if row.startswith(r"\lawpart") for name in _NAMED.findall(row)}
    return [*rest, *_known([name for name in known if name not in said])]


def _closed(row: str, end: str) -> str:
    """The mark that ends a proof, in a last row of words; behind a display amsthm sets its own, as it does if none is set."""
    if not row.startswith(r"\law"):
        return row
    closed = _LAST.sub(lambda braces: f"${end}{braces[1]}", row)
    return f"{row[:-1]}{end}}}" if closed == row and row.startswith((r"\lawwhere", _PART)) else closed


def formulas(goal: Goal) -> list[str]:
    """Everything that is printed of a goal: its formulas and what the names in them stand for."""
    return [*dict.fromkeys(goal_lines(goal)), *(d.expression for d in definitions(goal) if not is_printed(d, goal_lines(goal)))]


def where_rows(goal: Goal, names: Names) -> list[str]:
    """What the typed names of a goal stand for: what was decided, unless the formula itself says it. Short ones in one paragraph."""
    rows = list[str]()
    joins = False
    for d in definitions(goal):
        if is_printed(d, goal_lines(goal)):
            continue
        one, parts = _definition(d, names)
        said = rf"{{{full_size(d.name)}}}{{{d.says if one != _AGAIN else 'is'}}}{{{one}}}"
        in_line = not one.startswith(_BELOW)
        if joins and in_line:
            rows[-1] = rf"{rows[-1][:-1]}\lawand{said}}}"
        else:
            rows.append(rf"\lawwhere{said}")
        rows += part_rows(parts)
        joins = in_line and not parts
    return rows


def is_printed(d: Definition, lines: Sequence[str]) -> bool:
    """Whether ``name = expression`` stands in the display already, because the name came out as the side that was claimed."""
    return d.says == WORKED_OUT and any(line.split(r" \quad (")[0] == f"{tidy(d.name)} = {d.expression}" for line in lines)


def _definition(d: Definition, names: Names) -> tuple[str, tuple[Part, ...]]:
    """What a name stands for, in the line or below it, and the parts of that; no more than that it was said, if it was."""
    if names.said.get(d.name) == (d.says, d.expression):
        return _AGAIN, ()
    names.said[d.name] = d.says, d.expression
    text, parts = names.named(d.expression, LINE)
    if width(d.name) + width(text) >= ROOM:
        return rf"{_BELOW}{{{_over_pages(fitted(text))}}}", parts
    return f"${full_size(text)}$", parts


def _over_pages(text: str) -> str:
    """Many rows in boxes of their own, between which a page may end; few stay together."""
    first, *below = text.removeprefix(rf"{_FIT}{{").removesuffix("}" * text.startswith(_FIT)).split(_ROW)
    if len(below) < _MANY:
        return text
    rows = (row.removesuffix(_ALIGNED[1]) for row in below)
    return rf"{_FIT}{{{first.removeprefix(_ALIGNED[0])}}}" + "".join(rf"\lawrow{{{row}}}" for row in rows)


def part_rows(parts: Sequence[Part]) -> list[str]:
    """The parts of a formula in the order in which they are met, short ones in one row; those that were explained before in one line."""
    new = [part for part in dict.fromkeys(parts) if not part.known]
    seen = {part.name for part in new}
    rows, room = list[str](), 0.0
    for part in new:
        needed = width(f"{part.name} = {part.body}") + _GAP
        if needed <= room:
            rows[-1] = rf"{rows[-1][:-1]}\lawalso{{{_equation(part)}}}}}"
        else:
            rows.append(rf"\lawpart{{{_equation(part)}}}")
        room = (room if needed <= room else WIDTH) - needed
    return [*rows, *_known([part.name for part in parts if part.known and part.name not in seen])]


def _known(names: Sequence[str]) -> list[str]:
    return [f"{_KNOWN}{_COMMA.join(dict.fromkeys(names))}}}"] if names else []


def _equation(part: Part) -> str:
    text = f"{part.name} = {part.body}"
    return rf"$\displaystyle {legible(text)}$" if width(text) < WIDTH else fitted(text)


def fitted(text: str) -> str:
    """Rows that fit the line, in the largest size in which they do."""
    rows = broken(text, _SMALL)
    return rows if rows.startswith(_FIT) else rf"{_FIT}{{{rows}}}"

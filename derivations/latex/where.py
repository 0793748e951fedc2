"""A goal as it stands in a fragment: displayed whole, then what the names in it stand for, each as long as it is."""

from __future__ import annotations

from collections.abc import Sequence

from derivations.latex.decided import WORKED_OUT, definitions
from derivations.latex.definition import Definition
from derivations.latex.layout import INDENT, WIDTH, broken, display
from derivations.latex.naming import Names, Part
from derivations.latex.printer import goal_lines
from derivations.latex.widths import width
from theory.kernel import Goal
from theory.typeset import tidy

_FIT = r"\normlawfit"
ROOM = 48.0  # average letters for a name and what it stands for, the words between them left out
_SMALL = 56.0  # of a line in the smaller size of what stands below, in the text of a stock `article`
LINE = WIDTH - 3 * INDENT  # for a side of a fraction: it may stand in a bracket, in a row below the first


def shown(lines: Sequence[str], names: Names, end: str = "") -> list[str]:
    """Formulas in one display, and below it the parts of those that are long; ``end`` closes the display if nothing follows."""
    named = [names.named(line, LINE) for line in lines]
    parts = [part for _, some in named for part in some]
    return [display(tuple(text for text, _ in named), "" if parts else end), *part_rows(parts)]


def step_rows(goal: Goal, names: Names, end: str) -> list[str]:
    """A step of a proof and what its names stand for: here and not below the law, where one name may stand in several formulas."""
    where = where_rows(goal, names)
    rows = [*shown(tuple(dict.fromkeys(goal_lines(goal))), names, "" if where else end), *where]
    return [*rows[:-1], _closed(rows[-1], end)]


def _closed(row: str, end: str) -> str:
    """The mark that ends a proof, in a last row of words; behind a display amsthm sets its own, as it does if none is set."""
    return f"{row.removesuffix('$}')}${end}}}" if row.startswith(r"\law") and row.endswith("$}") else row


def where_rows(goal: Goal, names: Names) -> list[str]:
    """What the typed names of a goal stand for: what was decided, unless the formula itself says it."""
    return [row for d in definitions(goal) if not is_printed(d, goal_lines(goal)) for row in _definition(d, names)]


def is_printed(d: Definition, lines: Sequence[str]) -> bool:
    """Whether ``name = expression`` stands in the display already, because the name came out as the side that was claimed."""
    return d.says == WORKED_OUT and any(line.split(r" \quad (")[0] == f"{tidy(d.name)} = {d.expression}" for line in lines)


def _definition(d: Definition, names: Names) -> list[str]:
    text, parts = names.named(d.expression, LINE)
    tall = r"\displaystyle " if r"\frac" in text else ""
    said = f"${tall}{text}$" if width(d.name) + width(text) < ROOM else _below(text)
    return [rf"\lawwhere{{{d.name}}}{{{d.says}}}{{{said}}}", *part_rows(parts)]


def part_rows(parts: Sequence[Part]) -> list[str]:
    """The parts of a formula in the order in which they are met; those that were explained before in one line."""
    new = [part for part in dict.fromkeys(parts) if not part.known]
    seen = {part.name for part in new}
    known = dict.fromkeys(part.name for part in parts if part.known and part.name not in seen)
    rows = [rf"\lawpart{{{_equation(part)}}}" for part in new]
    return [*rows, *([rf"\lawknown{{{',$ $'.join(known)}}}"] if known else [])]


def _equation(part: Part) -> str:
    text = f"{part.name} = {part.body}"
    return rf"$\displaystyle {text}$" if width(text) < WIDTH else fitted(text)


def _below(text: str) -> str:
    return rf"\lawbelow{{{fitted(text)}}}"


def fitted(text: str) -> str:
    """Rows that fit the line, in the largest size in which they do."""
    rows = broken(text, _SMALL)
    return rows if rows.startswith(_FIT) else rf"{_FIT}{{{rows}}}"

"""The audit as a page of Markdown, and on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Drawn
from rich.text import Text

from derivations.audit.answers import answers
from derivations.audit.layout import Section, Table
from derivations.audit.record import Audit
from derivations.audit.sections import sections
from derivations.terminal.plain_math import plain_prose
from derivations.terminal.tables import line

_GAP, _NARROWEST = 2, 12  # characters between columns, and of a column whose lines are broken
_LOUD = ("DIFFER", "AGAINST", "NOT BEYOND", "NOT CLAIMED")


def markdown(found: Audit, drawn: tuple[str, ...]) -> str:
    """The page; figures are those of ``drawn`` that a section names. The same audit gives the same bytes."""
    lines = [f"# Audit of {found.source.path}", ""]
    for section in sections(found):
        lines += [f"## {section.title}", "", *(f"{words}\n" for words in section.lines)]
        for table in section.tables:
            lines += [*_table(table), ""]
        lines += [*(f"- {words}" for words in section.notes), ""] if section.notes else []
        lines += [f"![{words}]({name}.svg)\n" for name, words in section.figures.items() if name in drawn]
    lines += [f"Seed {found.seed}; " + ", ".join(f"{name} {version}" for name, version in found.versions.items()) + "."]
    return "\n".join(lines) + "\n"


def _table(table: Table) -> list[str]:
    def row(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return [row(table.header), "|" + " --- |" * len(table.header), *(row(cells) for cells in table.rows)]


def show(out: Console, found: Audit, *, quiet: bool) -> None:
    """Sections with their tables; with ``quiet`` the answers alone, a line each."""
    if quiet:
        for question, answer in answers(found):
            line(out, (question, "bold"), f" {answer}")
        return
    for section in sections(found):
        _section(out, section)


def _section(out: Console, section: Section) -> None:
    line(out, (section.title, "bold"))
    for words in section.lines:
        out.print(Text(plain_prose(words)), soft_wrap=False)
    for table in section.tables:
        drawn = Drawn(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, _GAP, 0, 0), show_header=any(table.header))
        whole = _unbroken(table, out.width)
        for i, name in enumerate(table.header):
            drawn.add_column(name, overflow="fold", style="bold" if i == 0 else "", no_wrap=i in whole)
        for cells in table.rows:
            drawn.add_row(*(Text(cell, style="bold red" if any(word in cell for word in _LOUD) else "") for cell in cells))
        out.print(drawn)
    for words in section.notes:
        out.print(Text(plain_prose(words), style="dim"))
    out.print()


def _unbroken(table: Table, width: int) -> set[int]:
    """Columns that have room for their longest line, the narrow ones first, with enough left for all others."""
    columns = range(len(table.header))
    longest = [max(len(words) for cells in (table.header, *table.rows) for words in cells[i].split("\n")) for i in columns]
    left, found = width - _GAP * len(longest), set[int]()
    for i in sorted(columns, key=lambda i: longest[i]):
        rest = len(longest) - len(found) - 1
        if left - longest[i] < _NARROWEST * rest:
            break
        left -= longest[i]
        found.add(i)
    return found

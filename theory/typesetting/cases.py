"""A statement by its cases: formulas that are about different things, and which each is about. Needs no library."""

from __future__ import annotations

from collections.abc import Iterable

Cases = tuple[tuple[str, tuple[str, ...]], ...]


def heading(case: str) -> str:
    """A case as it stands above its formulas, at the beginning of a line."""
    return case[:1].upper() + case[1:]


def by_case(concluded: Iterable[tuple[str, Iterable[str]]]) -> Cases:
    """Lines that are concluded, each once, with the case in words that it is about: neighbours of one case together.

    ``concluded`` are (case, lines) in order; what holds of everything has an empty case. A line that is concluded of several cases is
    of all of them: ``InfoNCE; SupCon``.
    """
    of = dict[str, dict[str, None]]()
    for case, lines in concluded:
        for line in lines:
            of.setdefault(line, {})[case] = None
    groups = list[tuple[str, tuple[str, ...]]]()
    for line, cases in of.items():
        said = "" if "" in cases else heading("; ".join(cases))
        if groups and groups[-1][0] == said:
            groups[-1] = said, (*groups[-1][1], line)
        else:
            groups.append((said, (line,)))
    return tuple(groups)

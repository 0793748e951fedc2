"""A statement by its cases: formulas that are about different things, and which each is about. Needs no library."""

from __future__ import annotations

from collections.abc import Iterable

Cases = tuple[tuple[str, tuple[str, ...]], ...]
OF_ALL = "In all cases"


def heading(case: str) -> str:
    """A case as it stands above its formulas, at the beginning of a line."""
    return case[:1].upper() + case[1:]


def above(case: str, before: str) -> str:
    """What is said above formulas of a case that follow those of another: what holds of everything must not seem to be of the last one."""
    if case == before:
        return ""
    return heading(case) if case else OF_ALL


def by_case(concluded: Iterable[tuple[str, Iterable[str]]]) -> Cases:
    """Lines that are concluded, each once, with the case in words that it is about: neighbours of one case together.

    ``concluded`` are (case, lines) in order; what holds of everything has an empty case, and says so where it follows a case. A line that
    is concluded of several cases is of all of them: ``InfoNCE; SupCon``.
    """
    of = dict[str, dict[str, None]]()
    for case, lines in concluded:
        for line in lines:
            of.setdefault(line, {})[case] = None
    groups = list[tuple[str, tuple[str, ...]]]()
    for line, cases in of.items():
        said = "" if "" in cases else heading("; ".join(cases))
        if not said and groups and groups[-1][0]:
            said = OF_ALL
        if groups and groups[-1][0] == said:
            groups[-1] = said, (*groups[-1][1], line)
        else:
            groups.append((said, (line,)))
    return tuple(groups)

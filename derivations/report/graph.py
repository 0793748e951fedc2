"""What follows from what: claims in layers, each to the right of all that it is derived from, joined by curves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from derivations.report.markup import Html, el, join
from theory.standing import behind

_COLUMN, _ROW, _PILL, _HIGH = 116, 34, 62, 24  # distances and sizes, in pixels
_SWEEPS = 12


NODE = "node"


def box_of_nodes() -> Html:
    """The box of every node, which a page with graphs has to have once."""
    box = el("rect", y=-_HIGH // 2, width=_PILL, height=_HIGH, rx=6, id=NODE)
    return el("svg", box, hidden=True)


def layers(uses: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The claims by the length of the longest chain of lemmas behind them, ordered so that few lines cross."""
    depth: dict[str, int] = {}

    def measured(name: str) -> int:
        if name not in depth:
            depth[name] = 0  # a circle, which no catalogue has, ends here
            depth[name] = 1 + max((measured(lemma) for lemma in uses[name] if lemma in uses), default=-1)
        return depth[name]

    columns: list[list[str]] = [[] for _ in range(1 + max(map(measured, uses), default=-1))]
    for name in uses:
        columns[depth[name]].append(name)
    return _untangled(columns, uses)


def _untangled(columns: list[list[str]], uses: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Every claim near the middle of its neighbours."""
    near: dict[str, list[str]] = {name: [lemma for lemma in lemmas if lemma in uses] for name, lemmas in uses.items()}
    for name, lemmas in uses.items():
        for lemma in lemmas:
            if lemma in near:
                near[lemma].append(name)
    for _ in range(_SWEEPS):
        place = {name: (i + 0.5) / len(column) for column in columns for i, name in enumerate(column)}
        middle = {name: sum(map(place.__getitem__, of)) / len(of) if of else place[name] for name, of in near.items()}
        columns = [sorted(column, key=lambda name: (middle[name], place[name])) for column in columns]
    return columns


def around(name: str, uses: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """A claim, all that is behind it, and what is derived from it at once: each with what it uses of these."""
    found = {name, *behind(name, uses)}
    after = [other for other, lemmas in uses.items() if name in lemmas]
    return {
        n: [x for x in uses.get(n, ()) if x in found and (n in found or x == name)] for n in [*sorted(found), *after]
    }  # fmt: skip


def drawing(
    uses: Mapping[str, Sequence[str]], named: Mapping[str, tuple[str, str]], said: str,
    chosen: str = "", short: Collection[str] = (),
) -> Html:  # fmt: skip
    """The graph; ``named`` is (label, title) by id, ``chosen`` stands out, and so do the claims that fall ``short``."""
    columns = layers(uses)
    tallest = max(map(len, columns), default=0)
    at = {
        name: (i * _COLUMN + 6, round((k + 0.5) * tallest * _ROW / len(column)) + 4)
        for i, column in enumerate(columns)
        for k, name in enumerate(column)
    }
    lines = "".join(_line(at[lemma], at[name]) for name, lemmas in uses.items() for lemma in lemmas if lemma in at)
    nodes = [_node(name, at[name], named.get(name, (name, "")), name == chosen, name in short) for name in at]
    width, height = len(columns) * _COLUMN - _COLUMN + _PILL + 12, tallest * _ROW + 8
    drawn = el("path", d=lines, class_="edges")
    picture = el(
        "svg", drawn, *nodes, viewBox=f"0 0 {width} {height}", role="group", aria_label=said, class_="graph",
        style=f"width:{width}px",
    )  # fmt: skip
    return el("div", picture, class_="scrolled", tabindex=0, role="region", aria_label="dependency graph")


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    x, y = start[0] + _PILL, start[1]
    half = (end[0] - x) // 2
    return f"M{x} {y}C{x + half} {y} {end[0] - half} {end[1]} {end[0]} {end[1]}"


def _node(name: str, at: tuple[int, int], named: tuple[str, str], chosen: bool, short: bool) -> Html:
    x, y = at
    label, title = named
    box = el("use", href=f"#{NODE}", x=x, y=y)
    text = el("text", label, x=x + _PILL // 2, y=y + 5)
    kinds = " ".join(kind for kind, wanted in (("node", True), ("chosen", chosen), ("short", short)) if wanted)
    spoken = f"{label} {title}" + (", falls short" if short else "")
    return el("a", join((el("title", spoken), box, text)), href=f"#{name}", class_=kinds)

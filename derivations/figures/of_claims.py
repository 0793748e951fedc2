"""Pictures of a claim from the points of a run: one a comparison, one a witness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from derivations.figures import evidence, witness
from derivations.figures.layout import Layout
from derivations.figures.style import LIGHT, Style
from derivations.ledger.points import ClaimPoints


def pictures(claim: str, points: ClaimPoints, style: Style = LIGHT) -> Iterator[tuple[str, Figure]]:
    """(file name without ending, figure); what has no points has no picture."""
    for i, p in enumerate(points.measurements, 1):
        if p is not None and p.labels:
            yield f"{claim}-evidence-{i}", _drawn(evidence.layout(p), lambda panels, p=p: evidence.draw(p, panels, style),  # type: ignore[misc]
                                                  evidence.titles(p), p.what, style)  # fmt: skip
    for name, (kept, dropped) in points.witnesses.items():
        if kept is not None and dropped is not None and kept.labels and dropped.labels:
            yield f"{claim}-witness-{name}", _drawn(witness.LAYOUT, lambda panels, a=kept, b=dropped: witness.draw(a, b, panels, style),  # type: ignore[misc]
                                                    (witness.title(name, kept, dropped),), kept.what, style)  # fmt: skip


def _drawn(layout: Layout, draw: Callable[[Sequence[Axes]], None], titles: Sequence[str], what: str, style: Style) -> Figure:
    with mpl.rc_context(style.parameters()):
        figure, panels = layout.panels()
        draw(panels)
        for axes, title in zip(panels, titles, strict=True):
            axes.set_title(title)
        figure.suptitle(what, fontsize=9, x=0.01, ha="left", color=style.quiet)
    return figure

"""A witness from the points of a run: within its bound with the hypothesis, out of it when the hypothesis is dropped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from derivations.figures import marks
from derivations.figures.evidence import bounded, shares
from derivations.figures.layout import Layout
from derivations.figures.style import DASHED, Style
from derivations.ledger.points import Points

LAYOUT = Layout(height=3.2)


def title(hypothesis: str, kept: Points, dropped: Points) -> str:
    """A sentence that says what is seen."""
    if not all(kept.inside):
        return f"{hypothesis}: the law fails with it, too"
    out = len(dropped.inside) - sum(dropped.inside)
    without = f"without it {out} of {len(dropped.inside)} settings leave the bound" if out else "nothing fails without it"
    return f"{hypothesis}: {without}"


def draw(kept: Points, dropped: Points, panels: Sequence[Axes], style: Style) -> None:
    """Both as shares of the bound, settings in their order, so that the same setting stands above itself."""
    (axes,) = panels
    found = [shares(p) for p in (kept, dropped)]
    bounded(axes, max(float(f.max()) for f in found), style)
    most = max(len(f) for f in found)
    for values, colour, marker, dashes, words in (
        (found[0], style.simulation, "o", "-", "with it"), (found[1], style.broken, "X", DASHED, "without it"),
    ):  # fmt: skip
        place = np.arange(1.0, len(values) + 1)
        axes.plot(place, values, color=colour, linestyle=dashes, linewidth=0.9, zorder=2)
        marks.seen(axes, place, values, style, colour=colour, marker=marker, size=5)
        marks.words(axes, words, (place[-1], float(values[-1])), style, color=colour, shift=(7, 0))
    axes.set(xlabel="settings", xlim=(0, most * 1.15 + 1))

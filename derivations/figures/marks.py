"""The marks that pictures are made of: theory, what is seen, what is allowed, what is wrong, and words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from derivations.evidence import Floats
from derivations.figures.style import DASHED, SOLID, Dashes, Style, worded

SMALL = 8  # points, of words in a picture


def theory(axes: Axes, x: Floats, y: Floats, style: Style, *, colour: str = "", dashes: Dashes = SOLID) -> None:
    """A line of what is claimed."""
    axes.plot(x, y, color=colour or style.theory, linestyle=dashes, linewidth=1.2, zorder=3)


def allowed(axes: Axes, x: Floats, low: Floats, high: Floats, style: Style) -> None:
    """A band."""
    axes.fill_between(x, low, high, color=style.bound, linewidth=0.4, zorder=1)


def allowed_at(axes: Axes, x: Floats, low: Floats, high: Floats, style: Style) -> None:
    """Bars where what is allowed is known at single places only; behind a marker where it is less than that."""
    axes.vlines(x, low, high, color=style.bound, linewidth=8, zorder=1)


def seen(axes: Axes, x: Floats, y: Floats, style: Style, *, colour: str = "", marker: str = "o", size: float = 4.5) -> None:
    """Markers with a rim of the paper's colour, so that lines under them stay apart."""
    axes.plot(x, y, marker, color=colour or style.simulation, markersize=size, markeredgecolor=style.paper, markeredgewidth=0.6,
              zorder=4)  # fmt: skip


def wrong(axes: Axes, x: Floats, y: Floats, style: Style) -> None:
    """A dashed line of what a broken variant says."""
    axes.plot(x, y, color=style.broken, linestyle=DASHED, linewidth=1.5, zorder=2)


def words(axes: Axes, text: str, at: tuple[float, float], style: Style, **how: Any) -> None:
    """Words at a place of the data, ``shift`` points away, on a rim of the paper's colour."""
    shift, colour = how.pop("shift", (0, 0)), worded(how.pop("color", style.ink), style)
    usual = {"ha": "left", "va": "center", "fontsize": SMALL, "color": colour, "zorder": 5, "annotation_clip": False}
    axes.annotate(text, at, xytext=shift, textcoords="offset points",
                  path_effects=[withStroke(linewidth=2.2, foreground=style.paper)], **{**usual, **how})  # fmt: skip


def plain_ticks(axis: Any, values: tuple[float, ...]) -> None:
    """These ticks, as plain numbers, on a logarithmic axis."""
    axis.set_major_locator(FixedLocator(values))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())
    axis.set_minor_formatter(NullFormatter())


def along(x: Floats, y: Floats, at: float) -> tuple[float, float]:
    """The point of a curve at ``at``, between its points on logarithmic axes."""
    return at, float(np.exp(np.interp(np.log(at), np.log(x), np.log(y))))


def end_labels(axes: Axes, labels: Sequence[tuple[str, float, str]], x: float, style: Style, *, gap: float) -> None:
    """Words to the right of curves that end at ``x``: (text, height, colour) each, moved apart to ``gap`` where they are nearer."""
    order = sorted(range(len(labels)), key=lambda i: labels[i][1])
    heights = np.array([labels[i][1] for i in order])
    placed = spread(heights, gap)
    for i, height in zip(order, placed, strict=True):
        words(axes, labels[i][0], (x, float(height)), style, color=labels[i][2], shift=(5, 0))


def spread(heights: Floats, gap: float) -> Floats:
    """Heights in order, at least ``gap`` apart, with the mean of each crowd where it was."""
    crowds = [[h] for h in heights]
    while True:
        middles = [float(np.mean(c)) for c in crowds]
        reach = [gap * len(c) / 2 for c in crowds]
        near = next((i for i in range(len(crowds) - 1) if middles[i] + reach[i] > middles[i + 1] - reach[i + 1] + 1e-12), None)
        if near is None:
            return np.concatenate([m + gap * (np.arange(len(c)) - (len(c) - 1) / 2) for m, c in zip(middles, crowds, strict=True)])
        crowds[near : near + 2] = [crowds[near] + crowds[near + 1]]

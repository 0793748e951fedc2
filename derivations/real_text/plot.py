"""The picture of a run on real text: measured norms against predicted ones, and against frequency."""

from __future__ import annotations

import io
from itertools import pairwise

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from derivations.figures.style import LIGHT, STYLE
from derivations.real_text.training import Floats, RealText

_POINTS_OF_LAW, _POINTS_OF_FREQUENCY = 800, 2000  # at most; the file stays small
_LABELS = 7
_INK, _ALLOWED = LIGHT.ink, LIGHT.faint
_WORD, _CONTEXT, _NAIVE = LIGHT.series[:3]


def scatter_svg(result: RealText) -> str:
    """The picture as SVG text; the same result gives the same bytes."""
    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        picture(result).savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def picture(result: RealText) -> Figure:
    """Three panels; the first replicate on the left, the mean over replicates on the right."""
    figure = Figure(figsize=(10.5, 5.2), layout="constrained")
    grid = figure.add_gridspec(2, 2, height_ratios=(3, 1.25), width_ratios=(1, 1.15))
    law = figure.add_subplot(grid[0, 0])
    rest = figure.add_subplot(grid[1, 0], sharex=law)
    frequency = figure.add_subplot(grid[:, 1])
    size = len(result.vocabulary)
    shown = np.union1d(_shown(size, _POINTS_OF_LAW), result.check.worst[2])
    _draw_law(law, result, shown)
    _draw_rest(rest, result, shown)
    _draw_frequency(frequency, result, _shown(size, _POINTS_OF_FREQUENCY))
    return figure


def _draw_law(axes: Axes, result: RealText, shown: NDArray[np.int64]) -> None:
    check = result.check
    _points(axes, check.predicted[1, 0, shown], check.norm[1, 0, shown], "context")
    _points(axes, check.predicted[0, 0, shown], check.norm[0, 0, shown], "word")
    ends = np.array([np.nanmin(check.norm[:, 0]) * 0.93, np.nanmax(check.norm[:, 0]) * 1.07])
    axes.plot(ends, ends, color=_INK, linewidth=0.8, zorder=0, label="measured = predicted")
    axes.set(xscale="log", yscale="log", ylabel="measured norm")
    inside = check.rows - check.failures
    axes.set_title(f"The law, row by row: {inside} of {check.rows} rows within its bound")
    axes.tick_params(axis="x", labelbottom=False)
    _plain_ticks(axes)
    axes.legend(loc="upper left")


def _draw_rest(axes: Axes, result: RealText, shown: NDArray[np.int64]) -> None:
    check = result.check
    for i, table in ((1, "context"), (0, "word")):
        x = check.predicted[i, 0, shown]
        axes.plot(x, check.bound[i, 0, shown] * 100, "_", markersize=3, color=_ALLOWED, markeredgewidth=0.7)
        _points(axes, x, check.relative_error[i, 0, shown] * 100, table)
    axes.plot([], [], "_", color=_ALLOWED, label="the bound of each row")
    axes.set(xlabel="predicted norm, from the row's own drives", ylabel="relative error, %")
    axes.set_ylim(bottom=0)
    _plain_ticks(axes, y=False)
    axes.legend(*([items[-1:] for items in axes.get_legend_handles_labels()]), loc="upper right")


def _draw_frequency(axes: Axes, result: RealText, shown: NDArray[np.int64]) -> None:
    visits = result.run.word.visits.mean(axis=0)
    order = np.argsort(visits)
    order = order[visits[order] > 0]
    axes.plot(visits[shown], result.mean_norm[shown], "o", markersize=2.6, color=_WORD, mew=0, alpha=0.6)
    slope = result.norm_slope
    text = f"fitted exponent {slope.value:.3f} (95 % {slope.low:.3f} to {slope.high:.3f})"
    centre = np.exp(np.mean(np.log(visits[order]))), np.exp(np.mean(np.log(result.mean_norm[order])))
    ends = visits[order][[0, -1]]
    axes.plot(ends, centre[1] * (ends / centre[0]) ** slope.value, color=_INK, linewidth=1.1, label=text)
    axes.plot(
        visits[order],
        result.naive[order],
        color=_NAIVE,
        linewidth=1.4,
        linestyle=(0, (5, 2)),
        label="naive: the same mean drive at every visit",
    )
    for row, upward in _telling(result, visits):
        axes.annotate(
            result.vocabulary.words[row],
            (visits[row], result.mean_norm[row]),
            (0, 9 if upward else -9),
            textcoords="offset points",
            ha="center",
            va="bottom" if upward else "top",
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": _INK, "shrinkB": 1},
        )
    axes.set(xscale="log", yscale="log", xlabel="visits of the word", ylabel="measured norm")
    axes.set_ylim(bottom=0.85 * np.nanmin(result.mean_norm))  # room for the lowest label
    axes.set_title("Norm against frequency, word table")
    _plain_ticks(axes, x=False)
    axes.legend(loc="upper left")


def _points(axes: Axes, x: Floats, y: Floats, table: str) -> None:
    """One marker a row; a line of markers makes a smaller file than a scatter."""
    if table == "word":
        axes.plot(x, y, "o", markersize=2.6, color=_WORD, markeredgewidth=0, alpha=0.8, label="word rows")
    else:
        (line,) = axes.plot(x, y, "^", markerfacecolor="none", color=_CONTEXT, label="context rows")
        line.set(markersize=3.6, markeredgewidth=0.5)


def _telling(result: RealText, visits: Floats) -> list[tuple[int, bool]]:
    """In bins of visits, the word farthest above or below the naive curve, in turn; and the most frequent."""
    off = np.log(result.mean_norm / result.naive)
    edges = np.geomspace(visits[visits > 0].min(), visits.max() * 1.001, _LABELS + 1)
    chosen = []
    for i, (low, high) in enumerate(pairwise(edges)):
        inside = np.flatnonzero((visits >= low) & (visits < high))
        if len(inside):
            upward = i % 2 == 1
            chosen.append((int(inside[np.argmax(off[inside] if upward else -off[inside])]), upward))
    return chosen


def _shown(size: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, size - 1, min(size, most)).astype(np.int64))


def _plain_ticks(axes: Axes, *, x: bool = True, y: bool = True) -> None:
    for axis in [axes.xaxis] * x + [axes.yaxis] * y:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())

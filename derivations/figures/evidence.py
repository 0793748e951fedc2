"""Evidence from the points of a run: what was observed against what is predicted, and how much of its bound each setting takes up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator
from numpy.typing import NDArray

from derivations.evidence import Floats
from derivations.figures import marks, ticks
from derivations.figures.layout import Layout
from derivations.figures.style import Style
from derivations.ledger.points import Points

LEAST = 1e-4  # share of a bound; what is less, 0 included, stands there
MOST = 1e4  # and what is more, or no number, there
_ALIKE = 1e-9  # of an axis: predictions no farther apart are one
_CLOSE = 1e-3  # of the values: a range that short is shown as differences from one of them
_HUGE = 1e300  # beyond it a bound is not drawn: an axis that ends there has no margin
_WIDE = 30.0  # of positive values: then axes are logarithmic
_REACH = {"equal": (-1, 1), "at least": (-1, np.inf), "at most": (-np.inf, 1)}  # of a band, in bounds


_OUGHT = {"equal": "on the line", "at least": "not below the line", "at most": "not above the line"}


def layout(points: Points) -> Layout:
    """One panel, or two where the points have values beside their deviations."""
    return Layout(widths=(1.0, 1.15), height=3.4) if _pairs(points) else Layout(height=3.2)


def _pairs(points: Points) -> bool:
    """Whether there is a value and a prediction that can be drawn."""
    return points.observed is not None and bool(np.any(np.isfinite(points.observed) & np.isfinite(np.array(points.predicted))))


def shares(points: Points) -> Floats:
    """Of the bound that each deviation takes up, between `LEAST` and `MOST`; a NaN is the most."""
    deviations, bounds = np.array(points.deviations), np.array(points.bounds)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(deviations <= 0, 0.0, deviations / bounds)
    return np.clip(np.nan_to_num(found, nan=MOST, posinf=MOST), LEAST, MOST)


def draw(points: Points, panels: Sequence[Axes], style: Style) -> None:
    """Into the panels of `layout`; settings outside their bound are crosses in the colour of what is broken."""
    if _pairs(points):
        _values(points, panels[0], style)
    _shares(points, panels[-1], style)


def titles(points: Points) -> tuple[str, ...]:
    """A sentence a panel."""
    inside, drawn = sum(points.inside), len(points.labels)
    of = f"{drawn} drawn, of {points.settings}," if drawn < points.settings else f"{drawn} setting" + "s" * (drawn != 1)
    stays = f"All {of} stay" if drawn != 1 else f"The {of} stays"
    said = f"{stays} within their bound" if inside == drawn else f"{drawn - inside} of {of} leave their bound"
    return ("Observed and predicted", said) if _pairs(points) else (said,)


def _values(points: Points, axes: Axes, style: Style) -> None:
    observed, predicted, bounds = (np.array(x) for x in (points.observed, points.predicted, points.bounds))
    whole = np.isfinite(observed) & np.isfinite(predicted)
    inside, order = np.array(points.inside)[whole], np.argsort(predicted[whole])
    x, y, bound = predicted[whole], observed[whole], bounds[whole]
    both = np.concatenate((x, y))
    log = bool(np.all(both > 0)) and both.max() > _WIDE * both.min()
    low, high = _REACH[points.side]
    known = np.where(np.abs(bound) < _HUGE, bound, 0.0)
    if not log and np.ptp(x) <= known.max():  # what is allowed is what there is to see
        both = np.concatenate((both, *(x + side * known for side in (low, high) if np.isfinite(side))))
    less = float(np.median(x)) if not log and np.ptp(both) < _CLOSE * np.abs(both).max() else 0.0
    x, y, both = x - less, y - less, both - less
    if log:
        axes.set(xscale="log", yscale="log")
    ends = np.array([both.min(), both.max()])
    pad = (ends[1] / ends[0]) ** 0.05 if log else 0.05 * (ends[1] - ends[0] or abs(ends[0]) or 1.0)
    ends = ends * np.array([1 / pad, pad]) if log else ends + np.array([-pad, pad])
    reach = np.minimum(np.where(np.isfinite(bound), bound, np.inf), 10 * (ends[1] - ends[0]))[order]
    edges = [x[order] + side * reach if np.isfinite(side) else np.full(len(x), ends[int(side > 0)]) for side in (low, high)]
    lower, upper = np.maximum(edges[0], ends[0]), np.minimum(edges[1], ends[1])
    if np.ptp(x) <= _ALIKE * (ends[1] - ends[0]):  # one prediction: a band has no width of its own
        marks.allowed(axes, ends, np.full(2, lower.min()), np.full(2, upper.max()), style)
    else:
        marks.allowed(axes, x[order], lower, upper, style)
    marks.theory(axes, ends, ends, style)
    _settings(axes, x, y, inside, style)
    name = f"${points.quantity}$" if points.quantity and _set(points.quantity) else "value"
    name += f" less {less:.6g}" if less else ""
    axes.set(xlabel=f"{name}, predicted", ylabel=f"{name}, observed: {_OUGHT[points.side]}", xlim=ends, ylim=ends)
    for axis in (axes.xaxis, axes.yaxis):
        ticks.sparse(axis, float(ends[0]), float(ends[1]), logarithmic=log)


def _set(latex: str) -> bool:
    """Whether the pictures' own small TeX can typeset it."""
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(f"${latex}$")
    except (ValueError, RuntimeError):
        return False
    return True


def _shares(points: Points, axes: Axes, style: Style) -> None:
    found = shares(points)
    order = np.argsort(found)
    place = np.arange(1.0, len(found) + 1)
    bounded(axes, float(found.max(initial=1.0)), style)
    _settings(axes, place, found[order], np.array(points.inside)[order], style)
    axes.set(xlabel="settings, in order", xlim=(0, len(found) + 1))


def bounded(axes: Axes, most: float, style: Style) -> None:
    """The axis of shares of a bound up to ``most``, with the line at 1; its ends say that they have what is beyond them."""
    axes.set(yscale="log", ylabel="deviation over its bound", ylim=(LEAST / 2, max(10.0, 2 * most)))
    axes.axhspan(LEAST / 2, 1.0, color=style.bound, linewidth=0, zorder=0)
    axes.axhline(1.0, color=style.theory, linewidth=1.2, zorder=1)
    decades = [d for d in range(round(np.log10(LEAST)), round(np.log10(MOST)) + 1) if 10.0**d <= axes.get_ylim()[1]]
    ends = {np.log10(LEAST): r"\leq", np.log10(MOST): r"\geq"}
    axes.set_yticks([10.0**d for d in decades], [f"${ends.get(d, '')}10^{{{d}}}$" if d else "1" for d in decades])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    marks.words(axes, "allowed", (0.98, 1.0), style, xycoords=("axes fraction", "data"), ha="right", va="top", shift=(0, -3))


def _settings(axes: Axes, x: Floats, y: Floats, inside: NDArray[np.bool_], style: Style) -> None:
    marks.seen(axes, x[inside], y[inside], style)
    axes.plot(x[~inside], y[~inside], "X", color=style.broken, markersize=6, markeredgecolor=style.paper, markeredgewidth=0.6, zorder=5)

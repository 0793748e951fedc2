"""A shared linear encoder: embeddings exchange length while the weights keep theirs (C8a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes

from derivations.evidence import Floats
from derivations.evidence.encoding import Encoding, slopes_along_step
from derivations.evidence.imprint.shared_linear_encoder_transfers_norm import noise, terms
from derivations.figures import marks
from derivations.figures.comparison import Compared
from derivations.figures.layout import Layout
from derivations.figures.style import MARKERS, Style
from numerics.encoders.shared import Weights, encoder_flow
from theory.laws.imprint.shared_linear_encoder_transfers_norm import FORMULAS

TITLES = ("Items gain and lose length; their shared\nweights keep theirs", "What an item gains is what the\nothers hand it")
LAYOUT = Layout(widths=(1.15, 1.0), height=3.6)
ITEMS, WIDTH, DIMENSION, SPREAD = 5, 6, 4, 1.6
PARTS, STEPS = 6, {"quick": 60, "full": 600}
DURATION = 6.0


@dataclass(frozen=True)
class Data:
    """Norms along the flow (steps + 1, items), the weights' length, and rates of squared norms at some times."""

    times: Floats
    norms: Floats
    weights: Floats
    at: Floats  # times of the rates
    rates: tuple[Compared, ...]  # by item

    @property
    def compared(self) -> tuple[Compared, ...]:
        """What the figure claims."""
        return self.rates


def data(seed: int, effort: str) -> Data:
    """The flow in parts; at the beginning of each, what a small step does, against what the items hand each other."""
    e = Encoding(1, ITEMS, WIDTH, DIMENSION, SPREAD, "cosine_regression", seed)
    steps, weights = STEPS[effort], e.weights
    flows, rates = [], []
    for _ in range(PARTS):
        at = _with(e, weights)
        rates.append(_rates(at))
        flow = encoder_flow(e.objective, weights, e.inputs, duration=DURATION / PARTS, steps=steps)
        flows.append(flow)
        weights = flow.weights
    columns = np.stack(rates)  # (parts, 4, items)
    size = np.sqrt(np.concatenate([f.squared_weights[:-1, 0] for f in flows]))
    norms = np.sqrt(np.concatenate([f.squared_norms[:-1] for f in flows]))
    times = DURATION * np.arange(len(norms)) / len(norms)
    found = tuple(_compared(i, times[::steps], *columns[:, :, i].T) for i in range(ITEMS))
    return Data(times, norms, size, times[::steps], found)


def _with(e: Encoding, weights: Weights) -> Encoding:
    """The same items and objective at other weights."""
    at = replace(e)
    at.__dict__["weights"] = weights
    return at


def _rates(e: Encoding) -> Floats:
    """Found, bound, claimed, and what the formula for equal norms would say (4, items)."""
    found, bound, _ = slopes_along_step(e)
    claimed, level = (terms(FORMULAS, e, name).sum(axis=1) for name in ("transfer", "at_equal_norms"))
    return np.stack((found, bound + noise(e), claimed, level))


def _compared(item: int, times: Floats, found: Floats, bound: Floats, claimed: Floats, level: Floats) -> Compared:
    return Compared(f"item {item + 1}", times.copy(), found, claimed, claimed - bound, claimed + bound, level)


def draw(found: Data, panels: Sequence[Axes], style: Style) -> None:
    """Norms along the flow, with claimed tangents; rates found against claimed."""
    _flow(found, panels[0], style)
    _handed(found, panels[1], style)


def _flow(found: Data, axes: Axes, style: Style) -> None:
    axes.plot(found.times, found.weights, color=style.ink, linewidth=2.2, zorder=3)
    ahead = np.array([0.0, DURATION / PARTS / 4])
    for i, rate in enumerate(found.rates):
        axes.plot(found.times, found.norms[:, i], color=style.series[i], linewidth=1.4, zorder=2)
        for t, slope in zip(found.at, rate.predicted, strict=True):
            r = float(np.interp(t, found.times, found.norms[:, i]))
            axes.plot(t + ahead, r + slope / (2 * r) * ahead, color=style.theory, linewidth=2.2, solid_capstyle="butt", zorder=3)
            marks.seen(axes, np.array([t]), np.array([r]), style, marker=MARKERS[i], colour=style.series[i], size=5)
    ends = [(rate.name, float(found.norms[-1, i]), style.series[i]) for i, rate in enumerate(found.rates)]
    ends.append((r"weights $\|W\|_F$", float(found.weights[-1]), style.ink))
    marks.end_labels(axes, ends, found.times[-1], style, gap=0.055 * max(h for _, h, _ in ends))
    axes.set(xlabel=r"time of gradient flow, $t = \eta k$", ylabel=r"length $r_i$ (thick: claimed slope)", ylim=(0, None))


def _handed(found: Data, axes: Axes, style: Style) -> None:
    ends = np.array([min(r.predicted.min() for r in found.rates), max(r.predicted.max() for r in found.rates)])
    ends += np.array([-0.06, 0.06]) * (ends[1] - ends[0])
    marks.theory(axes, ends, ends, style)
    for i, rate in enumerate(found.rates):
        axes.plot(rate.broken, rate.observed, MARKERS[i], markerfacecolor="none", markeredgecolor=style.broken, markersize=5, zorder=2)
        marks.seen(axes, rate.predicted, rate.observed, style, marker=MARKERS[i], colour=style.series[i], size=5)
    axes.axhline(0, color=style.faint, linewidth=0.7, zorder=0)
    marks.words(axes, "filled: by the law", (0.04, 0.96), style, xycoords="axes fraction")
    marks.words(axes, "hollow: if all norms were equal", (0.04, 0.89), style, xycoords="axes fraction", color=style.broken)
    axes.set(xlabel=r"claimed rate of $r_i^2$", ylabel=r"rate of $r_i^2$ in simulation", xlim=ends, ylim=ends)

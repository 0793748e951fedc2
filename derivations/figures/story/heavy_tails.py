"""Rare rows under dense decay: the share of rows beyond a norm falls as a power, by how often they are visited (C6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from derivations.evidence import Floats
from derivations.evidence.formulas import value
from derivations.evidence.imprint.rare_rows_have_heavy_tails import TAIL, Rare, estimated_tail, norms
from derivations.figures import marks
from derivations.figures.comparison import Compared
from derivations.figures.layout import Layout
from derivations.figures.style import MARKERS, Style
from theory.laws.imprint.rare_rows_have_heavy_tails import FORMULAS, P, Q

TITLES = ("The rarer a row, the heavier the tail\nof its norm under dense decay", "The exponent is visits over decay")
LAYOUT = Layout(widths=(1.25, 1.0), height=3.6)
DECAY, STEP = 0.02, 1.0  # q = eta lambda, eta
RATIOS = (1.2, 2.0, 3.5)  # visits over decay, p/q
ROWS = {"quick": 2**14, "full": 2**17}
SHOWN = 28  # places of a distribution that are drawn


@dataclass(frozen=True)
class Data:
    """Shares of rows beyond norms, by frequency; the tail's exponent against p/q."""

    norms: tuple[Floats, ...]  # (places,) each
    shares: tuple[Floats, ...]
    exponents: Compared

    @property
    def compared(self) -> tuple[Compared, ...]:
        """What the figure claims."""
        return (self.exponents,)


def exponent(ratios: Floats) -> Floats:
    """Of the tail, where a row is visited so many times as often as it decays."""
    return value(FORMULAS["tail_exponent"], {P: ratios * DECAY, Q: np.full(len(ratios), DECAY)})


def data(seed: int, effort: str) -> Data:
    """Rows visited at random until the start is forgotten; Hill's estimate from the largest."""
    ratios = np.array(RATIOS)
    drawn = [np.sort(norms(Rare(float(x) * DECAY, DECAY, STEP, seed, ROWS[effort]))) for x in ratios]
    found, slips = np.array([estimated_tail(x) for x in drawn]).T
    claimed = exponent(ratios)
    compared = Compared("exponent", ratios, found, claimed, claimed * (1 - slips), claimed * (1 + slips), claimed / 2)
    shares = np.geomspace(1.0, 8 / ROWS[effort], SHOWN)
    places = np.minimum((len(drawn[0]) * (1 - shares)).astype(int), len(drawn[0]) - 1)
    return Data(tuple(x[places] for x in drawn), tuple(1 - places / len(x) for x in drawn), compared)


def draw(found: Data, panels: Sequence[Axes], style: Style) -> None:
    """Distributions with the claimed slope; exponents against frequency."""
    _tails(found, panels[0], style)
    _exponents(found.exponents, panels[1], style)


def _tails(found: Data, axes: Axes, style: Style) -> None:
    least = float(min(s[-1] for s in found.shares))
    bounds = zip(found.exponents.predicted, found.exponents.low, found.exponents.high, strict=True)
    for i, (claimed, low, high) in enumerate(bounds):
        x, share = found.norms[i], found.shares[i]
        first = int(np.argmin(np.abs(np.log(share * TAIL))))
        start, top = x[first], share[first]
        ahead = start * np.geomspace(1, max((top / least) ** (1 / claimed), x[-1] / start), 40)  # as far as there are rows
        marks.allowed(axes, ahead, top * (ahead / start) ** -high, top * (ahead / start) ** -low, style)
        marks.theory(axes, ahead, top * (ahead / start) ** -claimed, style)
        marks.seen(axes, x, share, style, marker=MARKERS[i], colour=style.series[i], size=4)
        axes.plot([], [], MARKERS[i], color=style.series[i], markersize=4, label=rf"$p = {RATIOS[i]:g}\,q$: claimed slope $-{claimed:.2f}$")
    axes.legend(loc="upper right", fontsize=marks.SMALL, labelcolor=style.ink, handletextpad=0.2)
    axes.set(xscale="log", yscale="log", xlabel=r"norm $r$ (in units of $\sqrt{\eta}\,$)", ylabel="share of rows longer than $r$",
             ylim=(least / 1.5, 1.6), xlim=(0.3, float(max(n[-1] for n in found.norms)) * 3))  # fmt: skip


def _exponents(curve: Compared, axes: Axes, style: Style) -> None:
    fine = np.linspace(0.9, 4.0, 60)
    marks.theory(axes, fine, exponent(fine), style)
    marks.allowed_at(axes, curve.x, curve.low, curve.high, style)
    marks.wrong(axes, fine, exponent(fine) / 2, style)
    for i in range(len(curve.x)):
        marks.seen(axes, curve.x[i : i + 1], curve.observed[i : i + 1], style, marker=MARKERS[i], colour=style.series[i], size=6)
    marks.words(axes, r"$\alpha = \ln(1-p)\,/\,\ln(1-q)$", (0.9, 4.5), style)
    at = (2.6, exponent(np.array([2.6]))[0] / 2)
    marks.words(axes, "if it were that of\nsquared norms", at, style, color=style.broken, shift=(0, -18))
    axes.set(xlabel="visits per step over decay per step, $p/q$", ylabel=r"exponent $\alpha$ of the tail",
             ylim=(0, max(4.8, 1.05 * float(curve.high.max()))))  # fmt: skip

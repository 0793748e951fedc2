"""Specificity against concentration: alone, specific rows are short (C3); against negatives, concentration warms, then cools (C11b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from derivations.evidence import Floats, replicates
from derivations.evidence.formulas import value
from derivations.evidence.imprint.concentration_warms_then_cools_words import Word, rounded, sets
from derivations.evidence.imprint.specific_rows_are_short import LADDER, RATIO, Specific, resting
from derivations.figures import marks
from derivations.figures.comparison import Compared
from derivations.figures.layout import Layout
from derivations.figures.style import MARKERS, Style
from theory.laws.imprint.concentration_warms_then_cools_words import FORMULAS as WARMS
from theory.laws.imprint.concentration_warms_then_cools_words import N, Q, R
from theory.laws.imprint.specific_rows_are_short import DECAY
from theory.laws.imprint.specific_rows_are_short import FORMULAS as SHORT
from theory.notation import eta

TITLES = ("Alone, a specific row is short", "Against negatives, concentration\nfirst warms a word, then cools it")
LAYOUT = Layout(widths=(1.0, 1.0), height=3.7)
DIMENSIONS = (4, 16, 64)
CONCENTRATIONS = {"quick": (1.0, 8.0, 64.0, 256.0), "full": tuple(np.geomspace(1, 256, 9))}
RARITY, NEGATIVES, TEMPERATURE = 20.0, (1, 4, 32), 0.05  # temperature: so small that cosines stay below 1
ODDS = np.geomspace(1.0, 400.0, 16)


@dataclass(frozen=True)
class Data:
    """Norms at rest by dimension; mean dispersion by number of negatives."""

    norms: tuple[Compared, ...]
    dispersions: tuple[Compared, ...]

    @property
    def compared(self) -> tuple[Compared, ...]:
        """What the figure claims."""
        return self.norms + self.dispersions


def fourth_power(dimension: int, concentrations: Floats) -> Floats:
    """Of the norm at rest, in units of ``eta/(lambda tau^2)``."""
    units = {eta: np.ones(1), DECAY: np.ones(1)}
    known = (Specific(dimension, float(k), 1.0, 0).known for k in concentrations)
    return np.concatenate([value(SHORT["equilibrium"], {**k, **units}) for k in known])


def dispersion(name: str, negatives: int, odds: Floats, rarity: float = RARITY) -> Floats:
    """``E[a (1 - a)]`` or a bound of it, by the ledger."""
    return value(WARMS[name], {Q: np.full(len(odds), rarity), R: odds, N: np.full(len(odds), float(negatives))})


def data(seed: int, effort: str) -> Data:
    """Rows that settle under von Mises-Fisher positives; every candidate set of a word, with its gradients."""
    concentrations = np.array(CONCENTRATIONS[effort])
    norms = tuple(_norms(d, concentrations, seed) for d in DIMENSIONS)
    return Data(norms, tuple(_dispersion(n) for n in NEGATIVES))


def _norms(dimension: int, concentrations: Floats, seed: int) -> Compared:
    """Extrapolated to vanishing decay, as the evidence does it: within what that changes, and the intervals."""
    claimed, found, bound = fourth_power(dimension, concentrations), [], []
    for k in concentrations:
        ladder = (resting(Specific(dimension, float(k), 1.0, seed), p) / 2 for p in LADDER)
        (coarse, wide), (fine, narrow) = (replicates.mean(x) for x in ladder)
        found.append((RATIO * fine - coarse) / (RATIO - 1))
        bound.append((abs(fine - coarse) + RATIO * narrow + wide) / (RATIO - 1))
    low, high = (claimed + side * np.array(bound) for side in (-1, 1))
    return Compared(f"$d = {dimension}$", concentrations.copy(), np.array(found) ** 0.25, claimed**0.25, np.maximum(low, 0) ** 0.25,
                    high**0.25, claimed**0.5)  # fmt: skip


def _dispersion(negatives: int) -> Compared:
    words = [Word(RARITY, float(x), negatives, 2.0, TEMPERATURE) for x in ODDS]
    found, noise = (np.array([f(w) for w in words]) for f in (lambda w: sets(w).mean(w.temperature), rounded))
    ends = ("one_negative", "one_negative") if negatives == 1 else ("least", "many_negatives")  # exact for one
    low, high = (dispersion(name, negatives, ODDS) + side * noise for name, side in zip(ends, (-1, 1), strict=True))
    broken = dispersion("many_negatives", negatives, ODDS, rarity=1.0)  # were own contexts as common as the rest
    return Compared(f"$N = {negatives}$", ODDS.copy(), found, (low + high) / 2, low, high, broken)


def draw(found: Data, panels: Sequence[Axes], style: Style) -> None:
    """Norms against the concentration of positives; dispersion against odds."""
    _short(found.norms, panels[0], style)
    _warms(found.dispersions, panels[1], style)


def _short(curves: tuple[Compared, ...], axes: Axes, style: Style) -> None:
    fine = np.geomspace(0.8, 320, 80)
    for curve, dimension, marker, colour in zip(curves, DIMENSIONS, MARKERS, style.series, strict=False):
        claimed = fourth_power(dimension, fine) ** 0.25
        marks.allowed_at(axes, curve.x, curve.low, curve.high, style)
        marks.theory(axes, fine, claimed, style)
        marks.seen(axes, curve.x, curve.observed, style, marker=marker, colour=colour)
        marks.words(axes, curve.name, (fine[-1], claimed[-1]), style, color=colour, shift=(4, 0))
    marks.wrong(axes, fine, fourth_power(DIMENSIONS[0], fine) ** 0.5, style)
    at = marks.along(fine, fourth_power(DIMENSIONS[0], fine) ** 0.5, 40.0)
    marks.words(axes, "if $r^2$ rested where\n$r^4$ does ($d = 4$)", at, style, color=style.broken, ha="right", shift=(-6, -10))
    axes.set(xscale="log", yscale="log", xlabel=r"concentration $\kappa$ of a row's positives",
             ylabel=r"resting norm (units of $(\eta/(\lambda\tau^2))^{1/4}$)", ylim=(0.04, 1.3))  # fmt: skip
    marks.plain_ticks(axes.xaxis, (1, 4, 16, 64, 256))
    marks.plain_ticks(axes.yaxis, (0.05, 0.1, 0.2, 0.5, 1))


def _warms(curves: tuple[Compared, ...], axes: Axes, style: Style) -> None:
    fine = np.geomspace(ODDS[0], ODDS[-1], 160)
    top = dispersion("many_negatives", 1, fine)
    marks.allowed(axes, fine, dispersion("least", NEGATIVES[0], fine), top, style)
    marks.theory(axes, fine, top, style)
    for curve, negatives, marker, colour in zip(curves, NEGATIVES, MARKERS, style.series, strict=False):
        axes.plot(fine, dispersion("least", negatives, fine), color=colour, linewidth=0.9, zorder=3)
        marks.seen(axes, curve.x, curve.observed, style, marker=marker, colour=colour)
        peak = int(np.argmax(curve.observed))
        down = -46 if negatives == max(NEGATIVES) else -27 if negatives > 1 else -15
        said = f"{curve.name}, exactly" if negatives == 1 else f"no less,\n{curve.name}"
        marks.words(axes, said, (curve.x[peak], curve.observed[peak]), style, color=colour, shift=(0, down), ha="center")
    marks.words(axes, "no more, for any $N$", (30.0, 0.25), style, shift=(6, 4))
    common = dispersion("many_negatives", 1, fine, rarity=1.0)
    marks.wrong(axes, fine, common, style)
    marks.words(axes, "if own contexts were\nas common as the rest", (ODDS[0], 0.25), style, color=style.broken, shift=(0, 16))
    axes.set(xscale="log", xlabel="odds $R$ for a word's own contexts", ylabel=r"mean dispersion $\mathbb{E}\,a(1-a)$", ylim=(0, 0.3))
    marks.plain_ticks(axes.xaxis, (1, 10, 100))

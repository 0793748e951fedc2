"""Quartic growth over six decades of steps: three starts are forgotten, and the excess lies between its two bounds (B4, B5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from derivations.evidence import Floats
from derivations.evidence.formulas import value
from derivations.evidence.steps import on_energies
from derivations.figures import marks
from derivations.figures.comparison import Compared
from derivations.figures.layout import Layout
from derivations.figures.style import MARKERS, Style
from theory.laws.dynamics.fourth_power_sandwich import FORMULAS as SANDWICH
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.laws.dynamics.norm_grows_as_fourth_root import FORMULAS as GROWTH
from theory.notation import z0

TITLES = ("The norm grows as the fourth root of its steps and forgets its start", "Its fourth power stays between two proven bounds")
LAYOUT = Layout(heights=(1.75, 1.0), height=4.6, shared=True)
STARTS = (1.0, 4.0, 12.0)
DRIVE = 1.0  # eta^2 G, in units of the fourth power of a length
DECADES, PLACES = 6, {"quick": 3, "full": 5}  # of steps; read off in each


@dataclass(frozen=True)
class Data:
    """By start: norms against steps, and z - (z_0 + 2A) against its bound."""

    norms: tuple[Compared, ...]
    excess: tuple[Compared, ...]

    @property
    def compared(self) -> tuple[Compared, ...]:
        """What the figure claims."""
        return self.norms + self.excess


def data(seed: int, effort: str) -> Data:
    """Gradients of one energy in random directions."""
    steps = 10**DECADES
    path = on_energies(np.array(STARTS), np.full((len(STARTS), steps), DRIVE), np.ones(len(STARTS)), dimension=3, seed=seed)
    at = np.unique(np.round(np.logspace(0, DECADES, PLACES[effort] * DECADES + 1)).astype(int))
    noise = np.cumsum(3 * path.after * path.rounding(), axis=1)[:, at - 1]
    reached = path.run.squared_norms[:, at] ** 2
    rows = [_compared(start, at.astype(float), reached[i], noise[i]) for i, start in enumerate(STARTS)]
    return Data(tuple(norm for norm, _ in rows), tuple(excess for _, excess in rows))


def claimed(start: float, steps: Floats) -> tuple[Floats, Floats]:
    """The fourth power of the norm by the quartic law, and what the sandwich grants it above that."""
    known = {z0: np.full(len(steps), start**4), A: DRIVE * steps, M: np.full(len(steps), DRIVE)}
    return value(GROWTH["fourth_power"], known), value(SANDWICH["upper_excess"], known)


def _compared(start: float, steps: Floats, reached: Floats, noise: Floats) -> tuple[Compared, Compared]:
    lower, excess = claimed(start, steps)
    name = f"$r_0 = {start:g}$"
    low, high = ((lower - noise) ** 0.25, (lower + excess + noise) ** 0.25)
    norm = Compared(name, steps, reached**0.25, lower**0.25, low, high, broken=lower ** (1 / 3))
    above = reached - lower
    return norm, Compared(name, steps, above, excess, -noise, excess + noise, broken=0 * excess)  # were the quartic law exact


def draw(found: Data, panels: Sequence[Axes], style: Style) -> None:
    """Norms above, the excess of their fourth powers below."""
    _norms(found.norms, panels[0], style)
    _excess(found.excess, panels[1], style)


def _norms(curves: tuple[Compared, ...], axes: Axes, style: Style) -> None:
    fine = np.geomspace(1, curves[0].x[-1], 120)
    for curve, start, marker, colour in zip(curves, STARTS, MARKERS, style.series, strict=False):
        lower, excess = claimed(start, fine)
        marks.allowed(axes, fine, lower**0.25, (lower + excess) ** 0.25, style)
        marks.theory(axes, fine, lower**0.25, style)
        marks.seen(axes, curve.x, curve.observed, style, marker=marker, colour=colour)
        below = start == STARTS[0]
        at = marks.along(fine, lower**0.25, 10.0 if below else 1.0)
        marks.words(axes, curve.name, at, style, shift=(8, -13) if below else (-2, 10), color=colour)
    lower, late = claimed(STARTS[0], fine)[0], curves[0].x[-1] / 12
    marks.wrong(axes, fine, lower ** (1 / 3), style)
    at = marks.along(fine, lower ** (1 / 3), late / 8)
    marks.words(axes, "if it were the\ncube root", at, style, shift=(-22, 8), color=style.broken, ha="right")
    marks.words(axes, r"theory $(r_0^4 + 2\eta^2 G k)^{1/4}$", marks.along(fine, lower**0.25, late / 8), style,
                shift=(10, -15))  # fmt: skip
    axes.set(xscale="log", yscale="log", ylabel=r"norm $r_k$ (in units of $\sqrt{\eta}\, G^{1/4}$)", ylim=(0.8, 160))
    marks.plain_ticks(axes.yaxis, (1, 2, 5, 10, 20, 50, 100))


def _excess(curves: tuple[Compared, ...], axes: Axes, style: Style) -> None:
    fine = np.geomspace(1, curves[0].x[-1], 120)
    bounds = [claimed(start, fine)[1] for start in STARTS]
    marks.allowed(axes, fine, np.full_like(fine, 1e-6), bounds[0], style)
    for curve, bound, marker, colour in zip(curves, bounds, MARKERS, style.series, strict=False):
        axes.plot(fine, bound, color=colour, linewidth=0.9, zorder=2)
        marks.seen(axes, curve.x, curve.observed, style, marker=marker, colour=colour)
    axes.set(xscale="log", yscale="log", xlabel="steps $k$", ylabel="$r_k^4$ above the law\n(units of $\\eta^2 G$)", ylim=(1e-5, 30))
    said = "lines: proven upper bounds; lower bound 0\nband: allowed from the shortest start"
    marks.words(axes, said, (0.94, 0.2), style, xycoords="axes fraction", ha="right")

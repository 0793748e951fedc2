"""The surface of resting norms over drift and heat, with simulated rows on it (C0; its mean by C0a)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from derivations.evidence import Floats, replicates
from derivations.evidence.formulas import value
from derivations.figures import marks
from derivations.figures.comparison import Compared
from derivations.figures.layout import Layout
from derivations.figures.style import MARKERS, Style
from numerics.lookup.rows import noisy_rows
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, V_STAR, P
from theory.laws.imprint.drift_heat_decay_equilibrium import FORMULAS as CENTRE

TITLES = ("Resting norm by drift and heat: dots are\nsimulated rows, filled with their own norm", "Drift and heat do not add")
LAYOUT = Layout(widths=(1.1, 1.0), height=3.7)
PRODUCT, STEP = 0.02, 0.1  # eta lambda, eta
DIMENSION, ROWS = 32, {"quick": 8, "full": 24}
DRIFTS = tuple(np.linspace(-3, 3, 9))  # D* in units of a squared length
HEATS = (0.5, 3.0, 12.0)  # V*^2 in units of its square
SETTLE, STEPS = 500, {"quick": 2500, "full": 10_000}  # a deviation falls by e^-2p a step or faster
LEVELS = tuple(np.arange(0.2, 2.41, 0.2))  # of the norm
_SHADES = "Blues"
_LABELLED = (1.2, 0.85, 6.0)  # heats


@dataclass(frozen=True)
class Data:
    """By heat: squared norms against drift."""

    compared: tuple[Compared, ...]


def resting(drifts: Floats, heats: Floats, name: str = "exact_equilibrium") -> Floats:
    """The squared norm at rest."""
    known = {D_STAR: drifts, V_STAR: np.sqrt(heats), P: np.full(np.shape(drifts), PRODUCT)}
    return value(CENTRE[name], known)


def data(seed: int, effort: str) -> Data:
    """Rows that start at norm 1 and settle; each drift and heat by so many of them."""
    drifts = np.array(DRIFTS)
    d, v = (x.ravel() for x in np.meshgrid(drifts, HEATS))
    rows, decay = ROWS[effort], PRODUCT / STEP
    drift, heat = d * decay, v * decay / STEP
    run = noisy_rows(1.0, np.repeat(drift, rows), np.repeat(heat - drift**2, rows), STEP, decay, dimension=DIMENSION,
                     steps=STEPS[effort], settle=SETTLE, seed=seed)  # fmt: skip
    shape = (len(HEATS), len(drifts), rows)
    squares, inverses = run.squared_norms.reshape(shape), run.inverse_squared_norms.reshape(shape)
    mean, half = replicates.mean(squares)
    spread = mean * inverses.mean(axis=-1) - 1  # C0a: by its share at most is the mean above the fixed point
    rest = resting(d, v).reshape(shape[:2])
    added = drifts + np.sqrt(np.array(HEATS)[:, None] / 2)
    return Data(tuple(
        Compared(f"$V_*^2 = {heat:g}$", drifts.copy(), mean[i], rest[i].copy(), rest[i] - half[i], rest[i] * (1 + spread[i]) + half[i],
                 added[i])
        for i, heat in enumerate(HEATS)
    ))  # fmt: skip


def draw(found: Data, panels: Sequence[Axes], style: Style) -> None:
    """The surface as a map with lines of equal norm; cuts of it at three heats."""
    _surface(found, panels[0], style)
    _cuts(found, panels[1], style)


def _surface(found: Data, axes: Axes, style: Style) -> None:
    d, v = np.meshgrid(np.linspace(-3.4, 3.4, 121), np.geomspace(0.25, 24.0, 121))
    norm = np.sqrt(resting(d, v))
    levels = np.array(LEVELS)
    scale = Normalize(-0.4, levels[-1])
    filled = axes.contourf(d, v, norm, levels, cmap=_SHADES, norm=scale, extend="both")
    lines = axes.contour(d, v, norm, levels[1::2], colors=style.ink, linewidths=0.6)
    axes.clabel(lines, fmt=lambda x: f"{x:g}", fontsize=7, manual=_between_rows(lines.levels))
    for curve, heat in zip(found.compared, HEATS, strict=True):
        axes.scatter(curve.x, np.full(len(curve.x), heat), c=np.sqrt(curve.observed), cmap=_SHADES, norm=scale, s=34,
                     edgecolors=style.ink, linewidths=0.8, zorder=4)  # fmt: skip
    axes.figure.colorbar(filled, ax=axes, label=r"resting norm $r_{\mathrm{eq}}$ (units of length)", ticks=levels[1::2], shrink=0.9)
    axes.set(yscale="log", xlabel=r"drift $D_* = D/\lambda$ (length$^2$)", ylabel=r"heat $V_*^2 = \eta H/\lambda$ (length$^4$)")
    marks.plain_ticks(axes.yaxis, (0.5, 3, 12))


def _between_rows(levels: Iterable[float]) -> list[tuple[float, float]]:
    """Where lines of equal norm can be labelled: at heats between those of the markers."""
    drifts, found = np.linspace(-2.6, 2.6, 121), list[tuple[float, float]]()
    for level in levels:
        for heat in _LABELLED:
            norms = np.sqrt(resting(drifts, np.full_like(drifts, heat)))
            if norms[0] < level < norms[-1]:
                found.append((float(np.interp(level, norms, drifts)), heat))
                break
    return found


def _cuts(found: Data, axes: Axes, style: Style) -> None:
    fine = np.linspace(-3.2, 3.2, 161)
    for curve, heat, marker, colour in zip(found.compared, HEATS, MARKERS, style.series, strict=False):
        marks.allowed_at(axes, curve.x, curve.low, curve.high, style)
        marks.theory(axes, fine, resting(fine, np.full_like(fine, heat)), style)
        marks.seen(axes, curve.x, curve.observed, style, marker=marker, colour=colour)
    axes.set(xlabel=r"drift $D_*$ (length$^2$)", ylabel=r"resting squared norm $r_{\mathrm{eq}}^2$ (length$^2$)", ylim=(-0.3, 4.6))
    marks.wrong(axes, fine, fine + np.sqrt(HEATS[1] / 2), style)
    marks.words(axes, f"if they added\n($V_*^2 = {HEATS[1]:g}$)", (-1.0, 0.1), style, color=style.broken, shift=(14, -4))
    ends = resting(np.full(len(HEATS), fine[-1]), np.array(HEATS))
    labels = [(f"$V_*^2 = {heat:g}$", float(end), colour) for heat, end, colour in zip(HEATS, ends, style.series, strict=False)]
    marks.end_labels(axes, labels, fine[-1], style, gap=0.25)

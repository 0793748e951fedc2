"""The map of the imprint as a picture: norms against frequency, one line an optimiser and decay.

A line is faint where none of its optimisers meets the conditions that a frequency decides, as `within` has them; the legend
says from which frequency on each does.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from derivations.evidence import Floats
from derivations.evidence.formulas import value
from derivations.figures.style import DASHES, LIGHT, STYLE
from theory.imprint_map import ADAM_DIM, BETA, FORGET, SIGNS_AGREE, THRESHOLD, N, P, Regime
from theory.notation import G, eta, k, lam, r0, z0

STEPS, RATE = 5e7, 1e-3
DECAYS = {"none": 0.0, "dense": 1e-4, "lazy": 10.0}  # lambda: a lazy row decays at its visits only, and needs more
DIMENSION, ENERGY, FORGETTING, MOMENTUM, CLIP = 64.0, 64.0, 1e-3, 0.9, 1.0
LEAST = 1e-6  # frequency
MUCH = 10.0  # a frequency is well above another one if it is so many times as large
TIMES = 4.0  # relaxation times after which a row is at rest
_FAINT = (0, (1, 3))
_WIDTH = 115  # characters of a line of the legend


@dataclass
class Curve:
    """Norms relative to that of a row that is always visited; where some law's conditions hold; whose curve it is."""

    norm: Floats
    inside: NDArray[np.bool_]
    exponent: str
    names: dict[str, list[str]] = field(default_factory=dict)  # of optimisers, by decay and where the conditions begin

    @property
    def label(self) -> str:
        """Lines of the legend."""
        parts = [f"{when}: {', '.join(names)}" for when, names in self.names.items()]
        return "\n".join(textwrap.wrap(f"exponent {self.exponent}; {'; '.join(parts)}", _WIDTH))


def map_svg(entries: Sequence[Regime]) -> str:
    """The picture as SVG text; the same entries give the same bytes."""
    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        picture(entries).savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def picture(entries: Sequence[Regime]) -> Figure:
    """Norms relative to that of a row that every step visits, by the formulas of the map at one choice of rates."""
    found = curves(entries)
    figure = Figure(figsize=(8.5, 4.4 + 0.2 * sum(1 + c.label.count("\n") for c in found)), layout="constrained")
    axes = figure.add_subplot()
    for i, curve in enumerate(found):
        _draw(axes, curve, LIGHT.series[i % len(LIGHT.series)], DASHES[i % len(DASHES)])
    if any("p >" in when or "at no p" in when for c in found for when in c.names):
        words = (f"faint, or below the p that is given: outside the conditions, {MUCH:g} visits (dense decay: in a relaxation time)"
                 f" and {TIMES:g} relaxation times")  # fmt: skip
        axes.plot([], [], linestyle=_FAINT, color=LIGHT.quiet, alpha=0.6, linewidth=1.2, label=words)
    if any(r.formula.has(FORGET) for r in entries):
        axes.axvline(FORGETTING, color=LIGHT.faint, linewidth=0.8, zorder=0)
        axes.annotate(r"$p = 1 - \beta_2$", (FORGETTING, 1.0), xytext=(3, 3), textcoords="offset points", fontsize=8, color=LIGHT.quiet)
    axes.set(xscale="log", yscale="log", xlabel="frequency p: share of steps that visit the row")
    axes.set_ylabel("norm, relative to a row that is always visited")
    axes.set_title(f"What frequency does to the norm\n{_settings()}", fontsize=10)
    figure.legend(loc="outside lower left", fontsize=8)
    return figure


def _settings() -> str:
    return (f"$\\eta$ = {RATE:g}, $\\lambda$ = {DECAYS['dense']:g} (lazy: {DECAYS['lazy']:g}), d = {DIMENSION:g},"
            f" $\\beta_2$ = {1 - FORGETTING:g}, {STEPS:.0e} steps, start outgrown".replace("e+0", "e"))  # fmt: skip


def _draw(axes: Axes, curve: Curve, colour: str, dashes: Any) -> None:
    frequency = np.logspace(np.log10(LEAST), 0, len(curve.norm))
    inside, outside = (np.where(where, curve.norm, np.nan) for where in (curve.inside, ~curve.inside))
    axes.plot(frequency, inside, linestyle=dashes, color=colour, label=curve.label, linewidth=1.6)
    axes.plot(frequency, outside, linestyle=_FAINT, color=colour, alpha=0.6, linewidth=1.2)


def settings(r: Regime) -> dict[Any, Any]:
    """Values of everything but the frequency. The start is 0, but for a norm that is all start."""
    return {k: STEPS, G: ENERGY, eta: RATE, lam: DECAYS[r.decay], ADAM_DIM: DIMENSION, FORGET: FORGETTING, BETA: MOMENTUM,
            THRESHOLD: CLIP, SIGNS_AGREE: 1.0, r0: float(not r.formula.has(P, N)), z0: 0.0}  # fmt: skip


def within(r: Regime, frequency: Floats) -> NDArray[np.bool_]:
    """Where the conditions of the map hold: many visits, at rest, visited often within a relaxation time (dense decay)."""
    known = {**settings(r), P: frequency}
    many = frequency * STEPS >= MUCH
    if r.relaxation is None:
        return many
    time = value(r.relaxation, known)
    rests = time * TIMES <= STEPS
    if r.decay == "lazy":
        return many & rests
    slow = not r.formula.has(FORGET) or RATE * DECAYS[r.decay] * MUCH <= FORGETTING  # eta lambda << 1 - beta_2
    return many & rests & (frequency * time >= MUCH) & slow


def _exponents(r: Regime) -> str:
    rare, frequent = r.frequency
    return str(rare) if rare == frequent else f"{rare} (rare) to {frequent}"


def curves(entries: Sequence[Regime], points: int = 241) -> list[Curve]:
    """One for all entries with the same norms."""
    frequency = np.logspace(np.log10(LEAST), 0, points)
    found: dict[tuple[float, ...], Curve] = {}
    for r in entries:
        known = {**settings(r), P: frequency, N: frequency * STEPS}
        norm = np.broadcast_to(value(r.formula, known), frequency.shape) ** (1 / r.power)
        inside = within(r, frequency)
        curve = found.setdefault(tuple(np.round(np.log(norm / norm[-1]), 6)), Curve(norm / norm[-1], inside, _exponents(r)))
        curve.inside = curve.inside | inside
        rows = f" ({r.rows} rows)" if r.rows else ""
        curve.names.setdefault(_when(r, frequency[inside]), []).append(f"{r.optimizer.replace('_', ' ')}{rows}")
    return list(found.values())


def _when(r: Regime, inside: Floats) -> str:
    """The decay, and where the conditions begin, if not everywhere; they hold from a frequency on."""
    decay = f"{r.decay if r.decay != 'none' else 'no'} decay"
    if not len(inside):
        return f"{decay}, at no p"
    power = int(np.floor(np.log10(inside.min())))
    return decay if inside.min() < LEAST * 1.001 else f"{decay}, p > {inside.min() / 10.0**power:.0f}e{power}"

"""The map of the imprint as a picture: norms against frequency, one line an optimiser and decay."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from derivations.evidence import Floats
from derivations.evidence.formulas import value
from derivations.real_text_plot import STYLE
from theory.imprint_map import ADAM_DIM, BETA, FORGET, N, P, Regime
from theory.notation import G, eta, k, lam, r0, z0

STEPS, RATE, DECAY = 1e7, 1e-3, 1.0
DIMENSION, ENERGY, FORGETTING, MOMENTUM = 64.0, 64.0, 1e-3, 0.9
_COLOURS = ("#1f5f8b", "#d98c3f", "#8c1c13", "#1a1a1a", "#6a8f4f", "#7a7a7a")
_DASHES = ("-", "--", "-.", ":")  # apart in grey too


def map_svg(entries: Sequence[Regime]) -> str:
    """The picture as SVG text; the same entries give the same bytes."""
    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        picture(entries).savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def picture(entries: Sequence[Regime]) -> Figure:
    """Norms relative to that of a row that every step visits, by the formulas of the map at one choice of rates."""
    figure = Figure(figsize=(8.5, 4.6), layout="constrained")
    axes = figure.add_subplot()
    frequency = np.logspace(-6, 0, 241)
    for i, (names, (exponent, norm)) in enumerate(_curves(entries, frequency).items()):
        colour, dashes = _COLOURS[i % len(_COLOURS)], _DASHES[i % len(_DASHES)]
        axes.plot(frequency, norm, dashes, color=colour, label=f"exponent {exponent}: {names}", linewidth=1.6)
    axes.axvline(FORGETTING, color="#b5b5b5", linewidth=0.8, zorder=0)
    axes.set(xscale="log", yscale="log", xlabel="frequency p: share of steps that visit the row")
    axes.set_ylabel("norm, relative to a row that is always visited")
    axes.annotate(r"$p = 1 - \beta_2$", (FORGETTING, 1.0), xytext=(3, 3), textcoords="offset points", fontsize=8, color="#7a7a7a")
    axes.set_title("What frequency does to the norm")
    figure.legend(loc="outside lower left", fontsize=8)
    return figure


def _exponents(r: Regime) -> str:
    rare, frequent = r.frequency
    return str(rare) if rare == frequent else f"{rare} (rare) to {frequent}"


def _curves(entries: Sequence[Regime], frequency: Floats) -> dict[str, tuple[str, Floats]]:
    """Exponent of rare rows and norms, by the names of all entries that have the same."""
    known: dict[Any, Any] = {P: frequency, N: frequency * STEPS, k: STEPS, G: ENERGY, eta: RATE, lam: DECAY, ADAM_DIM: DIMENSION,
                             FORGET: FORGETTING, BETA: MOMENTUM, r0: 0.0, z0: 0.0}  # fmt: skip
    found: dict[tuple[float, ...], tuple[list[str], str, Floats]] = {}
    for r in entries:
        norm = np.broadcast_to(value(r.formula, {**known, r0: float(not r.formula.has(P, N))}), frequency.shape) ** (1 / r.power)
        norm = norm / norm[-1]
        names, *_ = found.setdefault(tuple(np.round(np.log(norm), 6)), ([], _exponents(r), norm))
        names.append(f"{r.optimizer.replace('_', ' ')} ({r.decay if r.decay != 'none' else 'no'} decay)")
    return {"\n".join(textwrap.wrap(", ".join(names), 110)): (exponent, norm) for names, exponent, norm in found.values()}

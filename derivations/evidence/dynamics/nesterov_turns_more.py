"""B8e measured: Nesterov's shadow on both losses; its equilibrium with either decay, and heavy ball's beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Measurement
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed, relative
from derivations.evidence.equilibria import Long, drawn, flat, simulate, witness
from derivations.evidence.equilibria import check as check_equilibria
from derivations.evidence.formulas import value
from derivations.evidence.momentum import Run, on_losses, read_runs
from derivations.evidence.replicates import mean_within
from derivations.evidence.settings import Batch
from derivations.evidence.settings import draw as draw_batches
from derivations.evidence.steps import Read
from theory.claims import Formulas
from theory.momentum import BETA, OVERLAP
from theory.notation import G, eta, r


def draw(rng: np.random.Generator, effort: str) -> Sequence[object]:
    """Batches for the shadow, long runs for the equilibrium."""
    return [*draw_batches(rng, effort), *drawn("nesterov", rng, effort)]


def law_of(formulas: Formulas) -> Callable[[Run], Read]:
    """The squared length of the shadow after a step without decay; where its growth is seen."""

    def law(run: Run) -> Read:
        known: dict[Any, Any] = {eta: run.step_size, BETA: run.beta}
        lag, step = value(formulas["lag"], known), value(formulas["step"], known)
        norms = run.run.squared_norms[:, :-1]
        energies = norms * run.squared_gradients()
        growth = step**2 * value(formulas["term"], {G: energies, r: np.sqrt(norms), BETA: run.beta, OVERLAP: run.overlaps()})
        bound = run.rounding(lag, step)
        return equal(np.diff(run.shadows(lag), axis=1), growth), bound, np.abs(growth) > 4 * bound

    return law


def _against_heavy_ball(formulas: Formulas, groups: Sequence[Long]) -> Measurement:
    """Squared rotation, relative, over heavy ball's on runs of its own; limits, which are off by at most 6 p (as in `equilibria.limits`).

    A quotient of two means: its relative half width is at most the sum of both, twice that where they are below 1/2.
    """
    deviations, bounds = [], []
    for g in groups:
        widths, turns = [], []
        for long in (g, replace(g, rule="heavy_ball", seed=g.seed + 1)):
            found = simulate(long)
            mean, width = mean_within((found.square - found.turned) / found.square)
            turns.append(float(mean))
            widths.append(float(width / mean))
        claimed = float(value(formulas["excess"], {BETA: g.beta}))
        deviations.append(relative(turns[0] / turns[1], claimed))
        bounds.append(2 * sum(widths) + 6 * g.product)
    what = "squared rotation over heavy ball's"
    return measurement(what, listed(deviations), np.array(bounds), [g.label for g in groups])


def check(formulas: Formulas, settings: Sequence[Any]) -> tuple[Measurement, ...]:
    """The shadow, the equilibrium and its limits, the excess over heavy ball."""
    batches = [x for x in settings if isinstance(x, Batch)]
    groups = flat(settings)
    found = [*check_equilibria(formulas, groups)]
    if batches:
        found.append(read_runs("squared length of the shadow after a step", on_losses(batches, rule="nesterov"), law_of(formulas)))
    small = [g for g in groups if g.product < 0.01 and g.kind == "decoupled"]
    return (*found, _against_heavy_ball(formulas, small)) if small else tuple(found)


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": witness("gradients with a radial part", "nesterov", alignment=0.5),
    "update-rule": witness("heavy ball's steps turn the embedding less", "nesterov", "turn of a step", rule="heavy_ball"),
    "white": witness("gradients of persistence 0.5", "nesterov", persistence=0.5),
    "constant-energy": witness("an energy twice as large", "nesterov", told=0.5),
    "decay-in-range": witness("eta lambda = 2.5: the embedding overshoots and grows", "nesterov", product=2.5, forget=4),
})  # fmt: skip

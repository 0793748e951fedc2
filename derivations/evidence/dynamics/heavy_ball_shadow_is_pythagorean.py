"""B8a measured: descent with heavy ball on both losses, its shadow step by step and over whole runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Measurement, rounding
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import value
from derivations.evidence.momentum import ASLANT, STEPS, Run, dropped, on_losses, read_runs
from derivations.evidence.settings import Batch, draw
from derivations.evidence.steps import Read
from theory.claims import Formulas
from theory.momentum import BETA, OVERLAP
from theory.notation import G, eta, r


def law_of(formulas: Formulas, whole: bool = False) -> Callable[[Run], Read]:
    """The shadow's squared length after every step, or after all of them; where its growth is seen."""

    def law(run: Run) -> Read:
        known: dict[Any, Any] = {eta: run.step_size, BETA: run.beta}
        lag, step = value(formulas["lag"], known), value(formulas["step"], known)
        norms = run.run.squared_norms[:, :-1]
        energies = norms * run.squared_gradients()
        growth = step**2 * value(formulas["term"], {G: energies, r: np.sqrt(norms), BETA: run.beta, OVERLAP: run.overlaps()})
        length, bound = run.shadows(lag), run.rounding(lag, step)
        if whole:
            gap, growth = length[:, -1:] - length[:, :1], growth.sum(axis=1, keepdims=True)
            size = np.abs(length).max(axis=1, keepdims=True)
            bound = bound.sum(axis=1, keepdims=True) + rounding.gamma(2 * STEPS) * size
        else:
            gap = np.diff(length, axis=1)
        return equal(gap, growth), bound, np.abs(growth) > 4 * bound

    return law


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Every step, and the whole run."""
    runs = on_losses(batches)
    return (
        read_runs("squared length of the shadow after a step", runs, law_of(formulas)),
        read_runs("squared length of the shadow after a run", runs, law_of(formulas, whole=True)),
    )


EVIDENCE = Evidence(draw, check, dropped(law_of, {
    **ASLANT,
    "no-weight-decay": ("decoupled weight decay of 0.3", {"decay": 0.3}),
    "heavy-ball": ("Nesterov's steps", {"rule": "nesterov"}),
}))  # fmt: skip

"""B11c measured: runs of SGD, heavy ball and Nesterov from ``u_0`` and from ``c u_0`` at the rates that the law says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from derivations.evidence import Evidence, Measurement, NumericWitness
from derivations.evidence.scaling import against, decay_of, factors, joined, one_step, powers_of_two, runs, whole_paths
from derivations.evidence.settings import Batch, draw, ordinary
from numerics.simulation.optimizers import SGD, Optimizer
from theory.claims import Formulas

HEAVY_BALL = Optimizer("heavy_ball")
RULES = (SGD, HEAVY_BALL, Optimizer("heavy_ball", coupled=True), Optimizer("nesterov"), Optimizer("nesterov", coupled=True))


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """All embeddings, gradients and momenta under powers of two; a step under any factor."""
    states = [
        runs(b, "infonce", HEAVY_BALL, factors(formulas, powers_of_two(b), ("gradient", "momentum")), decay_of(b)) for b in batches
    ]
    return (
        whole_paths(formulas, batches, RULES),
        joined([p.measured("gradients along those runs", "gradients", p.factors["gradient"]) for p in states]),
        # |u|^2 |m|^2 is all that is recorded of the momentum
        joined([p.measured("momenta along those runs", "heats", (p.factors["embedding"] * p.factors["momentum"]) ** 2) for p in states]),
        one_step(formulas, batches, SGD),
    )


def _witness(words: str, **changed: object) -> Callable[[Formulas, int], NumericWitness]:
    """``scale``: another one for all rows; the rest are arguments of `scaling.runs`."""

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        batch = ordinary(seed)
        scale = np.full(batch.rows, float(str(changed.get("scale", 1.0))))
        usual = {"loss": "cosine_regression", "optimizer": HEAVY_BALL, "by": factors(formulas, np.full(batch.rows, 4.0)),
                 "weight_decay": np.full(batch.rows, 0.5)}  # fmt: skip
        other = {**usual, "by": factors(formulas, scale)} if "scale" in changed else {**usual, **changed}
        return against(words, batch, usual, other)

    return drop


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("InfoNCE on inner products", loss="dot_product_infonce"),
    "linear-rule": _witness("normalised steps", optimizer=Optimizer("normalized_sgd")),
    "positive-scale": _witness("c = -4: the embedding turned around", scale=-4.0),
})  # fmt: skip

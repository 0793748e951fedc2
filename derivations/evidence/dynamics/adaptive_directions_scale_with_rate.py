"""B11d measured: runs of eight rules from ``u_0`` and from ``c u_0`` at the rates that the law says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Measurement, NumericWitness
from derivations.evidence.scaling import against, decay_of, factors, joined, powers_of_two, runs, whole_paths
from derivations.evidence.settings import Batch, draw, ordinary
from derivations.evidence.steps import LOSSES
from numerics.simulation.optimizers import Optimizer
from theory.claims import Formulas

ADAM = Optimizer("adam")
RULES = (ADAM, Optimizer("rmsprop"), Optimizer("lion"), Optimizer("sign_sgd"), Optimizer("normalized_sgd"), Optimizer("adamp"))
STATES = ("gradient", "first_moment", "second_moment", "accumulator")


def _with_lengths(formulas: Formulas, batch: Batch) -> dict[str, tuple[Optimizer, Optimizer]]:
    """Rules with a setting that is a length beside the state, and the same with that setting scaled as the state is.

    Epsilon is added to the root of the second moment, which the first one is divided by; so it shows how both scale.
    """
    by = {name: float(factor[0]) for name, factor in factors(formulas, powers_of_two(batch)[:1], STATES).items()}
    adam = replace(ADAM, epsilon=0.25)
    return {
        "Adam, epsilon scaled as the first moment": (adam, replace(adam, epsilon=0.25 * by["first_moment"])),
        "Adam, epsilon scaled as the root of the second": (adam, replace(adam, epsilon=0.25 * float(np.sqrt(by["second_moment"])))),
        **{f"{rule}, its accumulator scaled": (Optimizer(rule, accumulator=0.5), Optimizer(rule, accumulator=0.5 * by["accumulator"]))
           for rule in ("adagrad_norm", "wngrad")},
    }  # fmt: skip


def _pairs(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Embeddings under the rules with lengths, one rule on a batch, and gradients along their way."""
    found: list[Measurement] = []
    slopes: list[Measurement] = []
    for i, batch in enumerate(batches):
        turn, rules = batch.seed + i, _with_lengths(formulas, batch)
        for name in (list(rules)[turn % 4], list(rules)[(turn + 1) % 4]):
            by = factors(formulas, np.full(batch.rows, powers_of_two(batch)[0]), STATES)
            first, second = rules[name]
            pair = runs(batch, LOSSES[turn % 2], first, by, decay_of(batch), second)
            found.append(replace(pair.measured("embeddings under rules with a length of their own, scaled too", "path", by["embedding"]),
                                 labels=tuple(f"{name}: {label}" for label in pair.labels)))  # fmt: skip
            slopes.append(pair.measured("gradients along those runs", "gradients", by["gradient"]))
    return joined(found), joined(slopes)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Everything bit by bit, scaled by powers of two."""
    return (whole_paths(formulas, batches, RULES), *_pairs(formulas, batches))


def _witness(words: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        batch = ordinary(seed)
        usual = {"loss": "infonce", "optimizer": ADAM, "by": factors(formulas, np.full(batch.rows, 4.0)),
                 "weight_decay": np.full(batch.rows, 0.5)}  # fmt: skip
        return against(words, batch, usual, {**usual, **changed})

    return drop


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("InfoNCE on inner products", loss="dot_product_infonce"),
    "no-epsilon": _witness("an epsilon of 0.25", optimizer=replace(ADAM, epsilon=0.25)),
    "decoupled-decay": _witness("L2 inside Adam", optimizer=replace(ADAM, coupled=True)),
})  # fmt: skip

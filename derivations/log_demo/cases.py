"""The runs of the demonstration, and what the theory says of each before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from derivations.check_log.finding import FAILS, HOLDS, SILENT

TEMPERATURE = 0.2
BETA, SQUARE, EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Case:
    """A training: what it is, and the verdicts that are expected of laws.

    ``label`` is what the log is told of the optimiser where that is not the truth. ``similarity``: cosine or dot.
    """

    name: str
    words: str
    optimizer: str
    learning_rate: float
    expected: Mapping[str, str]
    decay: float = 0.0
    similarity: str = "cosine"
    precision: str = "float64"
    label: Mapping[str, Any] = field(default_factory=dict)


ALWAYS = {"right angle": HOLDS, "balance": HOLDS}
STEPWISE = {"update rule": HOLDS, "step": HOLDS, "run": HOLDS}
NOT_SGD = {"update rule": HOLDS, "step": SILENT, "run": SILENT, "quartic": SILENT}
CASES = (
    Case("sgd", "SGD on cosines", "sgd", 0.5, {**ALWAYS, **STEPWISE, "quartic": HOLDS, "shadow": SILENT}),
    Case("sgd-decay", "SGD with weight decay", "sgd", 0.5, {**ALWAYS, **STEPWISE, "quartic": SILENT, "equilibrium": HOLDS},
         decay=0.05),
    Case("sgd-float32", "SGD in single precision, in which most steps change the norm by less than rounding may", "sgd", 0.5,
         {**ALWAYS, "update rule": HOLDS, "step": SILENT, "run": SILENT}, precision="float32"),
    Case("momentum", "SGD with momentum 0.9 and weight decay that is part of the gradient", "heavy_ball", 0.1,
         {**ALWAYS, **NOT_SGD, "shadow": HOLDS}, decay=0.01),
    Case("adamw", "AdamW: steps by coordinates, of which the ledger claims means only", "adam", 0.01,
         {**ALWAYS, **NOT_SGD, "shadow": SILENT, "equilibrium": SILENT}, decay=0.1),
    Case("dot", "SGD on inner products, which see lengths", "sgd", 0.05,
         {"right angle": FAILS, "balance": HOLDS, "update rule": HOLDS, "step": FAILS, "run": FAILS, "quartic": FAILS}, similarity="dot"),
    Case("mislabelled", "AdamW whose log says SGD", "adam", 0.01,
         {**ALWAYS, "update rule": FAILS, "step": FAILS, "run": FAILS, "quartic": FAILS},
         label={"optimizer": "sgd", "momentum": 0.0, "second_momentum": 0.0, "epsilon": 0.0}),
    Case("sgd-called-adam", "SGD whose log says Adam", "sgd", 0.5, {**ALWAYS, "update rule": FAILS, "step": SILENT, "growth": SILENT},
         label={"optimizer": "adam", "momentum": BETA, "second_momentum": SQUARE, "epsilon": EPSILON}),
    Case("momentum-called-nesterov", "SGD with momentum whose log says Nesterov's", "heavy_ball", 0.1,
         {**ALWAYS, "update rule": FAILS, "shadow": FAILS}, label={"optimizer": "nesterov"}),
)  # fmt: skip


def case(name: str) -> Case:
    """The run of this name."""
    return next(c for c in CASES if c.name == name)

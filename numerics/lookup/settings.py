"""How to train lookup tables: the settings, checked, and what kernels are given of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics import updates
from numerics.kernels.table_coast import coasts
from numerics.kernels.table_loss import LOSSES, Rule
from numerics.kernels.tables import RowUpdate
from numerics.simulation.optimizers import Optimizer
from numerics.validation import InvalidInput, integer, number

PRECISIONS: dict[str, type[np.floating[Any]]] = {"float64": np.float64, "float32": np.float32}
_SMALLEST, _LARGEST = {"float64": 1e-30, "float32": 1e-6}, {"float64": 1e30, "float32": 1e6}
_LEAST = {"dimension": 2, "window": 1, "negatives": 1, "epochs": 1, "replicates": 1, "seed": 0, "batch": 1}
_MOST = {"batch": 2**22, "negatives": 2**16, "dimension": 2**16}


@dataclass(frozen=True)
class LookupSettings:
    """How to train: ``step_size`` is constant; ``loss`` is ``infonce`` or ``siglip`` (with its ``bias``, which stays as it is)
    over ``similarity`` / temperature; ``similarity`` is ``cosine`` or, for InfoNCE, ``dot``.

    ``optimizer`` is the name of a rule of `numerics.updates`, with ``momentum``, ``second_momentum`` and no epsilon, or an
    `Optimizer`, which brings those and ``lazy`` itself. Weight decay is decoupled unless that says otherwise, with
    step_size * weight_decay below 1. A dense optimiser moves all rows at every step, a ``lazy`` one (sparse Adam) only the
    rows that occur in it. Rows that do not occur are made up for when they next do (`numerics.kernels.table_coast`),
    for most rules by a closed power.

    ``batch`` pairs are taken at the same tables; then each row that occurs in them moves once, on the sum of its gradients.
    ``precision`` is that of rows, gradients and state, ``float64`` or ``float32``: sizes then lie within 1e-6 and 1e6.

    Each replicate has its own stream of ``seed`` and its own tables, whose rows start as uniform directions
    of length ``initial_norm``.

    Raises ``InvalidInput`` for a value out of bounds.
    """

    dimension: int = 32
    window: int = 5
    negatives: int = 8
    temperature: float = 0.2
    step_size: float = 0.05
    epochs: int = 1
    initial_norm: float = 1.0
    replicates: int = 2
    seed: int = 0
    similarity: str = "cosine"
    optimizer: str | Optimizer = "sgd"
    weight_decay: float = 0.0
    lazy: bool = False
    momentum: float = 0.9
    second_momentum: float = 0.999
    loss: str = "infonce"
    bias: float = 0.0
    batch: int = 1
    precision: str = "float64"

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS:
            raise InvalidInput(f"precision = {self.precision!r} must be 'float64' or 'float32'")
        for name, bound in _LEAST.items():
            integer(name, getattr(self, name), bound, _MOST.get(name, 2**62))
        for name in ("temperature", "step_size", "initial_norm"):
            least = 1e-30 if name == "step_size" else _SMALLEST[self.precision]
            number(name, getattr(self, name), above=0.0, least=least, most=_LARGEST[self.precision])
        if self.similarity not in ("cosine", "dot"):
            raise InvalidInput(f"similarity = {self.similarity!r} must be 'cosine' or 'dot'")
        if self.loss not in LOSSES:
            raise InvalidInput(f"loss = {self.loss!r} must be 'infonce' or 'siglip'")
        if self.loss == "siglip" and self.similarity == "dot":
            raise InvalidInput("similarity = 'dot' must be 'cosine' for loss = 'siglip'")
        number("bias", self.bias, least=-700.0, most=700.0)
        if self.bias != 0.0 and self.loss != "siglip":
            raise InvalidInput(f"bias = {self.bias} must be 0 for loss = {self.loss!r}, which has none")
        number("weight_decay", self.weight_decay, least=0.0, most=0.999 / self.step_size)
        number("momentum", self.momentum, least=0.0, most=0.999)
        number("second_momentum", self.second_momentum, above=0.0, most=0.999999)
        self._check_optimizer()

    @property
    def rule(self) -> str:
        """The name of the update rule."""
        return self.chosen.rule

    @property
    def chosen(self) -> Optimizer:
        """The optimiser, whichever way it was given."""
        if isinstance(self.optimizer, Optimizer):
            return self.optimizer
        return Optimizer(self.optimizer, lazy=self.lazy, momentum=self.momentum, second_momentum=self.second_momentum)

    def _check_optimizer(self) -> None:
        if not isinstance(self.optimizer, str | Optimizer):
            raise InvalidInput(f"optimizer = {self.optimizer!r} must be a rule's name or an Optimizer")
        if isinstance(self.optimizer, str) and self.optimizer not in (names := [rule.name for rule in updates.RULES]):
            raise InvalidInput(f"optimizer = {self.optimizer!r} must be one of {', '.join(names)}")
        if isinstance(self.optimizer, Optimizer):
            for name, default in (("lazy", False), ("momentum", 0.9), ("second_momentum", 0.999)):
                if getattr(self, name) not in (default, getattr(self.optimizer, name)):
                    raise InvalidInput(f"{name} = {getattr(self, name)} contradicts optimizer = {self.optimizer!r}; give it there")
            for name, value in (("schedule", None), ("stored", "float64"), ("stochastic", False)):
                if getattr(self.optimizer, name) is not value and getattr(self.optimizer, name) != value:
                    raise InvalidInput(f"{name} of the optimizer must be {value!r}: tables train at a constant step size")
        self.update()

    def update(self) -> RowUpdate:
        """How a row moves, for the kernels."""
        chosen = self.chosen
        made = chosen.update(1, 1.0)
        decay = float(self.weight_decay)
        moves = coasts(chosen.rule, decay, chosen.lazy)
        rule = None if chosen.rule == "sgd" else made.rule
        return RowUpdate(rule, float(self.step_size), decay, made.coupled and decay > 0, moves, made.retracts, made.settings)

    def kernel_rule(self) -> Rule:
        """What defines a step, for the kernels."""
        loss = LOSSES.index(self.loss)
        return Rule(self.window, loss, float(self.temperature), float(self.bias), self.similarity == "dot", self.update())

    def state_shape(self) -> tuple[int, int]:
        """Moments of a row and their dimension; a number that is remembered is one of dimension 1."""
        rule = updates.RULES[updates.code(self.rule)]
        return (1, 1) if rule.remembers else (rule.moments, self.dimension)

    def unit_roundoff(self) -> float:
        """Largest relative error of a rounded operation in the precision of the rows."""
        return float(np.finfo(PRECISIONS[self.precision]).eps) / 2

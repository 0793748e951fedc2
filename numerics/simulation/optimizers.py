"""An optimiser as a user names it: a rule of `numerics.updates`, its settings, how decay acts, how numbers are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics import updates, validation
from numerics.kernels.storage import Storage
from numerics.kernels.update import Update
from numerics.updates.definition import Settings
from numerics.validation import InvalidInput

# significant bits, least exponent of a normal number (as m 2^e with 1/2 <= |m| < 1), largest finite number
FORMATS = {
    "float64": (0, 0, np.inf),
    "bfloat16": (8, -125, (2.0 - 2.0**-7) * 2.0**127),
    "float16": (11, -13, 65504.0),
    "float32": (24, -125, (2.0 - 2.0**-23) * 2.0**127),
}


@dataclass(frozen=True)
class Optimizer:
    """An update rule with its settings; step sizes and weight decays are given to a run, row by row.

    ``rule``: a name of `numerics.updates.RULES`. ``coupled``: weight decay is added to the gradient before the rule
    (L2 regularisation), else it shrinks the embedding beside it (decoupled). ``lazy``: rows without a gradient are left
    alone. ``momentum`` (beta, beta_1) and ``second_momentum`` (beta_2) in [0, 1); ``epsilon`` at least 0;
    ``threshold`` above 0: length for clipping, delta for AdamP and SGDP; ``accumulator``: b_0 of AdaGrad-norm (at
    least 0) and WNGrad (above 0). ``schedule``: factors of the step size, one a step. ``stored``: a name of `FORMATS`
    in which the embedding is kept, rounded to nearest or, if ``stochastic``, stochastically. Anything else is refused
    when it is made, with ``InvalidInput``; whether a schedule is as long as a run, when that is known.
    """

    rule: str = "sgd"
    coupled: bool = False
    lazy: bool = False
    momentum: float = 0.9
    second_momentum: float = 0.999
    epsilon: float = 0.0
    threshold: float = 1.0
    accumulator: float = 1.0
    schedule: ArrayLike | None = None
    stored: str = "float64"
    stochastic: bool = False

    def __post_init__(self) -> None:
        updates.code(self.rule)
        for name in ("coupled", "lazy", "stochastic"):
            validation.flag(name, getattr(self, name))
        self._settings()
        self._storage()
        if self.schedule is not None:
            validation.table("schedule", self.schedule, (None,), least=0.0)

    def update(self, steps: int, visits: float) -> Update:
        """What the kernels are given. Raises ``InvalidInput`` for a schedule of another length."""
        rule = updates.RULES[updates.code(self.rule)]
        steps = validation.integer("steps", steps, 1)
        factors = np.ones(steps) if self.schedule is None else validation.table("schedule", self.schedule, (steps,), least=0.0)
        return Update(
            updates.code(self.rule), rule.by_coordinate, bool(self.coupled), rule.retracts, bool(self.lazy), float(visits),
            self._settings(), self._storage(), factors,
        )  # fmt: skip

    def _settings(self) -> Settings:
        below_one = float(np.nextafter(1.0, 0.0))
        first, second = (
            validation.number(name, getattr(self, name), least=0.0, most=below_one) for name in ("momentum", "second_momentum")
        )
        smallest = {"above": 0.0} if self.rule == "wngrad" else {"least": 0.0}
        return Settings(
            first, second, validation.number("epsilon", self.epsilon, least=0.0),
            validation.number("threshold", self.threshold, above=0.0),
            validation.number("accumulator", self.accumulator, **smallest),
        )  # fmt: skip

    def _storage(self) -> Storage:
        if not isinstance(self.stored, str) or self.stored not in FORMATS:
            raise InvalidInput(f"stored = {self.stored!r} must be one of {', '.join(FORMATS)}")
        bits, least, largest = FORMATS[self.stored]
        return Storage(bits, least, float(largest), bool(self.stochastic))


SGD = Optimizer()

"""What an update rule is made of: ``u <- (1 - share * step_size * weight_decay) u - step_size * s``."""

from __future__ import annotations

from typing import Any, NamedTuple

FIRST, SECOND = 0, 1  # rows of the state of a rule with two moments (d,); a rule with one has it in row 0
STATE_ROWS = 2  # at most


class Settings(NamedTuple):
    """Numbers that rules read; each rule's file says which, and what they are called elsewhere."""

    momentum: float  # beta, beta_1
    second_momentum: float  # beta_2, alpha in RMSProp
    epsilon: float
    threshold: float  # length that clipping keeps to; projection: largest cosine in units of 1/sqrt(d)
    accumulator: float  # b_0 of AdaGrad-norm and WNGrad


class Rule(NamedTuple):
    """One update rule.

    ``direction(embedding, gradient, settings, age, state, out) -> share`` fills ``out`` (d,) with the step s,
    moves ``state``, zero at the start, and returns the share of decoupled weight decay that
    acts (1 but for projected rules). ``age`` is the number of steps before. It is a `numerics.compilation.compiled.inner`
    function. ``reads`` names the settings in use; after a step, a ``retracts`` rule scales the embedding back
    to the norm that it had. Of the state it uses ``moments`` rows (d,), or, if it ``remembers`` a number, the first
    entry of the first row; what it does not use need not be there. A rule ``by_coordinate`` treats every entry alike, so that
    many rows may be given to it as one vector.
    """

    name: str
    direction: Any
    reads: tuple[str, ...] = ()
    retracts: bool = False
    moments: int = 0
    remembers: bool = False
    by_coordinate: bool = False

"""The update rules that can be simulated, one a file. To add one: write it, name it in RULES and in `direction`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner
from numerics.updates import (
    adagrad_norm,
    adam,
    adamp,
    clipped_sgd,
    heavy_ball,
    lion,
    nesterov,
    normalized_sgd,
    riemannian_sgd,
    rmsprop,
    sgd,
    sgdp,
    sign_sgd,
    wngrad,
)
from numerics.updates.definition import Rule, Settings
from numerics.validation import InvalidInput

Floats = NDArray[np.float64]
RULES: tuple[Rule, ...] = (
    sgd.RULE, heavy_ball.RULE, nesterov.RULE, normalized_sgd.RULE, clipped_sgd.RULE, adagrad_norm.RULE, wngrad.RULE,
    rmsprop.RULE, adam.RULE, lion.RULE, sign_sgd.RULE, sgdp.RULE, adamp.RULE, riemannian_sgd.RULE,
)  # fmt: skip


def code(name: str) -> int:
    """The place of the rule ``name`` in RULES, by which kernels know it. Raises ``InvalidInput``."""
    for place, rule in enumerate(RULES):
        if rule.name == name:
            return place
    raise InvalidInput(f"rule = {name!r} must be one of {', '.join(rule.name for rule in RULES)}")


@inner
def direction(
    place: int, embedding: Floats, gradient: Floats, settings: Settings, age: int, state: Floats, out: Floats
) -> float:
    """``direction`` of the rule at that place, written out branch by branch as for the losses."""
    if place == 0:
        return sgd.direction(embedding, gradient, settings, age, state, out)
    if place == 1:
        return heavy_ball.direction(embedding, gradient, settings, age, state, out)
    if place == 2:
        return nesterov.direction(embedding, gradient, settings, age, state, out)
    if place == 3:
        return normalized_sgd.direction(embedding, gradient, settings, age, state, out)
    if place == 4:
        return clipped_sgd.direction(embedding, gradient, settings, age, state, out)
    if place == 5:
        return adagrad_norm.direction(embedding, gradient, settings, age, state, out)
    if place == 6:
        return wngrad.direction(embedding, gradient, settings, age, state, out)
    if place == 7:
        return rmsprop.direction(embedding, gradient, settings, age, state, out)
    if place == 8:
        return adam.direction(embedding, gradient, settings, age, state, out)
    if place == 9:
        return lion.direction(embedding, gradient, settings, age, state, out)
    if place == 10:
        return sign_sgd.direction(embedding, gradient, settings, age, state, out)
    if place == 11:
        return sgdp.direction(embedding, gradient, settings, age, state, out)
    if place == 12:
        return adamp.direction(embedding, gradient, settings, age, state, out)
    return riemannian_sgd.direction(embedding, gradient, settings, age, state, out)

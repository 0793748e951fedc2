"""Losses of one pair: a word row u, and context rows v_j, of which v_0 was observed and the others are sampled.

Scores are s_j = <u, v_j> / (|u| |v_j|) (cosine) or <u, v_j> (dot); t is the temperature.

- InfoNCE: -log p_0 with p = softmax(s / t).
- SigLIP (Zhai et al., ICCV 2023): the sum over j of softplus(-z_j (s_j / t + bias)), z_0 = 1 and z_j = -1 else.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.exponential import exponential
from numerics.arithmetic.sums import dots
from numerics.compiled import spliced
from numerics.kernels.tables import INVERSE_NORM, RowUpdate, Table, cast
from numerics.sampling import AliasTable, draw

Floats = NDArray[Any]  # float64 or float32
Ids = NDArray[np.int32]
LOSSES = ("infonce", "siglip")
_INFONCE = 0
_LARGEST_PRODUCT = 1e200


class Rule(NamedTuple):
    """What defines a step."""

    window: int
    loss: int  # place in LOSSES
    temperature: float
    bias: float
    dot: bool
    update: RowUpdate


@spliced
def draw_negatives(candidate: Ids, pair: int, noise: AliasTable, key: np.uint64) -> None:
    """Fill places 1, 2, ... of the candidates of a pair: a function of the pair's number and the key alone."""
    negatives = len(candidate) - 1
    for j in range(negatives):
        candidate[j + 1] = draw(noise, key, np.uint64(pair * negatives + j))


@spliced
def fill_scores(word: Table, row: int, context: Table, candidate: Ids, is_dot: bool, score: Floats) -> None:
    """The scores of a pair."""
    dots(context.rows, candidate, word.rows[row], score)
    if not is_dot:
        inverse = cast(score, word.record[row, INVERSE_NORM])
        for j in range(len(candidate)):
            score[j] *= inverse * cast(score, context.record[candidate[j], INVERSE_NORM])


@spliced
def weigh(rule: Rule, candidate: Ids, score: Floats, weight: Floats) -> float:
    """Fill ``weight`` with dloss/dscore; the loss."""
    if rule.loss == _INFONCE:
        return _infonce(rule.temperature, candidate, score, weight)
    return _siglip(rule.temperature, rule.bias, score, weight)


@spliced
def _infonce(temperature: float, candidate: Ids, score: Floats, weight: Floats) -> float:
    """Where all candidates are one row the weights are 0, and not what rounding leaves of that, which Adam would blow up."""
    top, same = score[0], True
    for j in range(1, len(score)):
        top = score[j] if score[j] > top else top
        same &= candidate[j] == candidate[0]
    per = 1.0 / temperature
    total = 0.0
    for j in range(len(score)):
        weight[j] = exponential((score[j] - top) * per)
    for j in range(len(score)):
        total += weight[j]
    factor = 0.0 if same else per / total
    for j in range(len(score)):
        weight[j] *= factor
    weight[0] -= 0.0 if same else per
    return np.log(total) - (score[0] - top) * per


@spliced
def _siglip(temperature: float, bias: float, score: Floats, weight: Floats) -> float:
    """With x = -z (s / t + bias): softplus(x) = max(x, 0) + log(1 + exp(-|x|)), of slope -z sigmoid(x) / t in the score."""
    per, product, value = 1.0 / temperature, 1.0, 0.0
    for j in range(len(score)):
        sign = 1.0 if j == 0 else -1.0
        x = -sign * (score[j] * per + bias)
        small = exponential(-abs(x))
        product *= 1.0 + small
        if product > _LARGEST_PRODUCT:
            value += np.log(product)
            product = 1.0
        value += max(x, 0.0)
        weight[j] = -sign * per * (1.0 if x >= 0.0 else small) / (1.0 + small)
    return value + np.log(product)

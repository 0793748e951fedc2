"""Losses of one pair: a word row u, and context rows v_j, of which v_0 was observed and the others are sampled.

Scores are s_j = <u, v_j> / (|u| |v_j|) (cosine) or <u, v_j> (dot); t is the temperature.

- InfoNCE: -log p_0 with p = softmax(s / t).
- SigLIP (Zhai et al., ICCV 2023): the sum over j of softplus(-z_j (s_j / t + bias)), z_0 = 1 and z_j = -1 else.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.arithmetic.exponential import exponential, exponential_lanes
from numerics.arithmetic.lanes import WIDTH, load, store
from numerics.arithmetic.sums import dots
from numerics.compilation.compiled import inner, spliced
from numerics.kernels.tables import INVERSE_NORM, RowUpdate, Table, cast
from numerics.sampling import AliasTable, draw

Floats = NDArray[Any]  # float64 or float32
Powers = NDArray[np.float64]
Ids = NDArray[np.int32]
LOSSES = ("infonce", "siglip")
_INFONCE = 0
_LARGEST_PRODUCT = 1e200


def powers(size: int) -> Powers:
    """Room for so many numbers in whole lanes."""
    return np.zeros(-(-size // WIDTH) * WIDTH)


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
def weigh(rule: Rule, each: int, candidate: Ids, score: Floats, weight: Floats, power: Powers, loss: Powers) -> None:
    """Fill ``weight`` with dloss/dscore and ``loss`` (P,): of P pairs with ``each`` candidates, which stand one after the other.

    ``power``: scratch, of whole lanes. The exponentials of all pairs are taken together, in float64.
    """
    if rule.loss == _INFONCE:
        _below_top(1.0 / rule.temperature, each, score, power)
        _exponentials(power, len(score))
        for pair in range(len(loss)):
            loss[pair] = _infonce(1.0 / rule.temperature, pair * each, pair * each + each, candidate, score, weight, power)
    else:
        _below_zero(1.0 / rule.temperature, rule.bias, score, power)
        _exponentials(power, len(score))
        for pair in range(len(loss)):
            loss[pair] = _siglip(1.0 / rule.temperature, rule.bias, pair * each, pair * each + each, score, weight, power)


@inner
def _exponentials(power: Powers, size: int) -> None:
    """The first ``size`` entries, none above 0, become their exponentials; what is behind them, up to whole lanes, does not matter.

    Fewer than the lanes one by one: to load as a vector what has just been written entry by entry takes longer.
    """
    if size < WIDTH:
        for k in range(size):
            power[k] = exponential(power[k])
    else:
        for i in range((size + WIDTH - 1) // WIDTH):
            store(power, i, exponential_lanes(load(power, i)))


@inner
def _below_top(per: float, each: int, score: Floats, power: Powers) -> None:
    """(score - the largest of its pair) / temperature."""
    for first in range(0, len(score), each):
        top = score[first]
        for k in range(first + 1, first + each):
            top = score[k] if score[k] > top else top
        for k in range(first, first + each):
            power[k] = (score[k] - top) * per


@inner
def _infonce(per: float, first: int, last: int, candidate: Ids, score: Floats, weight: Floats, power: Powers) -> float:
    """Of the pair first .. last - 1. Where all candidates are one row the weights are 0, and not what rounding leaves of that,
    which Adam would blow up."""
    top, same, total, finite = score[first], True, 0.0, 0.0
    for k in range(first, last):
        top = score[k] if score[k] > top else top
        same &= candidate[k] == candidate[first]
        total += power[k]
        finite += 0.0 * score[k]  # not 0 if one is not a finite number, which the exponential does not tell
    factor = 0.0 if same else per / total
    for k in range(first, last):
        weight[k] = power[k] * factor
    weight[first] = (power[first] - (0.0 if same else total)) * factor
    return np.log(total) - (score[first] - top) * per + finite


@inner
def _below_zero(per: float, bias: float, score: Floats, power: Powers) -> None:
    """-|x| for x = -z (s / t + bias), whatever z."""
    for k in range(len(score)):
        power[k] = -abs(score[k] * per + bias)


@inner
def _siglip(per: float, bias: float, first: int, last: int, score: Floats, weight: Floats, power: Powers) -> float:
    """With x = -z (s / t + bias): softplus(x) = max(x, 0) + log(1 + exp(-|x|)), of slope -z sigmoid(x) / t in the score."""
    product, value = 1.0, 0.0
    for k in range(first, last):
        sign = 1.0 if k == first else -1.0
        x, small = -sign * (score[k] * per + bias), power[k]
        product *= 1.0 + small
        if product > _LARGEST_PRODUCT:
            value += np.log(product)
            product = 1.0
        value += max(x, 0.0) + 0.0 * x  # not a number if x is none or infinite
        weight[k] = -sign * per * (1.0 if x >= 0.0 else small) / (1.0 + small)
    return value + np.log(product)

"""The parts of a replicate's step, each timed by itself: the loops of `numerics.kernels`, called over and over on eight rows.

What is left of a whole step when they are taken off is passes over vectors, the arctangent, roots, and what a step costs at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from benchmarks.replicates.setting import Setting
from numerics.arithmetic.lanes import WIDTH
from numerics.kernels.products import combine, pool_like, score, set_candidate
from numerics.losses import LOSSES, lane_slopes
from numerics.validation import Floats

_INFONCE = [loss.name for loss in LOSSES].index("infonce")


@njit(error_model="numpy")
def products(rounds: int, unit: Floats, candidates: Floats, slopes: Floats, out: Floats) -> Any:
    """Scores (n, 8) of ``unit`` (d * 8,) with ``candidates`` (8, n, d); their sums with ``slopes`` (n, 8) fill ``out`` (d * 8,)."""
    pool = pool_like(candidates[0], candidates.shape[1])
    for lane in range(len(candidates)):
        for j in range(candidates.shape[1]):
            pool.vector[:] = candidates[lane, j]
            set_candidate(pool, lane, j)
    pool.slopes[:] = slopes
    for _ in range(rounds):
        score(pool, unit, len(candidates))
        combine(pool, out, len(candidates))
    return pool.scores


@njit(error_model="numpy")
def softmax(rounds: int, loss: int, scores: Floats, temperatures: Floats, slopes: Floats) -> None:
    """Fill ``slopes`` (n, 8) with those of the loss in ``scores``."""
    for _ in range(rounds):
        lane_slopes(loss, scores, temperatures, slopes)


def timed(setting: Setting) -> dict[str, Callable[[int], float]]:
    """Seconds of a step of one row in each part, as the mean of so many rounds; compiled already."""
    d, n = setting.dimension, setting.candidates
    rng = np.random.default_rng(0)
    unit, candidates = rng.standard_normal(d * WIDTH) / np.sqrt(d), rng.standard_normal((WIDTH, n, d)) / np.sqrt(d)
    scores, slopes, out = rng.standard_normal((n, WIDTH)), np.zeros((n, WIDTH)), np.zeros(d * WIDTH)
    parts: dict[str, Callable[[int], Any]] = {
        "sums of products with the candidates": lambda rounds: products(rounds, unit, candidates, slopes, out),
        "softmax": lambda rounds: softmax(rounds, _INFONCE, scores, np.ones(WIDTH), slopes),
    }
    for part in parts.values():
        part(1)
    return {name: lambda rounds, part=part: _seconds(part, rounds) / (WIDTH * rounds) for name, part in parts.items()}  # type: ignore[misc]


def _seconds(part: Callable[[int], Any], rounds: int) -> float:
    began = time.perf_counter()
    part(rounds)
    return time.perf_counter() - began

"""A4 measured: the gradient of ``2 - 2 cos`` (one target) over -2, coordinate by coordinate, and its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.formulas import Scene
from derivations.evidence.settings import Batch, draw
from derivations.evidence.slopes import cosine_with, jump, right_angle
from numerics.simulate import evaluate
from theory.claims import Formulas
from theory.notation import u, v


def _measured(batch: Batch) -> tuple[Floats, Floats, Floats]:
    one = replace(batch, candidates=1)
    x, pool = one.embeddings(), one.pool()
    g = evaluate("cosine_regression", x, pool, one.temperatures).gradients / -2
    # the formula is evaluated in binary64 too: twice the gradient's bound covers both sides
    bound = 2 * rounding.gradient("cosine_regression", one.temperatures, one.norms, one.dimension, 1)
    return g, bound, np.stack([x, pool[:, 0]])


def _scenes(pair: Floats) -> list[Scene]:
    return [Scene({u: x, v: y}, "", np.zeros((0, len(x))), {}) for x, y in zip(*pair, strict=True)]


def _gradient(formulas: Formulas, batch: Batch) -> tuple[Floats, Floats]:
    g, bound, pair = _measured(batch)
    claimed = np.array([s.vector(formulas["gradient"]) for s in _scenes(pair)])
    return np.linalg.norm(g - claimed, axis=1), bound


def _length(formulas: Formulas, batch: Batch) -> tuple[Floats, Floats]:
    """``sqrt(1 - c^2)`` cancels near ``|c| = 1``: an error e of ``c`` becomes at most ``sqrt(2 e)``."""
    g, bound, pair = _measured(batch)
    claimed = np.array([float(s.scalar(formulas["length"])) for s in _scenes(pair)])
    size = np.linalg.norm(g, axis=1) * batch.norms  # sin(theta)
    error = rounding.gamma(2 * batch.dimension + 8)
    cancellation = np.minimum(2 * error / np.maximum(size, 1e-300), np.sqrt(2 * error)) / batch.norms
    return np.abs(size / batch.norms - claimed), bound + cancellation


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """The vector, its length, and the direction in which the norm grows."""
    return (
        over_batches("gradient of the cosine", batches, lambda b: _gradient(formulas, b)),
        over_batches("length of that gradient", batches, lambda b: _length(formulas, b)),
        over_batches("gradient of the norm", batches, lambda b: _norm_gradient(formulas, b)),
    )


def _norm_gradient(formulas: Formulas, batch: Batch) -> tuple[Floats, Floats]:
    """A step of ``h r`` along the formula lengthens ``u`` by ``h r`` to first order; nothing is left at second."""
    x = batch.embeddings()
    pairs = np.stack([x, x])
    claimed = np.array([s.vector(formulas["norm_gradient"]) for s in _scenes(pairs)])
    h = 2.0**-10
    grown = np.linalg.norm(x + h * batch.norms[:, None] * claimed, axis=1)
    return np.abs(grown - (1 + h) * batch.norms), rounding.gamma(3 * batch.dimension + 12) * batch.norms * (1 + h)


def _zero_embedding(_: Formulas, seed: int) -> NumericWitness:
    """Moving along its own direction a nonzero embedding keeps its cosine; through 0 it does not."""
    v = right_angle(seed)[1]
    f = cosine_with(v)
    return NumericWitness("an embedding that passes through 0", jump(f, v, v), jump(f, 0 * v, v))


def _zero_target(_: Formulas, seed: int) -> NumericWitness:
    x, v = right_angle(seed)
    f = cosine_with(x)  # symmetric: the target moves, the embedding x stands still
    return NumericWitness("a target that passes through 0", jump(f, x + v, x), jump(f, 0 * v, x))


EVIDENCE = Evidence(draw, check, {"nonzero-embedding": _zero_embedding, "nonzero-target": _zero_target})

"""A4 measured: the gradient of ``2 - 2 cos`` (one target) over -2, coordinate by coordinate, and its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches, single
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import Scene
from derivations.evidence.settings import Batch, draw
from derivations.evidence.slopes import COSINE_ROUNDING, RADIUS, STEP, cosine_with, right_angle, scene
from numerics.simulation.steps import evaluate
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
    return equal(size / batch.norms, claimed), bound + cancellation


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
    return equal(grown, (1 + h) * batch.norms), rounding.gamma(3 * batch.dimension + 12) * batch.norms * (1 + h)


def _change(formulas: Formulas, centre: Floats, along: Floats) -> Measurement:
    """The cosine's change over a way of length 2 h against the claimed gradient at both ends (trapezoidal rule).

    Its error is at most ``(2 h)^3/12`` times the third derivative of ``s/sqrt(r^2 + s^2)``, at most 3 for ``r >= 1``.
    """
    h, f = 2.0**-10, cosine_with(along)
    ends = [centre + sign * h * along for sign in (1, -1)]
    claimed = h * sum(float(scene(end, along).vector(formulas["gradient"]) @ along) for end in ends)
    bound = 2 * h**3 + 2 * COSINE_ROUNDING + float(rounding.gamma(60)) * 2 * h
    off = equal(f(ends[0]) - f(ends[1]), claimed)
    return single("change of the cosine along a way", off, bound, f"d=3, |centre|={np.linalg.norm(centre):.3g}")


def _zero_embedding(formulas: Formulas, seed: int) -> NumericWitness:
    """Along a way through 0 the formula sees no change of the cosine, at either end; it goes from -1 to 1."""
    x, along = right_angle(seed)
    return NumericWitness("an embedding that passes through 0", _change(formulas, RADIUS * x, along), _change(formulas, 0 * x, along))


def _zero_target(formulas: Formulas, seed: int) -> NumericWitness:
    """The gradient for a target against the formula for one that is a short way off: through 0, the opposite."""
    x, along = right_angle(seed)
    at = RADIUS * x

    def continues(target: Floats) -> Measurement:
        here, there = target + STEP * along, target - STEP * along
        g = evaluate("cosine_regression", at[None], here[None, None], 1.0).gradients[0] / -2
        off = float(np.linalg.norm(g - scene(at, there).vector(formulas["gradient"])))
        # directions of targets of length 1 at least turn by 2 h at most, the gradient by that over |u|; and rounding
        bound = (2 * STEP + 2 * float(rounding.gamma(80))) / RADIUS
        return single("gradient for a target a short way off", off, bound, f"d=3, |target|={np.linalg.norm(target):.3g}")

    return NumericWitness("a target that passes through 0", continues(along + x), continues(0 * x))


EVIDENCE = Evidence(draw, check, {"nonzero-embedding": _zero_embedding, "nonzero-target": _zero_target})

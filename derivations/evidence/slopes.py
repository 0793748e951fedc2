"""Difference quotients of functions of one embedding, for witnesses at points where derivatives fail."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from derivations.evidence import Floats, Measurement, NumericWitness
from derivations.evidence.comparison import single
from derivations.evidence.rounding import UNIT
from numerics.simulate import cosines

STEP = 2.0**-20
Function = Callable[[Floats], float]


def cosine_with(v: Floats) -> Function:
    """The cosine of an embedding with ``v``, as the simulators define it."""
    return lambda u: float(cosines(u[None], v[None, None])[0, 0])


def kink(u: Floats, along: Floats, f: Function) -> Measurement:
    """One-sided slopes along ``w`` and ``-w`` cancel, for a function with a gradient at ``u`` (``|u| = |w| = 1``).

    With second derivatives at most 4 in size the sum of the slopes is at most 4 h, and its rounding 8 u/h.
    """
    total = (f(u + STEP * along) - f(u)) / STEP + (f(u - STEP * along) - f(u)) / STEP
    return single("one-sided slopes along w and -w add up to 0", abs(total), 4 * STEP + 8 * UNIT / STEP, "d=3, u orthogonal to w")


def differentiable_witness(_: object, seed: int) -> NumericWitness:
    """``|cos|`` at a right angle has slopes of one sign on both sides; ``cos^2`` has a gradient."""
    u, v = right_angle(seed)
    c = cosine_with(v)
    kept, dropped = kink(u, v, lambda x: c(x) ** 2), kink(u, v, lambda x: abs(c(x)))
    return NumericWitness("L = |cos(u, v)| at u orthogonal to v, against L = cos^2", kept, dropped)


def right_angle(seed: int) -> tuple[Floats, Floats]:
    """Two orthogonal unit vectors in three dimensions."""
    q, _ = np.linalg.qr(np.random.default_rng([seed, 5]).standard_normal((3, 2)))
    return np.ascontiguousarray(q[:, 0]), np.ascontiguousarray(q[:, 1])


def jump(f: Function, at: Floats, along: Floats) -> Measurement:
    """A continuous function changes little over a short way: at most 8 h for slopes up to 4 (``|w| = 1``)."""
    change = abs(f(at + STEP * along) - f(at - STEP * along))
    return single("change of the cosine over a step of 2^-19", change, 8 * STEP, f"d=3, |at|={np.linalg.norm(at):.3g}")

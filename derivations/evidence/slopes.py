"""Functions of one embedding near points where derivatives fail: what witnesses compare with a law's formulas.

All are in three dimensions, at ``u`` of norm `RADIUS` orthogonal to a unit vector ``v``, and leave ``u`` along
``w = u^ + v``, which moves the norm and the cosine at once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import sympy as sp

from derivations.evidence import Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import Scene
from numerics.simulation.steps import cosines
from theory.claims import Formulas
from theory.notation import c, u, v
from theory.vectors import Vector

STEP = 2.0**-20
RADIUS = 1.25
SCALE = 1.5  # the factor c of laws about L(c u)
COSINE_ROUNDING = float(rounding.gamma(2 * 3 + 8))  # of a computed cosine, d = 3
Function = Callable[[Floats], float]
SIDES = ((1.0, "ahead"), (-1.0, "behind"))


def cosine_with(target: Floats) -> Function:
    """The cosine of an embedding with ``target``, as the simulators define it."""
    return lambda at: float(cosines(at[None], target[None, None])[0, 0])


def right_angle(seed: int) -> tuple[Floats, Floats]:
    """Two orthogonal unit vectors in three dimensions."""
    q, _ = np.linalg.qr(np.random.default_rng([seed, 5]).standard_normal((3, 2)))
    return np.ascontiguousarray(q[:, 0]), np.ascontiguousarray(q[:, 1])


def scene(at: Floats, target: Floats) -> Scene:
    """The claims' ``u``, ``v`` and ``c`` as real vectors and a number."""
    return Scene({u: at, v: target}, "", np.zeros((0, len(at))), {c: SCALE})


def differentiable_witness(claimed: Callable[[Formulas], Vector], scale: float = 1.0) -> Callable[[Formulas, int], NumericWitness]:
    """One-sided slopes at ``scale * u`` against the claimed gradient of a loss of slope 1 in ``cos(u, v)``.

    The cosine itself has that slope on both sides, ``|cos|`` ahead only.
    """

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        x, target = right_angle(seed)
        along, place = x + target, scale * RADIUS * x
        slope = float(scene(RADIUS * x, target).vector(claimed(formulas)) @ along)
        f = cosine_with(target)
        kept, dropped = (_slopes(g, place, along, slope) for g in (f, lambda at: abs(f(at))))
        return NumericWitness("L = |cos(u, v)| at u orthogonal to v, against L = cos(u, v)", kept, dropped)

    return drop


def _slopes(f: Function, at: Floats, along: Floats, claimed: float) -> Measurement:
    """``cos(u + h w) = y/sqrt((1 + y)^2 + y^2)``, ``y = h/r``: its quotient by h is off from 1/r by at most 2.5|y|/r.

    ``|1/sqrt(1 + x) - 1| <= |x|`` for ``|x| <= 1/2``, and ``x = 2y + 2y^2`` is at most 2.5|y| for ``|y| <= 1/4``.
    Each of the two values carries the rounding of a cosine.
    """
    r = float(np.linalg.norm(at))
    slopes = [(f(at + sign * STEP * along) - f(at)) / (sign * STEP) for sign, _ in SIDES]
    bound = 2.5 * STEP / r**2 + 2 * COSINE_ROUNDING / STEP + float(rounding.gamma(60)) / r
    labels = [f"d=3, |u|={r:.3g}, {side}" for _, side in SIDES]
    return measurement("one-sided slopes against the gradient", equal(np.array(slopes), claimed), bound, labels)


def twice_differentiable_witness(claimed: Callable[[Formulas], sp.Expr]) -> Callable[[Formulas, int], NumericWitness]:
    """Second differences at ``c u`` against the curvature claimed for a loss that is ``cos^2`` ahead of ``u``.

    ``cos^2`` is that on both sides, ``cos |cos|`` ahead only; both have a gradient, 0 at ``u``.
    """

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        x, target = right_angle(seed)
        curvature = float(scene(RADIUS * x, target).scalar(claimed(formulas)))
        f = cosine_with(target)
        kept, dropped = (
            _second_differences(g, SCALE * RADIUS * x, x + target, curvature)
            for g in (lambda at: f(at) ** 2, lambda at: f(at) * abs(f(at)))
        )
        return NumericWitness("L = cos |cos| at u orthogonal to v, against L = cos^2", kept, dropped)

    return drop


def _second_differences(f: Function, at: Floats, along: Floats, claimed: float) -> Measurement:
    """``2 cos^2(u + h w)/h^2 = (2/r^2)/((1 + y)^2 + y^2)``, ``y = h/r``: off from 2/r^2 by at most 2.5|y| of it.

    The cosine is of size h/r, its square off by twice that times its rounding.
    """
    r = float(np.linalg.norm(at))
    found = [2 * (f(at + sign * STEP * along) - f(at)) / STEP**2 for sign, _ in SIDES]
    noise = 2 * (2 * COSINE_ROUNDING * (1.1 * STEP / r) + COSINE_ROUNDING**2) / STEP**2
    bound = 2.5 * STEP / r * 2 / r**2 + noise + float(rounding.gamma(60)) / r**2
    labels = [f"d=3, |u|={r:.3g}, {side}" for _, side in SIDES]
    return measurement("second differences against the Hessian", equal(np.array(found), claimed), bound, labels)

"""Losses that see a length: Euclidean distance, hyperbolic distance, an L2 penalty, MagFace.

The hyperbolic distance is that of the Lorentz model, in which an embedding is the space part of a point on the
hyperboloid. It enters through its hyperbolic cosine, of which it is an increasing function: ``<u, grad d>`` is
``<u, grad cosh d>/sinh d``.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, arcface, cosine_with, roles
from theory.losses.arcface import SINE, C
from theory.losses.cosface import SCALE
from theory.notation import candidates, lam, positive_candidate, u, v
from theory.vectors import Calculus, Cosine, Norm, squared_norm, vector

SQUARED_DISTANCE = squared_norm(vector(u) - vector(v))
EUCLIDEAN = Loss(
    name="euclidean", title="squared Euclidean distance", value=SQUARED_DISTANCE, calculus=Calculus(u, (v,)), scale_invariant=False,
    arguments=roles(u, {"the other": v}, {}),
)  # fmt: skip
TIME, OTHER_TIME = sp.sqrt(1 + Norm(u) ** 2), sp.sqrt(1 + Norm(v) ** 2)
HYPERBOLIC = Loss(
    name="hyperbolic", title="hyperbolic distance (its hyperbolic cosine)",
    value=TIME * OTHER_TIME - Norm(u) * Norm(v) * Cosine(u, v), calculus=Calculus(u, (v,)), scale_invariant=False,
    arguments=roles(u, {"the other": v}, {}),
)  # fmt: skip
PENALTY = Loss(
    name="l2_penalty", title="an L2 penalty beside cosine regression", value=2 - 2 * Cosine(u, v) + lam * Norm(u) ** 2 / 2,
    calculus=Calculus(u, (v,)), scale_invariant=False, arguments=roles(u, {"the target": v}, {}),
)  # fmt: skip

OFFSET, RATE, WEIGHT, UPPER = sp.symbols("m_0 m_1 lambda_g u_a", positive=True)
MARGIN = OFFSET + RATE * Norm(u)  # grows with the norm
MOVED = C * sp.cos(MARGIN) - SINE * sp.sin(MARGIN)  # cos(theta + m)
MOVED_SINE = SINE * sp.cos(MARGIN) + C * sp.sin(MARGIN)  # sin(theta + m)
OTHERS = candidates.total(sp.exp(SCALE * cosine_with(u, candidates)))
PARTITION = sp.exp(SCALE * MOVED) + OTHERS
MAGFACE = Loss(
    name="magface", title="MagFace (Meng et al. 2021)",
    value=sp.log(PARTITION) - SCALE * MOVED + WEIGHT * (Norm(u) / UPPER**2 + 1 / Norm(u)),
    calculus=Calculus(u, (positive_candidate,), (candidates,)), scale_invariant=False, arguments=arcface.LOSS.arguments,
)  # fmt: skip

"""AnglE's objective in the complex plane (Li and Li 2023), as a function of one vector of one pair.

Halves of an embedding are real and imaginary parts. The quotient ``z/w`` of a pair, made of modulus 1 by the norms
of *both whole embeddings*, summed over its real and imaginary parts, is ``cos(u, v) + cos(u, i v)``, that is
``sqrt(2) cos(u, q)`` with ``q`` the vector ``v`` turned by 45 degrees in each complex plane; the similarity ``s`` of the
pair is its absolute value. This version, the one in use, is scale-invariant in both vectors. Without the division
by the norms the quotient is ``sqrt(2) |u| cos(u, q)/|v|``, which is not: A8. The turn is an isometry, so that the
same holds in ``v``. The loss is ``log(1 + sum exp((s_i - s_j)/tau))`` over pairs i that should be less alike than j:
``A`` sums ``exp(s_i/tau)`` over the pairs that should be less alike than this one, ``B`` sums ``exp(-s_j/tau)`` over those
that should be more, ``R`` is what is left. No ``s`` has a derivative at 0; here the cosine is positive, elsewhere
``-q`` takes the place of ``q``.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, roles
from theory.notation import positive_candidate, tau, u
from theory.vectors import Calculus, Cosine

ROOT = sp.sqrt(2)
LESS_ALIKE, MORE_ALIKE, REST = sp.symbols("A B R", nonnegative=True)
SIMILARITY = ROOT * Cosine(u, positive_candidate)  # with the turned partner
TOO_LOW = LESS_ALIKE * sp.exp(-SIMILARITY / tau)
TOO_HIGH = MORE_ALIKE * sp.exp(SIMILARITY / tau)
PARTITION = 1 + REST + TOO_LOW + TOO_HIGH

LOSS = Loss(
    name="angle",
    title="AnglE",
    value=sp.log(PARTITION),
    calculus=Calculus(u, (positive_candidate,)),
    scale_invariant=True,
    arguments=roles(u, {"its partner, turned": positive_candidate}, {}),
    slopes={"partner": Slope(positive_candidate, TOO_HIGH / PARTITION, TOO_LOW / PARTITION)},
    weight=ROOT / tau,
    total=ROOT / tau * (1 - (1 + REST) / PARTITION),
    smooth_where=r"\cos(u, q) \ne 0",
    letters=(
        r"$v_+$ is the partner turned to $q$; $A$ sums $e^{\sigma/\tau}$ over the similarities $\sigma$ of the pairs that should be less"
        r" alike than this one, $B$ sums $e^{-\sigma/\tau}$ over those that should be more, and $R$ is what is left of the sum"
    ),
)

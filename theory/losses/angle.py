"""AnglE's objective in the complex plane (Li and Li 2023), of one pair against others that should be less alike.

Halves of an embedding are real and imaginary parts. The quotient ``z/w`` of a pair, made of modulus 1 by the norms
of *both whole embeddings*, summed over its real and imaginary parts, is ``cos(u, v) + cos(u, i v)``, that is
``sqrt(2) cos(u, q)`` with ``q`` the vector ``v`` turned by 45 degrees in each complex plane; the similarity is its
absolute value. This version, the one in use, is scale-invariant in both. Without the division by the norms it is
``sqrt(2) |u| cos(u, q) / |v|``: see A8. The turn is an isometry, so that the same holds in ``v``.
The loss is ``log(1 + sum_j exp((s_j - s_+)/tau))``; no ``s`` has a derivative at 0. Here all cosines are
positive; elsewhere ``-q`` takes the place of ``q``.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.notation import candidates, positive_candidate, tau, u
from theory.vectors import Calculus, Cosine

ROOT = sp.sqrt(2)
POSITIVE = ROOT * Cosine(u, positive_candidate)  # with the turned partner
NEGATIVE = ROOT * cosine_with(u, candidates)
WRONG = candidates.total(sp.exp((NEGATIVE - POSITIVE) / tau))
PROBABILITY = sp.exp((NEGATIVE - POSITIVE) / tau) / (1 + WRONG)

LOSS = Loss(
    name="angle",
    title="AnglE",
    value=sp.log(1 + WRONG),
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {"its partner, turned": positive_candidate}, {"another, turned": candidates}),
    slopes={
        "positive": Slope(positive_candidate, sp.S.Zero, WRONG / (1 + WRONG)),
        "negative": Slope(candidates.member(candidates.index), PROBABILITY, sp.S.Zero, candidates),
    },
    weight=ROOT / tau,
    total=2 * ROOT * WRONG / (1 + WRONG) / tau,
    smooth_where=r"c_{uv_+} \ne 0,\ c_{uv_j} \ne 0",
)

"""Uniformity (Wang and Isola 2020): ``log`` of the mean of ``exp(-t |u_i^ - u_j^|^2)`` over the pairs of a batch, of one item.

``S`` is what the pairs without ``u`` add to the sum, not 0 for three items or more; the number of pairs is a constant and left out.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.notation import candidates, u
from theory.vectors import Calculus

SHARPNESS = sp.Symbol("t", positive=True)
OTHERS = sp.Symbol("S", positive=True)
POTENTIAL = sp.exp(-SHARPNESS * (2 - 2 * cosine_with(u, candidates)))
PARTITION = OTHERS + candidates.total(POTENTIAL)

LOSS = Loss(
    name="uniformity",
    title="uniformity",
    value=sp.log(PARTITION),
    calculus=Calculus(u, (), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {}, {"another item": candidates}),
    slopes={"other": Slope(candidates.member(candidates.index), POTENTIAL / PARTITION, sp.S.Zero, candidates)},
    weight=2 * SHARPNESS,
    total=2 * SHARPNESS * (1 - OTHERS / PARTITION),
    letters="$t$ is the sharpness, $S$ what the pairs without $u$ add to the sum",
)

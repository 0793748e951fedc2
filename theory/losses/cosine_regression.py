"""Cosine regression, ``mean_j |u^ - v_j^|^2 = mean_j (2 - 2 cos)``: BYOL and SimSiam have one target."""

from __future__ import annotations

from theory.losses import Loss
from theory.notation import candidates, n, u
from theory.vectors import Calculus, Cosine

LOSS = Loss(
    name="cosine_regression",
    title="cosine regression",
    value=candidates.total(2 - 2 * Cosine(u, candidates.member(candidates.index))) / n,
    calculus=Calculus(u, (), (candidates,)),
    scale_invariant=True,
)

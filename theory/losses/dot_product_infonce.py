"""InfoNCE on inner products: the counterexample. Its value changes with the length of ``u``."""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss
from theory.notation import candidates, positive_candidate, tau, u
from theory.vectors import Calculus, Cosine, Norm

_MEMBER = candidates.member(candidates.index)
POSITIVE_LOGIT = Norm(u) * Norm(positive_candidate) * Cosine(u, positive_candidate) / tau
NEGATIVE_LOGIT = Norm(u) * Norm(_MEMBER) * Cosine(u, _MEMBER) / tau
PARTITION = sp.exp(POSITIVE_LOGIT) + candidates.total(sp.exp(NEGATIVE_LOGIT))

LOSS = Loss(
    name="dot_product_infonce",
    title="dot-product InfoNCE",
    value=sp.log(PARTITION) - POSITIVE_LOGIT,
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=False,
)

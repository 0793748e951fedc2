"""Skip-gram with negative sampling (Mikolov et al. 2013): logits are inner products. Its value changes with the length of ``u``."""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, roles
from theory.notation import candidates, positive_candidate, u
from theory.vectors import Calculus, Cosine, Norm

_MEMBER = candidates.member(candidates.index)
POSITIVE_LOGIT = Norm(u) * Norm(positive_candidate) * Cosine(u, positive_candidate)
NEGATIVE_LOGIT = Norm(u) * Norm(_MEMBER) * Cosine(u, _MEMBER)

LOSS = Loss(
    name="sgns",
    title="skip-gram with negative sampling",
    value=sp.log(1 + sp.exp(-POSITIVE_LOGIT)) + candidates.total(sp.log(1 + sp.exp(NEGATIVE_LOGIT))),
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=False,
    arguments=roles(u, {"the context": positive_candidate}, {"a noise word": candidates}),
)

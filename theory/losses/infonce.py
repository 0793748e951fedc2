"""InfoNCE on cosines: one positive, any number of negatives, fixed temperature (Oord et al. 2018)."""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss
from theory.notation import candidates, positive_candidate, tau, u
from theory.vectors import Calculus, Cosine

POSITIVE_LOGIT = Cosine(u, positive_candidate) / tau
NEGATIVE_LOGIT = Cosine(u, candidates.member(candidates.index)) / tau
PARTITION = sp.exp(POSITIVE_LOGIT) + candidates.total(sp.exp(NEGATIVE_LOGIT))
POSITIVE_PROBABILITY = sp.exp(POSITIVE_LOGIT) / PARTITION
NEGATIVE_PROBABILITY = sp.exp(NEGATIVE_LOGIT) / PARTITION  # a function of the family's index

LOSS = Loss(
    name="infonce",
    title="InfoNCE",
    value=sp.log(PARTITION) - POSITIVE_LOGIT,
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=True,
)

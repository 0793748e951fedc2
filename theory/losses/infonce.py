"""InfoNCE on cosines: one positive, any number of negatives, fixed temperature (Oord et al. 2018)."""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.notation import candidates, positive_candidate, tau, u
from theory.vectors import Calculus, Cosine

POSITIVE_LOGIT = Cosine(u, positive_candidate) / tau
NEGATIVE_LOGIT = cosine_with(u, candidates) / tau
PARTITION = sp.exp(POSITIVE_LOGIT) + candidates.total(sp.exp(NEGATIVE_LOGIT))
POSITIVE_PROBABILITY = sp.exp(POSITIVE_LOGIT) / PARTITION
NEGATIVE_PROBABILITY = sp.exp(NEGATIVE_LOGIT) / PARTITION  # a function of the family's index
MISSED = candidates.total(sp.exp(NEGATIVE_LOGIT)) / PARTITION  # 1 - p_+

LOSS = Loss(
    name="infonce",
    title="InfoNCE",
    value=sp.log(PARTITION) - POSITIVE_LOGIT,
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {"the positive": positive_candidate}, {"a negative": candidates}),
    slopes={
        "positive": Slope(positive_candidate, sp.S.Zero, MISSED),
        "negative": Slope(candidates.member(candidates.index), NEGATIVE_PROBABILITY, sp.S.Zero, candidates),
    },
    weight=1 / tau,
    total=2 * (1 - POSITIVE_PROBABILITY) / tau,
)

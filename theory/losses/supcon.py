"""SupCon, the sum outside of the logarithm (Khosla et al. 2020), of one of ``m + n + 1`` items: ``m`` share its class."""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.notation import candidates, n, tau, u
from theory.vectors import Calculus, Family

m = sp.Symbol("m", integer=True, positive=True)  # number of positives
positives = Family("w", m)
POSITIVE_LOGIT, NEGATIVE_LOGIT = cosine_with(u, positives) / tau, cosine_with(u, candidates) / tau
POSITIVE_OTHERS = sp.Function("S_+", positive=True)(positives.index)  # what the other items add to a row
NEGATIVE_OTHERS = sp.Function("S_-", positive=True)(candidates.index)
PARTITION = positives.total(sp.exp(POSITIVE_LOGIT)) + candidates.total(sp.exp(NEGATIVE_LOGIT))
POSITIVE_PICKED = sp.exp(POSITIVE_LOGIT) / (POSITIVE_OTHERS + sp.exp(POSITIVE_LOGIT))
NEGATIVE_PICKED = sp.exp(NEGATIVE_LOGIT) / (NEGATIVE_OTHERS + sp.exp(NEGATIVE_LOGIT))
WEIGHT = 1 / (m + n + 1)
FACTOR = WEIGHT / tau

LOSS = Loss(
    name="supcon",
    title="SupCon",
    value=WEIGHT * (
        sp.log(PARTITION) - 2 * positives.total(POSITIVE_LOGIT) / m
        + positives.total(sp.log(POSITIVE_OTHERS + sp.exp(POSITIVE_LOGIT)))
        + candidates.total(sp.log(NEGATIVE_OTHERS + sp.exp(NEGATIVE_LOGIT)))
    ),
    calculus=Calculus(u, (), (positives, candidates)),
    scale_invariant=True,
    arguments=roles(u, {}, {"an item of its class": positives, "an item of another class": candidates}),
    slopes={
        "positive": Slope(positives.member(positives.index), sp.exp(POSITIVE_LOGIT) / PARTITION + POSITIVE_PICKED,
                          2 / m, positives),
        "negative": Slope(candidates.member(candidates.index), sp.exp(NEGATIVE_LOGIT) / PARTITION + NEGATIVE_PICKED,
                          sp.S.Zero, candidates),
    },
    weight=FACTOR,
    total=FACTOR * (3 + positives.total(POSITIVE_PICKED) + candidates.total(NEGATIVE_PICKED)),
)  # fmt: skip

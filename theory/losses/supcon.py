"""SupCon, the sum outside of the logarithm (Khosla et al. 2020), of one of ``n + m + 2`` items.

``m + 1`` of the others share its class: ``v_+`` and the ``w_j``.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.losses.in_batch import OTHERS_OF_POSITIVE
from theory.notation import candidates, n, positive_candidate, tau, u
from theory.vectors import Calculus, Cosine, Family

m = sp.Symbol("n_+", integer=True, positive=True)  # number of positives beside v_+
positives = Family("w", m)
FIRST_LOGIT = Cosine(u, positive_candidate) / tau
POSITIVE_LOGIT, NEGATIVE_LOGIT = cosine_with(u, positives) / tau, cosine_with(u, candidates) / tau
POSITIVE_OTHERS = sp.Function("S_w", positive=True)(positives.index)  # what the other items add to a row
NEGATIVE_OTHERS = sp.Function("S_v", positive=True)(candidates.index)
PARTITION = sp.exp(FIRST_LOGIT) + positives.total(sp.exp(POSITIVE_LOGIT)) + candidates.total(sp.exp(NEGATIVE_LOGIT))
FIRST_PICKED = sp.exp(FIRST_LOGIT) / (OTHERS_OF_POSITIVE + sp.exp(FIRST_LOGIT))
POSITIVE_PICKED = sp.exp(POSITIVE_LOGIT) / (POSITIVE_OTHERS + sp.exp(POSITIVE_LOGIT))
NEGATIVE_PICKED = sp.exp(NEGATIVE_LOGIT) / (NEGATIVE_OTHERS + sp.exp(NEGATIVE_LOGIT))
WEIGHT = 1 / (n + m + 2)

LOSS = Loss(
    name="supcon",
    title="SupCon",
    value=WEIGHT * (
        sp.log(PARTITION) - 2 * (FIRST_LOGIT + positives.total(POSITIVE_LOGIT)) / (m + 1)
        + sp.log(OTHERS_OF_POSITIVE + sp.exp(FIRST_LOGIT))
        + positives.total(sp.log(POSITIVE_OTHERS + sp.exp(POSITIVE_LOGIT)))
        + candidates.total(sp.log(NEGATIVE_OTHERS + sp.exp(NEGATIVE_LOGIT)))
    ),
    calculus=Calculus(u, (positive_candidate,), (positives, candidates)),
    scale_invariant=True,
    arguments=roles(u, {"an item of its class": positive_candidate},
                    {"another of them": positives, "an item of another class": candidates}),
    slopes={
        "first": Slope(positive_candidate, sp.exp(FIRST_LOGIT) / PARTITION + FIRST_PICKED, 2 / (m + 1)),
        "positive": Slope(positives.member(positives.index), sp.exp(POSITIVE_LOGIT) / PARTITION + POSITIVE_PICKED,
                          2 / (m + 1), positives),
        "negative": Slope(candidates.member(candidates.index), sp.exp(NEGATIVE_LOGIT) / PARTITION + NEGATIVE_PICKED,
                          sp.S.Zero, candidates),
    },
    weight=WEIGHT / tau,
    total=WEIGHT / tau * (3 + FIRST_PICKED + positives.total(POSITIVE_PICKED) + candidates.total(NEGATIVE_PICKED)),
    letters="$w_1, \\dots, w_{n_+}$ are the other items of its class; $S_+$, $S_{w,j}$ and $S_{v,j}$ what the items beside $u$ add to the"
            " sums in the rows of $v_+$, $w_j$ and $v_j$",
)  # fmt: skip

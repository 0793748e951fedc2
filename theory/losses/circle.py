"""Circle loss (Sun et al. 2020), as it is used: its weights are held fixed while it is differentiated.

``log(1 + sum_j exp(s a_j (c_j - m)) sum_i exp(-s b_i (c_i - 1 + m)))`` with ``a = max(0, c + m)`` over negatives and
``b = max(0, 1 + m - c)`` over positives, neither of them moved. ``DIFFERENTIATED`` is the loss with weights that are
open and do move; at ``c_j = -m`` it has no gradient.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.losses.supcon import positives
from theory.notation import candidates, u
from theory.vectors import Calculus

SCALE = sp.Symbol("gamma", positive=True)
MARGIN = sp.Symbol("mu", positive=True)
POSITIVE, NEGATIVE = cosine_with(u, positives), cosine_with(u, candidates)
NEGATIVE_WEIGHT = sp.Function("a", nonnegative=True)(candidates.index)
POSITIVE_WEIGHT = sp.Function("b", nonnegative=True)(positives.index)
NEGATIVES = sp.exp(SCALE * NEGATIVE_WEIGHT * (NEGATIVE - MARGIN))
POSITIVES = sp.exp(-SCALE * POSITIVE_WEIGHT * (POSITIVE - 1 + MARGIN))
PRODUCT = candidates.total(NEGATIVES) * positives.total(POSITIVES)

LOSS = Loss(
    name="circle",
    title="circle loss",
    value=sp.log(1 + PRODUCT),
    calculus=Calculus(u, (), (positives, candidates)),
    scale_invariant=True,
    arguments=roles(u, {}, {"a positive": positives, "a negative": candidates}),
    slopes={
        "positive": Slope(positives.member(positives.index), sp.S.Zero,
                          POSITIVE_WEIGHT * POSITIVES * candidates.total(NEGATIVES), positives),
        "negative": Slope(candidates.member(candidates.index), NEGATIVE_WEIGHT * NEGATIVES * positives.total(POSITIVES),
                          sp.S.Zero, candidates),
    },
    weight=SCALE / (1 + PRODUCT),
    total=SCALE / (1 + PRODUCT) * (positives.total(POSITIVE_WEIGHT * POSITIVES) * candidates.total(NEGATIVES)
                                   + candidates.total(NEGATIVE_WEIGHT * NEGATIVES) * positives.total(POSITIVES)),
    smooth_where=r"\text{everywhere, with weights held fixed}",
    letters=r"$w_1, \dots, w_{n_+}$ are the positives, $\gamma$ is the scale, $\mu$ the margin, $a_j$ and $b_j$ are the weights of $v_j$"
            r" and $w_j$",
)  # fmt: skip

OPEN = {NEGATIVE_WEIGHT: NEGATIVE + MARGIN, POSITIVE_WEIGHT: 1 + MARGIN - POSITIVE}  # what the weights are where they are open
DIFFERENTIATED = sp.log(1 + candidates.total(sp.exp(SCALE * (NEGATIVE**2 - MARGIN**2)))
                        * positives.total(sp.exp(SCALE * ((1 - POSITIVE) ** 2 - MARGIN**2))))  # fmt: skip

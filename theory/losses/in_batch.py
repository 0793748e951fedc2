"""Softmax losses over a batch, as functions of one item of it: its own row, and its place in the rows of all others.

In row ``j`` of the batch the item ``u`` is one candidate among several; what the others add to that row's
partition does not depend on ``u`` and is called ``S(j)``, in the row of the positive ``S_+``. Which item of
the batch ``u`` is does not matter: rows and columns, queries and keys change places.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Slope, cosine_with
from theory.notation import candidates, positive_candidate, tau, u
from theory.vectors import Cosine

POSITIVE_LOGIT = Cosine(u, positive_candidate) / tau
NEGATIVE_LOGIT = cosine_with(u, candidates) / tau
OTHERS = sp.Function("S", positive=True)(candidates.index)  # what the other items add to row j
OTHERS_OF_POSITIVE = sp.Symbol("S_+", positive=True)
PARTITION = sp.exp(POSITIVE_LOGIT) + candidates.total(sp.exp(NEGATIVE_LOGIT))
POSITIVE_PROBABILITY = sp.exp(POSITIVE_LOGIT) / PARTITION  # that u picks its positive
NEGATIVE_PROBABILITY = sp.exp(NEGATIVE_LOGIT) / PARTITION
PICKED = sp.exp(NEGATIVE_LOGIT) / (OTHERS + sp.exp(NEGATIVE_LOGIT))  # that row j picks u
PICKED_BY_POSITIVE = sp.exp(POSITIVE_LOGIT) / (OTHERS_OF_POSITIVE + sp.exp(POSITIVE_LOGIT))
MISSED = candidates.total(sp.exp(NEGATIVE_LOGIT)) / PARTITION
MISSED_BY_POSITIVE = OTHERS_OF_POSITIVE / (OTHERS_OF_POSITIVE + sp.exp(POSITIVE_LOGIT))

ROWS = (
    sp.log(PARTITION) + sp.log(OTHERS_OF_POSITIVE + sp.exp(POSITIVE_LOGIT)) - 2 * POSITIVE_LOGIT
    + candidates.total(sp.log(OTHERS + sp.exp(NEGATIVE_LOGIT)))
)  # fmt: skip
IN_BATCH = "$S_+$ and $S_j$ are what the items beside $u$ add to the sums in the rows of $v_+$ and $v_j$"
TOTAL = 2 * (1 - POSITIVE_PROBABILITY) + 1 - PICKED_BY_POSITIVE + candidates.total(PICKED)


SLOPES = {  # of ROWS, times tau
    "positive": Slope(positive_candidate, sp.S.Zero, MISSED + MISSED_BY_POSITIVE),
    "negative": Slope(candidates.member(candidates.index), NEGATIVE_PROBABILITY + PICKED, sp.S.Zero, candidates),
}

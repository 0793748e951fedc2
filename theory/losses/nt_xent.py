"""NT-Xent (Chen et al., SimCLR 2020), of one of the ``N = n + 2`` views of a batch: every view is anchor, positive and negative."""

from __future__ import annotations

from theory.losses import Loss, roles
from theory.losses.in_batch import IN_BATCH, ROWS, SLOPES, TOTAL
from theory.notation import candidates, n, positive_candidate, tau, u
from theory.vectors import Calculus

WEIGHT = 1 / (n + 2)  # of a row in the mean

LOSS = Loss(
    name="nt_xent",
    title="NT-Xent",
    value=WEIGHT * ROWS,
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {"its positive": positive_candidate}, {"a view": candidates}),
    slopes=SLOPES,
    weight=WEIGHT / tau,
    total=WEIGHT * TOTAL / tau,
    letters=IN_BATCH,
)

"""Symmetric CLIP (Radford et al. 2021), of one of ``n + 1`` images (or texts): rows and columns, half each."""

from __future__ import annotations

from theory.losses import Loss, roles
from theory.losses.in_batch import IN_BATCH, ROWS, SLOPES, TOTAL
from theory.notation import candidates, n, positive_candidate, tau, u
from theory.vectors import Calculus

WEIGHT = 1 / (2 * (n + 1))  # of a row in the mean

LOSS = Loss(
    name="clip",
    title="symmetric CLIP",
    value=WEIGHT * ROWS,
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {"its positive": positive_candidate}, {"an item of the other side": candidates}),
    slopes=SLOPES,
    weight=WEIGHT / tau,
    total=WEIGHT * TOTAL / tau,
    letters=IN_BATCH,
)

"""InfoNCE whose inverse temperature ``exp(s)`` is learned through its logarithm, as in CLIP (Radford et al. 2021)."""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.notation import candidates, positive_candidate, u
from theory.vectors import Calculus, Cosine

LOG_SCALE = sp.Symbol("s", real=True)  # of the logits: -log(temperature)
SCALE = sp.exp(LOG_SCALE)
POSITIVE, NEGATIVE = Cosine(u, positive_candidate), cosine_with(u, candidates)
PARTITION = sp.exp(SCALE * POSITIVE) + candidates.total(sp.exp(SCALE * NEGATIVE))
POSITIVE_PROBABILITY = sp.exp(SCALE * POSITIVE) / PARTITION
NEGATIVE_PROBABILITY = sp.exp(SCALE * NEGATIVE) / PARTITION
MISSED = candidates.total(sp.exp(SCALE * NEGATIVE)) / PARTITION

LOSS = Loss(
    name="infonce_learned_temperature",
    title="InfoNCE with a learned temperature",
    value=sp.log(PARTITION) - SCALE * POSITIVE,
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {"the positive": positive_candidate}, {"a negative": candidates}),
    slopes={
        "positive": Slope(positive_candidate, sp.S.Zero, MISSED),
        "negative": Slope(candidates.member(candidates.index), NEGATIVE_PROBABILITY, sp.S.Zero, candidates),
    },
    weight=SCALE,
    total=2 * SCALE * (1 - POSITIVE_PROBABILITY),
    parameters={LOG_SCALE: SCALE * candidates.total(NEGATIVE_PROBABILITY * (NEGATIVE - POSITIVE))},
    letters="$e^s$, with $s$ learned, is the inverse temperature",
)

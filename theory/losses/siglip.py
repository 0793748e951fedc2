"""SigLIP (Zhai et al. 2023), of one of ``n + 1`` images (or texts): logits ``exp(s) cos + b``, both learned."""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.losses.infonce_learned_temperature import LOG_SCALE, SCALE
from theory.notation import candidates, n, positive_candidate, u
from theory.vectors import Calculus, Cosine

BIAS = sp.Symbol("b", real=True)
POSITIVE, NEGATIVE = Cosine(u, positive_candidate), cosine_with(u, candidates)
POSITIVE_ODDS = sp.exp(-SCALE * POSITIVE - BIAS)  # of taking the pair for no match
NEGATIVE_ODDS = sp.exp(SCALE * NEGATIVE + BIAS)  # of taking it for one
POSITIVE_ERROR = POSITIVE_ODDS / (1 + POSITIVE_ODDS)
NEGATIVE_ERROR = NEGATIVE_ODDS / (1 + NEGATIVE_ODDS)
WEIGHT = 1 / (n + 1)

LOSS = Loss(
    name="siglip",
    title="SigLIP",
    value=WEIGHT * (sp.log(1 + POSITIVE_ODDS) + candidates.total(sp.log(1 + NEGATIVE_ODDS))),
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {"its positive": positive_candidate}, {"an item of the other side": candidates}),
    slopes={
        "positive": Slope(positive_candidate, sp.S.Zero, POSITIVE_ERROR),
        "negative": Slope(candidates.member(candidates.index), NEGATIVE_ERROR, sp.S.Zero, candidates),
    },
    weight=WEIGHT * SCALE,
    total=WEIGHT * SCALE * (POSITIVE_ERROR + candidates.total(NEGATIVE_ERROR)),
    parameters={
        LOG_SCALE: WEIGHT * SCALE * (candidates.total(NEGATIVE_ERROR * NEGATIVE) - POSITIVE_ERROR * POSITIVE),
        BIAS: WEIGHT * (candidates.total(NEGATIVE_ERROR) - POSITIVE_ERROR),
    },
    letters="$e^s$ is the scale of the logits and $b$ their bias, both learned",
)

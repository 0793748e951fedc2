"""CosFace (Wang et al. 2018): class prototypes, the logit of the own class less a margin, all times a scale."""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.notation import candidates, positive_candidate, u
from theory.vectors import Calculus, Cosine

SCALE = sp.Symbol("s", positive=True)
MARGIN = sp.Symbol("m", nonnegative=True)
OWN_LOGIT = SCALE * (Cosine(u, positive_candidate) - MARGIN)
OTHER_LOGIT = SCALE * cosine_with(u, candidates)
PARTITION = sp.exp(OWN_LOGIT) + candidates.total(sp.exp(OTHER_LOGIT))
OTHER_PROBABILITY = sp.exp(OTHER_LOGIT) / PARTITION
OWN_PROBABILITY = sp.exp(OWN_LOGIT) / PARTITION

LOSS = Loss(
    name="cosface",
    title="CosFace",
    value=sp.log(PARTITION) - OWN_LOGIT,
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {"the prototype of its class": positive_candidate}, {"another prototype": candidates}),
    slopes={
        "own": Slope(positive_candidate, sp.S.Zero, candidates.total(sp.exp(OTHER_LOGIT)) / PARTITION),
        "other": Slope(candidates.member(candidates.index), OTHER_PROBABILITY, sp.S.Zero, candidates),
    },
    weight=SCALE,
    total=2 * SCALE * (1 - OWN_PROBABILITY),
    letters="$s$ is the scale of the logits, $m$ the margin",
)

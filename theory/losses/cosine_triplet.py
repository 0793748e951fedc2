"""The cosine triplet loss, ``max(0, margin + c_- - c_+)``, where its hinge is open; where it is shut, it is 0.

At ``c_+ - c_- = margin`` it has no gradient.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, roles
from theory.notation import positive_candidate, u, v
from theory.vectors import Calculus, Cosine

MARGIN = sp.Symbol("m", nonnegative=True)
OPENING = MARGIN + Cosine(u, v) - Cosine(u, positive_candidate)  # the hinge is open where this is positive

LOSS = Loss(
    name="cosine_triplet",
    title="the cosine triplet loss",
    value=OPENING,
    calculus=Calculus(u, (positive_candidate, v)),
    scale_invariant=True,
    arguments=roles(u, {"the positive": positive_candidate, "the negative": v}, {}),
    slopes={
        "positive": Slope(positive_candidate, sp.S.Zero, sp.S.One),
        "negative": Slope(v, sp.S.One, sp.S.Zero),
    },
    total=sp.Integer(2),
    smooth_where=r"\cos(u, v_+) - \cos(u, v) \ne m",
    letters="$v$ is the negative, $m$ the margin",
)

"""ArcFace (Deng et al. 2019): the angle to the own class' prototype grows by a margin ``m`` before its cosine is taken.

``cos(theta + m) = c cos m - sqrt(1 - c^2) sin m`` for ``0 < theta < pi - m``. At ``theta = 0`` and ``pi`` the angle
has no derivative; beyond ``pi - m`` implementations go over to another branch, which is not treated here.
"""

from __future__ import annotations

import sympy as sp

from theory.losses import Loss, Slope, cosine_with, roles
from theory.losses.cosface import SCALE
from theory.notation import candidates, positive_candidate, u
from theory.vectors import Calculus, Cosine

MARGIN = sp.Symbol("m", positive=True)  # an angle
C = Cosine(u, positive_candidate)
SINE = sp.sqrt(1 - C**2)
MOVED = C * sp.cos(MARGIN) - SINE * sp.sin(MARGIN)  # cos(theta + m)
MOVED_SINE = SINE * sp.cos(MARGIN) + C * sp.sin(MARGIN)  # sin(theta + m)
OTHER_LOGIT = SCALE * cosine_with(u, candidates)
PARTITION = sp.exp(SCALE * MOVED) + candidates.total(sp.exp(OTHER_LOGIT))
OTHER_PROBABILITY = sp.exp(OTHER_LOGIT) / PARTITION
MISSED = candidates.total(sp.exp(OTHER_LOGIT)) / PARTITION

LOSS = Loss(
    name="arcface",
    title="ArcFace",
    value=sp.log(PARTITION) - SCALE * MOVED,
    calculus=Calculus(u, (positive_candidate,), (candidates,)),
    scale_invariant=True,
    arguments=roles(u, {"the prototype of its class": positive_candidate}, {"another prototype": candidates}),
    slopes={
        "own": Slope(positive_candidate, sp.S.Zero, MISSED * MOVED_SINE / SINE),
        "other": Slope(candidates.member(candidates.index), OTHER_PROBABILITY, sp.S.Zero, candidates),
    },
    weight=SCALE,
    total=SCALE * MISSED * (1 + MOVED_SINE / SINE),
    smooth_where=r"0 < \theta < \pi - m",
    letters=r"$s$ is the scale of the logits, $m$ the margin, added to the angle $\theta$ between $u$ and $v_+$",
)

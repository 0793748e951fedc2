"""Broken variants of A7a: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.geometry.slopes_bound_the_gradient import PULL, PUSH
from theory.notation import candidates

BROKEN: Variants = {
    "half of the slopes": {"bound": candidates.total(PUSH + PULL) / 2},
    "pulls only": {"bound": candidates.total(PULL)},
    "pushes only": {"bound": candidates.total(PUSH)},
    "pushes and pulls cancel": {"bound": candidates.total(PUSH - PULL)},
    "twice the slopes": {"bound": 2 * candidates.total(PUSH + PULL)},
}

SHOWN: Shown = {
    "bound": r"\lVert u\rVert\,\lVert g\rVert \le",
}

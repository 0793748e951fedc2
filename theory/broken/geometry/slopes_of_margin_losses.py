"""Broken variants of A7c: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.catalogue import catalogue
from theory.losses import arcface, cosface

CLAIM = catalogue()["slopes-of-margin-losses"]
F = CLAIM.formulas
BROKEN: Variants = {
    "CosFace's margin counts for the others": {"cosface_other": F["cosface_other"].subs(arcface.C, arcface.C + 1)},
    "CosFace's scale is missing": {"cosface_own": F["cosface_own"] / cosface.SCALE},
    "ArcFace's slope is that of CosFace": {"arcface_own": F["arcface_own"] * arcface.SINE / arcface.MOVED_SINE},
    "ArcFace's margin has the wrong sign": {"arcface_own": F["arcface_own"].subs(arcface.MARGIN, -arcface.MARGIN)},
    "ArcFace's bound is halved": {"arcface_bound": F["arcface_bound"] / 2},
    "the triplet's slopes are exchanged": {"cosine_triplet_positive": sp.S.One},
    "the triplet's total is 1": {"cosine_triplet_total": sp.S.One},
    "circle loss' weights count twice": {"circle_negative": 2 * F["circle_negative"]},
    "circle loss' positives push": {"circle_positive": -F["circle_positive"]},
}

SHOWN: Shown = {
    "arcface_bound": r"\lVert g\rVert \le",
}

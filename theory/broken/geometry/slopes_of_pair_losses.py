"""Broken variants of A7d: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Variants
from theory.catalogue import catalogue
from theory.notation import n, u, v, w
from theory.vectors import Cosine

CLAIM = catalogue()["slopes-of-pair-losses"]
F = CLAIM.formulas
BROKEN: Variants = {
    "SigLIP's positive pushes": {"siglip_positive": -F["siglip_positive"]},
    "SigLIP is not a mean": {"siglip_negative": (n + 1) * F["siglip_negative"]},
    "SigLIP's bias has the wrong sign": {"siglip_by_b": -F["siglip_by_b"]},
    "SigLIP's scale is not logarithmic": {"siglip_by_s": 2 * F["siglip_by_s"]},
    "AnglE lacks its root": {"angle_partner": F["angle_partner"] / sp.sqrt(2)},
    "AnglE's similarity leaves the imaginary part out": {"angle_similarity": Cosine(u, v)},
    "AnglE's similarity is that of the conjugate": {"angle_similarity": Cosine(u, v) - Cosine(u, w)},
    "regression is halved": {"cosine_regression_target": -1 / n},
    "alignment is not a mean": {"alignment_positive": -2 * sp.S.One},
    "uniformity pulls": {"uniformity_other": -F["uniformity_other"]},
    "uniformity's total is halved": {"uniformity_total": F["uniformity_total"] / 2},
}

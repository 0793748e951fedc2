"""Broken variants of D2: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.calibration.norm_exponent_score_is_blind_to_queries import COS, GAP, ONE, TWO, B, S
from theory.notation import c

BROKEN: Variants = {
    "the norm counts twice": {"score": COS * S ** (2 * B)},
    "the norm is added": {"score": COS + S**B},
    "the norm does not count": {"score": COS},
    "the norm counts the other way": {"score": COS * S ** (-B)},
    "the query's norm counts": {"query_scale": c},
    "the query's norm counts to the b": {"query_scale": c**B},
    "a document's scale is linear": {"document_scale": c},
    "a document's scale counts the other way": {"document_scale": c ** (-B)},
    "growth without b": {"growth": COS * S**B},
    "growth of the derivative in the norm": {"growth": B * COS * S ** (B - 1)},
    "growth that ignores the sign of the cosine": {"growth": B * S**B},
    "the crossing is the ratio's, not its logarithm's": {"crossing": (ONE / TWO - 1) / GAP},
    "the crossing has the other sign": {"crossing": sp.log(TWO / ONE) / GAP},
    "the crossing is a product": {"crossing": sp.log(ONE / TWO) * GAP},
}

SHOWN: Shown = {
    "score": "s_b",
    "query_scale": "s_b(cu, v)/s_b(u, v)",
    "document_scale": "s_b(u, cv)/s_b(u, v)",
    "crossing": "b_*",
}

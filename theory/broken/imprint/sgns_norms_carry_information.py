"""Broken variants of C10: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
from theory.laws.imprint.sgns_norms_carry_information import CONTEXT, GAIN, JOINT, NEGATIVES, SIGMA, WORD, X

PMI = sp.log(JOINT / (WORD * CONTEXT))
BROKEN: Variants = {
    "the optimum is the PMI": {"optimum": PMI},
    "the shift has the wrong sign": {"optimum": PMI + sp.log(NEGATIVES)},
    "the optimum is that of one margin": {"optimum": sp.log(JOINT / WORD) - sp.log(NEGATIVES)},
    "negatives count once": {"slope": WORD * CONTEXT * SIGMA - JOINT * (1 - SIGMA)},
    "the slope has the wrong sign": {"slope": JOINT * (1 - SIGMA) - NEGATIVES * WORD * CONTEXT * SIGMA},
    "norms stand still": {"norm_rate": 0 * X},
    "norms move the other way": {"norm_rate": 2 * X},
    "tables drift apart": {"imbalance_rate": sp.S.One},
    "the gain is not shifted": {"mean_product": GAIN},
    "the gain counts twice": {"mean_product": 2 * GAIN - sp.log(NEGATIVES)},
}

SHOWN: Shown = {
    "optimum": r"x \text{ at the optimum}",
    "norm_rate": r"\frac{d}{dt}\lVert u\rVert^2 \text{ over } \frac{dL}{dx}",
    "mean_product": r"\sum_c P(c|w)\langle u, v_c\rangle",
}

LETTERS: Letters = {
    r"\sigma": "the logistic function of $x$",
}

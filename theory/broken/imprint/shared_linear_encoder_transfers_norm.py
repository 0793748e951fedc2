"""Broken variants of C8a: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.imprint.shared_linear_encoder_transfers_norm import CO, CU, CV, RI, RJ, K, P, S

BROKEN: Variants = {
    "the transfer has the wrong sign": {"transfer": 2 * P * K * S * (RI / RJ) * (CV - CO * CU)},
    "the transfer lacks the 2": {"transfer": -P * K * S * (RI / RJ) * (CV - CO * CU)},
    "the norms are the other way round": {"transfer": -2 * P * K * S * (RJ / RI) * (CV - CO * CU)},
    "the kernel is left out": {"transfer": -2 * P * S * (RI / RJ) * (CV - CO * CU)},
    "the pull is not projected": {"transfer": -2 * P * K * S * (RI / RJ) * CV},
    "norms count at equal norms": {"at_equal_norms": -2 * P * K * S * RI * (CV - CO * CU)},
    "at equal norms nothing is passed on": {"at_equal_norms": sp.S.Zero},
    "the item acts on itself": {"own": sp.S.One},
    "the weights grow": {"weight_rate": sp.S.One},
}

SHOWN: Shown = {
    "transfer": r"\text{summand of } u_j \text{ in } \frac{d}{dt}\lVert u_i\rVert^2",
}

"""Broken variants of C8b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.imprint.two_layer_encoder_acts_on_itself import DIRECT, HIDDEN, INPUTS, SHARE, THROUGH

BROKEN: Variants = {
    "the item does not act on itself": {"own": sp.S.Zero},
    "its own term has the wrong sign": {"own": 2 * SHARE * INPUTS * THROUGH},
    "its own term is through the last layer": {"own": -2 * SHARE * HIDDEN * THROUGH},
    "others act through the last layer only": {"transfer": -2 * SHARE * HIDDEN * DIRECT},
    "others act through the first layer only": {"transfer": -2 * SHARE * INPUTS * THROUGH},
    "the transfer lacks the 2": {"transfer": -SHARE * (HIDDEN * DIRECT + INPUTS * THROUGH)},
    "layers grow": {"layer_rate": sp.S.One},
}

SHOWN: Shown = {
    "layer_rate": r"\frac{d}{dt} \text{ of a layer's squared length}",
}

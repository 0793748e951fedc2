"""Broken variants of C8b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
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

LETTERS: Letters = {
    "p": "the share $p_y$ of the item $y$ that moves $u_x$ ($y = x$: of its own)",
    "h": r"$\langle h_x, h_y\rangle$",
    "k": r"$\langle x, y\rangle$",
    "c": r"$\langle u_x, g_y\rangle$",
    "b": r"$\langle D_xA^\top u_x, D_yA^\top g_y\rangle$",
}

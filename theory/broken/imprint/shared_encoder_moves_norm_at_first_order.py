"""Broken variants of C12: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
from theory.laws.imprint.shared_encoder_moves_norm_at_first_order import FELT, P
from theory.notation import G, r

BROKEN: Variants = {
    "the shared change is of second order": {"shared_order": sp.Integer(2)},
    "the change of a row is of first order": {"lookup_order": sp.Integer(1)},
    "the change of a row is of third order": {"lookup_order": sp.Integer(3)},
    "the coefficient has the wrong sign": {"shared_term": 2 * P * FELT},
    "the coefficient lacks the 2": {"shared_term": -P * FELT},
    "shares are left out": {"shared_term": -2 * FELT},
    "a row grows by its share once": {"lookup_growth": P * G / r**2},
    "the norm has the wrong exponent": {"lookup_growth": P**2 * G / r**4},
}

SHOWN: Shown = {
    "shared_order": r"\text{order in } \eta \text{ with a shared encoder}",
    "lookup_order": r"\text{order in } \eta \text{ of a lookup row}",
    "lookup_growth": r"\eta^{-2}\Delta\lVert u_j\rVert^2 \text{ of a lookup row}",
    "shared_term": r"\text{summand of } u_j \text{ in } \eta^{-1}\Delta\lVert u_i\rVert^2",
}

LETTERS: Letters = {
    "f_{ij}": r"$\langle u_i, K_{ij} g_j\rangle$",
}

"""Broken variants of C8c: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Letters, Shown, Variants
from theory.laws.imprint.row_at_its_neighbours_target_lengthens import PULLED, RI, RJ, C, K, P

BROKEN: Variants = {
    "it shortens": {"lengthening": -2 * P * K * PULLED * (RI / RJ) * (1 - C**2)},
    "the factor 2 is lost": {"lengthening": P * K * PULLED * (RI / RJ) * (1 - C**2)},
    "neighbours at the target still pull": {"lengthening": 2 * P * K * PULLED * (RI / RJ)},
    "the angle counts once": {"lengthening": 2 * P * K * PULLED * (RI / RJ) * (1 - C)},
    "the norms are the other way round": {"lengthening": 2 * P * K * PULLED * (RJ / RI) * (1 - C**2)},
    "opposite to the target it lengthens": {"opposite": sp.S.One},
    "opposite to the target nothing happens": {"opposite": sp.S.Zero},
}

SHOWN: Shown = {
    "lengthening": r"\text{summand of } u_j \text{ in } \frac{d}{dt}\lVert u_i\rVert^2",
    "opposite": r"\text{factor of the sum, opposite to the target}",
}

LETTERS: Letters = {
    "K_{ij}": r"$\langle x_i, x_j\rangle$",
    "r_i": r"$\lVert u_i\rVert$",
    "r_j": r"$\lVert u_j\rVert$",
}

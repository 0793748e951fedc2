"""Broken variants of C11: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.imprint.resemblance_cools_words_not_contexts import APART, CM, CP, LIKE, MISS
from theory.notation import tau

BROKEN: Variants = {
    "likeness does not cool the word": {"word_heat": MISS**2 / tau**2 * (2 - (CP - CM) ** 2)},
    "the word's heat is not projected": {"word_heat": MISS**2 / tau**2 * (2 - 2 * LIKE)},
    "the positive is pulled by its probability": {"positive_heat": (1 - MISS) ** 2 / tau**2 * (1 - CP**2)},
    "the negative is as near as the positive": {"negative_heat": MISS**2 / tau**2 * (1 - CP**2)},
    "contexts are alike whatever the word": {"resemblance": 2 * MISS**2 / tau**2 * LIKE},
    "alignment cools by the angle alone": {"positive_slope": -2 * MISS**2 / tau**2 * CP},
    "alignment warms": {"positive_slope": 2 * MISS**2 / tau**2 * (CP + (1 - MISS) * (1 - CP**2) / tau)},
    "likeness makes up for saturation only": {"exchange": (1 - MISS) * APART / tau},
    "likeness makes up for nothing": {"exchange": sp.S.Zero},
    "opposite contexts pull twice as hot": {"opposite_ratio": sp.Integer(2)},
}

SHOWN: Shown = {
    "exchange": r"\text{likeness lost that makes up for } c_+ \text{, per unit}",
    "opposite_ratio": r"G_u/G_+\big|_{v_- = -v_+}",
}

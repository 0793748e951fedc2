"""Broken variants of C11a: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.imprint.bias_and_dispersion_compete import APART, COMMON, FACT, GUESS, MODEL, NEGATIVES, OWN, SINE, SPREAD, TRUE
from theory.notation import tau
from theory.vectors import Cosine

BROKEN: Variants = {
    "directions are as far apart as vectors": {"apart": 2 - 2 * Cosine(OWN, COMMON)},
    "own contexts pull by their probability": {"own_heat": MODEL**2 * APART / tau**2},
    "others pull by the miss": {"other_heat": (1 - MODEL) ** 2 * APART / tau**2},
    "the bias is not squared": {"bias": (TRUE - MODEL) * APART / tau**2},
    "the temperature enters once": {"dispersion": TRUE * (1 - TRUE) * APART / tau},
    "own contexts always warm": {"word_slope": APART / tau**2},
    "the word turns at a quarter": {"word_slope": (1 - 4 * MODEL) * APART / tau**2},
    "learning warms": {"learning_slope": 2 * (TRUE - MODEL) * APART / tau**2},
    "a context has no bias": {"context_heat": FACT * (1 - FACT) * SINE / tau**2},
    "a context's bias counts twice": {"context_heat": (2 * (FACT - GUESS) ** 2 + FACT * (1 - FACT)) * SINE / tau**2},
    "the positive is not one of the candidates": {"untrained_context_heat": SINE / NEGATIVES / tau**2},
    "spread warms a context": {"fitted_context_heat": (NEGATIVES / (NEGATIVES + 1) ** 2 + SPREAD) * SINE / tau**2},
    "spread counts twice": {"fitted_context_heat": (NEGATIVES / (NEGATIVES + 1) ** 2 - 2 * SPREAD) * SINE / tau**2},
}

SHOWN: Shown = {
    "apart": "D",
    "dispersion": r"\operatorname{tr}\operatorname{Cov}\tilde g",
    "word_slope": r"\frac{\partial G_u}{\partial a}",
}

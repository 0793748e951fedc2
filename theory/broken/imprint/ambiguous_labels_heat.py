"""Broken variants of C4: what every check must catch."""

from __future__ import annotations

from theory.broken import Letters, Shown, Variants
from theory.laws.imprint.ambiguous_labels_heat import IMPURITY, OVERLAP, VARIANCE
from theory.notation import tau

BROKEN: Variants = {
    "the mean gradient is not 0": {"mean_gradient": 1 / tau},
    "the variance is missing": {"heat": (1 - OVERLAP) / tau**2},
    "the variance adds": {"heat": (1 - OVERLAP + VARIANCE) / tau**2},
    "the temperature counts once": {"heat": (1 - OVERLAP - VARIANCE) / tau},
    "the bound has no overlap": {"bound": 1 / tau**2},
    "the bound is halved": {"bound": (1 - OVERLAP) / (2 * tau**2)},
    "the impurity counts twice": {"impurity_bound": 2 * IMPURITY / tau**2},
    "the impurity is of purity": {"impurity_bound": (1 - IMPURITY) / tau**2},
}

SHOWN: Shown = {
    "bound": r"G \le",
}

LETTERS: Letters = {
    "I": r"the Gini impurity, $1 - \sum_c q_c^2$",
}

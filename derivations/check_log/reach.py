"""Which logs are beyond the arithmetic of the laws: they compare fourth powers of lengths, squares of learning rates, and products of
these, in float64."""

from __future__ import annotations

import numpy as np

from derivations.check_log.records import Records
from derivations.evidence import Floats

# Bounds hold products of two roundings with a fourth power, 2^-106 r^4, which has to be a normal number; sums and
# formulas multiply by no more than 2^40, a dimension times a number of steps.
_LEAST, _MOST = -1022 + 106, 1023 - 40


def beyond(of: Records) -> str:
    """Why no law of lengths can be computed for this log, or nothing. Zeros are within reach, and norms are never 0."""
    with np.errstate(divide="ignore"):
        own = np.log2(of.norm), 2 * np.log2(of.eta), np.log2(of.log["next_norm"])
        moves, energies = np.log2(of.log["step_square"]) / 2, np.log2(of.energy)
    for values, words, power, least in (
        (own[0], "norms", 4, True), (own[2], "norms", 4, True), (own[1] / 2, "learning rates", 2, True), (moves, "moves", 4, False),
        (own[1] + energies, "drives eta^2 G", 1, False),
    ):  # fmt: skip
        finite = values[np.isfinite(values)]
        if outside(power * finite, least):
            low, high = 2.0 ** np.clip([finite.min(), finite.max()], -1074, 1023)
            return f"beyond float64's range: {words} from {low:.3g} to {high:.3g}, of which power {power} is taken"
    return ""


def outside(logarithms: Floats, least: bool) -> bool:
    """Whether a number of these binary logarithms overflows or, where that matters, is too small."""
    return bool(len(logarithms)) and bool(logarithms.max() > _MOST or (least and logarithms.min() < _LEAST))

"""Broken variants of B11b: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.dynamics.decay_is_a_growing_learning_rate import K, Q
from theory.notation import eta, lam, r

BROKEN: Variants = {
    "the rate does not grow": {"learning_rate": eta},
    "the rate lags by one": {"learning_rate": eta * Q ** (-2 * K)},
    "the rate grows with the norm's power": {"learning_rate": eta * Q ** (-(K + 1))},
    "the rate falls": {"learning_rate": eta * Q ** (2 * K + 1)},
    "the scale is squared": {"scale": Q ** (2 * K)},
    "the scale is one step ahead": {"scale": Q ** (K + 1)},
    "the factor is that of the square": {"decay_factor": (1 - eta * lam) ** 2},
    "the effective rate forgets decay": {"effective_learning_rate": eta / r**2},
    "the effective rate is that of normalised steps": {"effective_learning_rate": eta / (Q * r)},
}

SHOWN: Shown = {
    "learning_rate": r"\eta_k",
    "scale": r"\text{factor from } w_k \text{ to } u_k",
    "decay_factor": "q",
}

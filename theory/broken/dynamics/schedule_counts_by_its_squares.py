"""Broken variants of B9a: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.dynamics.schedule_counts_by_its_squares import F, Q, S
from theory.notation import G, eta, z0

BROKEN: Variants = {
    "the factor counts once": {"drive": eta**2 * F * G},
    "the learning rate counts once": {"drive": eta * F**2 * G},
    "the growth is halved": {"lower": z0 + eta**2 * G * S},
    "the growth is tripled": {"lower": z0 + 3 * eta**2 * G * S},
    "the start is missing": {"lower": 2 * eta**2 * G * S},
    "the excess is halved": {"excess": eta**4 * G**2 * Q / z0 / 2},
    "the excess is that of squares": {"excess": eta**4 * G**2 * S / z0},
    "the excess has the wrong sign": {"excess": -(eta**4) * G**2 * Q / z0},
    "the share is halved": {"relative": eta**2 * G / (4 * z0)},
    "the share is doubled": {"relative": eta**2 * G / z0},
}

SHOWN: Shown = {
    "drive": r"\text{drive}",
    "lower": r"z_K \ge",
    "excess": r"z_K - z_0 - 2\eta^2 G S \le",
    "relative": r"\frac{z_K - z_0 - 2\eta^2 G S}{2\eta^2 G S} \le",
}

"""Broken variants of B3: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.notation import G, a, eta, r, z

BROKEN: Variants = {
    "the drive counts once": {"next_fourth_power": z + a + a**2 / z},
    "the second-order term is missing": {"next_fourth_power": z + 2 * a},
    "the second-order term has the wrong sign": {"next_fourth_power": z + 2 * a - a**2 / z},
    "it shrinks": {"next_fourth_power": z - 2 * a + a**2 / z},
    "the variable is the square": {"variable": r**2},
    "the drive lacks a learning rate": {"drive": eta * G},
    "the drive is doubled": {"drive": 2 * eta**2 * G},
}

SHOWN: Shown = {
    "next_fourth_power": "z_{k+1}",
    "variable": "z",
    "drive": "a",
}

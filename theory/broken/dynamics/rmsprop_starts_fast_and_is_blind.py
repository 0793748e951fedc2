"""Broken variants of B12i: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.rmsprop_starts_fast_and_is_blind import BETA, DIM, LEFT, SQUARE, A, H, V, W
from theory.notation import eta, lam

BROKEN: Variants = {
    "what is old counts, not what is new": {"share": BETA * V / W / (1 - BETA)},
    "the new square over the old mean": {"share": (W / V - BETA) / (1 - BETA)},
    "the root is taken of the cap": {"cap": 1 / sp.sqrt(1 - BETA)},
    "the first step is as under Adam": {"cap": sp.S.One},
    "the mean is corrected": {"second_moment": SQUARE},
    "the mean forgets twice as fast": {"second_moment": SQUARE * (1 - LEFT**2)},
    "no start": {"heat": DIM},
    "the start in steps, not squares": {"heat": DIM / sp.sqrt(1 - LEFT)},
    "the long run without a memory": {"long_run": -DIM * sp.log(BETA)},
    "the long run below steady gradients": {"long_run": -DIM * BETA * sp.log(BETA) / (1 - BETA)},
    "decay acts on the length once": {"next_squared_norm": (1 - eta * lam) * A + eta**2 * H},
    "heat of first order": {"next_squared_norm": (1 - eta * lam) ** 2 * A + eta * H},
    "growth of energy 1": {"growth": eta**2},
    "growth of first order": {"growth": eta * DIM},
    "twice the equilibrium": {"equilibrium": 2 * eta * DIM / (lam * (2 - eta * lam))},
    "AdamW's rotation with momentum": {"cos_rotation": 1 - eta * lam / 2},
    "it relaxes half as fast": {"relaxation": 1 - eta * lam},
    "it relaxes as SGD's squared norm does": {"relaxation": (1 - eta * lam) ** 4},
}

SHOWN: Shown = {
    "second_moment": "v_k",
    "long_run": r"\text{long-run mean of } \lVert s\rVert^2 \le",
    "relaxation": r"\text{factor of the deviation } A",
}

"""Broken variants of B12h: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.dynamics.sign_steps_need_symmetric_noise import BIAS, DIM, SHARE, START, STEPS, A
from theory.notation import eta, lam

BROKEN: Variants = {
    "the decay acts once": {"next_squared_norm": (1 - eta * lam) * A + eta**2 * DIM},
    "growth of first order": {"next_squared_norm": (1 - eta * lam) ** 2 * A + eta * DIM},
    "growth of a unit step": {"next_squared_norm": (1 - eta * lam) ** 2 * A + eta**2},
    "the equilibrium is doubled": {"equilibrium": 2 * eta * DIM / (lam * (2 - eta * lam))},
    "the equilibrium of small decay": {"equilibrium": eta * DIM / (2 * lam)},
    "relaxation as fast as SGD's": {"relaxation": (1 - eta * lam) ** 4},
    "relaxation of the norm itself": {"relaxation": 1 - eta * lam},
    "a rotation twice as wide": {"cos_rotation": 1 - 2 * eta * lam},
    "a bias for even noise": {"bias": SHARE},
    "the bias is turned round": {"bias": 1 - 2 * SHARE},
    "no march": {"marched": START + eta**2 * DIM * STEPS},
    "a march by the bias itself": {"marched": START + eta**2 * DIM * (STEPS + STEPS * (STEPS - 1) * BIAS)},
}

SHOWN: Shown = {
    "relaxation": r"\text{factor of the deviation } A",
    "marched": r"\mathbb E\lVert u_k\rVert^2",
}

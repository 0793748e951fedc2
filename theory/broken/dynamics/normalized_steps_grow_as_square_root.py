"""Broken variants of B10a: what every check must catch."""

from __future__ import annotations

from theory.broken import Letters, Shown, Variants
from theory.laws.dynamics.normalized_steps_grow_as_square_root import RHO, STAR, K
from theory.notation import eta, lam, r, r0

BROKEN: Variants = {
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "growth is of first order": {"next_squared_norm": RHO * r**2 + eta},
    "growth is doubled": {"next_squared_norm": RHO * r**2 + 2 * eta**2},
    "growth decays too": {"next_squared_norm": RHO * (r**2 + eta**2)},
    "growth is SGD's": {"next_squared_norm": RHO * r**2 + eta**2 / r**2},
    "the norm grows instead of its square": {"without_decay": (r0 + eta * K) ** 2},
    "a step is missed": {"without_decay": r0**2 + eta**2 * (K - 1)},
    "the equilibrium is that for small decay": {"equilibrium": eta / (2 * lam)},
    "the equilibrium is the norm": {"equilibrium": (eta / (lam * (2 - eta * lam))) ** 2},
    "it relaxes as SGD does": {"with_decay": STAR + (r0**2 - STAR) * RHO ** (2 * K)},
    "the start is forgotten": {"with_decay": STAR + r0**2 * RHO**K},
    "the tangent lacks the decay": {"tan_rotation": eta / r},
    "the tangent is squared": {"tan_rotation": eta**2 / r**2},
    "the cosine is squared": {"cos_rotation": (1 - eta * lam) ** 2},
    "the small equilibrium lacks a factor": {"flow_equilibrium": eta / lam},
}

SHOWN: Shown = {
    "decay_factor": r"\rho",
    "without_decay": r"\lVert u_K\rVert^2\big|_{\lambda=0}",
    "equilibrium": "r_*^2",
    "with_decay": r"\lVert u_K\rVert^2",
    "tan_rotation": r"\tan\delta",
    "cos_rotation": r"\cos\delta\big|_{r_*}",
    "flow_equilibrium": r"r_*^2 \sim",
}

LETTERS: Letters = {
    "X_*": "$r_*^2$",
}

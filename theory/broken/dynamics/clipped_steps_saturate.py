"""Broken variants of B10b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants
from theory.laws.dynamics.clipped_steps_saturate import C, K
from theory.notation import G, eta, lam, r, r0

BROKEN: Variants = {
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "hot growth is that of the norm": {"hot_growth": eta * C},
    "hot growth knows the norm": {"hot_growth": eta**2 * C**2 / r**2},
    "cold growth is normalised": {"cold_growth": eta**2 * G},
    "the crossover is that of the square": {"crossover": G / C**2},
    "the crossover is where energy meets threshold": {"crossover": sp.sqrt(G)},
    "a hot run grows by the threshold": {"hot_run": r0**2 + eta**2 * C * K},
    "the crossover forgets the start": {"crossover_step": G / (eta**2 * C**4)},
    "the crossover is twice as late": {"crossover_step": 2 * (G / C**2 - r0**2) / (eta**2 * C**2)},
    "the hot equilibrium is that for small decay": {"hot_equilibrium": C**2 * eta / (2 * lam)},
    "the cold equilibrium is that for small decay": {"cold_equilibrium": eta * G / (2 * lam)},
    "hot rows relax as under SGD": {"hot_relaxation": 2 * (1 - eta * lam) ** 2 - 1},
    "cold rows relax as hot ones": {"cold_relaxation": (1 - eta * lam) ** 2},
    "cold rows relax by the fourth power of the decay": {"cold_relaxation": (1 - eta * lam) ** 4},
    "the rotation is twice as wide": {"cos_rotation": 1 - 2 * eta * lam},
    "the critical energy is doubled": {"critical_energy": 2 * C**4 * eta / (lam * (2 - eta * lam))},
    "saturation lacks a factor": {"saturation": C * sp.sqrt(eta / lam)},
}

SHOWN: Shown = {
    "decay_factor": r"\rho",
    "cold_growth": r"\text{growth of cold rows}",
    "crossover": r"r \text{ at which } \lVert g\rVert = C",
    "hot_run": r"\lVert u_K\rVert^2\big|_{\lambda=0}",
    "crossover_step": "K_c",
    "hot_equilibrium": r"r_{\mathrm{hot}}^2",
    "cold_equilibrium": r"r_{\mathrm{cold}}^4",
    "hot_relaxation": r"\text{factor of } y \text{ in } f_{\mathrm{hot}}(r_{\mathrm{hot}}^2 + y)",
    "cos_rotation": r"\cos\delta\big|_{r_*}",
    "critical_energy": "G_c",
    "saturation": r"r_{\mathrm{hot}} \sim",
    "hot_growth": r"\text{growth of hot rows}",
}

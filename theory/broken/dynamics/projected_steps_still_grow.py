"""Broken variants of B10e: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.dynamics.projected_steps_still_grow import BETA, KEPT, RN, SUM, D, H, M, S
from theory.notation import eta, lam, r

BROKEN: Variants = {
    "projected steps do not grow": {"next_squared_norm": KEPT**2 * r**2},
    "decay acts once": {"next_squared_norm": KEPT * r**2 + eta**2 * S},
    "the step keeps its length": {"projected_square": M},
    "the cosine forgets the decay": {"cos_rotation": r / RN},
    "the cosine is squared": {"cos_rotation": KEPT**2 * r**2 / RN**2},
    "SGDP decays as AdamP": {"kept_sgdp": 1 - eta * lam / 10},
    "AdamP decays in full": {"kept_adamp": 1 - eta * lam},
    "a rest of the whole decay": {"rest_of_length": eta * S / (lam * (2 - eta * lam))},
    "a rest of half the growth": {"rest_of_energy": eta**2 * H / (2 * (1 - KEPT**2))},
    "steps of one length relax as SGD": {"relaxation_of_length": 2 * KEPT**2 - 1},
    "steps of one energy relax as Adam": {"relaxation_of_energy": KEPT**2},
    "the drift is not damped": {"next_drift": KEPT * D + eta * M},
    "the drift is of the gradient": {"next_drift": BETA * KEPT * D},
    "the growth is that of heat alone": {"plain_growth": eta**2 * SUM - 2 * eta * D / (1 - BETA)},
    "the growth forgets the drift to come": {"plain_growth": eta**2 * SUM * (1 + BETA) / (1 - BETA)},
    "all of the growth is left": {"kept_share": 1 - BETA},
}

SHOWN: Shown = {
    "projected_square": "S",
    "kept_sgdp": r"\kappa_{\mathrm{SGDP}}",
    "kept_adamp": r"\kappa_{\mathrm{AdamP}}",
    "relaxation_of_length": r"\text{factor of } A \text{ in } f(r_*^2 + A)",
    "plain_growth": r"\lVert u_K\rVert^2 - r_0^2",
}

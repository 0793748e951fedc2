"""Broken variants of B8e: what every check must catch."""

from __future__ import annotations

from theory.broken import Letters, Shown, Variants
from theory.laws.dynamics.heavy_ball_equilibrium import FORMULAS as HEAVY_BALL
from theory.laws.dynamics.nesterov_turns_more import FORMULAS
from theory.momentum import BETA, OVERLAP
from theory.notation import G, eta, lam, r

BROKEN: Variants = {
    "the lag is heavy ball's": {"lag": eta * BETA / (1 - BETA)},
    "the step is longer": {"step": eta * (1 + BETA) / (1 - BETA)},
    "the overlap is heavy ball's": {"term": G / r**2 + 2 * BETA * OVERLAP},
    "the norm is SGD's": {"decoupled_fourth": eta * G / (lam * (2 - eta * lam))},
    "the rotation is heavy ball's, decoupled": {"decoupled_cosine": HEAVY_BALL["decoupled_cosine"]},
    "the rotation is heavy ball's, coupled": {"coupled_cosine": HEAVY_BALL["coupled_cosine"]},
    "the momentum lags as heavy ball's, decoupled": {"decoupled_cross": HEAVY_BALL["decoupled_cross"]},
    "the momentum lags as heavy ball's, coupled": {"coupled_cross": HEAVY_BALL["coupled_cross"]},
    "the momentum is half of it, decoupled": {"decoupled_momentum": FORMULAS["decoupled_momentum"] / 2},
    "the momentum is half of it, coupled": {"coupled_momentum": FORMULAS["coupled_momentum"] / 2},
    "coupled decay leaves the norm of decoupled decay": {"coupled_fourth": FORMULAS["decoupled_fourth"]},
    "the limits are exchanged": {"decoupled_limit": FORMULAS["coupled_limit"], "coupled_limit": FORMULAS["decoupled_limit"]},
    "the limit of the rotation is heavy ball's, decoupled": {"decoupled_turn": HEAVY_BALL["decoupled_turn"]},
    "the limit of the rotation is heavy ball's, coupled": {"coupled_turn": HEAVY_BALL["coupled_turn"]},
    "the excess lacks a term": {"excess": 1 + 2 * BETA},
}

SHOWN: Shown = {
    "lag": r"\text{lag of the shadow}",
    "step": r"\text{factor of } g_k \text{ in } w_k - w_{k+1}",
    "term": r"\text{a step's summand in } \lVert w_K\rVert^2",
    "decoupled_cross": r"\mathbb E\langle u, m\rangle/\mathbb E\lVert u\rVert^2 \text{ (decoupled)}",
    "coupled_cross": r"\mathbb E\langle u, m\rangle/\mathbb E\lVert u\rVert^2 \text{ (coupled)}",
    "decoupled_momentum": r"\mathbb E\lVert m\rVert^2/\mathbb E\lVert u\rVert^2 \text{ (decoupled)}",
    "coupled_momentum": r"\mathbb E\lVert m\rVert^2/\mathbb E\lVert u\rVert^2 \text{ (coupled)}",
    "decoupled_limit": r"r_*^4 \text{ (decoupled, for small } \eta\lambda\text{)}",
    "coupled_limit": r"r_*^4 \text{ (coupled, for small } \eta\lambda\text{)}",
    "excess": r"\lim_{\eta\lambda\to0} \delta^2 \text{ over that of heavy ball}",
    "decoupled_fourth": r"r_*^4 \text{ (decoupled)}",
    "coupled_fourth": r"r_*^4 \text{ (coupled)}",
}

LETTERS: Letters = {
    "o": r"$\langle m_{k-1}, g_k\rangle$",
}

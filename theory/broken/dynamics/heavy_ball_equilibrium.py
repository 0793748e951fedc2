"""Broken variants of B8d: what every check must catch."""

from __future__ import annotations

from theory.broken import Shown, Variants
from theory.laws.dynamics.heavy_ball_equilibrium import FORMULAS
from theory.momentum import BETA
from theory.notation import G, eta, lam

BROKEN: Variants = {
    "decoupled decay leaves the norm of SGD": {"decoupled_fourth": eta * G / (lam * (2 - eta * lam))},
    "decoupled decay leaves the norm of coupled decay": {"decoupled_fourth": FORMULAS["coupled_fourth"]},
    "coupled decay leaves the norm of decoupled decay": {"coupled_fourth": FORMULAS["decoupled_fourth"]},
    "the momentum is ahead, decoupled": {"decoupled_cross": -FORMULAS["decoupled_cross"]},
    "the momentum is ahead, coupled": {"coupled_cross": lam / (1 + BETA)},
    "the momentum is twice as large, decoupled": {"decoupled_momentum": 2 * FORMULAS["decoupled_momentum"]},
    "the momentum lacks a factor, coupled": {"coupled_momentum": 2 * lam / eta},
    "the rotation is SGD's, decoupled": {"decoupled_cosine": 1 - eta * lam},
    "the rotation is SGD's, coupled": {"coupled_cosine": 1 - eta * lam},
    "the limit lacks a power, decoupled": {"decoupled_limit": FORMULAS["coupled_limit"]},
    "the limit has a power too many, coupled": {"coupled_limit": FORMULAS["decoupled_limit"]},
    "the limit of the rotation is that of coupled decay": {"decoupled_turn": FORMULAS["coupled_turn"]},
    "the limit of the rotation is SGD's": {"coupled_turn": 2},
}

SHOWN: Shown = {
    "decoupled_cross": r"\mathbb E\langle u, m\rangle/\mathbb E\lVert u\rVert^2 \text{ (decoupled)}",
    "coupled_cross": r"\mathbb E\langle u, m\rangle/\mathbb E\lVert u\rVert^2 \text{ (coupled)}",
    "decoupled_momentum": r"\mathbb E\lVert m\rVert^2/\mathbb E\lVert u\rVert^2 \text{ (decoupled)}",
    "coupled_momentum": r"\mathbb E\lVert m\rVert^2/\mathbb E\lVert u\rVert^2 \text{ (coupled)}",
    "decoupled_limit": r"r_*^4 \text{ (decoupled, for small } \eta\lambda\text{)}",
    "coupled_limit": r"r_*^4 \text{ (coupled, for small } \eta\lambda\text{)}",
    "decoupled_fourth": r"r_*^4 \text{ (decoupled)}",
    "coupled_fourth": r"r_*^4 \text{ (coupled)}",
}

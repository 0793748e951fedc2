"""Adam (Kingma, Ba 2015, algorithm 1) in one coordinate; with decoupled decay AdamW, with coupled decay Adam with L2.

RMSProp is the same with ``betas[0] = 0`` and weights of 1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sympy as sp


class Settings(NamedTuple):
    """Numbers that do not change: ``betas`` of both moments, ``weights`` by which they are divided, ``epsilon``."""

    betas: tuple[sp.Expr, sp.Expr]
    weights: tuple[sp.Expr, sp.Expr]
    epsilon: Any = sp.S.Zero


class State(NamedTuple):
    """One coordinate of the embedding, and the means of its gradients and of their squares."""

    u: sp.Expr
    first: sp.Expr
    second: sp.Expr


def step(before: State, gradient: sp.Expr, settings: Settings, learning_rate: sp.Expr, weight_decay: sp.Expr) -> State:
    """After one step; decay shrinks the embedding beside it."""
    first = settings.betas[0] * before.first + (1 - settings.betas[0]) * gradient
    second = settings.betas[1] * before.second + (1 - settings.betas[1]) * gradient**2
    move = first / settings.weights[0] / (sp.sqrt(second / settings.weights[1]) + settings.epsilon)
    return State((1 - learning_rate * weight_decay) * before.u - learning_rate * move, first, second)


def coupled_step(before: State, gradient: sp.Expr, settings: Settings, learning_rate: sp.Expr, weight_decay: sp.Expr) -> State:
    """After one step; decay is part of the gradient."""
    return step(before, gradient + weight_decay * before.u, settings, learning_rate, sp.S.Zero)

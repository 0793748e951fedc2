"""RMSProp (Tieleman, Hinton 2012; torch.optim.RMSprop, not centred): ``v <- beta v + (1 - beta) g^2``, ``s = g/(sqrt(v) + epsilon)``.

``v`` starts at 0 and its bias is not corrected. The second moment and the scaled gradient are of one coordinate; the step
takes a coordinate or the whole vector, with decoupled decay.
"""

from __future__ import annotations

from typing import TypeVar

import sympy as sp

from theory.vectors import Vector

Moved = TypeVar("Moved", sp.Expr, Vector)


def second_moment(before: sp.Expr, gradient: sp.Expr, beta: sp.Expr) -> sp.Expr:
    """The mean of squares after a gradient."""
    return beta * before + (1 - beta) * gradient**2


def scaled(gradient: sp.Expr, second: sp.Expr, epsilon: sp.Expr) -> sp.Expr:
    """The gradient over the root of the mean of squares to which it already belongs."""
    return gradient / (sp.sqrt(second) + epsilon)


def step(u: Moved, direction: Moved, learning_rate: sp.Expr, weight_decay: sp.Expr) -> Moved:
    """The embedding after one step along the scaled gradient; decay shrinks it beside that."""
    return (1 - learning_rate * weight_decay) * u - learning_rate * direction

"""InfoNCE on vectors divided by a length that is kept away from 0: ``u/(|u| + e)``, or ``u/max(|u|, e)`` with ``|u| < e``.

As code normalises to avoid a division by 0. Logits are inner products of what comes out, over tau; the candidates
stand for what they are after the same preparation, of which ``u`` sees nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from theory.losses import Loss, roles
from theory.notation import candidates, positive_candidate, tau, u
from theory.vectors import Calculus, Cosine, Norm

EPSILON = sp.Symbol("epsilon", positive=True)
MEMBER = candidates.member(candidates.index)
OWN = sp.Symbol("rho", positive=True)  # the length of u, prepared


def added(norm: sp.Expr) -> sp.Expr:
    """The length of ``x/(|x| + e)``."""
    return norm / (norm + EPSILON)


def inside(norm: sp.Expr) -> sp.Expr:
    """The length of ``x/max(|x|, e)`` inside of the ball."""
    return norm / EPSILON


def value(own: sp.Expr) -> sp.Expr:
    """InfoNCE for ``u`` prepared to the length ``own``."""
    positive = own * Norm(positive_candidate) * Cosine(u, positive_candidate) / tau
    negative = own * Norm(MEMBER) * Cosine(u, MEMBER) / tau
    return sp.log(sp.exp(positive) + candidates.total(sp.exp(negative))) - positive


def _loss(name: str, title: str, length: Callable[[sp.Expr], sp.Expr]) -> Loss:
    return Loss(
        name=name, title=title, value=value(length(Norm(u))), calculus=Calculus(u, (positive_candidate,), (candidates,)),
        scale_invariant=False, arguments=roles(u, {"the positive": positive_candidate}, {"a negative": candidates}),
    )  # fmt: skip


ADDED = _loss("infonce_epsilon_added", "InfoNCE with an epsilon added to every norm", added)
INSIDE = _loss("infonce_epsilon_at_least", "InfoNCE with norms of at least epsilon, inside of that ball", inside)

"""Hypotheses that several laws share, with the witness each law's own statement makes of them.

A law hands over its statement as a function of the next squared norm; every hypothesis answers with that
statement in a setting where only the hypothesis itself is violated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import sympy as sp

from theory.claims import Formulas, Hypothesis, Witness
from theory.kernel import Domain, Goal, Interval, Tends
from theory.losses import Loss, dot_product_infonce
from theory.notation import G, eta, lam, t, u, v, w
from theory.optimizers import sgd, sgd_decoupled_decay
from theory.vectors import Direction, Norm, Vector, cosine, direction, unit, vector

TANGENT = direction("t")  # direction of the gradient
ENERGY_ROOT = sp.sqrt(G) / Norm(u)  # |g| when the gradient energy is G

Statement = Callable[[Formulas, Vector], Goal]


def tangential_gradient() -> Vector:
    """A gradient of energy ``G`` along `TANGENT`."""
    return ENERGY_ROOT * unit(TANGENT)


def perpendicular(a: Direction, b: Direction) -> Domain:
    """Formal content: two named directions are orthogonal."""
    return Domain(orthogonal=((a, b),))


def differentiable() -> Hypothesis:
    """The loss has a gradient at ``u != 0``; the kink of ``|cos|`` at ``u`` orthogonal to ``v`` has none."""

    def witness(_: Formulas) -> Witness:
        sides = [cosine(vector(u) + sign * t * unit(v), unit(v)) for sign in (1, -1)]
        slopes = sp.Add(*(sp.sqrt(side**2) for side in sides)) / t
        goal = Tends(slopes, t, sp.S.Zero, at_zero=True)
        return Witness("L = |cos(u, v)| at u orthogonal to v: slopes along v and -v add up to 2/r, not 0", goal, perpendicular(u, v))

    return Hypothesis("differentiable", r"$L$ is differentiable at $u \ne 0$", witness=witness)


def scale_invariant_loss(statement: Callable[[Formulas, Loss], Goal]) -> Hypothesis:
    """``L(c u) = L(u)`` for all ``c > 0``; violated by InfoNCE on inner products."""

    def witness(formulas: Formulas) -> Witness:
        loss = dot_product_infonce.LOSS
        words = "InfoNCE on inner products, whose value changes with the length of u"
        return Witness(words, statement(formulas, loss))

    content = Domain(invariant=("L",))
    return Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$", content, witness)


def sgd_hypotheses(statement: Statement, decay_ranges: Mapping[sp.Expr, Interval] | None = None) -> tuple[Hypothesis, ...]:
    """What makes an SGD step a right triangle, for a statement about the step ``u -> u'``.

    ``decay_ranges`` keeps decoupled decay as part of the rule, in the ranges that the law's other hypotheses give
    it: then its absence is no hypothesis, and no witness leaves those ranges.
    """

    kept = dict(decay_ranges or {})

    def rule(gradient: Vector) -> Vector:
        if decay_ranges is not None:
            return sgd_decoupled_decay.step(vector(u), gradient, eta, lam)
        return sgd.step(vector(u), gradient, eta)

    gradient = tangential_gradient()
    hypotheses = [
        Hypothesis(
            "scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that $g_k \perp u_k$", perpendicular(TANGENT, u),
            lambda f: Witness("a gradient with a radial part, as inner products give", statement(f, rule(gradient)), Domain(kept)),
        ),
        Hypothesis(
            "gradient-at-current-point", r"$g_k$ is taken at $u_k$ itself (no delay, no look-ahead)", Domain(),
            lambda f: Witness(
                "a delayed gradient: tangential at an earlier point w, applied at u",
                statement(f, rule(gradient)), replace(perpendicular(TANGENT, w), ranges=kept),
            ),
        ),
    ]  # fmt: skip
    if decay_ranges is None:
        rotted = sgd_decoupled_decay.step(vector(u), gradient, eta, sp.Symbol("lambda", positive=True))
        hypotheses.append(
            Hypothesis(
                "no-weight-decay", r"no weight decay, $\lambda = 0$", Domain(),
                lambda f: Witness("decoupled decay switched on", statement(f, rotted), perpendicular(TANGENT, u)),
            )
        )  # fmt: skip
    return tuple(hypotheses)

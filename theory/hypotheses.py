"""Hypotheses that several laws share, with the witness each law's own statement makes of them.

A law hands over its statement as a function of the next squared norm; every hypothesis answers with that
statement in a setting where only the hypothesis itself is violated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import sympy as sp

from theory.claims import Formulas, Hypothesis, Witness
from theory.kernel import All, Domain, Goal, Interval, Tends
from theory.losses import Loss, dot_product_infonce
from theory.notation import G, eta, lam, t, u, v, w
from theory.optimizers import sgd, sgd_decoupled_decay
from theory.substance import ranges_within
from theory.typeset import latex
from theory.vectors import Cosine, Direction, Norm, Vector, cosine, direction, inner, unit, vector

TANGENT = direction("t")  # direction of the gradient
ENERGY_ROOT = sp.sqrt(G) / Norm(u)  # |g| when the gradient energy is G

SHARE = Interval(sp.S.Zero, sp.S.One)  # of a proper share or probability
MEMORY = Interval(sp.S.Zero, sp.S.One, low_open=False)  # of a momentum's beta
SIGN_MEAN = Interval(sp.S.NegativeOne, sp.S.One, low_open=False, high_open=False)
DECAY = Interval(sp.S.Zero, 1 / eta)  # of lambda, where there is decay: a step shrinks and does not turn around
SOME_DECAY = Interval(sp.S.Zero, 1 / eta, low_open=False)  # or none

Statement = Callable[[Formulas, Vector], Goal]


def tangential_gradient() -> Vector:
    """A gradient of energy ``G`` along `TANGENT`."""
    return ENERGY_ROOT * unit(TANGENT)


def perpendicular(a: Direction, b: Direction) -> Domain:
    """Formal content: two named directions are orthogonal."""
    return Domain(orthogonal=((a, b),))


ASLANT = unit(u) + unit(v)  # the way in which witnesses leave u: it moves both the norm and the cosine with v


def differentiable(claimed: Callable[[Formulas], Vector], scale: sp.Expr = sp.S.One) -> Hypothesis:
    """The loss has a gradient at every ``u != 0``; the kink of ``|cos|`` at ``u`` orthogonal to ``v`` has none.

    ``claimed`` is what the law makes of the gradient at ``scale * u`` of a loss whose slope ``dL/dcos`` at ``u`` is
    1, as that of ``|cos|`` is ahead, towards ``v``. It must give the slopes both ways, and behind it does not. With
    the slope from behind, -1, it would fail ahead (the mirror image ``v -> -v``); with any other, both ways.
    """

    def witness(formulas: Formulas) -> Witness:

        def slope(way: Vector, predicted: sp.Expr, sign: str) -> Goal:
            side = cosine(scale * vector(u) + t * way, unit(v))
            name = rf"\frac{{1}}{{t}} L({start} {sign} t(\hat u + \hat v))"
            return Tends(sp.sqrt(side**2) / t, t, predicted.subs(Cosine(u, v), 0), at_zero=True, name=name)

        start = "u" if scale == 1 else f"{latex(scale)}u"
        behind, gradient = (-1) * ASLANT, claimed(formulas)
        words = "L = |cos(u, v)| at u orthogonal to v: the gradient that fits ahead has the wrong slope behind"
        instead = All((slope(ASLANT, inner(gradient, ASLANT), "+"), slope(behind, -inner(gradient, behind), "-")))
        return Witness(words, slope(behind, inner(gradient, behind), "-"), perpendicular(u, v), instead)

    return Hypothesis("differentiable", r"$L$ is differentiable at every $u \ne 0$", witness=witness)


def scale_invariant_loss(
    statement: Callable[[Formulas, Loss], Goal], words: str = "", ranges: Mapping[sp.Expr, Interval] | None = None
) -> Hypothesis:
    """``L(c u) = L(u)`` for all ``c > 0``, said more closely by ``words``; violated by InfoNCE on inner products.

    ``ranges`` are those of the law's other hypotheses, which the witness does not leave.
    """

    def witness(formulas: Formulas) -> Witness:
        goal = statement(formulas, dot_product_infonce.LOSS)
        inside = Domain(ranges=ranges_within(goal, ranges or {}))
        return Witness("InfoNCE on inner products, whose value changes with the length of u", goal, inside)

    content = Domain(invariant=("L",))
    return Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$ and $u \ne 0$" + words, content, witness)


def sgd_hypotheses(statement: Statement, decay_ranges: Mapping[sp.Expr, Interval] | None = None) -> tuple[Hypothesis, ...]:
    """What makes an SGD step a right triangle, for a statement about the step ``u -> u'``.

    ``decay_ranges`` keeps decoupled decay as part of the rule, in the ranges that the law's other hypotheses give
    it: then its absence is no hypothesis, and no witness leaves those ranges.
    """
    gradient = tangential_gradient()
    usual = sgd.step(vector(u), gradient, eta)
    if decay_ranges is not None:
        usual = sgd_decoupled_decay.step(vector(u), gradient, eta, lam)

    def witness(words: str, following: Vector, domain: Domain) -> Callable[[Formulas], Witness]:
        def setting(formulas: Formulas) -> Witness:
            goal = statement(formulas, following)
            return Witness(words, goal, replace(domain, ranges=ranges_within(goal, decay_ranges or {})))

        return setting

    radial = witness("a gradient with a radial part, as inner products give", usual, Domain())
    delayed = witness("a delayed gradient: tangential at an earlier point w, applied at u", usual, perpendicular(TANGENT, w))
    kept = (
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that a gradient is orthogonal to where it is taken",
                   perpendicular(TANGENT, u), radial),
        Hypothesis("gradient-at-current-point",
                   r"the gradient $g$ is taken at $u = u_k$ itself (no delay, no look-ahead), so that $g \perp u$",
                   witness=delayed),
    )  # fmt: skip
    if decay_ranges is not None:
        return kept
    shrunk = sgd_decoupled_decay.step(vector(u), gradient, eta, sp.Symbol("lambda", positive=True))
    decayed = witness("decoupled decay switched on", shrunk, perpendicular(TANGENT, u))
    return (*kept, Hypothesis("no-weight-decay", r"the step is $u_{k+1} = u - \eta g$, without weight decay", witness=decayed))

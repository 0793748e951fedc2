"""A7. Every loss in use is scale-invariant in every argument: its gradients are orthogonal to what they move."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import differentiable
from theory.kernel import All, Equal, Goal, Interval, Within
from theory.losses import Loss, arcface, circle, infonce
from theory.losses.answers import by_inner_products, radial_part, titled
from theory.losses.in_use import IN_USE
from theory.notation import candidates, positive_candidate, tau, u, v
from theory.vectors import Cosine, Norm, Vector, inner, unit, vector

FORMULAS = {
    "radial_gradient": sp.S.Zero,  # <x, grad_x L>, for every argument x
}


def kinked_gradient(formulas: Formulas) -> Vector:
    """Of a loss with slope 1 in the cosine with ``v``, at ``u`` orthogonal to ``v``: its radial part is the claim's."""
    return (1 / Norm(u)) * (formulas["radial_gradient"] * unit(u) + unit(v))


def _where_smooth(loss: Loss, goal: Goal) -> Goal:
    """ArcFace's angle has a derivative inside of its range only."""
    return Within(goal, {arcface.C: Interval(-1, 1)}) if loss is arcface.LOSS else goal


def _others(loss: Loss, radial: sp.Expr) -> Goal:
    """No other argument has a radial part either."""
    return All(tuple(radial_part(loss, radial, within=x) for x in loss.arguments[1:]))


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Every argument of every loss."""
    radial = formulas["radial_gradient"]
    moving = replace(circle.LOSS, value=circle.DIFFERENTIATED)
    return (
        *(Step(f"{titled(loss)}{f', where {loss.letters}' if loss.letters else ''}.", _where_smooth(loss, radial_part(loss, radial)),
               concludes=True, case=titled(loss)) for loss in IN_USE),
        *(Step(f"{titled(loss)}, in {' and in '.join(x.words for x in loss.arguments[1:])}.", _where_smooth(loss, _others(loss, radial)),
               concludes=True, case=titled(loss))
          for loss in IN_USE),
        Step("Circle loss whose weights are differentiated, too (where they are open).",
             All((radial_part(moving, radial), _others(moving, radial)))),
    )  # fmt: skip


def _inner_products(formulas: Formulas) -> Witness:
    value = by_inner_products(infonce.LOSS.value)
    words = "InfoNCE with inner products for logits: a radial part"
    return Witness(words, radial_part(infonce.LOSS, formulas["radial_gradient"], value))


def _temperature_moves(formulas: Formulas) -> Witness:
    """A temperature that falls with the norm, as if the embedding's length were its confidence."""
    value = infonce.LOSS.value.subs(tau, 1 / Norm(u))
    c = Cosine(u, candidates.member(candidates.index))
    pull = candidates.total(infonce.NEGATIVE_PROBABILITY.subs(tau, 1 / Norm(u)) * (c - Cosine(u, positive_candidate)))
    gradient = infonce.LOSS.calculus.gradient(value)
    instead = Equal(inner(vector(u), gradient), Norm(u) * pull, r"\langle u, \nabla_u L\rangle")
    return Witness("temperature 1/|u|", radial_part(infonce.LOSS, formulas["radial_gradient"], value), instead=instead)


CLAIM = Claim(
    id="losses-in-use-are-scale-invariant",
    chapter="geometry",
    label="A7",
    title="The losses in use are scale-invariant in every argument, so their gradients are orthogonal to what they move",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("cosine-logits", "vectors enter through their cosines only", witness=_inner_products),
        Hypothesis("scalars-ignore-norms", "temperature, scale, bias and margin, fixed or learned, do not depend on a norm",
                   witness=_temperature_moves),
        differentiable(kinked_gradient),
    ),
    letters={
        "v_k": "any item of the family $v_j$, such as a negative", "w_k": "any item of a second family, such as a positive",
        "v": "the negative of a triplet",
    },
    steps=steps,
    evidence="radial parts of the gradients in every vector of every loss, whole batches, both sides",
    provenance=Provenance.DERIVED,
    references=(Reference("zhang2020", "Zhang et al., Deep metric learning with spherical embedding"),),
    derived_from=("gradient-is-orthogonal", "loss-of-cosines-has-tangential-gradient"),
    remark="Losses with hinges or angles have no gradient at a closed set of points: the triplet loss where its hinge"
    " shuts, ArcFace at angles 0 and pi, AnglE at similarity 0, circle loss with moving weights at $c = -\\mu$, $c$ a negative's cosine.",
)  # fmt: skip

"""A7c. CosFace, ArcFace, cosine triplet and circle loss: slopes in all cosines of an item, and their total."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import AtLeast, Combination, Domain, Equal, Goal, Interval, Length, Termwise, substitute
from theory.letters import FIRST, PROBABILITY, Letter
from theory.losses import arcface, circle, cosface, cosine_triplet
from theory.losses.answers import PUSHED_AND_PULLED, by_inner_products, formulas_of, slopes_of, steps_of
from theory.losses.cosface import SCALE
from theory.losses.in_use import MARGIN
from theory.notation import candidates, n, positive_candidate, u
from theory.substance import ranges_within
from theory.typeset import latex
from theory.vectors import Cosine, Norm, Vector, equal_vectors, family_sum, squared_norm, tangential, unit

J, K = candidates.index, sp.Symbol("i", integer=True, positive=True)
P = sp.Function("p", nonnegative=True)(J)  # probability of another class
FORMULAS = {
    **formulas_of(MARGIN),
    "arcface_bound": 2 * SCALE * candidates.total(P) / Norm(u),  # of |g|
}
HALF = sp.Rational(1, 2)
OWN = (arcface.MOVED_SINE / arcface.SINE) * tangential(u, unit(positive_candidate))  # of length |sin(theta + m)|


def _other(index: sp.Expr) -> Vector:
    return tangential(u, unit(candidates.member(index)))


def _differences(p: sp.Expr) -> Vector:
    """``|u| g / s``: every other prototype's direction, less the own one, by its probability."""
    return tangential(u, family_sum(candidates, p)) - candidates.total(p) * OWN


def _gap() -> Combination:
    """``4 - <w_i, w_j>`` for ``w_j = P v_j - OWN``: cosines squared, and squared lengths."""
    products = [
        part for k in (K, J) for part in (
            (Cosine(u, candidates.member(k)) ** 2,), (Length(arcface.MOVED * unit(positive_candidate)),), (HALF, Length(_other(k) + OWN)),
        )
    ]  # fmt: skip
    return Combination((*products, (HALF, Length(_other(K) - _other(J)))))


def _arcface_bound(formulas: Formulas) -> Goal:
    """The slope in the own cosine is without bound as ``theta`` vanishes; the gradient is not."""
    weight = P * substitute(P, {J: K})
    slack = Combination((((SCALE / Norm(u)) ** 2, Termwise(((J, n), (K, n)), weight, _gap())),))
    gradient = (SCALE / Norm(u)) * _differences(P)
    name = rf"\Bigl({latex(formulas['arcface_bound'])}\Bigr)^2"
    return AtLeast(formulas["arcface_bound"] ** 2, squared_norm(gradient), slack, name=name, shown=r"\lVert g\rVert^2")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Loss by loss; ArcFace's gradient and its bound; the triplet loss behind its hinge."""
    gradient = arcface.LOSS.calculus.gradient(arcface.LOSS.value)
    moved = arcface.SINE * formulas["arcface_own"] / (SCALE * arcface.MISSED)
    return (
        *(step for loss in MARGIN for step in steps_of(formulas, loss, signs=loss.name != "arcface")),
        Step("ArcFace pulls along the own prototype's tangent with force $\\sin(\\theta + m)$, however large its slope.",
             Equal(moved**2 + arcface.MOVED**2, sp.S.One, r"\sin^2(\theta + m) + \cos^2(\theta + m)")),
        Step("Its gradient, as differences of directions:",
             equal_vectors(gradient, (SCALE / Norm(u)) * _differences(arcface.OTHER_PROBABILITY), r"\nabla_u L",
                           r"\frac{s}{\lVert u\rVert}\sum_{j=1}^n p_j w_j")),
        Step("so that it is bounded like CosFace's, although its slope is not.", _arcface_bound(formulas), concludes=True, case="ArcFace"),
    )  # fmt: skip


def _inside(goal: Goal) -> Domain:
    return Domain(ranges=ranges_within(goal, _RANGES))


def _inner_products(formulas: Formulas) -> Witness:
    goal = slopes_of(formulas, cosface.LOSS, by_inner_products(cosface.LOSS.value))
    return Witness("CosFace with inner products for logits: its slopes grow with both norms", goal, _inside(goal))


def _shut(formulas: Formulas) -> Witness:
    goal = slopes_of(formulas, cosine_triplet.LOSS, sp.S.Zero)
    return Witness("the triplet loss behind its hinge: no slope at all", goal, _inside(goal))


def _weights_move(formulas: Formulas) -> Witness:
    goal = slopes_of({name: f.xreplace(circle.OPEN) for name, f in formulas.items()}, circle.LOSS, circle.DIFFERENTIATED)
    small = Domain(ranges={**_inside(goal).ranges, circle.SCALE: Interval(0, 1)})  # a difference that is seen
    return Witness("circle loss whose weights are differentiated, too", goal, small)


def _beyond(formulas: Formulas) -> Witness:
    """Beyond ``pi - m`` implementations take ``c - m sin m`` for the logit: CosFace's, with that margin."""
    linear = arcface.C - arcface.MARGIN * sp.sin(arcface.MARGIN)
    value = arcface.LOSS.value.subs(arcface.MOVED, linear)
    margin = {cosface.MARGIN: arcface.MARGIN * sp.sin(arcface.MARGIN)}
    there = {**formulas, **{f"arcface_{role}": formulas[f"cosface_{role}"].subs(margin) for role in arcface.LOSS.slopes}}
    goal, instead = (slopes_of(f, arcface.LOSS, value) for f in (formulas, there))
    there_is = Domain(ranges={arcface.MARGIN: Interval(sp.Rational(3, 2), 2), arcface.C: Interval(-1, -sp.Rational(1, 8))})
    return Witness(r"ArcFace on the other branch, where its logit is $\cos\theta - m\sin m$", goal, there_is, instead)


_RANGES = {arcface.C: Interval(-1, 1)}
CLAIM = Claim(
    id="slopes-of-margin-losses",
    chapter="geometry",
    label="A7c",
    title="Slopes of the losses with margins: CosFace, ArcFace, cosine triplet, circle loss",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("cosine-logits", "the logits are functions of cosines that no norm enters", witness=_inner_products),
        Hypothesis("hinge-open", r"the triplet loss: $\cos(u, v_+) - \cos(u, v) < m$ (beyond, it is 0; at $m$ it has no gradient)",
                   witness=_shut),
        Hypothesis("weights-held-fixed", "circle loss: its weights are not differentiated", witness=_weights_move),
        Hypothesis("angle-within", r"ArcFace: $0 < \theta < \pi - m$ (at $\theta = 0$ it has no gradient)",
                   Domain(ranges=_RANGES), _beyond),
    ),
    letters={
        "m": Letter("margin, of angles or of cosines", Interval(0, HALF)), "p": Letter("probability of another class", PROBABILITY),
        **PUSHED_AND_PULLED, "k": Letter("any of the indices $j$", FIRST), "n": "number of negatives $v_j$",
        "p_j": "softmax probability of $v_j$", "mu": Letter("margin of circle loss", PROBABILITY),
        "gamma": "scale of circle loss", "s": "scale of the other logits",
    },
    steps=steps,
    evidence="gradients in embedding and prototypes against the slopes, lengths against their totals",
    provenance=Provenance.DERIVED,
    references=(
        Reference("wang2018", "Wang et al., CosFace: Large margin cosine loss for deep face recognition", "eq. 4"),
        Reference("deng2019", "Deng et al., ArcFace: Additive angular margin loss for deep face recognition", "eq. 3"),
        Reference("schroff2015", "Schroff, Kalenichenko, Philbin, FaceNet: A unified embedding for face recognition and clustering",
                  "the triplet loss"),
        Reference("sun2020", "Sun et al., Circle loss: A unified perspective of pair similarity optimization", "eq. 6"),
    ),
    derived_from=("loss-of-cosines-has-tangential-gradient", "slopes-bound-the-gradient"),
)

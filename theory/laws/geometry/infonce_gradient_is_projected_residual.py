"""A6. InfoNCE: ``grad_u L = (tau r)^-1 P_u (sum_j p_j v^_j - v^_+)``, the positive among the j, so ``|g| <= 2 (1 - p_+)/(tau r)``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import AtLeast, Combination, Equal, Goal, Length, Termwise, finite, substitute
from theory.losses import dot_product_infonce, infonce
from theory.losses.infonce import NEGATIVE_PROBABILITY, POSITIVE_PROBABILITY
from theory.notation import candidates, n, positive_candidate, tau, u
from theory.typeset import latex
from theory.vectors import (
    Cosine,
    Norm,
    Vector,
    equal_vectors,
    family_sum,
    inner,
    squared_norm,
    tangential,
    unit,
    vector,
)

P = sp.Symbol("p_+", positive=True)
FORMULAS = {
    "prefactor": 1 / (tau * Norm(u)),
    "target_weight": sp.S.NegativeOne,  # of v^_+, beside the mean of all candidates under the softmax
    "bound": 2 * (1 - P) / (tau * Norm(u)),  # of |g|
}
GRADIENT = infonce.LOSS.calculus.gradient(infonce.LOSS.value)
J, K = candidates.index, sp.Symbol("i", integer=True, positive=True)


def residual(formulas: Formulas) -> Vector:
    """Softmax mean of the candidates' directions, minus the positive's."""
    mean = family_sum(candidates, NEGATIVE_PROBABILITY) + POSITIVE_PROBABILITY * unit(positive_candidate)
    return mean + formulas["target_weight"] * unit(positive_candidate)


def shown(formulas: Formulas) -> str:
    """The right-hand side as on paper."""
    target = formulas["target_weight"]
    weight = {"-1": "-", "1": "+"}.get(str(target), f"+{latex(target)}")
    return rf"{latex(formulas['prefactor'])} P_u\Bigl(p_+\hat v_+ + \sum_{{j=1}}^n p_j \hat v_j {weight} \hat v_+\Bigr)"


def identity(formulas: Formulas, gradient: Vector) -> Goal:
    """A gradient against the projected residual."""
    return equal_vectors(gradient, formulas["prefactor"] * tangential(u, residual(formulas)), r"\nabla_u L", shown(formulas))


def _pull(index: sp.Expr) -> Vector:
    """``P_u (v^_j - v^_+)``: what one negative adds to the gradient."""
    return tangential(u, unit(candidates.member(index)) - unit(positive_candidate))


def _inner_product_gap() -> Combination:
    """``4 - <w_i, w_j>`` is a sum of squares, squared lengths and ``1 + cos``: hence not negative."""
    half = sp.Rational(1, 2)
    sides = [
        part for k in (K, J) for part in (
            (1 + Cosine(candidates.member(k), positive_candidate),),
            (half, (Cosine(u, candidates.member(k)) - Cosine(u, positive_candidate)) ** 2),
        )
    ]  # fmt: skip
    return Combination((*sides, (half, Length(_pull(K) - _pull(J)))))


def _squared_bound(formulas: Formulas) -> sp.Expr:
    return formulas["bound"].subs(P, POSITIVE_PROBABILITY) ** 2


def _inequality(formulas: Formulas) -> Goal:
    """``bound^2 - |g|^2 = (tau r)^-2 sum_i sum_j p_i p_j (4 - <w_i, w_j>)``, term by term not negative."""
    weight = NEGATIVE_PROBABILITY * substitute(NEGATIVE_PROBABILITY, {J: K})
    double = Termwise(((J, n), (K, n)), weight, _inner_product_gap())
    slack = Combination(((formulas["prefactor"] ** 2, double),))
    name = rf"\Bigl({latex(formulas['bound'])}\Bigr)^2"
    return AtLeast(_squared_bound(formulas), squared_norm(GRADIENT), slack, name=name, shown=r"\lVert g\rVert^2")


WORST = r"\Big|_{n=1,\ \hat v_1 = -\hat v_+,\ \hat v_+ \perp \hat u}"  # it is in every name, for only there it holds


def _at_worst(e: sp.Expr) -> sp.Expr:
    """With one negative, opposite to the positive, both orthogonal to ``u``."""
    minus, plus = candidates.member(sp.S.One), positive_candidate
    values = {Cosine(u, plus): sp.S.Zero, Cosine(u, minus): sp.S.Zero, Cosine(minus, plus): sp.S.NegativeOne}
    return finite(e, {n: sp.S.One}).xreplace(values)


def _attained(formulas: Formulas) -> Goal:
    """There the length reaches the bound."""
    bound, squared = _at_worst(_squared_bound(formulas)), rf"\Bigl({latex(formulas['bound'])}\Bigr)^2\Big|_{{p_+ = 1/2}}"
    return Equal(_at_worst(squared_norm(GRADIENT)), bound, rf"\lVert g\rVert^2{WORST} = {squared}")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The gradient; the pulls of the negatives; the bound term by term; where it is attained."""
    total = POSITIVE_PROBABILITY + candidates.total(NEGATIVE_PROBABILITY)
    pulls = (1 / (tau * Norm(u))) * tangential(u, family_sum(candidates, NEGATIVE_PROBABILITY)
                                               - candidates.total(NEGATIVE_PROBABILITY) * unit(positive_candidate))  # fmt: skip
    return (
        Step("The probabilities add up to 1, for any number $n$ of negatives.", Equal(total, sp.S.One, r"p_+ + \sum_{j=1}^n p_j")),
        Step("The gradient is the projected residual of the softmax.", identity(formulas, GRADIENT), concludes=True),
        Step("Only the negatives pull: $g = (\\tau r)^{-1}\\sum_j p_j w_j$ with $w_j = P_u(\\hat v_j - \\hat v_+)$.",
             equal_vectors(GRADIENT, pulls, r"\nabla_u L", r"\frac{1}{\tau\lVert u\rVert}\sum_{j=1}^n p_j w_j")),
        Step("Two pulls never have an inner product above 4: the difference is a sum of squares.",
             AtLeast(4 - inner(_pull(K), _pull(J)), sp.S.Zero, _inner_product_gap(), name=r"4 - \langle w_i, w_j\rangle")),
        Step("Summed over all pairs with weights $p_i p_j$: $\\lVert g\\rVert \\le 2(1-p_+)/(\\tau r)$.",
             _inequality(formulas), concludes=True),
        Step("which is a bound of a length: it is not negative.",
             AtLeast(formulas["bound"].subs(P, POSITIVE_PROBABILITY), sp.S.Zero, name=latex(formulas["bound"]))),
        Step("One negative opposite to the positive, both orthogonal to $u$, is as likely as the positive.",
             Equal(_at_worst(POSITIVE_PROBABILITY), sp.Rational(1, 2), f"p_+{WORST}")),
        Step("There the bound is attained,", _attained(formulas), concludes=True),
        Step("and is not 0.", AtLeast(_at_worst(_squared_bound(formulas)), sp.S.Zero, strict=True,
                                      name=rf"\Bigl({latex(formulas['bound'])}\Bigr)^2{WORST}")),
    )  # fmt: skip


def _inner_products(formulas: Formulas) -> Witness:
    loss = dot_product_infonce.LOSS
    return Witness("logits from inner products: a radial part appears", identity(formulas, loss.calculus.gradient(loss.value)))


def _temperature_moves(formulas: Formulas) -> Witness:
    """A temperature that falls with the norm makes the length matter again."""
    moving = {tau: 1 / Norm(u)}
    gradient = infonce.LOSS.calculus.gradient(infonce.LOSS.value.subs(moving))
    claimed = (formulas["prefactor"] * tangential(u, residual(formulas))).map(lambda e: e.subs(moving))
    pull = candidates.total(NEGATIVE_PROBABILITY * (Cosine(u, candidates.member(J)) - Cosine(u, positive_candidate)))
    radial = Equal(inner(vector(u), gradient), Norm(u) * pull.subs(moving), r"\langle u, \nabla_u L\rangle")
    return Witness("temperature 1/|u|: the loss depends on the norm", equal_vectors(gradient, claimed), instead=radial)


CLAIM = Claim(
    id="infonce-gradient-is-projected-residual",
    chapter="geometry",
    label="A6",
    title="The InfoNCE gradient is the projected residual, bounded by the probability of a miss",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("cosine-logits", r"the logits are cosines over $\tau$, with one positive $v_+$ and $n$ negatives $v_1, \dots, v_n$",
                   witness=_inner_products),
        Hypothesis("fixed-temperature", r"$\tau > 0$ does not depend on $u$", witness=_temperature_moves),
    ),
    letters={"P_u": "projection off $u$", "p_+": "softmax probability of $v_+$", "p_j": "softmax probability of $v_j$"},
    steps=steps,
    evidence="InfoNCE gradients against the residual, and their lengths against the bound, 1 to 255 negatives",
    provenance=Provenance.DERIVED,
    references=(Reference("oord2018", "van den Oord, Li, Vinyals, Representation learning with contrastive predictive coding", "eq. 4"),),
    derived_from=("loss-of-cosines-has-tangential-gradient",),
)

"""A8a. Inner products for logits: ``<u, grad L> = sum_j (p_j - y_j) <u, v_j>/tau``, in InfoNCE and in skip-gram alike."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import Equal, Goal
from theory.losses import dot_product_infonce, infonce, sgns
from theory.losses.dot_product_infonce import NEGATIVE_LOGIT, PARTITION, POSITIVE_LOGIT
from theory.notation import candidates, positive_candidate, tau, u
from theory.vectors import Calculus, Norm, inner, vector

POSITIVE, NEGATIVE = (sp.exp(logit) / PARTITION for logit in (POSITIVE_LOGIT, NEGATIVE_LOGIT))
MISSED = 1 / (1 + sp.exp(sgns.POSITIVE_LOGIT))  # that a true pair is taken for noise
TAKEN = 1 / (1 + sp.exp(-sgns.NEGATIVE_LOGIT))  # that noise is taken for a true pair
FORMULAS = {
    "infonce": (POSITIVE - 1) * POSITIVE_LOGIT + candidates.total(NEGATIVE * NEGATIVE_LOGIT),  # <u, grad_u L>
    "sgns": candidates.total(TAKEN * sgns.NEGATIVE_LOGIT) - MISSED * sgns.POSITIVE_LOGIT,
    "difference": sp.S.Zero,  # of the radial parts in u and in all candidates together
}


def statement(formulas: Formulas, name: str, value: sp.Expr) -> Goal:
    """The radial part of a loss' gradient in the embedding."""
    calculus = Calculus(u, (positive_candidate,), (candidates,))
    return Equal(inner(vector(u), calculus.gradient(value)), formulas[name], r"\langle u, \nabla_u L\rangle")


def _together(formulas: Formulas, value: sp.Expr) -> Goal:
    """What ``u`` gains in length, its candidates gain together: ``L`` sees products of norms only."""
    calculus, k = Calculus(u, (positive_candidate,), (candidates,)), sp.Symbol("k", integer=True, positive=True)
    own = inner(vector(u), calculus.gradient(value))
    positive = inner(vector(positive_candidate), Calculus(positive_candidate, (u,)).gradient(value))
    member = candidates.member(k)
    negative = inner(vector(member), Calculus(member, (u,)).gradient(value)).subs(k, candidates.index)
    return Equal(own - positive - candidates.total(negative), formulas["difference"],
                 r"\langle u, \nabla_u L\rangle - \sum_w \langle w, \nabla_w L\rangle")  # fmt: skip


SKIP_GRAM = "skip-gram with negative sampling"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Both losses; both sides."""
    return (
        Step("InfoNCE: logits, weighted by probability less target.", statement(formulas, "infonce", dot_product_infonce.LOSS.value),
             concludes=True, case="InfoNCE"),
        Step("Skip-gram with negative sampling: likewise, with the probability of every pair by itself.",
             statement(formulas, "sgns", sgns.LOSS.value), concludes=True, case=SKIP_GRAM),
        Step("InfoNCE: both sides of the inner products gain the same; $w$ is every candidate.",
             _together(formulas, dot_product_infonce.LOSS.value), concludes=True, case="InfoNCE"),
        Step("Skip-gram: likewise.", _together(formulas, sgns.LOSS.value), concludes=True, case=SKIP_GRAM),
    )  # fmt: skip


def _cosines(formulas: Formulas) -> Witness:
    zero = Equal(inner(vector(u), infonce.LOSS.calculus.gradient(infonce.LOSS.value)), sp.S.Zero, r"\langle u, \nabla_u L\rangle")
    return Witness("InfoNCE on cosines: no radial part", statement(formulas, "infonce", infonce.LOSS.value), instead=zero)


def _moving_temperature(formulas: Formulas) -> Witness:
    """Temperature |u|: the length of u cancels."""
    value = dot_product_infonce.LOSS.value.subs(tau, Norm(u))
    zero = Equal(inner(vector(u), infonce.LOSS.calculus.gradient(value)), sp.S.Zero, r"\langle u, \nabla_u L\rangle")
    return Witness("temperature |u|: the length cancels", statement(formulas, "infonce", value), instead=zero)


CLAIM = Claim(
    id="inner-products-have-radial-gradients",
    chapter="geometry",
    label="A8a",
    title="With inner products for logits the gradient has a radial part: logits weighted by probability less target",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("inner-product-logits", r"the logits are $\langle u, v\rangle/\tau$", witness=_cosines),
        Hypothesis("fixed-temperature", r"$\tau$ does not depend on a norm", witness=_moving_temperature),
    ),
    letters={"n": "number of negatives $v_j$", "w": "every candidate in turn"},
    steps=steps,
    evidence="radial parts of gradients of InfoNCE on inner products and of skip-gram with negative sampling, on both sides",
    provenance=Provenance.DERIVED,
    references=(Reference("mikolov2013", "Mikolov et al., Distributed representations of words and phrases", "eq. 4"),),
    derived_from=("gradient-is-orthogonal",),
)

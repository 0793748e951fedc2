"""A8b. Norms kept away from 0: ``<u, grad L> = e r/(r + e)^2 <u^, grad l>``; for ``max(r, e)``, ``r/e`` times it, in the ball only."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import AtLeast, Combination, Domain, Equal, Goal, Interval, Tends
from theory.letters import Letter
from theory.losses import Loss, guarded_infonce, infonce
from theory.losses.guarded_infonce import EPSILON, OWN, added, inside
from theory.notation import r, u
from theory.typeset import latex
from theory.vectors import Norm, inner, vector

FORMULAS = {
    "added": EPSILON * r / (r + EPSILON) ** 2,  # <u, grad_u L> over <u^, grad l>, for u/(|u| + e)
    "inside": r / EPSILON,  # for u/max(|u|, e), |u| < e
    "outside": sp.S.Zero,  # |u| > e
    "largest": sp.Rational(1, 4),  # of the first, at r = e
}


def defect(loss: Loss, length: Callable[[sp.Expr], sp.Expr], factor: sp.Expr, how: str) -> Goal:
    """The radial part against a factor times ``<u^, grad l>``, ``l`` the loss as a function of what was prepared."""
    slope = sp.diff(guarded_infonce.value(OWN), OWN).subs(OWN, length(Norm(u)))
    claimed = factor.subs(r, Norm(u)) * slope
    return Equal(inner(vector(u), loss.calculus.gradient(loss.value)), claimed, rf"\langle u, \nabla_u L_{{{how}}}\rangle")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The factors; InfoNCE; how large, how fast it goes."""
    factor = formulas["added"]
    square = Combination((((r - EPSILON) ** 2 / (4 * (r + EPSILON) ** 2),),))
    return (
        Step("Moving $u$ along itself moves the prepared length $r/(r + \\epsilon)$ by",
             Equal(r * sp.diff(added(r), r), factor, r"r \frac{d}{dr}\frac{r}{r + \epsilon}"), concludes=True),
        Step("so that of the radial slope of the loss of what was prepared this factor is left. InfoNCE on inner products over $\\tau$:",
             defect(guarded_infonce.ADDED, added, factor, "+"),
             concludes=True),
        Step("With $\\max(r, \\epsilon)$, inside of the ball, the factor is $r/\\epsilon$:",
             defect(guarded_infonce.INSIDE, inside, formulas["inside"], r"\max"), concludes=True),
        Step("Outside of it the preparation is the plain one, without a radial part (candidates as long as 1).",
             Equal(inner(vector(u), infonce.LOSS.calculus.gradient(infonce.LOSS.value)), formulas["outside"],
                   r"\langle u, \nabla_u L_{\max}\rangle|_{r > \epsilon}"), concludes=True),
        Step("The factor $f(r) = \\epsilon r/(r + \\epsilon)^2$ of an added $\\epsilon$ is never above $\\tfrac14$,",
             AtLeast(formulas["largest"], factor, square, name=latex(formulas["largest"]), shown="f(r)"), concludes=True),
        Step("which it is at $r = \\epsilon$,", Equal(factor.subs(r, EPSILON), formulas["largest"], r"f(\epsilon)"), concludes=True),
        Step("and falls as $\\epsilon/r$.", Tends(factor * r / EPSILON, r, sp.S.One, name=r"f(r)\,\frac{r}{\epsilon}"),
             concludes=True),
    )  # fmt: skip


def _plain(formulas: Formulas) -> Witness:
    words = "vectors divided by their norms alone, as if epsilon were 0: no radial part"
    return Witness(words, defect(infonce.LOSS, added, formulas["added"], "+"), Domain(ranges=OUTSIDE))


def _ball(formulas: Formulas) -> Witness:
    return Witness("outside of the ball", defect(infonce.LOSS, inside, formulas["inside"], r"\max"), Domain(ranges=OUTSIDE))


OUTSIDE = {EPSILON: Interval(0, 1), Norm(u): Interval(1, sp.oo)}  # of the ball


CLAIM = Claim(
    id="epsilon-leaves-a-radial-gradient",
    chapter="geometry",
    label="A8b",
    title="An epsilon in the normalisation leaves a radial part, which fades as epsilon over the norm",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("epsilon-added", r"vectors are prepared as $u/(\lVert u\rVert + \epsilon)$ with $\epsilon > 0$ (the loss is $L_+$);"
                                    r" $v_j$ and $v_+$ are"
                   " candidates as prepared", witness=_plain),
        Hypothesis("inside-the-ball", r"or as $u/\max(\lVert u\rVert, \epsilon)$, where $\lVert u\rVert < \epsilon$ (at $\epsilon$ there"
                   r" is no gradient; the loss is $L_{\max}$)", witness=_ball),
    ),
    letters={
        "n": "number of negatives $v_j$", "f": r"$f(r) = \epsilon r/(r + \epsilon)^2$, the factor of an added $\epsilon$",
        # inside of the ball:
        EPSILON.name: Letter("what is added to the norm, or the least that is divided by", Interval(Norm(u) ** 2 + 1, sp.oo)),
    },
    steps=steps,
    evidence="radial parts of InfoNCE's gradients under both preparations, norms from a hundredth to a hundred epsilon",
    provenance=Provenance.DERIVED,
    derived_from=("gradient-is-orthogonal", "inner-products-have-radial-gradients"),
)  # fmt: skip

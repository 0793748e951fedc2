"""A9a. Networks homogeneous in each weight matrix: ``<W_l, grad_{W_l} L> = k_l <f, grad_f L>``, 0 for scale-invariant losses."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import perpendicular, scale_invariant_loss
from theory.kernel import Equal, Goal
from theory.laws.geometry.inner_products_have_radial_gradients import FORMULAS as RADIAL_PARTS
from theory.letters import COUNT, Letter
from theory.losses import Loss, dot_product_infonce, sgns, unspecified
from theory.notation import c, n, u, v, w
from theory.vectors import Cosine, Norm, cosine, inner, unit, vector

DEGREE = sp.Symbol("k", positive=True)  # of the network in one of its weight matrices
RADIAL = sp.Symbol("D", real=True)  # <f, grad_f L>
FORMULAS = {
    "layer": DEGREE * RADIAL,  # <W_l, grad L>, whatever the loss
    "radial": sp.S.Zero,  # the same, of a scale-invariant loss
    "deeper": 2 * DEGREE,  # degree in W_l of what a squared ReLU makes of a layer of degree k
}
J = sp.Symbol("j", integer=True, positive=True)
UNIT, NEXT = sp.Function("z", real=True)(J), sp.Function("W", real=True)(J)  # one layer before activation; a row of the next


def relu(x: sp.Expr) -> sp.Expr:
    """``max(0, x)``."""
    return (x + sp.Abs(x)) / 2


def statement(formulas: Formulas, loss: Loss) -> Goal:
    """``<W_l, grad L>`` from ``<f, grad_f L>`` of a loss of the network's output ``u = f``."""
    radial = inner(vector(u), loss.calculus.gradient(loss.value))
    return Equal(formulas["layer"].subs(RADIAL, radial), formulas["radial"], r"\langle W_\ell, \nabla_{W_\ell} L\rangle")


def _along(formulas: Formulas, loss: Loss, name: str) -> Goal:
    """The slope as the matrix is scaled by ``c``, and the output with it by ``c^k``, against the radial part of A8a: Euler."""
    slope = sp.diff(loss.value.subs(Norm(u), c**DEGREE * Norm(u)), c).subs(c, 1)
    return Equal(slope, formulas["layer"].subs(RADIAL, RADIAL_PARTS[name]), r"\frac{d}{dc} L(\dots, cW_\ell, \dots)\big|_{c=1}")


def _passes(power: sp.Expr, degree: sp.Expr) -> Goal:
    """One unit of the next layer, of any width, after ``relu^power``: what comes in scaled by ``c^k`` goes out by ``c^degree``."""
    scaled, plain = (sp.Sum(NEXT * relu(x) ** power, (J, 1, n)) for x in (c**DEGREE * UNIT, UNIT))
    return Equal(scaled, c**degree * plain, r"\sum_j W_j\, \sigma(c^k z_j)")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """A layer passes the factor on; degrees; Euler; what is left."""
    return (
        Step("ReLU and a linear map pass a positive factor on, whatever the width $n$: the network is homogeneous of degree 1 in each"
             " matrix, however many layers follow.", _passes(sp.S.One, DEGREE), concludes=True, case="a ReLU"),
        Step("A squared ReLU doubles the degree.", _passes(sp.Integer(2), formulas["deeper"]), concludes=True,
             case="a squared ReLU"),
        Step("Euler, for a loss that sees the length of its embedding: the same in every layer of one degree.",
             _along(formulas, dot_product_infonce.LOSS, "infonce"), concludes=True,
             case="InfoNCE on inner products"),
        Step("Skip-gram likewise.", _along(formulas, sgns.LOSS, "sgns"), concludes=True, case="skip-gram with negative sampling"),
        Step("For a scale-invariant loss nothing is left, in any layer.", statement(formulas, unspecified.LOSS), concludes=True,
             case="a scale-invariant loss"),
    )  # fmt: skip


def _biased(formulas: Formulas) -> Witness:
    """``cos(W x + b, v)`` for a bias orthogonal to ``W x``: scaling ``W`` turns the output towards or away from ``v``."""
    moved = cosine(c * vector(u) + vector(w), unit(v))
    slope = sp.diff(moved, c).subs(c, 1)
    name, r, s = r"\langle W, \nabla_W L\rangle", Norm(u), Norm(w)
    turned = r * s * (s * Cosine(u, v) - r * Cosine(w, v)) / (r**2 + s**2) ** sp.Rational(3, 2)
    words = r"a bias $w \perp u$ beside the matrix, which is not scaled with it, under $L = \cos(u + w, v)$"
    return Witness(words, Equal(slope, formulas["radial"], name), perpendicular(u, w), Equal(slope, turned, name))


CLAIM = Claim(
    id="layers-have-no-radial-gradient",
    chapter="geometry",
    label="A9a",
    title="In a homogeneous network under a scale-invariant loss no layer has a radial gradient",
    formulas=FORMULAS,
    hypotheses=(
        scale_invariant_loss(statement, ", of the network's output (for the last formula)"),
        Hypothesis("positively-homogeneous", r"$f(\dots, cW_\ell, \dots) = c^{k_\ell} f$ for $c > 0$ in each weight matrix:"
                   r" (squared) ReLU, no biases; no unit sits at its kink", witness=_biased),
    ),
    letters={
        "k": Letter("degree of the network in a weight matrix", COUNT), "f": "output of the network",
        "n": "number of units, or of negatives $v_j$", r"\sigma": "the activation",
        "z_j": "unit $j$ before its activation", "W_j": "weight of unit $j$ in the next layer",
    },
    steps=steps,
    evidence="encoders of 1 to 4 layers, ReLU and squared ReLU: inner products of weights and gradients, layer by layer",
    provenance=Provenance.RECONSTRUCTED,
    references=(
        Reference("du2018", "Du, Hu, Lee, Algorithmic regularization in learning deep homogeneous models"),
        Reference("euler", "Euler's theorem on homogeneous functions"),
    ),
    derived_from=("gradient-is-orthogonal", "inner-products-have-radial-gradients"),
    remark="Each row of W under its own factor is not covered: only the whole matrix is scaled.",
)

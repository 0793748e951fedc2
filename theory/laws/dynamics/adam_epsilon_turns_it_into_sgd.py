"""B12e. Adam's ``epsilon``: growth ``eta^2 d (sigma/(sigma + epsilon))^2``; far above the gradients' scale it is SGD again."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.hypotheses import perpendicular
from theory.kernel import All, Domain, Equal, Goal, Tends
from theory.laws.dynamics.adam_norm_grows_by_dimension import DIM, RANGE, A, next_moments, settled
from theory.laws.dynamics.adam_norm_grows_by_dimension import FORMULAS as MOMENTS
from theory.notation import G, eta, r, u
from theory.optimizers import adam
from theory.typeset import latex
from theory.vectors import Norm, direction, squared_norm, unit, vector

SIGMA = sp.Symbol("sigma", positive=True)  # root mean square of a coordinate of the gradient
EPSILON = sp.Symbol("epsilon", positive=True)
FORMULAS = {
    "scale": sp.sqrt(G / DIM) / r,  # sigma, of isotropic gradients of energy G
    "growth": eta**2 * DIM * (SIGMA / (SIGMA + EPSILON)) ** 2,  # of E|u|^2 a step
    "sgd_growth": (eta / EPSILON) ** 2 * G / r**2,  # that of SGD with learning rate eta/epsilon
    "crossover": sp.Rational(1, 4),  # of Adam's growth, where epsilon = sigma
}
NOISE = direction("x")
GROWN = r"\mathbb E\lVert u'\rVert^2 - \mathbb E\lVert u\rVert^2"
ENERGY = r"\sum_i \mathbb E g_i^2/(\sqrt{v_i} + \epsilon)^2"
I = sp.Symbol("i", integer=True, positive=True)  # noqa: E741


def energy(formulas: Formulas, second: sp.Expr) -> Equal:
    """``E|x|^2`` of ``x_i = g_i/(sigma_i + epsilon)``, the growth over ``eta^2``; ``second`` is ``E g_i^2``."""
    total = sp.Sum(second / (sp.sqrt(second) + EPSILON) ** 2, (I, 1, DIM))
    return Equal(total, formulas["growth"] / eta**2, ENERGY)


def _recursion(formulas: Formulas) -> Goal:
    """The settled recursion of moments without decay, for noise of that energy."""
    noise = formulas["growth"] / eta**2
    moment, overlap = settled(sp.S.One, noise)
    after = next_moments(MOMENTS, moment, overlap, sp.S.One, noise)[2]
    return Equal(after - A, formulas["growth"], GROWN)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The energy of the scaled noise, the growth, and its two ends."""
    growth, scale, sgd = (formulas[name].subs(r, Norm(u)) for name in ("growth", "scale", "sgd_growth"))
    return (
        Step("A tangential gradient of energy $G$ has length $\\sqrt G/\\lVert u\\rVert$: spread over $d$ coordinates, each has the"
             " mean square",
             Equal(DIM * scale**2, G / Norm(u) ** 2, r"\sigma^2 d"), concludes=True),
        Step("Over $\\sqrt{v_i} + \\epsilon$ with $v_i = \\sigma^2$ its energy is", energy(formulas, SIGMA**2), concludes=True),
        Step("which the recursion of moments makes the growth, whatever $\\beta_1$.", _recursion(formulas), concludes=True),
        Step("For $\\epsilon \\to 0$ that is Adam's, blind to the energy;",
             Tends(growth, EPSILON, MOMENTS["growth"], at_zero=True, name=GROWN), concludes=True),
        Step("far above the scale it is that of SGD with learning rate $\\eta/\\epsilon$, which falls as $1/\\lVert u\\rVert^2$ and"
             " knows the energy.",
             Tends(growth.subs(SIGMA, scale) / sgd, EPSILON, sp.S.One, name=rf"\bigl({GROWN}\bigr) \Big/ {latex(sgd)}"), concludes=True),
        Step("In between, at $\\epsilon = \\sigma$, a quarter of Adam's is left.",
             Equal(growth.subs(EPSILON, SIGMA) / MOMENTS["growth"], formulas["crossover"],
                   rf"\frac{{{GROWN}}}{{\eta^2 d}}\Big|_{{\epsilon = \sigma}}"), concludes=True),
    )  # fmt: skip


def _persistent(formulas: Formulas) -> Witness:
    """``x`` is the same at every step: the second step of it adds three times its squared length."""
    noise, decay = sp.sqrt(DIM) * unit(NOISE), sp.S.Zero
    once = adam.step(vector(u), noise, eta, decay)
    twice = adam.step(once, noise, eta, decay)
    goal = Equal(squared_norm(twice) - squared_norm(once), formulas["growth"].subs(EPSILON, 0), r"\lVert u_2\rVert^2 - \lVert u_1\rVert^2")
    return Witness("one gradient for ever, no epsilon", goal, perpendicular(u, NOISE), Equal(goal.left, 3 * goal.right, goal.name))


def _uneven(formulas: Formulas) -> Witness:
    """Their mean is the square of the scale."""
    scales = (EPSILON, 3 * EPSILON)
    number, square = len(scales), sum(s**2 for s in scales) / len(scales)
    claimed = energy(formulas, square).right.subs({SIGMA: sp.sqrt(square), DIM: number}, simultaneous=True)
    left = sum(s**2 / (s + EPSILON) ** 2 for s in scales)
    instead = All((Equal(left, sp.Rational(13, 16), ENERGY), Equal(square, 5 * EPSILON**2, r"\sigma^2")))
    return Witness(r"two coordinates, of mean squares $\epsilon^2$ and $9\epsilon^2$", Equal(left, claimed, ENERGY), instead=instead)


CLAIM = Claim(
    id="adam-epsilon-turns-it-into-sgd",
    chapter="dynamics",
    label="B12e",
    title="An epsilon above the scale of the gradients turns Adam back into SGD",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("white", r"gradients have mean 0 whatever went before, and momentum has settled", Domain(ranges=RANGE), _persistent),
        Hypothesis("isotropic", r"every coordinate has the mean square $\sigma^2$, and $v_i$ knows it ($\beta_2 \to 1$)", witness=_uneven),
    ),
    letters={
        r"\beta": r"$\beta_1$", "d": "dimension", r"\epsilon": r"what Adam adds to $\sqrt{v_i}$", "v_i": "second moment of $g_i$",
        "g_i": "coordinate of the gradient",
    },
    steps=steps,
    evidence="Adam on white tangential noise, epsilon from a hundredth to a hundred times the scale: growth, by intervals over replicates",
    provenance=Provenance.DERIVED,
    derived_from=("adam-norm-grows-by-dimension",),
    remark="The scale sigma = sqrt(G/d)/r falls as the norm grows, so that Adam without decay ends as SGD, r^4 growing linearly, once"
    " r exceeds sqrt(G/d)/epsilon; and specific rows, whose energy is small, get there first.",
)

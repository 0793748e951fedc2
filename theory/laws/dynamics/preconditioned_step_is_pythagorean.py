"""B12a. A fixed positive diagonal preconditioner ``D``: ``<u, D^-1 u>`` obeys Pythagoras, with growth ``eta^2 <g, D g>``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.hypotheses import SOME_DECAY
from theory.kernel import Domain, Equal, Goal
from theory.letters import SEVERAL, Letter
from theory.notation import eta, lam, n
from theory.optimizers import preconditioned_sgd

DELTA = sp.Symbol("delta", positive=True)  # an entry of D
SLOPE = sp.Symbol("g_i", real=True)  # a coordinate of the gradient
FORMULAS = {
    "weight": 1 / DELTA,  # of u_i^2 in <u, D^-1 u>
    "heat": eta**2 * DELTA * SLOPE**2,  # what coordinate i adds to it
    "decay_factor": (1 - eta * lam) ** 2,  # by which it shrinks first
}
I, J = (sp.Symbol(name, integer=True, positive=True) for name in "ij")  # noqa: E741
U, X = (sp.Function(name, real=True)(I) for name in "ux")  # embedding, and any vector
D, OTHER = (sp.Function(name, positive=True)(I) for name in ("d", "e"))  # entries of preconditioners


def _dot(a: sp.Expr, b: sp.Expr) -> sp.Expr:
    return sp.Sum((a * b).subs(I, J), (J, 1, n))


TANGENTIAL = _dot(U, U) * X - _dot(U, X) * U  # any x without its radial part, times |u|^2: every tangential vector is one


def _total(body: sp.Expr) -> sp.Expr:
    return sp.Sum(body, (I, 1, n))


def statement(formulas: Formulas, gradient: sp.Expr, later: sp.Expr = D) -> Goal:
    """The weighted squared norm after a step with ``D``, in the weights of the preconditioner ``later``."""
    after = preconditioned_sgd.step(U, gradient, D, eta, lam)
    before = formulas["decay_factor"] * _total(formulas["weight"].subs(DELTA, D) * U**2)
    heat = formulas["heat"].subs({DELTA: D, SLOPE: gradient}, simultaneous=True)
    name = r"\langle u_{k+1}, D^{-1}u_{k+1}\rangle"
    return Equal(_total(formulas["weight"].subs(DELTA, later) * after**2), before + _total(heat), name)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The cross term is the inner product of embedding and gradient, from which ``D`` has gone."""
    weight = formulas["weight"].subs(DELTA, D)
    cross = _total(weight * U * D * TANGENTIAL)
    return (
        Step("In the metric $D^{-1}$ the step $D g$ is orthogonal to $u$, since $\\langle u, D^{-1} D g\\rangle = \\langle u, g\\rangle"
             " = 0$; here $g = \\lVert u\\rVert^2 x - \\langle u, x\\rangle u$ is any tangential vector, in any dimension $n$.",
             Equal(cross, sp.S.Zero, r"\langle u, D^{-1} D g\rangle")),
        Step("Pythagoras in that metric, coordinates written out.", statement(formulas, TANGENTIAL), concludes=True),
    )  # fmt: skip


def _radial(formulas: Formulas) -> Witness:
    return Witness("a gradient with a radial part", statement(formulas, X), _RANGE)


def _moves(formulas: Formulas) -> Witness:
    return Witness("another preconditioner, of entries $e_i$, at the next step: its metric is not the one in which the step is orthogonal",
                   statement(formulas, TANGENTIAL, OTHER), _RANGE)  # fmt: skip


_RANGE = Domain(ranges={lam: SOME_DECAY})
CLAIM = Claim(
    id="preconditioned-step-is-pythagorean",
    chapter="dynamics",
    label="B12a",
    title="A fixed diagonal preconditioner keeps Pythagoras in the metric of its inverse",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, and $g_k$ is taken at $u_k$: $g_k \perp u_k$", witness=_radial),
        Hypothesis("fixed-preconditioner",
                   r"the step is $u_{k+1} = (1-\eta\lambda)u_k - \eta D g_k$ with the same positive diagonal $D$ at every step,"
                   r" $0 \le \eta\lambda < 1$", _RANGE, _moves),
    ),
    letters={
        "n": Letter("dimension", SEVERAL), "u_i": "coordinates of $u$", "d_i": "entries of $D$",
        "x_i": r"coordinates of any vector $x$, with $g = \lVert u\rVert^2 x - \langle u, x\rangle u$",
        "d": "entry of the preconditioner",
    },
    steps=steps,
    evidence="InfoNCE minibatch gradients, preconditioned by entries over two decades: weighted squared norms over a run, to rounding",
    provenance=Provenance.DERIVED,
    derived_from=("gradient-is-orthogonal",),
    remark="The plain norm is not the weighted one: where D has large entries the embedding lengthens more, and a mean gradient g"
    " gives a radial drift $-\\eta\\langle u, D g\\rangle$ that need not vanish."
    " So Adam, whose D = 1/sqrt(v) moves, keeps no exact law of this kind.",
)

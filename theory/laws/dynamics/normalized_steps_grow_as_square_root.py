"""B10a. Normalised steps: ``r_K^2 = r_0^2 + eta^2 K``; with decay ``r_*^2 = eta/(lambda (2 - eta lambda))``, approached as ``rho^K``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, tangential_gradient
from theory.kernel import All, AtLeast, ByInduction, Domain, Equal, Goal, Interval, Tends
from theory.notation import G, eta, lam, r, r0, u
from theory.optimizers import normalized_sgd, sgd_decoupled_decay
from theory.rule_hypotheses import rule_hypotheses
from theory.substance import ranges_within
from theory.vectors import Norm, Vector, inner, squared_norm, vector

RHO = sp.Symbol("rho", positive=True)  # decay factor of r^2
K = sp.Symbol("K", nonnegative=True)  # number of steps
STAR = sp.Symbol("X_*", real=True)  # r_*^2
X = sp.Symbol("X", real=True)  # r_k^2
Q = sp.Symbol("q", positive=True)  # rho^k
P = sp.Symbol("p", positive=True)  # eta lambda
SLACK = sp.Symbol("s", nonnegative=True)
FORMULAS = {
    "decay_factor": (1 - eta * lam) ** 2,  # rho
    "next_squared_norm": RHO * r**2 + eta**2,
    "without_decay": r0**2 + eta**2 * K,  # r_K^2
    "equilibrium": eta / (lam * (2 - eta * lam)),  # r_*^2
    "with_decay": STAR + (r0**2 - STAR) * RHO**K,  # r_K^2
    "tan_rotation": eta / ((1 - eta * lam) * r),
    "cos_rotation": 1 - eta * lam,  # at r_*
    "flow_equilibrium": eta / (2 * lam),  # r_*^2 for small eta lambda
}


def _rule(gradient: Vector) -> Vector:
    return normalized_sgd.step(vector(u), gradient, eta, lam)


FOLLOWING = _rule(tangential_gradient())


def statement(formulas: Formulas, following: Vector) -> Goal:
    """The squared norm after the step."""
    right = formulas["next_squared_norm"].subs(RHO, formulas["decay_factor"]).subs(r, Norm(u))
    return Equal(squared_norm(following), right, r"\lVert u_{k+1}\rVert^2")


def _map(formulas: Formulas, at: sp.Expr) -> sp.Expr:
    """The recursion as a map of ``X = r^2``, which is affine."""
    return sp.expand(formulas["next_squared_norm"]).subs(r, sp.sqrt(at))


def _runs(formulas: Formulas) -> Goal:
    """Without decay, by induction on the number of steps."""
    square = sp.Symbol("y", positive=True)
    claimed = formulas["without_decay"]
    return ByInduction(square - claimed, {square: r0**2, K: sp.S.Zero}, {square: _map(formulas, square).subs(RHO, 1), K: K + 1},
                       (square, claimed + SLACK), SLACK, exact=True, name=r"\lVert u_K\rVert^2", shown="r_0^2 + \\eta^2 K")  # fmt: skip


def _relaxes(formulas: Formulas) -> Goal:
    """With decay, by induction: ``q = rho^k`` is part of the state. ``r_*^2`` is what solves ``X = rho X + eta^2``."""
    square = sp.Symbol("y", positive=True)
    claimed = formulas["with_decay"].subs(RHO**K, Q).subs(STAR, eta**2 / (1 - RHO))
    return ByInduction(square - claimed, {square: r0**2, Q: sp.S.One}, {square: _map(formulas, square), Q: RHO * Q},
                       (square, claimed + SLACK), SLACK, exact=True, name=r"\lVert u_K\rVert^2",
                       shown=r"r_*^2 + (r_0^2 - r_*^2)\rho^K")  # fmt: skip


def _rotation(formulas: Formulas) -> Goal:
    """The tangent of the rotation by the Gram determinant, and that the angle is acute."""
    along = inner(vector(u), FOLLOWING)
    across = squared_norm(vector(u)) * squared_norm(FOLLOWING) - along**2
    tangent = formulas["tan_rotation"].subs(r, Norm(u))
    small = {lam: P / eta}
    return All((Equal(across / along**2, tangent**2, r"\tan^2\delta"),
                AtLeast(tangent.subs(small), sp.S.Zero, strict=True, name=r"\tan\delta"),
                AtLeast(along.subs(small), sp.S.Zero, strict=True, name=r"\langle u_k, u_{k+1}\rangle")))  # fmt: skip


def _rotation_at_rest(formulas: Formulas) -> Goal:
    """At the equilibrium ``1 + tan^2 = 1/cos^2``."""
    tangent = formulas["tan_rotation"] ** 2
    return Equal(1 / (1 + tangent.subs(r, sp.sqrt(formulas["equilibrium"]))), formulas["cos_rotation"] ** 2, r"\cos^2\delta\big|_{r_*}")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """A leg of length eta; two inductions; the fixed point and the rotation there."""
    star, rho = formulas["equilibrium"], formulas["decay_factor"]
    return (
        Step("Shrink, then a leg of length $\\eta$ at a right angle, whatever the energy.", statement(formulas, FOLLOWING), concludes=True),
        Step("Without decay each step adds $\\eta^2$ to $y = \\lVert u\\rVert^2$.", _runs(formulas), concludes=True, case="without decay"),
        Step("With decay the fixed point $\\eta^2/(1-\\rho)$ is",
             Equal(eta**2 / (1 - rho), star, r"\frac{\eta^2}{1-\rho}"), concludes=True, case="with decay"),
        Step("it is mapped to itself,", Equal(_map(formulas, STAR).subs(RHO, rho).subs(STAR, star), star, "r_*^2 = f(r_*^2)"),
             concludes=True, case="with decay"),
        Step("and positive.", AtLeast(star, sp.S.Zero, strict=True, name="r_*^2")),
        Step("The map is affine: every deviation of $\\lVert u\\rVert^2$ is multiplied by $\\rho$, exactly, from any"
             " norm. Here $y = \\lVert u\\rVert^2$, and $q$ is the power of $\\rho$ so far.", _relaxes(formulas),
             concludes=True, case="with decay"),
        Step("The rotation of a step.", _rotation(formulas), concludes=True, case="with decay"),
        Step("At the equilibrium", _rotation_at_rest(formulas), concludes=True, case="with decay"),
        Step("and that cosine is positive.", AtLeast(formulas["cos_rotation"].subs(lam, P / eta), sp.S.Zero, strict=True,
                                                     name=r"\cos\delta")),
        Step("For small $\\eta\\lambda$ the equilibrium is",
             Tends(star / formulas["flow_equilibrium"], eta, sp.S.One, at_zero=True,
                   name=r"r_*^2 \Big/ \frac{\eta}{2\lambda}"), concludes=True, case="with decay"),
    )  # fmt: skip


def _not_normalised(formulas: Formulas) -> Witness:
    """SGD itself, on a gradient of energy ``G``."""
    following = sgd_decoupled_decay.step(vector(u), tangential_gradient(), eta, lam)
    goal = statement(formulas, following)
    domain = Domain(ranges=ranges_within(goal, RANGES), orthogonal=((TANGENT, u),))
    instead = Equal(squared_norm(following), (1 - eta * lam) ** 2 * Norm(u) ** 2 + eta**2 * G / Norm(u) ** 2, goal.name)
    return Witness("the gradient itself instead of its direction", goal, domain, instead)


def _beyond_the_range(formulas: Formulas) -> Witness:
    """With ``eta lambda = 3`` the factor is 4 and there is no equilibrium: the formula is negative."""
    star = formulas["equilibrium"].subs(lam, 3 / eta)
    goal = Equal(sp.Abs(star), star, r"\lvert r_*^2\rvert")
    return Witness("eta lambda = 3: the embedding overshoots and grows without bound", goal, instead=Equal(star, -(eta**2) / 3))


RANGES = {lam: Interval(sp.S.Zero, 1 / eta), P: Interval(sp.S.Zero, sp.S.One), RHO: Interval(sp.S.Zero, sp.S.One)}
CLAIM = Claim(
    id="normalized-steps-grow-as-square-root",
    chapter="dynamics",
    label="B10a",
    title="Normalised steps add the squared learning rate, whatever the energy; with decay the norm rests where only the rates set it",
    formulas=FORMULAS,
    hypotheses=(
        *rule_hypotheses(statement, _rule, RANGES),
        Hypothesis("normalized", r"the step is $u_{k+1} = (1 - \eta\lambda)u_k - \eta g_k/\lVert g_k\rVert$, $g_k \ne 0$",
                   witness=_not_normalised),
        Hypothesis("decay-in-range", r"$0 < p = \eta\lambda < 1$, so $0 < \rho = (1 - p)^2 < 1$ (or $\lambda = 0$ where it says so)",
                   Domain(ranges=RANGES), _beyond_the_range),
    ),
    letters={
        "K": "number of steps", "y": r"$\lVert u\rVert^2$", "p": r"$\eta\lambda$",
        "f": r"what a step makes of $\lVert u\rVert^2$", r"\rho": r"decay factor of $\lVert u\rVert^2$, $(1 - p)^2$",
    },
    steps=steps,
    evidence="normalised steps on both losses and on energies over decades: each step, whole runs with and without decay, the fixed"
    " point and its rotation, to rounding",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("hazan2015", "Hazan, Levy, Shalev-Shwartz, Beyond convexity: stochastic quasi-convex optimization",
                          "for the update rule"),),
    derived_from=("gradient-is-orthogonal",),
    remark="No energy is left in the norm: it counts steps, and with decay not even those. A row drawn n times has r^2 = r_0^2 + eta^2 n,"
    " frequency to the power 1/2 and no specificity or uncertainty. Relaxation: 1/(2 eta lambda) steps for r^2, against 1/(4 eta lambda)"
    " for SGD's r^4. The rotation at rest is that of SGD (B7).",
)  # fmt: skip

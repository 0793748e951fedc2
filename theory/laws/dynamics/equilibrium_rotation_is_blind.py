"""B7. At the equilibrium ``cos(delta) = 1 - eta lambda`` exactly: the rotation knows nothing of the meaning."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, perpendicular, sgd_hypotheses, tangential_gradient
from theory.kernel import All, AtLeast, Domain, Equal, Goal, Interval, Tends
from theory.laws.dynamics.decay_equilibrium import FORMULAS as DECAY
from theory.notation import G, eta, lam, u
from theory.optimizers import sgd_decoupled_decay
from theory.typeset import latex
from theory.vectors import Norm, Vector, inner, squared_norm, vector

P = sp.Symbol("p", positive=True)  # eta lambda
IN_PRODUCT = {eta: P / lam}
FORMULAS = {
    "cos_rotation": 1 - eta * lam,
    "rotation": sp.sqrt(2 * eta * lam),  # delta, to leading order
}
FOLLOWING = sgd_decoupled_decay.step(vector(u), tangential_gradient(), eta, lam)
AT_EQUILIBRIUM = {G: lam * (2 - eta * lam) * Norm(u) ** 4 / eta}  # the energy whose equilibrium is |u|


def _cosine(following: Vector) -> sp.Expr:
    return inner(vector(u), following) / (Norm(u) * sp.sqrt(squared_norm(following)))


def statement(formulas: Formulas, following: Vector) -> Goal:
    """The cosine of the rotation in one step from equilibrium."""
    at = following.map(lambda e: e.subs(AT_EQUILIBRIUM))
    return Equal(_cosine(at), formulas["cos_rotation"], r"\cos\delta")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Equilibrium keeps the norm; the inner product shrinks by the decay; the small-angle limit."""
    at = FOLLOWING.map(lambda e: e.subs(AT_EQUILIBRIUM))
    cosine, angle = (formulas[name].subs(IN_PRODUCT) for name in ("cos_rotation", "rotation"))
    return (
        Step("The equilibrium of the decay law at the present norm fixes the energy.",
             Equal(DECAY["equilibrium"].subs(AT_EQUILIBRIUM), Norm(u) ** 4, "r_*^4")),
        Step("which is positive: there is such an equilibrium.",
             AtLeast(AT_EQUILIBRIUM[G], sp.S.Zero, strict=True)),
        Step("There the step keeps the norm,", Equal(squared_norm(at), Norm(u) ** 2, r"\lVert u_{k+1}\rVert^2")),
        Step("and only decay changes the inner product with the old embedding.",
             Equal(inner(vector(u), at), (1 - eta * lam) * Norm(u) ** 2, r"\langle u_k, u_{k+1}\rangle")),
        Step("Hence the rotation, from which the energy has gone.", statement(formulas, FOLLOWING), concludes=True),
        Step("For small $p = \\eta\\lambda$ the rotation is small, and $\\sin^2\\delta$ is the square of the angle to leading order.",
             All((Tends(cosine, P, sp.S.One, at_zero=True, name=r"\cos\delta\big|_{p = \eta\lambda}"),
                  Tends((1 - cosine**2) / angle**2, P, sp.S.One, at_zero=True,
                        name=rf"\frac{{\sin^2\delta}}{{{latex(formulas['rotation'] ** 2)}}}"))), concludes=True),
    )  # fmt: skip


def _off_equilibrium(formulas: Formulas) -> Witness:
    domain = replace(perpendicular(TANGENT, u), ranges=_RANGE)
    return Witness("an embedding that has not reached its equilibrium", Equal(_cosine(FOLLOWING), formulas["cos_rotation"]), domain)


def _overshoots(formulas: Formulas) -> Witness:
    cosine = formulas["cos_rotation"].subs(lam, sp.Rational(5, 2) / eta)
    goal = AtLeast(cosine, sp.S.NegativeOne, name=r"\cos\delta")
    return Witness("eta lambda = 5/2: no angle has the cosine that the formula gives", goal,
                   instead=Equal(cosine, goal.right - sp.Rational(1, 2)))  # fmt: skip


_RANGE = {lam: Interval(sp.S.Zero, 2 / eta)}
CLAIM = Claim(
    id="equilibrium-rotation-is-blind",
    chapter="dynamics",
    label="B7",
    title="At equilibrium the rotation per step depends on learning rate and decay only",
    formulas=FORMULAS,
    hypotheses=(
        *sgd_hypotheses(statement, decay_ranges=_RANGE),
        Hypothesis("at-equilibrium",
                   r"$\lVert u_k\rVert = r_*$, the equilibrium for $G_k$: $G_k = \lambda(2 - \eta\lambda)\lVert u_k\rVert^4/\eta$",
                   Domain(), _off_equilibrium),
        Hypothesis("decay-in-range",
                   r"the step is $u_{k+1} = (1 - \eta\lambda)u_k - \eta g_k$ with $0 < \eta\lambda < 2$", Domain(ranges=_RANGE),
                   _overshoots),
    ),
    letters={"p": r"$\eta\lambda$"},
    steps=steps,
    evidence="rotation angles of embeddings placed at, and relaxed to, their equilibrium, for energies over decades",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("wan2021", "Wan, Zhu, Zhang, Sun, Spherical motion dynamics: learning dynamics of normalized neural network"),),
    derived_from=("decay-equilibrium",),
)

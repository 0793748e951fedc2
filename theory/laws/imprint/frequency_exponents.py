"""C5. How the norm of a lookup row depends on its frequency and its gradient energy: ``r ~ p^alpha G^gamma``, SGD and normalised steps.

``p`` is the probability that a step visits the row, ``n`` the number of visits. Dense decay shrinks the row at every
step, lazy decay at its visits only. Adam, whose memory has a length, is in C5b.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, perpendicular, tangential_gradient
from theory.kernel import All, AtLeast, ByInduction, Domain, Equal, Goal, Interval, Tends
from theory.laws.dynamics.fourth_power_recursion import FORMULAS as RECURSION
from theory.laws.dynamics.fourth_power_sandwich import FORMULAS as SANDWICH
from theory.laws.dynamics.fourth_power_sandwich import A, M
from theory.letters import Letter
from theory.notation import G, eta, lam, r0, u, z, z0
from theory.optimizers import sgd_decoupled_decay
from theory.typeset import latex, slashed
from theory.vectors import Norm, Vector, squared_norm, unit, vector

P = sp.Symbol("p", positive=True)  # probability of a visit
N = sp.Symbol("n", positive=True)  # number of visits
Q = sp.Symbol("q", positive=True)  # eta G, fixed as eta tends to 0
COUNT = sp.Symbol("m", nonnegative=True)  # visits after the first
GAP = sp.Symbol("gap", nonnegative=True)  # what an induction assumes to be 0
RHO = (1 - eta * lam) ** 2
FORMULAS = {
    "sgd_mean_step": P * (RHO**2 * z + 2 * RHO * eta**2 * G + eta**4 * G**2 / z) + (1 - P) * RHO**2 * z,  # E z', z = r^4
    "sgd_growth": z0 + 2 * eta**2 * N * G,  # r^4 without decay
    "sgd_dense": eta * P * G / (2 * lam),  # r^4 at equilibrium
    "sgd_lazy": eta * G / (2 * lam),
    "sgd_rate": 4 * lam,  # relaxation of r^4, in time eta k; per visit for lazy decay
    "normalized_growth": r0**2 + eta**2 * N,  # r^2 without decay
    "normalized_dense": eta * P / (lam * (2 - eta * lam)),  # r^2 at equilibrium
    "normalized_lazy": eta / (lam * (2 - eta * lam)),
    "sgd_alpha": sp.Rational(1, 4), "sgd_gamma": sp.Rational(1, 4), "lazy_alpha": sp.S.Zero,
    "normalized_alpha": sp.Rational(1, 2), "normalized_gamma": sp.S.Zero,
}  # fmt: skip
POWERS = {"sgd": 4, "normalized": 2}  # of the norm, in which the formulas are


def exponent(formula: sp.Expr, power: int, variable: sp.Symbol) -> sp.Expr:
    """``d ln r / d ln variable`` where ``formula`` is ``r**power``."""
    return variable * sp.diff(formula, variable) / (power * formula)


def _slope(formula: sp.Expr, power: int, variable: sp.Symbol, norm: str = "r") -> str:
    """How an exponent is written, with what is differentiated; the norm at rest is ``r_*``."""
    return rf"\frac{{d\ln {norm}}}{{d\ln {latex(variable)}}}\Big|_{{{norm}^{power} = {slashed(formula)}}}"


def statement(formulas: Formulas, gradient: Vector, probability: sp.Expr = P) -> Goal:
    """The mean of ``r^4`` after a step that visits the row with a probability."""
    following = sgd_decoupled_decay.step(vector(u), gradient, eta, lam)
    rest = sgd_decoupled_decay.step(vector(u), 0 * gradient, eta, lam)
    mean = probability * squared_norm(following) ** 2 + (1 - probability) * squared_norm(rest) ** 2
    return Equal(mean, formulas["sgd_mean_step"].subs(z, Norm(u) ** 4), r"\mathbb{E}\,\lVert u_{k+1}\rVert^4")


def velocity(formulas: Formulas) -> sp.Expr:
    """Of the mean of ``z`` in time ``eta k``, from the claimed equilibrium and rate, for ``q = eta G``."""
    return formulas["sgd_rate"] * (formulas["sgd_dense"].subs(G, Q / eta) - z)


def _flow(formulas: Formulas) -> Goal:
    moved = (formulas["sgd_mean_step"] - z).subs(G, Q / eta) / eta
    return Tends(moved, eta, velocity(formulas), at_zero=True, name=r"\lim_{\eta\to0,\ \eta G = q} \frac{\mathbb{E} z_{k+1} - z}{\eta}")


def _normalized(formulas: Formulas, probability: sp.Expr = P) -> Goal:
    """The mean of ``r^2`` is a linear recursion, whose fixed point is claimed."""
    following = sgd_decoupled_decay.step(vector(u), unit(TANGENT), eta, lam)
    mean = probability * squared_norm(following) + (1 - probability) * (1 - eta * lam) ** 2 * Norm(u) ** 2
    return All((
        Equal(mean, RHO * Norm(u) ** 2 + probability * eta**2, r"\mathbb{E}\,\lVert u_{k+1}\rVert^2"), _rests(formulas, probability, "X_*"),
    ))  # fmt: skip


def _rests(formulas: Formulas, probability: sp.Expr, at: str) -> Equal:
    star = formulas["normalized_dense"]
    return Equal(RHO * star + probability * eta**2 - star, sp.S.Zero, rf"\mathbb{{E}}\,r_{{k+1}}^2 - r_k^2\Big|_{{r_k^2 = {at}}}")


def _growth(formulas: Formulas, kind: str) -> Goal:
    """After many visits the exponents are those claimed, whatever the norm was at first."""
    formula, power = formulas[f"{kind}_growth"], POWERS[kind]
    return All(tuple(
        Tends(exponent(formula, power, x), N, formulas[f"{kind}_{name}"], name=_slope(formula, power, x))
        for x, name in ((N, "alpha"), (G, "gamma"))
    ))  # fmt: skip


def _balance(formulas: Formulas, kind: str, energy: sp.Expr = G) -> Goal:
    """The exponents at the equilibrium of dense decay."""
    formula, power = formulas[f"{kind}_dense"].subs(G, energy), POWERS[kind]
    return All((
        Equal(exponent(formula, power, P), formulas[f"{kind}_alpha"], _slope(formula, power, P, "r_*")),
        Equal(exponent(formula, power, G), formulas[f"{kind}_gamma"], _slope(formula, power, G, "r_*")),
    ))  # fmt: skip


def _lazy(formulas: Formulas, kind: str) -> Goal:
    """Time is counted in visits: every row has the equilibrium of a row that is visited at every step."""
    lazy, power = formulas[f"{kind}_lazy"], POWERS[kind]
    return All((
        Equal(formulas[f"{kind}_dense"].subs(P, 1), lazy, f"r_*^{power}"),
        Equal(exponent(lazy, power, P), formulas["lazy_alpha"], _slope(lazy, power, P, "r_*")),
        Equal(exponent(lazy, power, G), formulas[f"{kind}_gamma"], _slope(lazy, power, G, "r_*")),
    ))  # fmt: skip


def _positive(formulas: Formulas) -> Goal:
    """With dense decay; lazy decay has that of ``p = 1``."""
    return All(tuple(AtLeast(formulas[f"{kind}_dense"], sp.S.Zero, strict=True, name=f"r_*^{power}") for kind, power in POWERS.items()))


def _grown(formulas: Formulas) -> Goal:
    """SGD without decay: n equal drives in the lower end of the sandwich B4, which is above it by a logarithm at most."""
    drive = RECURSION["drive"]
    drives = N * drive
    parts = sp.Add.make_args(sp.expand(SANDWICH["upper_excess"].subs({A: drives, M: drive})))  # a constant and a logarithm
    return All((
        Equal(SANDWICH["lower"].subs(A, drives), formulas["sgd_growth"], r"z_0 + 2A\big|_{A = n\eta^2 G}"),
        *(Tends(part / formulas["sgd_growth"], N, sp.S.Zero) for part in parts),
    ))  # fmt: skip


def _added(formulas: Formulas) -> Goal:
    """Normalised steps without decay: exactly, visit by visit."""
    square = sp.Symbol("R", positive=True)
    after = squared_norm(sgd_decoupled_decay.step(vector(u), unit(TANGENT), eta, sp.S.Zero))
    slack = square - formulas["normalized_growth"].subs(N, 1 + COUNT)
    start = {square: r0**2 + eta**2, COUNT: sp.S.Zero}
    update = {square: square + eta**2, COUNT: COUNT + 1}
    solved = (square, GAP + formulas["normalized_growth"].subs(N, 1 + COUNT))
    return All((
        Equal(after, Norm(u) ** 2 + eta**2, r"\lVert u_{k+1}\rVert^2\big|_{\lambda=0}"),
        ByInduction(slack, start, update, solved, GAP, exact=True, shown=r"r_n^2 = r_0^2 + n\eta^2"),
    ))  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The mean step; SGD without decay, with dense and with lazy decay; the same for normalised steps."""
    return (
        Step("A step visits the row with probability $p$; otherwise it only decays.", statement(formulas, tangential_gradient()),
             concludes=True, case="SGD"),
        Step("With $q = \\eta G$ held fixed, in time $\\eta k$, the mean of $z = r^4$ moves at", _flow(formulas),
             concludes=True, case="SGD"),
        Step("SGD without decay: by the sandwich $n$ visits add $2n\\eta^2 G$ to $r^4$, and little more (what B4's excess is made"
             " of, over that),", _grown(formulas)),
        Step("so that after many visits $r \\propto n^{1/4} G^{1/4}$.", _growth(formulas, "sgd"),
             concludes=True, case="SGD without decay"),
        Step("SGD with dense decay: at equilibrium $r \\propto p^{1/4} G^{1/4}$.", _balance(formulas, "sgd"),
             concludes=True, case="SGD with dense decay"),
        Step("SGD with lazy decay, whose equilibrium is that of a row visited at every step, $p = 1$: the frequency is forgotten.",
             _lazy(formulas, "sgd"), concludes=True, case="SGD with lazy decay"),
        Step("A normalised step has no length of its own: the mean of $r^2$ obeys a linear recursion, exactly.", _normalized(formulas),
             concludes=True, case="normalised steps"),
        Step("Without decay every visit adds $\\eta^2$ to $R = r^2$,", _added(formulas)),
        Step("so that $r \\propto n^{1/2}$, whatever the energy.", _growth(formulas, "normalized"), concludes=True,
             case="normalised steps without decay"),
        Step("With dense decay $r \\propto p^{1/2}$.", _balance(formulas, "normalized"), concludes=True,
             case="normalised steps with dense decay"),
        Step("With lazy decay norms say nothing at all.", _lazy(formulas, "normalized"), concludes=True,
             case="normalised steps with lazy decay"),
        Step("All these equilibria are positive.", _positive(formulas), concludes=True,
             case="the equilibria with dense decay, of SGD and of normalised steps"),
    )  # fmt: skip


def _radial(formulas: Formulas) -> Witness:
    slanted = tangential_gradient() + unit(u)
    return Witness("gradients with a radial part", statement(formulas, slanted), Domain(ranges=_RANGES, orthogonal=((TANGENT, u),)))


def _visits_double(formulas: Formulas) -> Witness:
    moved = {**formulas, "normalized_dense": 2 * formulas["normalized_dense"]}
    double = 2 * P
    often = {**_RANGES, P: Interval(sp.S.Zero, P / double)}  # the double is a probability, too
    domain = Domain(ranges=often, orthogonal=((TANGENT, u),))
    goal, instead = _normalized(formulas, double), _rests(moved, double, "2X_*")
    return Witness("the probability doubles: the equilibrium moves", goal, domain, instead)


def _energy_follows_frequency(formulas: Formulas) -> Witness:
    energy = P * G
    goal, found = _balance(formulas, "sgd", energy), formulas["sgd_dense"].subs(G, energy)
    instead = All((Equal(exponent(found, POWERS["sgd"], P), 2 * formulas["sgd_alpha"], r"\frac{d\ln r_*}{d\ln p}"),
                   Equal(exponent(found, POWERS["sgd"], G), formulas["sgd_gamma"], r"\frac{d\ln r_*}{d\ln G}")))  # fmt: skip
    return Witness("an energy in proportion to frequency: the exponent in it doubles", goal, Domain(ranges=_RANGES), instead)


def _large_steps(formulas: Formulas) -> Witness:
    """The claimed equilibrium is no fixed point of the mean step itself."""
    star = formulas["sgd_dense"]
    return Witness("steps that are not small", Equal(formulas["sgd_mean_step"].subs(z, star), star), Domain(ranges=_RANGES))


_RANGES = {lam: Interval(sp.S.Zero, 1 / eta)}
CLAIM = Claim(
    id="frequency-exponents",
    chapter="imprint",
    label="C5",
    title="Frequency lengthens a row by its fourth root under SGD, its square root under normalised steps, not at all under lazy decay",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, and the gradient is taken where the step starts, so that it is"
                   r" orthogonal to $u$", perpendicular(TANGENT, u), _radial),
        Hypothesis("constant-visits", "every step visits the row with the same probability $p$, whatever the norm", witness=_visits_double),
        Hypothesis("energy-without-frequency", "$G$ is constant, and the same for rare and frequent rows",
                   witness=_energy_follows_frequency),
        Hypothesis("small-steps", r"$\eta \to 0$ with $\eta G$ fixed, so that a visit changes $r$ by little and $p \gg 4\eta\lambda$"
                   " (for SGD only)", witness=_large_steps),
        Hypothesis("decay-in-range", r"$0 < \eta\lambda < 1$ where there is decay, $0 < p \le 1$ ($p = 1$ is B6)", Domain(ranges=_RANGES)),
    ),
    letters={
        "n": "number of visits", "p": Letter("probability that a step visits the row", Interval(0, 1, high_open=False)),
        "q": r"$\eta G$, which is held fixed", "z": r"$\lVert u\rVert^4$", "r_k": r"$\lVert u_k\rVert$",
        "r_*": r"norm at the equilibrium", "X_*": "$r^2$ at the equilibrium of normalised steps",
    },
    steps=steps,
    evidence="rows visited at random over ladders of frequency and of energy: equilibria, growth and the exponents fitted",
    provenance=Provenance.DERIVED,
    references=(Reference("wan2021", "Wan, Zhu, Zhang, Sun, Spherical motion dynamics: learning dynamics of normalized neural network"),),
    derived_from=("decay-equilibrium", "norm-grows-as-fourth-root", "fourth-power-sandwich"),
    remark="Means: a rare row fluctuates about them, and below p ~ 4 eta lambda the mean says little (C6).",
)  # fmt: skip

"""B10b. Clipping at C: ``r^2`` grows by ``eta^2 C^2`` a step up to ``r = sqrt(G)/C``, then as SGD's; with decay hot rows saturate."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, tangential_gradient
from theory.kernel import All, AtLeast, ByInduction, Domain, Equal, Goal, Interval, Tends
from theory.notation import G, eta, lam, r, r0, u
from theory.optimizers import clipped_sgd, sgd_decoupled_decay
from theory.rule_hypotheses import rule_hypotheses
from theory.substance import ranges_within
from theory.typeset import latex
from theory.vectors import Norm, Vector, inner, squared_norm, vector

C = sp.Symbol("C", positive=True)  # threshold
K = sp.Symbol("K", nonnegative=True)  # number of steps
X = sp.Symbol("X", positive=True)  # r^2
Y = sp.Symbol("y", nonnegative=True)  # how far beyond a boundary
P = sp.Symbol("p", positive=True)  # eta lambda
SLACK = sp.Symbol("s", nonnegative=True)
FORMULAS = {
    "decay_factor": (1 - eta * lam) ** 2,  # of r^2
    "hot_growth": eta**2 * C**2,  # of r^2, while |g| >= C
    "cold_growth": eta**2 * G / r**2,  # after
    "crossover": sp.sqrt(G) / C,  # the norm at which |g| = C
    "hot_run": r0**2 + eta**2 * C**2 * K,  # r_K^2 without decay
    "crossover_step": (G / C**2 - r0**2) / (eta**2 * C**2),  # the last K up to which a run is hot
    "hot_equilibrium": C**2 * eta / (lam * (2 - eta * lam)),  # r_*^2
    "cold_equilibrium": eta * G / (lam * (2 - eta * lam)),  # r_*^4
    "hot_relaxation": (1 - eta * lam) ** 2,  # by which a deviation of r^2 from r_*^2 is multiplied in a step, exactly
    "cold_relaxation": 2 * (1 - eta * lam) ** 2 - 1,  # a small one
    "critical_energy": C**4 * eta / (lam * (2 - eta * lam)),  # from which the hot one is where the norm rests
    "cos_rotation": 1 - eta * lam,  # at either equilibrium
    "saturation": C * sp.sqrt(eta / (2 * lam)),  # r_* of hot rows for small eta lambda
}


def _hot(gradient: Vector) -> Vector:
    return clipped_sgd.step(vector(u), gradient, C, eta, lam, clipped=True)


def _step(formulas: Formulas, following: Vector, growth: str) -> Goal:
    right = formulas["decay_factor"] * r**2 + formulas[growth]
    return Equal(squared_norm(following), right.subs(r, Norm(u)), r"\lVert u_{k+1}\rVert^2")


def statement(formulas: Formulas, following: Vector) -> Goal:
    """The squared norm after a clipped step."""
    return _step(formulas, following, "hot_growth")


def _shorter(formulas: Formulas) -> Goal:
    """The rule takes the smaller growth: ``G = |g|^2 r^2`` beyond, and short of, ``C^2 r^2``."""
    gap = formulas["cold_growth"] - formulas["hot_growth"]
    at = formulas["crossover"].subs(G, C**2 * Norm(u) ** 2)
    return All((
        AtLeast(gap.subs(G, C**2 * r**2 * (sp.S.One + Y)), sp.S.Zero,
                name=r"\eta^2\bigl(\lVert g\rVert^2 - C^2\bigr)\big|_{\lVert g\rVert\ge C}"),
        AtLeast(-gap.subs(G, C**2 * r**2 / (sp.S.One + Y)), sp.S.Zero,
                name=r"\eta^2\bigl(C^2 - \lVert g\rVert^2\bigr)\big|_{\lVert g\rVert\le C}"),
        Equal(at, Norm(u), r"\frac{\sqrt G}{C}\Big|_{\lVert g\rVert = C}"),
    ))  # fmt: skip


def _hot_run(formulas: Formulas) -> Goal:
    """By induction on the number of steps."""
    claimed = formulas["hot_run"]
    return ByInduction(X - claimed, {X: r0**2, K: sp.S.Zero}, {X: X + formulas["hot_growth"], K: K + 1}, (X, claimed + SLACK), SLACK,
                       exact=True, name=r"\lVert u_K\rVert^2", shown=r"r_0^2 + \eta^2 C^2 K")  # fmt: skip


def fixed_points(formulas: Formulas) -> All:
    """Each growth makes up for the decay at its own equilibrium (the cold one free of roots)."""
    lost = 1 - formulas["decay_factor"]
    hot, cold = formulas["hot_equilibrium"], formulas["cold_equilibrium"]
    root = sp.sqrt(X)
    balance = (lost * X).subs(X, sp.sqrt(cold)) * sp.sqrt(cold)
    return All((Equal(lost * hot, formulas["hot_growth"], r"(1-\rho)\, r_{\mathrm{hot}}^2"),
                Equal(balance, (formulas["cold_growth"].subs(r, root) * X).subs(X, sp.sqrt(cold)),
                      r"(1-\rho)\, r_{\mathrm{cold}}^4")))  # fmt: skip


def _cold_multiplier(formulas: Formulas) -> Goal:
    """The slope of the recursion as a map of ``X = r^2``, at the equilibrium."""
    image = formulas["decay_factor"] * X + formulas["cold_growth"].subs(r, sp.sqrt(X))
    slope = sp.diff(image, X).subs(X, sp.sqrt(formulas["cold_equilibrium"]))
    return Equal(slope, formulas["cold_relaxation"], r"\frac{d \lVert u_{k+1}\rVert^2}{d \lVert u_k\rVert^2}\Big|_{r_{\mathrm{cold}}}")


def _rotation(formulas: Formulas) -> Goal:
    """Where a step keeps the norm, by the inner product that it keeps of the embedding, clipped or not."""
    return All(tuple(
        Equal(inner(vector(u), clipped_sgd.step(vector(u), tangential_gradient(), C, eta, lam, clipped=clipped)) / Norm(u) ** 2,
              formulas["cos_rotation"], rf"\langle u_k, u_{{k+1}}\rangle/r_{{\mathrm{{{which}}}}}^2")
        for which, clipped in (("hot", True), ("cold", False))))  # fmt: skip


def _which(formulas: Formulas) -> Goal:
    """At and above the critical energy the hot equilibrium is hot, at and below it the cold one is cold; one at it."""
    critical, hot = formulas["critical_energy"].subs(lam, P / eta), formulas["hot_equilibrium"].subs(lam, P / eta)
    cold, edge = formulas["cold_equilibrium"].subs(lam, P / eta), formulas["crossover"]
    above, below = critical * (sp.S.One + Y), critical / (sp.S.One + Y)
    return All((
        AtLeast(edge.subs(G, above) ** 2, hot, name=r"G/C^2\big|_{G\ge G_c}", shown=r"r_{\mathrm{hot}}^2"),
        AtLeast(cold.subs(G, below), edge.subs(G, below) ** 4, name=r"r_{\mathrm{cold}}^4\big|_{G\le G_c}",
                shown=r"(G/C^2)^2\big|_{G\le G_c}"),
        Equal(cold.subs(G, critical), hot**2, r"r_{\mathrm{cold}}^4\big|_{G=G_c}"),
    ))  # fmt: skip


CLIPPED = r"a clipped step, $\lVert g\rVert > C$"
HOT, COLD, EITHER = "clipped steps", "steps that are not clipped", "with decay"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """A leg of length eta C or eta |g|; where one turns into the other; the equilibria, and which of them is reached."""
    gradient = tangential_gradient()
    cold = clipped_sgd.step(vector(u), gradient, C, eta, lam, clipped=False)
    hot_run, edge = formulas["hot_run"], formulas["crossover"]
    star = formulas["hot_equilibrium"]
    rho = formulas["decay_factor"]
    return (
        Step("A clipped step is a leg of length $\\eta C$,", statement(formulas, _hot(gradient)), concludes=True, case=CLIPPED),
        Step("another one a leg of length $\\eta\\lVert g\\rVert$.", _step(formulas, cold, "cold_growth"), concludes=True,
             case="a step that is not, $\\lVert g\\rVert \\le C$"),
        Step("The growth is the smaller of both, which change places at $r = \\sqrt G/C$.", _shorter(formulas)),
        Step("Without decay a hot run is linear in $X = \\lVert u\\rVert^2$,", _hot_run(formulas), concludes=True,
             case=f"without decay, {HOT}"),
        Step("up to the step at which it crosses over.", Equal(hot_run.subs(K, formulas["crossover_step"]), edge**2,
                                                               r"\lVert u_K\rVert^2\big|_{K=K_c}"), concludes=True,
             case=f"without decay, {HOT}"),
        Step("With decay both growths have an equilibrium;", fixed_points(formulas), concludes=True, case=EITHER),
        Step("from the hot one any deviation of $\\lVert u\\rVert^2$ that stays hot is multiplied by",
             Equal(rho * (star + Y) + formulas["hot_growth"], star + formulas["hot_relaxation"] * Y,
                   r"f_{\mathrm{hot}}(r_{\mathrm{hot}}^2 + y)"),
             concludes=True, case=f"with decay, {HOT}"),
        Step("from the cold one a small deviation, as under SGD.", _cold_multiplier(formulas), concludes=True,
             case=f"with decay, {COLD}"),
        Step("At either the rotation is that of SGD.", _rotation(formulas), concludes=True, case=EITHER),
        Step("Which of them is reached is a matter of the energy.", _which(formulas), concludes=True, case=EITHER),
        Step("For small $\\eta\\lambda$ a hot row saturates at",
             Tends(star / formulas["saturation"] ** 2, eta, sp.S.One, at_zero=True,
                   name=r"r_{\mathrm{hot}}^2 \Big/ \frac{C^2\eta}{2\lambda}"), concludes=True, case=f"with decay, {HOT}"),
    )  # fmt: skip


def _not_clipped(formulas: Formulas) -> Witness:
    following = sgd_decoupled_decay.step(vector(u), tangential_gradient(), eta, lam)
    goal = statement(formulas, following)
    domain = Domain(ranges=ranges_within(goal, RANGES), orthogonal=((TANGENT, u),))
    return Witness("the gradient as it is", goal, domain, _step(formulas, following, "cold_growth"))


def _beyond_the_range(formulas: Formulas) -> Witness:
    star = formulas["hot_equilibrium"].subs(lam, 3 / eta)
    goal = Equal(sp.Abs(star), star, r"\lvert r_{\mathrm{hot}}^2\rvert")
    return Witness("eta lambda = 3: the embedding overshoots and grows without bound", goal, instead=Equal(star, -(C**2) * eta**2 / 3))


def _energy_changes(formulas: Formulas) -> Witness:
    """The cold equilibrium is one of its energy."""
    moved = {**formulas, "cold_growth": 2 * formulas["cold_growth"]}
    instead = {**moved, "cold_equilibrium": 2 * formulas["cold_equilibrium"]}
    goal = fixed_points(moved)
    inside = Domain(ranges=ranges_within(goal, RANGES))
    cold = replace(fixed_points(instead).goals[1], name=r"(1-\rho)\,2r_{\mathrm{cold}}^4")
    return Witness("the energy doubles: the old fixed point moves", goal, inside, cold)


RANGES = {lam: Interval(sp.S.Zero, sp.S.One / eta), P: Interval(sp.S.Zero, sp.S.One)}
CLAIM = Claim(
    id="clipped-steps-saturate",
    chapter="dynamics",
    label="B10b",
    title="Clipped steps grow as normalised ones up to a norm that the energy sets, then as SGD; with decay, hot rows saturate",
    formulas=FORMULAS,
    hypotheses=(
        *rule_hypotheses(statement, _hot, RANGES),
        Hypothesis("clipped", r"the step is $u_{k+1} = (1-\eta\lambda)u_k - \eta g_k\min(1, C/\lVert g_k\rVert)$", witness=_not_clipped),
        Hypothesis("constant-energy", "$G$ does not change (for crossover and equilibria)", witness=_energy_changes),
        Hypothesis("decay-in-range", r"$0 < p = \eta\lambda < 1$ (or $\lambda = 0$ where it says so)", Domain(ranges=RANGES),
                   _beyond_the_range),
    ),
    letters={
        "C": "threshold of clipping", "p": r"$\eta\lambda$", "K": "number of steps",
        "K_c": rf"number of steps at the crossover, ${latex(FORMULAS['crossover_step'])}$",
        "G_c": rf"energy from which rows at rest are clipped, ${latex(FORMULAS['critical_energy'])}$",
        r"\rho": r"decay factor of $\lVert u\rVert^2$, $(1 - \eta\lambda)^2$",
        r"f_{\mathrm{hot}}": r"what a clipped step makes of $\lVert u\rVert^2$",
        r"r_{\mathrm{hot}}": "the norm that clipped steps keep", r"r_{\mathrm{cold}}": "the norm that steps which are not clipped keep",
        "y": r"a deviation of $\lVert u\rVert^2$; where $G \le G_c$, $G = G_c/(1 + y)$",
    },
    steps=steps,
    evidence="clipped steps on both losses; hot runs, the step at which runs cross over, and on both sides equilibrium, its rotation and"
    " its multiplier, to rounding",
    provenance=Provenance.DERIVED,
    references=(Reference("pascanu2013", "Pascanu, Mikolov, Bengio, On the difficulty of training recurrent neural networks",
                          "for the update rule"),),
    derived_from=("sgd-step-is-pythagorean", "decay-equilibrium"),
    remark="Clipping cuts the norm's meaning off from above: r_*^2 = min(C^2 A, sqrt(G A)) with A = eta/(lambda (2 - eta lambda)), so all"
    " items hotter than G_c = C^4 A have one norm, and the others that of B6. The often quoted C sqrt(eta/(2 lambda)) is the limit for"
    " small eta lambda. A hot row relaxes at half of the rate of a cold one. The rotation is as blind to the energy as a hot row's norm.",
)  # fmt: skip

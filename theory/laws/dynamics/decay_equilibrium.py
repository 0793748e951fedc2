"""B6. Decoupled decay: ``r'^2 = rho r^2 + eta^2 G/r^2``, fixed point ``r*^4 = eta G/(lambda (2 - eta lambda))``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import SHARE, sgd_hypotheses, tangential_gradient
from theory.kernel import All, AtLeast, Domain, Equal, Goal, Interval, Solves, Tends, Within
from theory.letters import Letter
from theory.notation import G, eta, lam, r, t, u, z, z0
from theory.optimizers import sgd_decoupled_decay
from theory.typeset import latex
from theory.vectors import Norm, Vector, squared_norm, vector

RHO = sp.Symbol("rho", real=True)  # decay factor of r^2
X = sp.Symbol("X", positive=True)  # r^2
P = sp.Symbol("p", real=True)  # eta lambda
Q = sp.Symbol("q", positive=True)  # eta G, fixed as eta tends to 0
VELOCITY = 2 * Q - 4 * lam * z  # of z = r^4 in the modified equation
FORMULAS = {
    "decay_factor": (1 - eta * lam) ** 2,  # rho
    "next_squared_norm": RHO * r**2 + eta**2 * G / r**2,
    "equilibrium": eta * G / (lam * (2 - eta * lam)),  # r*^4
    "multiplier": 2 * RHO - 1,  # of a small deviation of r^2
    "contraction": 4 * RHO * (1 - RHO),  # 1 - multiplier^2
    "threshold": sp.Rational(1, 2),  # of rho, between oscillation and monotone approach
    "flow_equilibrium": eta * G / (2 * lam),  # z* of the modified equation
    "flow_rate": 4 * lam,  # its relaxation rate
}
FOLLOWING = sgd_decoupled_decay.step(vector(u), tangential_gradient(), eta, lam)


def statement(formulas: Formulas, following: Vector) -> Goal:
    """The squared norm after the step."""
    right = formulas["next_squared_norm"].subs(RHO, formulas["decay_factor"]).subs(r, Norm(u))
    return Equal(squared_norm(following), right, r"f(\lVert u\rVert^2) = \lVert u_{k+1}\rVert^2")


def _map(formulas: Formulas, at: sp.Expr, energy: sp.Expr = G) -> sp.Expr:
    """The recursion as a map of ``X = r^2``."""
    return formulas["next_squared_norm"].subs({r: sp.sqrt(at), G: energy}, simultaneous=True)


def fixed_point(formulas: Formulas, energy: sp.Expr = G) -> Equal:
    """``r*^2`` is mapped to itself (compared as ``X f(X) = X^2``, free of roots)."""
    image = sp.expand(X * _map(formulas, X, energy)).subs(RHO, formulas["decay_factor"])
    star = formulas["equilibrium"]
    return Equal(image.subs(X, sp.sqrt(star)), star, r"r_*^4 = r_*^2\, f(r_*^2)")


def _modified(formulas: Formulas) -> Goal:
    """The modified equation, with ``q = eta G``, from its equilibrium and rate."""
    star, rate = formulas["flow_equilibrium"], formulas["flow_rate"]
    solution = star + (z0 - star) * sp.exp(-rate * t)
    state = sp.Symbol("z", real=True)  # the equation is linear: it holds of any real z
    return Solves(solution, state, t, VELOCITY.subs(Q, eta * G).subs(z, state), z0)


def stability(formulas: Formulas) -> Goal:
    """The multiplier of a small deviation lies strictly inside the unit interval."""
    contraction = formulas["contraction"].subs(RHO, formulas["decay_factor"].subs(lam, P / eta))
    return AtLeast(contraction, sp.S.Zero, strict=True, name=rf"1 - f'(r_*^2)^2 = {latex(formulas['contraction'])}")


def contraction_from_anywhere(formulas: Formulas) -> Goal:
    """``|X f'(X)/f(X)| < 1`` at every ``X``, as ``f^2 > (X f')^2``: in ``ln r^2`` each step comes nearer to the fixed point."""
    f, left = _map(formulas, X), 4 * RHO * eta**2 * G
    positive = left.subs(RHO, formulas["decay_factor"].subs(lam, P / eta))
    return All((Equal(f**2 - (X * sp.diff(f, X)) ** 2, left, r"f(X)^2 - \bigl(X f'(X)\bigr)^2"),
                AtLeast(positive, sp.S.Zero, strict=True, name=latex(left))))  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The recursion; its fixed point; its stability; the modified equation and its solution."""
    star, rho = formulas["equilibrium"], formulas["decay_factor"]
    slope = sp.diff(_map(formulas, X), X).subs(X, sp.sqrt(eta**2 * G / (1 - RHO)))
    per_time = (_map(formulas, sp.sqrt(z)) ** 2).subs(RHO, rho) / eta - z / eta
    return (
        Step("Shrink, then step at a right angle.", statement(formulas, FOLLOWING), concludes=True),
        Step("For constant energy the fixed point $r_*^2$ of $f$ is, with its square,", fixed_point(formulas), concludes=True),
        Step("in terms of the decay factor $\\rho$,", Equal(eta**2 * G / (1 - rho), star, r"\frac{\eta^2 G}{1-\rho}")),
        Step("and it is positive.", AtLeast(star, sp.S.Zero, strict=True, name="r_*^4")),
        Step("A small deviation of $\\lVert u\\rVert^2$ is multiplied by",
             Equal(slope, formulas["multiplier"], "f'(r_*^2)"), concludes=True),
        Step("so that its square falls short of 1 by",
             Equal(1 - formulas["multiplier"] ** 2, formulas["contraction"], r"1 - f'(r_*^2)^2")),
        Step("which makes the fixed point stable for every $0 < \\eta\\lambda < 1$;", stability(formulas), concludes=True),
        Step("and from any norm each step brings $\\ln \\lVert u\\rVert^2$ nearer to it, since $|d\\ln f/d\\ln X| < 1$ for all $X ="
             " \\lVert u\\rVert^2$.",
             contraction_from_anywhere(formulas), concludes=True),
        Step("The multiplier changes sign at the threshold:",
             Equal(formulas["multiplier"].subs(RHO, formulas["threshold"]), sp.S.Zero, r"f'|_{\rho=1/2}")),
        Step("monotone above,", _on(formulas["multiplier"], formulas["threshold"], sp.S.One)),
        Step("oscillating below.", _on(-formulas["multiplier"], sp.S.Zero, formulas["threshold"])),
        Step("With $q = \\eta G$ held fixed, in time $t = \\eta k$ the fourth power $z = \\lVert u\\rVert^4$ moves to first order"
             " at the velocity",
             Tends(per_time.subs(G, Q / eta), eta, VELOCITY, at_zero=True,
                   name=r"\lim_{\eta\to0,\ \eta G = q} \frac{z_{k+1}-z_k}{\eta}\Big|_{z_k = z}")),
        Step("So it obeys the modified equation; its solution, by substitution and initial value.", _modified(formulas), concludes=True),
        Step("The equilibrium $z_*$ of that equation is the recursion's as $\\eta\\lambda \\to 0$.",
             Tends(star / formulas["flow_equilibrium"], eta, sp.S.One, at_zero=True, name=r"r_*^4/z_*")),
    )  # fmt: skip


def _on(expr: sp.Expr, low: sp.Expr, high: sp.Expr) -> Goal:
    """``expr > 0`` for ``low < rho < high``."""
    return Within(AtLeast(expr, sp.S.Zero, strict=True, name=latex(expr)), {RHO: Interval(low, high)})


def _energy_changes(formulas: Formulas) -> Witness:
    goal = fixed_point(formulas, energy=2 * G)
    moved = Equal(goal.left, formulas["equilibrium"] + eta**2 * G, r"r_*^2\, f(r_*^2)")
    return Witness("the energy doubles: the old fixed point moves", goal, Domain(ranges={lam: _RANGES[lam]}), moved)


def _overshoots(formulas: Formulas) -> Witness:
    left = formulas["contraction"].subs(RHO, sp.Rational(9, 4))
    goal = AtLeast(left, sp.S.Zero, strict=True, name=r"1 - f'(r_*^2)^2")
    return Witness("eta lambda = 5/2, so rho = 9/4: a step lengthens the embedding", goal,
                   instead=Equal(left, goal.right - sp.Rational(45, 4)))  # fmt: skip


_RANGES = {lam: Interval(sp.S.Zero, 1 / eta), P: Interval(sp.S.Zero, sp.S.One)}
CLAIM = Claim(
    id="decay-equilibrium",
    chapter="dynamics",
    label="B6",
    title="With decoupled decay the norm relaxes to an equilibrium set by the gradient energy",
    formulas=FORMULAS,
    hypotheses=(
        *sgd_hypotheses(statement, decay_ranges=_RANGES),
        Hypothesis("constant-energy", "$G$ does not change (for all but the step $f$ itself)", witness=_energy_changes),
        Hypothesis("decay-in-range",
                   r"the step is $u_{k+1} = (1 - p)u_k - \eta g_k$ with $0 < p = \eta\lambda < 1$; $\rho = (1 - p)^2$",
                   Domain(ranges=_RANGES), _overshoots),
    ),
    letters={
        "rho": Letter("decay factor of the squared norm", SHARE), "t": r"time, $\eta$ times the number of steps",
        "X": r"any value of $\lVert u\rVert^2$", "z": r"$\lVert u\rVert^4$ by the modified equation",
    },
    steps=steps,
    evidence="decaying runs: recursion to rounding, fixed point and its multiplier; at fixed time against the modified equation's"
    " solution, over a ladder of steps: order 1 and limit",
    provenance=Provenance.RECONSTRUCTED,
    references=(
        Reference("vanlaarhoven2017", "van Laarhoven, L2 regularization versus batch and weight normalization"),
        Reference("loshchilov2019", "Loshchilov, Hutter, Decoupled weight decay regularization"),
    ),
    derived_from=("sgd-step-is-pythagorean",),
)

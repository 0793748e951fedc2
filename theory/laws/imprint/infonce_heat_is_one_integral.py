"""C3a. What the softmax's saturation leaves of the heat of InfoNCE, for one positive and n negatives drawn uniformly.

Given the cosines ``t`` of the positive and ``s_j`` of the negatives the mean energy is
``tau^-2 ((1 - p_+)^2 (1 - t^2) + sum_j p_j^2 (1 - s_j^2))``. Its mean over them is an integral over one variable x: with
``T_k = E[(1 - t^2)^k exp(-x a)]``, ``a = exp(t/tau)``, and ``F``, ``F_1 = -F'``, ``F_2 = F''`` and ``Psi`` likewise of one
negative's ``z = exp(s/tau)``, ``G = int_0^oo x (T_1 (F^n)'' + n T_0 Psi F^(n-1)) dx / tau^2``.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import Equal, Goal, Interval
from theory.letters import COSINE, PROBABILITY, Letter
from theory.notation import n, positive_candidate, tau, u
from theory.vectors import Cosine, Vector, direction, inner, squared_norm, tangential, unit

MISS, P = sp.Symbol("q", positive=True), sp.Symbol("p", positive=True)  # 1 - p_+ and p_j
T, S = sp.symbols("t s", real=True)  # cosines of the positive and of a negative with u
X, A, Z, OTHER = sp.symbols("x a z z'", positive=True)
F, F1, F2, T0, T1, PSI = sp.symbols("F F_1 F_2 T_0 T_1 Psi", positive=True)
MOMENT, NEGATIVES = sp.symbols("M N", positive=True)  # the second and the third formula, in the last
FORMULAS = {
    "positive_part": MISS**2 * (1 - T**2) / tau**2,
    "negative_part": P**2 * (1 - S**2) / tau**2,
    "second_moment": n * F2 * F ** (n - 1) + n * (n - 1) * F1**2 * F ** (n - 2),  # E[Z^2 exp(-x Z)], Z the sum of n
    "negatives": n * PSI * F ** (n - 1),  # E[sum_j (1 - s_j^2) z_j^2 exp(-x Z)]
    "heat_density": X * (T1 * MOMENT + T0 * NEGATIVES) / tau**2,
}
ONE, TWO = direction("v_1"), direction("v_2")
P1, P2 = sp.symbols("p_1 p_2", positive=True)


def density(formulas: Formulas) -> sp.Expr:
    """The integrand in x."""
    return formulas["heat_density"].subs({MOMENT: formulas["second_moment"], NEGATIVES: formulas["negatives"]}, simultaneous=True)


def mirrored(v: Vector) -> Vector:
    """The vector on the other side of the row's axis, at the same cosine with it."""
    return v - 2 * tangential(u, v)


def energy(plus: Vector, one: Vector, two: Vector) -> sp.Expr:
    """tau^2 |g~|^2 with two negatives, of probabilities p_1 and p_2 (A6)."""
    return squared_norm(tangential(u, (P1 + P2) * plus - P1 * one - P2 * two))


def _sides(v: Vector) -> tuple[Vector, Vector]:
    return v, mirrored(v)


def averaged(formulas: Formulas, mirror: bool = True) -> Equal:
    """The mean over the mirror images of each negative, or what a single configuration has."""
    plus, one, two = (unit(x) for x in (positive_candidate, ONE, TWO))
    images = [energy(plus, a, b) for a in _sides(one) for b in _sides(two)] if mirror else [energy(plus, one, two)]
    claimed = formulas["positive_part"].subs({MISS: P1 + P2, T: Cosine(u, positive_candidate)}, simultaneous=True)
    claimed += sum(formulas["negative_part"].subs({P: p, S: Cosine(u, x)}, simultaneous=True) for p, x in ((P1, ONE), (P2, TWO)))
    return Equal(sp.Add(*images) / len(images) / tau**2, claimed, r"\mathbb{E}[\lVert\tilde g\rVert^2 \mid t, s_1, s_2]")


def _no_cross_term() -> Goal:
    """Of any two candidates, in a mean over the mirror images of one of them."""
    one, two = unit(ONE), unit(TWO)
    both = sp.Add(*(inner(tangential(u, x), tangential(u, two)) for x in _sides(one)))
    return Equal(both, sp.S.Zero, r"\langle P v_1, P v_2\rangle + \langle P v_1', P v_2\rangle")


def _laplace() -> Goal:
    """``1/b^2`` is the integral of ``x exp(-b x)``: its antiderivative, which is -1/b^2 at 0 and vanishes at infinity."""
    b = A + Z
    return Equal(sp.diff(-(X / b + 1 / b**2) * sp.exp(-b * X), X), X * sp.exp(-b * X), r"\frac{d}{dx}\Bigl(-\frac{bx+1}{b^2}e^{-bx}\Bigr)")


def moment(formulas: Formulas, whole: sp.Expr, one: sp.Expr) -> Equal:
    """``E[Z^2 exp(-x Z)]`` is the second derivative of ``whole = E exp(-x Z)``; ``one`` is that of one negative."""
    claimed = formulas["second_moment"].subs({F: one, F1: -sp.diff(one, X), F2: sp.diff(one, X, 2)}, simultaneous=True)
    return Equal(sp.diff(whole, X, 2), claimed, r"\mathbb{E}[Z^2 e^{-xZ}]")


def assembled(formulas: Formulas) -> Equal:
    """Where nothing fluctuates the integrand is ``x exp(-x (a + n z))`` times ``(a + n z)^2`` times both parts."""
    fixed = {F: sp.exp(-X * Z), F1: Z * sp.exp(-X * Z), F2: Z**2 * sp.exp(-X * Z), PSI: (1 - S**2) * Z**2 * sp.exp(-X * Z),
             T0: sp.exp(-X * A), T1: (1 - T**2) * sp.exp(-X * A)}  # fmt: skip
    parts = formulas["positive_part"].subs(MISS, n * Z / (A + n * Z)) + n * formulas["negative_part"].subs(P, Z / (A + n * Z))
    right = X * sp.exp(-X * (A + n * Z)) * sp.Add(*(sp.cancel(part * (A + n * Z) ** 2) for part in sp.Add.make_args(parts)))
    return Equal(density(formulas).subs(fixed, simultaneous=True), right, "x(T_1 (F^n)'' + n T_0 \\Psi F^{n-1})/\\tau^2")


INTEGRAL = (r"the integrand of $\mathbb E\lVert\tilde g\rVert^2 = \frac{1}{\tau^2}\int_0^\infty x(T_1 (F^n)'' + nT_0\Psi F^{n-1})\,dx$,"
            " shown where nothing fluctuates ($t$, and one $s$ of all negatives)")  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Cross terms; the energy given the cosines; the sum of exponentials; the integrand."""
    one = sp.Function("F", positive=True)(X)
    return (
        Step("Candidates lie evenly on all sides of the row: with $P$ the projection off $u$ and $v_1'$ the mirror image of $v_1$ in the"
             " axis of $u$, no cross term is left.", _no_cross_term()),
        Step("Given the cosines only squares are left, here for two negatives; of more, every pair goes likewise.", averaged(formulas),
             concludes=True, case="given the cosines, with two negatives (of more, every pair goes likewise)"),
        Step("Probabilities are quotients over $b = a + Z$, $Z = \\sum_j z_j$, and $1/b^2 = \\int_0^\\infty x e^{-bx} dx$; here with"
             " $Z = z$, of one negative.", _laplace()),
        Step("Negatives are independent: $\\mathbb{E}[Z^2 e^{-xZ}]$ is the second derivative of $F^n$.", moment(formulas, one**n, one),
             concludes=True, case="$n$ independent negatives"),
        Step("Together, shown where nothing fluctuates: the integrand is $x e^{-bx}$, $b = a + nz$, times $b^2$ times the heat; each factor"
             " of it is the mean over one cosine.", assembled(formulas), concludes=True,
             case=INTEGRAL),
    )  # fmt: skip


def _one_sided(formulas: Formulas) -> Witness:
    goal = averaged(formulas, mirror=False)
    mixed = 2 * sp.Add(*(w * inner(tangential(u, unit(x)), tangential(u, unit(y))) for w, x, y in (
        (P1 * P2, ONE, TWO), (-P1 * (P1 + P2), ONE, positive_candidate), (-P2 * (P1 + P2), TWO, positive_candidate))))  # fmt: skip
    return Witness("negatives that stay where they are", goal, instead=Equal(goal.left, goal.right + mixed / tau**2, goal.name))


def _copies(formulas: Formulas) -> Witness:
    """``E exp(-x Z) = F(n x)`` and not ``F^n``; one negative is z or z', as often."""
    one = (sp.exp(-X * Z) + sp.exp(-X * OTHER)) / 2
    goal = moment(formulas, one.subs(X, n * X), one)
    squares = n**2 * (Z**2 * sp.exp(-n * X * Z) + OTHER**2 * sp.exp(-n * X * OTHER)) / 2
    return Witness("n copies of one negative, of one of two values, $z$ and $z'$", goal, instead=Equal(goal.left, squares, goal.name))


def _exactly(value: sp.Expr) -> Interval:
    return Interval(value, value, low_open=False, high_open=False)


CLAIM = Claim(
    id="infonce-heat-is-one-integral",
    chapter="imprint",
    label="C3a",
    title="The heat of InfoNCE with its softmax saturating is an integral over one variable",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("even-on-all-sides", r"given their cosines with $u$, candidates lie evenly and independently on all sides of it",
                   witness=_one_sided),
        Hypothesis("independent-negatives", "the $n$ negatives are drawn independently, from one distribution", witness=_copies),
    ),
    letters={
        "p_1": Letter("weight of $v_1$: its softmax probability, or any other", PROBABILITY),
        "p_2": Letter("weight of $v_2$ likewise", Interval(sp.S.Zero, 1 - P1)), "t": Letter("cosine of the positive with $u$", COSINE),
        "s": Letter("cosine of a negative with $u$", COSINE), "a": Letter(r"$e^{t/\tau}$", _exactly(sp.exp(T / tau))),
        "z": Letter(r"$e^{s/\tau}$", _exactly(sp.exp(S / tau))), "s_1": "cosine of $v_1$ with $u$", "s_2": "cosine of $v_2$ with $u$",
        "Z": "sum of $z$ over the $n$ negatives", "x": Letter("variable of the integral", Interval(sp.S.Zero, sp.Rational(1, 8))),
        "F": Letter("mean of $e^{-xz}$", Interval(sp.S.Half, sp.Rational(3, 4))), "F'": Letter("$F'$", Interval(-sp.S.Half, sp.S.Zero)),
        "F''": Letter("$F''$", Interval(sp.S.Half, sp.S.One)), "T_0": "mean of $e^{-xa}$",
        "T_1": "mean of $(1 - t^2)e^{-xa}$", r"\Psi": "mean of $(1 - s^2)z^2e^{-xz}$",
    },
    steps=steps,
    evidence="mirror images at fixed cosines, to rounding; von Mises-Fisher positives and uniform negatives against the integral,"
    " kappa from 1 to 256, d from 4 to 256; the integral over a grid: it falls with kappa",
    provenance=Provenance.DERIVED,
    derived_from=("infonce-gradient-is-projected-residual", "specific-rows-are-short"),
    remark="The kernel decides the integrand; the integral itself is a quadrature with an error bound, compared with simulation."
    " Computed, not proved: over a grid of kappa from 1 to 256, d from 4 to 256, tau from 0.05 to 2 and n from 1 to 64 it falls from each"
    " kappa to the next, by more than the quadrature's error bounds. It is not below the heat of the linear loss everywhere (it is above at"
    " d = 4, kappa = 256, tau = 2, n = 1), as negatives heat besides.",
)

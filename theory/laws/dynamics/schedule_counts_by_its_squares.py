"""B9a. Under a schedule ``eta f_k`` without decay only ``S = sum f_k^2`` counts: ``z_K = z_0 + 2 eta^2 G S``, and barely more."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.hypotheses import sgd_hypotheses, tangential_gradient
from theory.kernel import AtLeast, ByInduction, Domain, Equal, Goal, Interval
from theory.laws.dynamics.fourth_power_recursion import FORMULAS as RECURSION
from theory.notation import G, a, eta, u, z, z0
from theory.optimizers import sgd
from theory.vectors import Norm, Vector, squared_norm, vector

F = sp.Symbol("f", real=True)  # factor of the learning rate at a step
S = sp.Symbol("S", nonnegative=True)  # sum of f^2 so far
Q = sp.Symbol("Q", nonnegative=True)  # sum of f^4 so far
GAP, SLACK = sp.Symbol("h", nonnegative=True), sp.Symbol("s", nonnegative=True)
FORMULAS = {
    "drive": (eta * F) ** 2 * G,  # of a step
    "lower": z0 + 2 * eta**2 * G * S,  # <= z_K
    "excess": eta**4 * G**2 * Q / z0,  # z_K - lower is at most this
    "relative": eta**2 * G / (2 * z0),  # the excess over the growth of the lower bound is at most this
}
UPDATE = {S: S + F**2, Q: Q + F**4}


def statement(formulas: Formulas, following: Vector, factor: sp.Expr = sp.S.One, energy: sp.Expr = G) -> Goal:
    """The fourth power of the norm after a step at this factor of the learning rate."""
    drive = formulas["drive"].subs({F: factor, G: energy}, simultaneous=True)
    claimed = RECURSION["next_fourth_power"].subs({z: Norm(u) ** 4, a: drive}, simultaneous=True)
    return Equal(squared_norm(following) ** 2, claimed, "z_{k+1}")


def _lower(formulas: Formulas) -> Goal:
    following = RECURSION["next_fourth_power"].subs(a, formulas["drive"])
    return ByInduction(z - formulas["lower"], {z: z0, S: sp.S.Zero}, {z: following, S: UPDATE[S]}, (z, formulas["lower"] + SLACK), SLACK,
                       starts_equal=True, name=r"z_K \ge", shown=r"z_K \ge z_0 + 2\eta^2 G\sum_{k<K} f_k^2")  # fmt: skip


def _upper(formulas: Formulas) -> Goal:
    """By the lower bound, ``z = lower + gap`` with ``gap >= 0``, in the one term in which ``z`` divides."""
    following = RECURSION["next_fourth_power"].subs(a, formulas["drive"]).subs(z, formulas["lower"] + GAP)
    update = {GAP: following - formulas["lower"].subs(UPDATE), **UPDATE}
    per_unit, nothing = formulas["excess"] / Q, {S: sp.S.Zero, Q: sp.S.Zero}
    start = {GAP: z0 - formulas["lower"].subs(nothing), **nothing}
    return ByInduction(formulas["excess"] - GAP, start, update, (Q, (GAP + SLACK) / per_unit), SLACK,
                       starts_equal=True, name=r"z_K \le",
                       shown=r"z_K \le z_0 + 2\eta^2 G\sum_{k<K} f_k^2 + \frac{\eta^4G^2}{z_0}\sum_{k<K} f_k^4")  # fmt: skip


def smaller_powers(formulas: Formulas) -> Goal:
    """With factors of at most 1 the fourth powers add up to no more than the squares, so the excess to ``relative`` of the growth."""
    grown = (formulas["lower"] - formulas["lower"].subs(S, 0)) * formulas["relative"]
    slack = grown - formulas["excess"]
    per_unit = sp.diff(formulas["excess"], Q)
    return ByInduction(slack, {S: sp.S.Zero, Q: sp.S.Zero}, UPDATE, (Q, (grown - SLACK) / per_unit), SLACK, starts_equal=True,
                       name=r"\text{excess} \le",
                       shown=r"\frac{\eta^4G^2}{z_0}\sum f_k^4 \le \frac{\eta^2G}{2z_0}\cdot 2\eta^2G\sum f_k^2")  # fmt: skip


def _attained(formulas: Formulas) -> Goal:
    grown = formulas["lower"] - formulas["lower"].subs(S, 0)
    return Equal(formulas["excess"].subs(Q, S), formulas["relative"] * grown, r"\frac{\eta^4G^2}{z_0}\sum f_k^4\Big|_{f_k = 1}")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """A step; the lower bound; the upper bound; how little lies between them."""
    step = sgd.step(vector(u), tangential_gradient(), eta * F)
    return (
        Step("A step at the learning rate $\\eta f_k$ drives the fourth power by $(\\eta f_k)^2 G$.",
             statement(formulas, step, F), concludes=True),
        Step("Lower bound, by induction, with $S$ for the sum of the $f_k^2$ so far.", _lower(formulas), concludes=True),
        Step("Upper bound, by induction: $z_k$ divides, and is never below $z_0$. Here $Q$ is the sum of the $f_k^4$ so far, and $h$ what"
             " $z_k$ is above the lower bound.", _upper(formulas), concludes=True),
        Step("The excess is a small share of the growth, by induction.", smaller_powers(formulas), concludes=True),
        Step("Under constant factors it is that share.", _attained(formulas)),
        Step("Neither is below $z_0$: the norm grows under any schedule.",
             AtLeast(formulas["lower"], z0, name=r"z_0 + 2\eta^2 G\sum f_k^2")),
    )  # fmt: skip


def _energy_changes(formulas: Formulas) -> Witness:
    twice = sgd.step(vector(u), sp.sqrt(2) * tangential_gradient(), eta)
    words = "the energy has doubled"
    usual = sgd_hypotheses(statement)[0].content
    return Witness(words, statement(formulas, twice), usual, statement(formulas, twice, energy=2 * G))


def _above_one(formulas: Formulas) -> Witness:
    goal = smaller_powers(formulas)
    outgrown = AtLeast(UPDATE[Q].subs(Q, S), UPDATE[S], strict=True, name="S + f^4", shown="S + f^2")
    return Witness("a factor above 1: fourth powers outgrow squares", goal, Domain({F: Interval(sp.S.One, sp.oo)}), outgrown)


RANGE = Interval(sp.S.Zero, sp.S.One, low_open=False, high_open=False)
CLAIM = Claim(
    id="schedule-counts-by-its-squares",
    chapter="dynamics",
    label="B9a",
    title="Without decay a schedule counts by the sum of its squares, up to a small excess",
    formulas=FORMULAS,
    hypotheses=(
        *sgd_hypotheses(statement),
        Hypothesis("constant-energy", "$G$ is the same at every step", witness=_energy_changes),
        Hypothesis("factors-up-to-one", r"$0 \le f_k \le 1$: $\eta$ is the largest learning rate", Domain({F: RANGE}), _above_one),
    ),
    letters={
        "K": "number of steps", "f": r"factor $f_k$ of a step, whose learning rate is $\eta f_k$", "z_{k+1}": r"$\lVert u_{k+1}\rVert^4$",
        "z_K": r"$\lVert u_K\rVert^4$",
    },
    steps=steps,
    evidence="runs under every schedule, and under random ones: final fourth powers between the bounds, up to rounding; one step attains"
    " the upper one, constant factors the share",
    provenance=Provenance.DERIVED,
    derived_from=("fourth-power-recursion", "fourth-power-sandwich"),
    remark="Which steps were the large ones does not matter, beyond the excess. What it does to the meaning: if all items are seen under"
    " the same factors, all fourth powers grow by 2 eta^2 G times one and the same sum S of the f_k^2; an item"
    " seen mostly late in a decaying schedule is shorter.",
)  # fmt: skip

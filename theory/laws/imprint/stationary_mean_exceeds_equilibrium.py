"""C0a. Where ``r^2`` fluctuates, its stationary mean ``m`` is above the mean map's fixed point ``X*``, and by how much.

With ``c = E[r^2] E[1/r^2] - 1``: ``m - X* = c V*^2/((2 - p) m + V*^2/X*)``, so that ``X* <= m <= (1 + c) X*``. Heat that
fluctuates by a relative variance ``gamma``, at a steady radial part, gives a ``c`` of first order in ``p = eta lambda``.
"""

from __future__ import annotations

from functools import cache

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import All, AtLeast, Domain, Equal, Goal, Interval, Tends
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, V_STAR, P, X, mean_map
from theory.laws.imprint.drift_heat_decay_equilibrium import FORMULAS as STEP
from theory.letters import Letter
from theory.typeset import latex, slashed

MEAN, STAR = sp.Symbol("m", positive=True), sp.Symbol("X_*", positive=True)  # of r^2, and the mean map's fixed point
C = sp.Symbol("c", nonnegative=True)
GAMMA = sp.Symbol("gamma", nonnegative=True)  # variance of r^2 |s|^2 over the square of its mean
SIGMA = sp.Symbol("sigma", positive=True)  # radial noise in a witness, relative to the root of the heat
FORMULAS = {
    "spread": (X - MEAN) ** 2 / (X * MEAN),  # its mean is c
    "excess": C * V_STAR**2 / ((2 - P) * MEAN + V_STAR**2 / STAR),  # of m above X*
    "ceiling": C * STAR,  # what the excess is at most
    "closure": GAMMA * V_STAR**4 / (4 * STAR**4 * (1 + V_STAR**2 / (2 * STAR**2))),  # c/p as p tends to 0
}


def _tangent(image: sp.Expr) -> sp.Expr:
    """At ``m``; over X with mean m its mean is the image of m."""
    return image.subs(X, MEAN) + sp.diff(image, X).subs(X, MEAN) * (X - MEAN)


def closure(formulas: Formulas, image: sp.Expr) -> Equal:
    """The map is its tangent and a defect made of the spread."""
    return Equal(image, _tangent(image) + P * V_STAR**2 * formulas["spread"] / MEAN, "f(X)")


def _is_spread(formulas: Formulas) -> Goal:
    """``m/X`` likewise: the mean of ``m/X - 1`` is that of the spread, and not negative."""
    return All((Equal(MEAN / X - 1, -(X - MEAN) / MEAN + formulas["spread"], r"\frac{m}{X} - 1"),
                AtLeast(formulas["spread"], sp.S.Zero, name=latex(formulas["spread"]))))  # fmt: skip


def _drift() -> sp.Expr:
    """``D*`` in terms of the fixed point: the one for which ``f(X*) = X*``."""
    return ((2 - P) * STAR - V_STAR**2 / STAR) / (2 * (1 - P))


def _has_fixed_point() -> Goal:
    return Equal(mean_map(STEP, STAR).subs(D_STAR, _drift()), STAR, rf"f(X_*)\big|_{{D_* = {slashed(_drift())}}}")


def excess(formulas: Formulas, after: sp.Expr = MEAN, short: sp.Expr = sp.S.Zero) -> Equal:
    """The mean above the fixed point, where ``c`` is what ``E f(X) = after`` makes it, less what it is ``short`` of that."""

    def claimed(spread: sp.Expr) -> sp.Expr:
        return sp.sympify(formulas["excess"]).subs(C, spread - short)

    return Equal(claimed(_balance(after)), MEAN - STAR, latex(claimed(C)))


@cache
def _balance(after: sp.Expr) -> sp.Expr:
    return sp.solve(mean_map(STEP, MEAN).subs(D_STAR, _drift()) + P * V_STAR**2 * C / MEAN - after, C)[0]


HEAT_NOISE = P**2 * V_STAR**4 * GAMMA / STAR**2  # variance of eta^2 |s|^2, whose mean is p V*^2/X*
RADIAL_NOISE = 4 * P * V_STAR**2 * SIGMA**2  # of 2 eta <u, s>, of variance sigma^2 H, to leading order


def variance(noise: sp.Expr) -> sp.Expr:
    """The stationary ``W = f'^2 W + noise`` of a small deviation that is multiplied by ``f'`` at every step."""
    return noise / (1 - sp.diff(mean_map(STEP), X).subs(X, STAR) ** 2)


def shrinks(formulas: Formulas, noise: sp.Expr) -> Goal:
    """The relative variance, which is ``c`` to leading order, over p."""
    ratio = variance(noise) / (STAR**2 * P)
    return Tends(ratio, P, formulas["closure"], at_zero=True, name=r"\lim_{p\to0} \frac{W}{p X_*^2}")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The mean of the map; the spread; the excess and its bounds; how the spread vanishes."""
    return (
        Step("The map is its tangent at $m$, and a defect. Over $X$ with $\\mathbb{E}X = m$: $\\mathbb{E}f(X) = f(m) + p V_*^2 c/m$.",
             closure(formulas, mean_map(STEP)), concludes=True),
        Step("Here $c = \\mathbb{E}[X]\\,\\mathbb{E}[1/X] - 1$ is the mean of the spread: likewise, and not negative.",
             _is_spread(formulas), concludes=True),
        Step("$D_*$ in terms of the fixed point.", _has_fixed_point()),
        Step("Stationary means $\\mathbb{E}f(X) = m$; solved for $c$, and put into the excess:", excess(formulas), concludes=True),
        Step("So the mean is not below the fixed point,", AtLeast(formulas["excess"], sp.S.Zero, name="m - X_*"), concludes=True),
        Step("and above it by a share $c$ at most.",
             AtLeast(formulas["ceiling"], formulas["excess"], name=latex(formulas["ceiling"]), shown="m - X_*"), concludes=True),
        Step("A small deviation that is multiplied by $f'(X_*)$ and gets a noise of variance $Q$"
             " ($\\gamma$ is the relative variance of $\\lVert s\\rVert^2$) has the stationary variance"
             " $W = Q/(1 - f'(X_*)^2)$, here of $Q = \\gamma p^2 V_*^4/X_*^2$, which vanishes with $p$ where only the heat"
             " fluctuates: $c$ is of first order in $p$.",
             shrinks(formulas, HEAT_NOISE), concludes=True),
    )  # fmt: skip


def _moving(formulas: Formulas) -> Witness:
    """Before it has come to rest the mean moves; here it grows by ``p m`` a step."""
    after, short = MEAN + P * MEAN, MEAN**2 / V_STAR**2
    goal = excess(formulas, after)
    return Witness("the mean still grows by p m a step", goal, _RANGE, excess(formulas, after, short=short))


def _swelling(formulas: Formulas) -> Witness:
    image = mean_map(STEP, root=sp.sqrt(X))
    words = "steps of one length whatever the norm: heat grows with r^2, and the map is its tangent"
    return Witness(words, closure(formulas, image), _RANGE, Equal(image, _tangent(image), "f(X)"))


def _radial(formulas: Formulas) -> Witness:
    left = 2 * V_STAR**2 * SIGMA**2 / (2 * STAR**2 + V_STAR**2)
    instead = Tends(variance(RADIAL_NOISE) / STAR**2, P, left, at_zero=True, name=r"\lim_{p\to0} \frac{W}{X_*^2}")
    words = r"radial noise alone, of variance $\sigma^2 H$: the spread of $r^2$ does not vanish with $p$"
    return Witness(words, shrinks(formulas, RADIAL_NOISE), _RANGE, instead)


_RANGE = Domain(ranges={P: Interval(sp.S.Zero, sp.S.One)})
CLAIM = Claim(
    id="stationary-mean-exceeds-equilibrium",
    chapter="imprint",
    label="C0a",
    title="The stationary mean of the squared norm is above the mean equilibrium, by its spread at most",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("stationary", r"the mean $m$ of $r^2$ is the same after a step as before", witness=_moving),
        Hypothesis("steady-heat", r"$D$ and $H$, given $u$, do not depend on $r$", witness=_swelling),
        Hypothesis("steady-radial-part", r"$\langle u, s\rangle = -D$ at every step: only $\lVert s\rVert^2$ fluctuates (for $c$'s order)",
                   witness=_radial),
        Hypothesis("decay-in-range", r"$0 < p = \eta\lambda < 1$", _RANGE),
    ),
    letters={
        "c": r"spread, $\mathbb E[X]\,\mathbb E[1/X] - 1$", "D": r"drift, $-\mathbb E\langle u, s\rangle$",
        "H": r"heat, $\lVert u\rVert^2\,\mathbb E\lVert s\rVert^2$", "D_*": r"$D/\lambda$", "V_*": r"$V_*^2$ is $\eta/\lambda$ times $H$",
        "X": r"$\lVert u\rVert^2$", "f": "what a step makes of $X$ in the mean", "X_*": "fixed point of $f$",
        r"\gamma": r"variance of $\lVert s\rVert^2$ over the square of its mean", "W": "stationary variance of $X$",
        "m": Letter("mean of $X$", Interval(STAR, sp.oo)),
    },
    steps=steps,
    evidence="noisy runs, six drifts of both signs: mean of r^2 against drift and heat measured along the run, and the spread over p",
    provenance=Provenance.DERIVED,
    derived_from=("drift-heat-decay-equilibrium",),
    remark="That c/p tends to its value is shown for the linearised recursion. In d dimensions, noise that is Gaussian in every"
    " direction has a radial part of relative size 1/d, and then c tends to a number of order 1/d, not to 0.",
)

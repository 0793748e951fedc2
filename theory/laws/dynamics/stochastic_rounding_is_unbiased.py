"""B13b. Stochastic rounding restores decay and small steps in the mean, at the price of a heat of its own."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import AtLeast, Combination, Domain, Equal, Interval

LOW = sp.Symbol("a", real=True)  # the stored number below
GAP = sp.Symbol("h", positive=True)  # distance to the one above
SHARE = sp.Symbol("f", real=True)  # where between them the number to be stored lies, and the probability of going up
X, MOVE = sp.Symbol("x", real=True), sp.Symbol("delta", nonnegative=True)  # a stored number, and what a step or decay takes off it
REST = sp.Symbol("q", nonnegative=True)  # how far a number is above the least one
FORMULAS = {
    "mean": LOW + SHARE * GAP,  # of what is stored: the number itself
    "variance": SHARE * (1 - SHARE) * GAP**2,
    "largest_variance": GAP**2 / 4,
    "next_square": (X - MOVE) ** 2 + MOVE * (GAP - MOVE),  # E x'^2, when x - delta is stored and 0 <= delta <= h
}


def _expected(of_low: sp.Expr, of_high: sp.Expr, up: sp.Expr = SHARE) -> sp.Expr:
    return (1 - up) * of_low + up * of_high


def mean(formulas: Formulas, up: sp.Expr = SHARE) -> Equal:
    """What is stored, on average, when it goes up with probability ``up``."""
    return Equal(_expected(LOW, LOW + GAP, up), formulas["mean"], r"\mathbb E R(y)\big|_{y = a + fh}")


def square(formulas: Formulas, above: sp.Expr = X, up: sp.Expr = 1 - MOVE / GAP) -> Equal:
    """The mean square of what is stored of ``x - delta``, between ``above - h`` and ``above``."""
    return Equal(_expected((above - GAP) ** 2, above**2, up), formulas["next_square"], r"\mathbb E R(x-\delta)^2")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Two values with two probabilities."""
    centre, number = formulas["mean"], GAP + REST
    spread = _expected((LOW - centre) ** 2, (LOW + GAP - centre) ** 2)
    return (
        Step("$y = a + fh$ between neighbours $a$ and $a + h$ goes up with probability $f$: on average nothing is lost.",
             mean(formulas), concludes=True),
        Step("Its variance is", Equal(spread, formulas["variance"], r"\mathbb E(R(y) - y)^2"), concludes=True),
        Step("at most",
             AtLeast(formulas["largest_variance"], formulas["variance"], Combination((((GAP * (SHARE - sp.Rational(1, 2))) ** 2,),)),
                     name=r"\frac{h^2}{4}", shown=r"\mathbb E(R(y) - y)^2"), concludes=True),
        Step("reached half way.",
             Equal(formulas["variance"].subs(SHARE, sp.Rational(1, 2)), formulas["largest_variance"],
                   r"\mathbb E(R(y) - y)^2\big|_{f = 1/2}"), concludes=True),
        Step("A stored $x$ that is to lose $\\delta \\le h$, by decay ($\\delta = \\eta\\lambda x$) or by a step: its square loses what"
             " it should, and gains the heat $\\delta(h - \\delta)$.", square(formulas), concludes=True),
        Step("That heat never outweighs the decay: of a number $x = h + q$, $q \\ge 0$, the square falls on average.",
             AtLeast(number**2, formulas["next_square"].subs(X, number), name="x^2", shown=r"\mathbb E R(x-\delta)^2")),
    )  # fmt: skip


def _nearest(formulas: Formulas) -> Witness:
    goal = mean(formulas, sp.S.Zero)
    below = Domain(ranges={SHARE: Interval(sp.S.Zero, sp.Rational(1, 2))})
    return Witness("rounding to nearest: what lies in the lower half never goes up", goal, below, Equal(goal.left, LOW, goal.name))


def _farther(formulas: Formulas) -> Witness:
    """Between the second and the first neighbour below, it goes up with probability ``2 - delta/h``."""
    goal = square(formulas, X - GAP, 2 - MOVE / GAP)
    instead = Equal(goal.left, (X - MOVE) ** 2 + (MOVE - GAP) * (2 * GAP - MOVE), goal.name)
    return Witness("a step of between one and two spacings", goal, Domain(ranges={MOVE: Interval(GAP, 2 * GAP)}), instead)


CLAIM = Claim(
    id="stochastic-rounding-is-unbiased",
    chapter="dynamics",
    label="B13b",
    title="Stochastic rounding restores decay and small steps in the mean, and adds a heat of its own",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("stochastic", r"$y = a + fh$, $0 \le f \le 1$, is stored as $a + h$ with probability $f$, otherwise as $a$",
                   Domain(ranges={SHARE: Interval(0, 1, low_open=False, high_open=False)}), _nearest),
        Hypothesis("within-spacing", r"the change is at most one spacing, $0 \le \delta \le h$ (for the square)",
                   Domain(ranges={MOVE: Interval(0, GAP, low_open=False, high_open=False)}), _farther),
    ),
    letters={
        "f": "share of the spacing by which a number is above the stored one below", "delta": "what $x$ is to lose",
        "h": "spacing of stored numbers", "R": "stochastic rounding", "x": "a stored number",
    },
    steps=steps,
    evidence="embeddings stored stochastically in bfloat16, float16 and float32: means, variances and squares, by intervals",
    provenance=Provenance.DERIVED,
    references=(Reference("connolly2021", "Connolly, Higham, Mary, Stochastic rounding and its probabilistic error analysis"),),
    derived_from=("nearest-rounding-loses-small-steps",),
    remark="Of what decay takes off a square, delta (2x - h), the heat is a share of h/(2x), at most 1/2^b for b bits: decay acts nearly"
    " in full, where rounding to nearest has none. But a step of $\\eta\\lvert s\\rvert$, far below the spacing, heats a"
    " number by $h\\eta\\lvert s\\rvert$ in place of"
    " $\\eta^2 s^2$: $h/(\\eta\\lvert s\\rvert)$ times as much, so that norms settle higher than in exact arithmetic.",
)

"""B13d. Rounded to nearest a row has no equilibrium: it grows as without decay until steps are below half a gap, and stays there."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import All, AtLeast, Combination, Domain, Equal, Goal, Interval
from theory.notation import G, eta, r
from theory.typeset import latex

BITS = sp.Symbol("b", integer=True, positive=True)  # significant, the leading one included
DIM = sp.Symbol("d", integer=True, positive=True)
M = sp.Symbol("m", positive=True)  # |u_i| = r/sqrt(d) = m 2^e; the gap to both neighbours is 2^(e-b), for 1/2 < m < 1
P = sp.Symbol("p", positive=True)  # eta lambda
A, MOVED = sp.symbols("A D", positive=True)  # |u|^2; what every coordinate moves by
SHARE, EXCESS = sp.symbols("s x", positive=True)
COUNT, REST = sp.Symbol("n", positive=True), sp.Symbol("y", real=True)  # a step of n + y gaps, |y| <= 1/2, moves by n
HALF = sp.Rational(1, 2)
GAP = 2 ** (-BITS)  # over 2^e
HALF_GAP, STEPPED = r"\tfrac12 h / 2^e", r"\eta\lvert s_i\rvert / 2^e"
RATIO = r"r_{\mathrm{plateau}}^4/r_*^4"
FORMULAS = {
    "never": 2 ** (-BITS - 1),  # decay by a share below this one never acts
    "plateau": 2 ** (BITS + 1) * M * eta * sp.sqrt(G),  # r^2 above which no step acts, either
    "most_moved": sp.Integer(2),  # D/(eta |s_i|) of a step that acts is at most that,
    "least_moved": sp.Rational(2, 3),  # and at least that
    "next_squared_norm": A + DIM * MOVED**2,
    "excess": 4 ** (BITS + 1) * M**2 * P * (2 - P),  # of the plateau's r^4 over the equilibrium's in exact arithmetic
}


def relative_step(square: sp.Expr) -> sp.Expr:
    """``eta |s_i|`` over ``|u_i|`` of an even row whose squared norm is given."""
    return (eta * sp.sqrt(G) / (r * sp.sqrt(DIM)) / (r / sp.sqrt(DIM))).subs(r, sp.sqrt(square))


def stands(formulas: Formulas, coordinate: sp.Expr = sp.S.One) -> AtLeast:
    """Above the plateau half a gap is more than a step; the gap of a smaller coordinate is smaller."""
    return AtLeast(GAP * coordinate / 2, M * relative_step((1 + EXCESS) * formulas["plateau"]), strict=True, name=HALF_GAP,
                   shown=rf"{STEPPED}\big|_{{r > r_{{\mathrm{{plateau}}}}}}")  # fmt: skip


def _plateau(formulas: Formulas) -> Goal:
    """Below it a step is more; at it, as much."""
    below, at = (M * relative_step(square) for square in (formulas["plateau"] / (1 + EXCESS), formulas["plateau"]))
    return All((AtLeast(below, GAP / 2, strict=True, name=rf"{STEPPED}\big|_{{r < r_{{\mathrm{{plateau}}}}}}", shown=HALF_GAP),
                Equal(at, GAP / 2, rf"{STEPPED}\big|_{{r^2 = {latex(formulas['plateau'])}}}")))  # fmt: skip


def _moves(formulas: Formulas) -> Goal:
    """``n`` gaps in place of ``n + y``."""
    step, most, least = COUNT + REST, formulas["most_moved"], formulas["least_moved"]
    more = Combination(((COUNT - 1,), (2 * (HALF + REST),)))
    less = Combination(((COUNT - 1, sp.Rational(1, 3)), (HALF - REST, sp.Rational(2, 3))))
    one = {COUNT: sp.S.One}
    return All((
        AtLeast(most * step, COUNT, more, name=rf"{latex(most)}\eta\lvert s_i\rvert / h"),
        AtLeast(COUNT, least * step, less, name="n", shown=rf"{latex(least)}\,\eta\lvert s_i\rvert / h"),
        Equal((most * step).subs({**one, REST: -HALF}), sp.S.One, rf"{latex(most)}(n + y)\big|_{{n = 1,\ y = -1/2}}"),
        Equal((least * step).subs({**one, REST: HALF}), sp.S.One, rf"{latex(least)}(n + y)\big|_{{n = 1,\ y = 1/2}}"),
    ))  # fmt: skip


ABOVE, BELOW = "even rows above the plateau: a step against half a gap", "even rows below the plateau, and at it"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Decay never acts; steps act below the plateau only; what they do there; where the plateau is."""
    lost = M * SHARE * formulas["never"]
    size = sp.sqrt(A / DIM)
    scale = 4**BITS
    above = ((4 * scale, P, 2 - P, M - HALF, M + HALF), (scale, P, 1 - P))
    ratio = formulas["plateau"] ** 2 / (eta**2 * G / (P * (2 - P)))
    return (
        Step("Decay by a share $s$ of the threshold, $s < 1$, is less than half a gap: the run is, bit by bit, that without decay.",
             All((AtLeast(GAP / 2, lost, strict=True, name=HALF_GAP, shown=r"p\lvert u_i\rvert / 2^e"),
                  Equal(lost.subs({SHARE: 1, M: 1}), GAP / 2, r"p\lvert u_i\rvert / 2^e\big|_{s = 1,\ m \to 1}"))), concludes=True,
             case="decay against half a gap"),
        Step("In a row of even coordinates, $\\lvert u_i\\rvert = r/\\sqrt d$ and $\\lvert s_i\\rvert = \\sqrt G/(r\\sqrt d)$. Above the"
             " plateau, by a share $x$ of $r^2$, no step acts: the row stands still for ever.", stands(formulas), concludes=True,
             case=ABOVE),
        Step("Below, the plateau by a share $x$ above $r^2$, every one does.", _plateau(formulas), concludes=True, case=BELOW),
        Step("A step that acts, $\\eta\\lvert s_i\\rvert = (n + y) h$, is rounded up to twice, or down to two thirds, at most, which single"
             " gaps attain.", _moves(formulas), concludes=True, case="a step of $n + y$ gaps, which moves by $n$"),
        Step("Of a tangential step half of the coordinates grow, and half shrink, by as much, $D$: so $A = \\lVert u\\rVert^2$ grows,",
             Equal(DIM / 2 * (size + MOVED) ** 2 + DIM / 2 * (size - MOVED) ** 2, formulas["next_squared_norm"], r"\lVert u'\rVert^2"),
             concludes=True, case=BELOW),
        Step("up to the plateau. Over the equilibrium of exact arithmetic, $r_*^4 = \\eta^2 G/(p(2-p))$, that is",
             Equal(ratio, formulas["excess"], RATIO), concludes=True, case="the plateau over the equilibrium of exact arithmetic"),
        Step("and beyond it wherever $p > 4^{-b}$.",
             AtLeast(formulas["excess"], scale * P, Combination(above), name=RATIO), concludes=True,
             case="the plateau over the equilibrium of exact arithmetic"),
    )  # fmt: skip


def _down(formulas: Formulas) -> Witness:
    change = formulas["never"]
    goal = AtLeast(M * (1 - change), M, name="(1 - p)m")
    words = "rounding towards 0: a number stays only where (1 - p)m is not below m"
    return Witness(words, goal, Domain(ranges=RANGES), Equal(M - goal.left, M * change, r"\bigl(m - (1 - p)m\bigr)\big|_{p = 2^{-b-1}}"))


def _uneven(formulas: Formulas) -> Witness:
    goal = stands(formulas, sp.Rational(1, 8))
    return Witness("a coordinate an eighth as large, with as large a step", goal, Domain(ranges=RANGES),
                   Equal(goal.left, GAP / 16, r"\tfrac12 h/2^e\big|_{\lvert u_i\rvert/8}"))  # fmt: skip


def _acts(formulas: Formulas) -> Witness:
    goal = AtLeast(GAP / 2, 2 * M * formulas["never"], strict=True, name=HALF_GAP, shown=r"p\lvert u_i\rvert / 2^e")
    words = "decay of twice the threshold: it takes more than half a gap from every coordinate"
    beyond = Equal(goal.right - goal.left, GAP * (M - HALF), r"p\lvert u_i\rvert / 2^e - \tfrac12 h / 2^e")
    return Witness(words, goal, Domain(ranges={M: RANGES[M]}), beyond)


RANGES = {M: Interval(HALF, 1), SHARE: Interval(0, 1), P: Interval(0, 1), COUNT: Interval(1, sp.oo, low_open=False),
          REST: Interval(-HALF, HALF, low_open=False, high_open=False)}  # fmt: skip
CLAIM = Claim(
    id="nearest-rounding-stops-at-a-plateau",
    chapter="dynamics",
    label="B13d",
    title="Rounded to nearest a norm has no equilibrium: it grows as without decay until its steps are below half a gap",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("nearest", r"after decay and after the step coordinates are stored rounded to nearest; a step of $n + y$ gaps,"
                   r" $\lvert y\rvert \le \tfrac12$, moves by $n$",
                   Domain(ranges={COUNT: RANGES[COUNT], REST: RANGES[REST]}), _down),
        Hypothesis("even", r"all $\lvert u_i\rvert = m\,2^e$, $1/2 < m < 1$, and all $\lvert s_i\rvert$ are alike (but for decay and single"
                   r" moves)", Domain(ranges={M: RANGES[M]}), _uneven),
        Hypothesis("decay-in-range", r"$p = \eta\lambda$ is a share $s < 1$ of the threshold; $p < 1$",
                   Domain(ranges={P: RANGES[P], SHARE: RANGES[SHARE]}), _acts),
    ),
    letters={
        "A": r"$\lVert u\rVert^2$", "b": "number of significant bits", "D": "what every coordinate moves by", "d": "dimension",
        "n": "gaps that a step moves by", "p": r"$\eta\lambda$", "s": "share of the threshold, $2^{-b-1}$",
        "y": "what a step is beyond $n$ gaps, in gaps", "h": r"gap between neighbouring numbers, $2^{e-b}$",
        "s_i": r"coordinate of the step over $-\eta$",
        "m": r"$\lvert u_i\rvert/2^e$", "x": "how far $r^2$ is beyond the plateau, or short of it, as a share",
        r"r_{\mathrm{plateau}}": rf"norm at the plateau, $r_{{\mathrm{{plateau}}}}^2 = {latex(FORMULAS['plateau'])}$",
        "r_*": "norm at the equilibrium of exact arithmetic",
    },
    steps=steps,
    evidence="runs in bfloat16 and float16 with and without decay, bit by bit; even rows about the plateau, coordinate by coordinate",
    provenance=Provenance.DERIVED,
    references=(Reference("higham2002", "Higham, Accuracy and Stability of Numerical Algorithms", "section 2.1"),),
    derived_from=("nearest-rounding-loses-small-steps", "decay-equilibrium"),
    remark="In rows that are not even, small coordinates still move when large ones stand: growth slows down near the plateau instead of"
    " stopping at once. With eta lambda from 1.5e-5 to 1/512 a norm in bfloat16 passes its equilibrium, up to a plateau that is"
    " higher by a factor of up to 5.7, which it nears at p = 1/512 for m near 1 (r^4 by 4^(b+1) m^2 p (2 - p)). The"
    " plateau's r^4 is in proportion to G, as the equilibrium's, but a row that was longer at the start keeps that for ever.",
)  # fmt: skip

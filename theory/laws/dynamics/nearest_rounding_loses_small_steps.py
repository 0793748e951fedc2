"""B13a. Rounded to nearest at ``b`` significant bits, decay with ``eta lambda < 2^(-b-1)`` never acts, and small steps are lost."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import All, AtLeast, Domain, Equal, Goal, Interval

BITS = sp.Symbol("b", integer=True, positive=True)  # significant, the leading one included
FORMULAS = {
    "never": 2 ** (-BITS - 1),  # relative changes below this one leave every number as it is
    "always": 2 ** (-BITS),  # those above move every normal number
    "spacing": 2 ** (-BITS),  # of the numbers m 2^e, 1/2 <= m < 1, over 2^e
}
M = sp.Symbol("m", positive=True)  # the number is m 2^e; everything below is over 2^e
SHARE, EXCESS = sp.Symbol("s", positive=True), sp.Symbol("x", positive=True)
HALF = sp.Rational(1, 2)


_TIES = {M: ("", r"s = 1,\ m \to 1"), HALF: (r"\big|_{m = 1/2}", r"s = 1,\ m = 1/2")}


def _distances(at: sp.Expr, gap: sp.Expr, share: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """From ``at``, changed by a share of itself, to the neighbour ``gap`` away, and back."""
    return gap - share * at, share * at


AWAY, BACK = r"\lvert m' - n\rvert", r"\lvert m' - m\rvert"  # from the changed number to the neighbour, and back


def stays(formulas: Formulas, at: sp.Expr, gap: sp.Expr) -> Goal:
    """Changed by ``s`` times the first threshold, ``s < 1``, a number is strictly nearer to itself; at ``s = 1`` (and ``m -> 1``) a tie."""
    to_neighbour, back = _distances(at, gap, SHARE * formulas["never"])
    tie = {SHARE: sp.S.One, M: sp.S.One}
    here, where = _TIES[at]
    return All((AtLeast(to_neighbour, back, strict=True, name=AWAY + here, shown=BACK + here),
                Equal(to_neighbour.subs(tie), back.subs(tie), rf"{AWAY}\big|_{{{where}}}")))  # fmt: skip


def moves(formulas: Formulas, at: sp.Expr, gap: sp.Expr) -> Goal:
    """Changed by more than the second threshold it is strictly nearer to the neighbour, or beyond it; at ``x = 0``, ``m = 1/2``, a tie."""
    to_neighbour, back = _distances(at, gap, (1 + EXCESS) * formulas["always"])
    tie = {EXCESS: sp.S.Zero, M: HALF}
    return All((AtLeast(back, to_neighbour, strict=True, name=BACK, shown=AWAY),
                Equal(back.subs(tie), to_neighbour.subs(tie), rf"{BACK}\big|_{{x = 0,\ m = 1/2}}")))  # fmt: skip


WITHIN, EDGE = "of $m > 1/2$, and of $m = 1/2$ upwards", "of $m = 1/2$ downwards"
SMALL, LARGE = "a change by less than a share $2^{-b-1}$", "a change by more than a share $2^{-b}$"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Both neighbours of every mantissa, for both thresholds."""
    spacing = formulas["spacing"]
    below, always = spacing / 2, formulas["always"]
    return (
        Step("With $b$ bits the numbers $m\\,2^e$, $1/2 \\le m < 1$, are those with $m$ a multiple of the spacing $2^{-b}$:"
             " there are $2^{b-1}$ of them.",
             Equal((1 - HALF) / spacing, 2 ** (BITS - 1), r"(1 - \tfrac12)/2^{-b}"), concludes=True,
             case=r"how many numbers $m\,2^e$, $1/2 \le m < 1$, have one exponent"),
        Step("The neighbours of $m$ are one spacing away. Changed to $m'$, by a share $s < 1$ of the first threshold, it is rounded back,",
             stays(formulas, M, spacing), concludes=True, case=f"{SMALL} {WITHIN}"),
        Step("and so is $m = 1/2$, whose neighbour below is half a spacing away: it moves half as far.",
             stays(formulas, HALF, below), concludes=True, case=f"{SMALL} {EDGE}"),
        Step("A relative change above the second threshold is rounded elsewhere, towards 0 and away from it;",
             moves(formulas, M, spacing), concludes=True, case=f"{LARGE} {WITHIN}"),
        Step("from $m = 1/2$ downwards it reaches the neighbour itself.",
             Equal(always * HALF, below, rf"{BACK}\big|_{{x = 0}}"), concludes=True, case=f"{LARGE} {EDGE}"),
    )  # fmt: skip


def _down(formulas: Formulas) -> Witness:
    change = formulas["never"]
    goal = AtLeast(M * (1 - change), M, name="(1 - p)m")
    words = "rounding towards 0: a number stays only where (1 - p)m is not below m"
    return Witness(words, goal, Domain(ranges=_RANGES), Equal(M - goal.left, M * change, r"\bigl(m - (1 - p)m\bigr)\big|_{p = 2^{-b-1}}"))


def _subnormal(formulas: Formulas) -> Witness:
    to_neighbour, back = _distances(M, 4 * formulas["spacing"], formulas["always"])
    goal = AtLeast(back, to_neighbour, name="m")
    instead = Equal(to_neighbour + back, 2 ** (2 - BITS), r"\lvert n - m\rvert")
    return Witness("a subnormal number, whose neighbours are four spacings away", goal, Domain(ranges=_RANGES), instead)


_RANGES = {M: Interval(HALF, 1, low_open=False), SHARE: Interval(0, 1)}
CLAIM = Claim(
    id="nearest-rounding-loses-small-steps",
    chapter="dynamics",
    label="B13a",
    title="Rounded to nearest, weight decay below half a unit in the last place never acts, and small steps are lost",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("nearest", r"$(1 - p)a$, or $a$ after a step of relative size $p$, is stored rounded to nearest",
                   Domain(ranges={SHARE: _RANGES[SHARE]}), _down),
        Hypothesis("normal", r"$a = m\,2^e$ is a normal number, $1/2 \le m < 1$ (for the second threshold)",
                   Domain(ranges={M: _RANGES[M]}), _subnormal),
    ),
    letters={
        "b": "number of significant bits", "s": "share of the first threshold, $2^{-b-1}$",
        "x": "share by which a change exceeds $2^{-b}$", "n": "the neighbour of $m$",
        "m'": "$m$ as it is changed, by a share $s 2^{-b-1}$ or $(1 + x) 2^{-b}$, before it is rounded",
    },
    steps=steps,
    evidence="embeddings kept in bfloat16, float16 and float32: every coordinate before and after decay, and after a step",
    provenance=Provenance.DERIVED,
    references=(Reference("higham2002", "Higham, Accuracy and Stability of Numerical Algorithms", "section 2.1"),),
    remark="bfloat16 has b = 8: decay with eta lambda < 1/512 never acts; in float16 (b = 11) that is so below 1/4096."
    " A row whose steps are below |u_i|/512 in every coordinate stands still: norms freeze near the initial scale,"
    " and there is no equilibrium.",
)  # fmt: skip

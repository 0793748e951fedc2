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


def stays(formulas: Formulas, at: sp.Expr, gap: sp.Expr) -> Goal:
    """After a relative change ``s * never``, ``s < 1``, ``at`` is strictly nearer to itself than to a neighbour ``gap`` away."""
    moved = SHARE * formulas["never"] * at
    return AtLeast(gap - moved, moved, strict=True, name=rf"\text{{distance to the neighbour of }} m = {sp.latex(at)}")


def moves(formulas: Formulas, at: sp.Expr, gap: sp.Expr) -> Goal:
    """After a relative change ``(1 + x) * always``, ``x > 0``, it is strictly nearer to the neighbour, or beyond it."""
    moved = (1 + EXCESS) * formulas["always"] * at
    return AtLeast(moved, gap - moved, strict=True, name=rf"\text{{distance to }} m = {sp.latex(at)}")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Both neighbours of every mantissa, for both thresholds."""
    spacing = formulas["spacing"]
    return (
        Step("With $b$ bits the numbers $m\\,2^e$, $1/2 \\le m < 1$, are those with $m$ a multiple of the spacing: there are $2^{b-1}$ of them.",
             Equal((1 - HALF) / spacing, 2 ** (BITS - 1), r"(1 - \tfrac12)/\mathrm{spacing}"), concludes=True),
        Step("The neighbours of $m$ are one spacing away. Changed by a share $sm$ of the first threshold, $s < 1$, it is rounded back,",
             stays(formulas, M, spacing), concludes=True),
        Step("and so is $m = 1/2$, whose neighbour below is half a spacing away: it moves half as far.",
             stays(formulas, HALF, spacing / 2), concludes=True),
        Step("A relative change above the second threshold is rounded elsewhere, towards 0 and away from it,",
             moves(formulas, M, spacing), concludes=True),
        Step("and from $m = 1/2$ as well.", moves(formulas, HALF, spacing / 2), concludes=True),
        Step("In between it acts on large mantissas only: the first threshold is that of $m \\to 1$, the second that of $m = 1/2$.",
             All((Equal(formulas["never"], spacing / 2, r"\mathrm{never}\cdot 1"), Equal(formulas["always"] / 2, spacing / 2, r"\mathrm{always}\cdot\tfrac12")))),
    )  # fmt: skip


def _down(formulas: Formulas) -> Witness:
    goal = AtLeast(M * (1 - SHARE * formulas["never"]), M, name="(1 - p)m")
    words = "rounding towards 0: a number stays only where (1 - p)m is not below m"
    return Witness(words, goal, Domain(ranges=_RANGES), AtLeast(M, goal.left, strict=True, name="m"))


def _subnormal(formulas: Formulas) -> Witness:
    goal = moves(formulas, M, formulas["spacing"] * 4)
    return Witness("a subnormal number, whose neighbours are four spacings away", goal, Domain(ranges=_RANGES))


_RANGES = {M: Interval(HALF, 1, low_open=False), SHARE: Interval(0, 1)}
CLAIM = Claim(
    id="nearest-rounding-loses-small-steps",
    chapter="dynamics",
    label="B13a",
    title="Rounded to nearest, weight decay below half a unit in the last place never acts, and small steps are lost",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("nearest", r"$(1 - p)x$, or $x$ after a step of relative size $p$, is stored rounded to nearest", Domain(ranges={SHARE: _RANGES[SHARE]}), _down),
        Hypothesis("normal", r"$x = m\,2^e$ is a normal number, $1/2 \le m < 1$ (for the second threshold)", Domain(ranges={M: _RANGES[M]}), _subnormal),
    ),
    steps=steps,
    evidence="embeddings kept in bfloat16, float16 and float32: every coordinate before and after decay, and after a step",
    provenance=Provenance.DERIVED,
    references=(Reference("higham2002", "Higham, Accuracy and Stability of Numerical Algorithms", "section 2.1"),),
    remark="bfloat16 has b = 8: decay with eta lambda < 1/512 never acts, float16 (b = 11) < 1/4096. A row whose steps are below"
    " |u_i|/512 in every coordinate stands still: norms freeze near the initial scale, and there is no equilibrium.",
)  # fmt: skip

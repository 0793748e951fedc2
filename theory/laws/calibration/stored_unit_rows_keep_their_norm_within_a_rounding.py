"""D3. A row that is divided by its norm and then stored with relative roundings up to e has a norm between ``1 - e`` and ``1 + e``.

What varies within that is the format, not the text: the first thing to ask of norms. (That nothing else is left is A9b.)
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.hypotheses import SHARE
from theory.kernel import All, AtLeast, Combination, Domain, Equal, Goal, Interval
from theory.letters import Letter, exactly
from theory.substance import ranges_within
from theory.typeset import latex

E = sp.Symbol("e", positive=True)  # largest relative rounding of a coordinate
SHARE_OF_ONE = sp.Symbol("w", positive=True)  # x_1^2 of the unit row
DOWN, SIDE = sp.Symbol("y_1", nonnegative=True), sp.Symbol("y_2", nonnegative=True)  # (e - rounding)/2 e of a coordinate: 0 .. 1
SLACK = sp.Symbol("Q", nonnegative=True)  # by how much other coordinates are within the bound
FORMULAS = {
    "upper": (1 + E) ** 2,  # of the squared norm
    "lower": (1 - E) ** 2,
    "spread": 2 * E / (1 - E),  # of norms of such rows: largest less smallest, over the smallest
}


def rounding(place: sp.Expr) -> sp.Expr:
    """A rounding from ``-e`` (at place 1) to ``e`` (at place 0)."""
    return E * (1 - 2 * place)


def squared_norm(scale: sp.Expr = sp.S.One, grown: sp.Expr = sp.S.One) -> sp.Expr:
    """Of two coordinates whose squares sum to ``scale``, the first one's rounding ``grown`` times as large."""
    shares = (SHARE_OF_ONE, 1 - SHARE_OF_ONE)
    parts = (1 + grown * rounding(DOWN)) ** 2, (1 + rounding(SIDE)) ** 2
    return scale * sp.Add(*(w * part for w, part in zip(shares, parts, strict=True)))


def gap_above(place: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Factors of ``(1 + e)^2 - (1 + d)^2 = (e - d)(2 + e + d)``."""
    return 2 * E * place, 2 + 2 * E * (1 - place)


def gap_below(place: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """Factors of ``(1 + d)^2 - (1 - e)^2 = (d + e)(2 + d - e)``."""
    return 2 * E * (1 - place), 2 * (1 - E) + 2 * E * (1 - place)


def below(formulas: Formulas, square: sp.Expr, times: sp.Expr = sp.S.One, name: str = "(1 + e)^2") -> AtLeast:
    """``times`` the upper bound, of two coordinates; what is no longer the law's has no name."""
    reason = Combination(tuple((times * w, *gap_above(y)) for w, y in ((SHARE_OF_ONE, DOWN), (1 - SHARE_OF_ONE, SIDE))))
    return AtLeast(times * formulas["upper"], square, reason, name=name, shown=r"\lVert\tilde u\rVert^2")


def above(formulas: Formulas, square: sp.Expr) -> AtLeast:
    """The lower bound, of two coordinates."""
    reason = Combination(tuple((w, *gap_below(y)) for w, y in ((SHARE_OF_ONE, DOWN), (1 - SHARE_OF_ONE, SIDE))))
    return AtLeast(square, formulas["lower"], reason, name=r"\lVert\tilde u\rVert^2", shown=r"(1 - e)^2")


def one_more_below(formulas: Formulas) -> AtLeast:
    """A coordinate of share w, and others whose part is below the bound by Q."""
    w = SHARE_OF_ONE
    whole = w * (1 + rounding(DOWN)) ** 2 + (1 - w) * (formulas["upper"] - SLACK)
    reason = Combination(((w, *gap_above(DOWN)), (1 - w, SLACK)))
    return AtLeast(formulas["upper"], whole, reason, name=r"(1 + e)^2", shown=r"\lVert\tilde u\rVert^2")


def one_more_above(formulas: Formulas) -> AtLeast:
    """The same from below."""
    w = SHARE_OF_ONE
    whole = w * (1 + rounding(DOWN)) ** 2 + (1 - w) * (formulas["lower"] + SLACK)
    reason = Combination(((w, *gap_below(DOWN)), (1 - w, SLACK)))
    return AtLeast(whole, formulas["lower"], reason, name=r"\lVert\tilde u\rVert^2", shown=r"(1 - e)^2")


def reached(formulas: Formulas) -> All:
    """The bounds, as squares of the norms that a row has if every coordinate is rounded by e, up or down."""
    return All(tuple(
        Equal(squared_norm().subs({DOWN: place, SIDE: place}), formulas[name], rf"\lVert\tilde u\rVert^2\big|_{{y_1 = y_2 = {place}}}")
        for place, name in ((0, "upper"), (1, "lower"))
    ))  # fmt: skip


def apart(formulas: Formulas) -> AtLeast:
    """Of two rows, whose norms are anything from ``1 - e`` to ``1 + e``."""
    one, two = 1 + rounding(DOWN), 1 + rounding(SIDE)
    reason = Combination(((2 * E * DOWN / two,), (2 * E * (1 - SIDE) * (1 + E) / (two * (1 - E)),)))
    return AtLeast(formulas["spread"], one / two - 1, reason, name=latex(formulas["spread"]),
                   shown=r"\frac{\lVert\tilde u\rVert}{\lVert\tilde v\rVert} - 1")  # fmt: skip


TWO, MORE = "a row of two coordinates", "one coordinate more, beside others that are within the bound"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Two coordinates; one more; what norms can differ by."""
    largest, smallest = 1 + E, 1 - E
    return (
        Step("Each coordinate is multiplied by a number between $1 - e$ and $1 + e$, one by $1 + e(1 - 2y_1)$, another by"
             " $1 + e(1 - 2y_2)$; of two the squared norm is at most",
             below(formulas, squared_norm()), concludes=True, case=TWO),
        Step("and at least", above(formulas, squared_norm()), concludes=True, case=TWO),
        Step("One coordinate more keeps it so, whatever the others have: their part of the squared norm is $Q \\ge 0$ within the bound;",
             one_more_below(formulas), concludes=True, case=MORE),
        Step("from below likewise.", one_more_above(formulas), concludes=True, case=MORE),
        Step("Both are reached, where all coordinates are rounded alike, to norms of $1 + e$ and $1 - e$;", reached(formulas)),
        Step("so that two norms, $1 + e(1 - 2y_1)$ and $1 + e(1 - 2y_2)$ in any case, differ by no more than two roundings, relatively:",
             apart(formulas), concludes=True, case="two rows, of norms $1 + e(1 - 2y_1)$ and $1 + e(1 - 2y_2)$"),
        Step("which they do at the ends.", Equal(largest / smallest - 1, formulas["spread"], r"\frac{1 + e}{1 - e} - 1")),
    )  # fmt: skip


def _inside(goal: Goal) -> Domain:
    return Domain(ranges=ranges_within(goal, _RANGES))


def _longer(formulas: Formulas) -> Witness:
    """A row of squared norm 4 at first."""
    goal = below(formulas, squared_norm(sp.Integer(4)))
    within = below(formulas, squared_norm(sp.Integer(4)), sp.Integer(4), name="")
    return Witness("a row that was not divided by its norm, 2", goal, _inside(goal), within)


def _coarser(formulas: Formulas) -> Witness:
    """A coordinate below the smallest normal number, rounded by more than e."""
    goal = below(formulas, squared_norm(grown=sp.Integer(3)))
    coarse = {**_RANGES, E: Interval(sp.S.Zero, sp.Rational(1, 3))}  # rounded to nearest, nothing loses more than it is
    wider, w, v = formulas["upper"].subs(E, 3 * E), SHARE_OF_ONE, 1 - SHARE_OF_ONE
    reason = Combination(((9 * w, 2 * E * DOWN, sp.Rational(2, 3) + 2 * E * (1 - DOWN)), (v, 2 * E * (1 + SIDE), 2 + 2 * E * (2 - SIDE))))
    instead = AtLeast(wider, goal.right, reason, name=r"(1 + 3e)^2", shown=r"\lVert\tilde u\rVert^2")
    inside = Domain(ranges=ranges_within(goal, coarse))
    return Witness("a coordinate that underflows: its rounding is up to $3e$", goal, inside, instead)


_RANGES = {E: SHARE, SHARE_OF_ONE: SHARE, DOWN: Interval(sp.S.Zero, sp.S.One, low_open=False, high_open=False),
           SIDE: Interval(sp.S.Zero, sp.S.One, low_open=False, high_open=False)}  # fmt: skip
CLAIM = Claim(
    id="stored-unit-rows-keep-their-norm-within-a-rounding",
    chapter="calibration",
    label="D3",
    title="Unit rows in low precision have norms within a rounding of 1, that differ by two roundings and no more",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("unit-before", r"the row has norm 1 before it is stored", witness=_longer),
        Hypothesis("relative-roundings", "coordinates are rounded by at most $e < 1$ of their size: none underflows",
                   Domain(ranges=_RANGES), _coarser),
    ),
    letters={
        "e": Letter("largest relative rounding of a coordinate", exactly(sp.Rational(1, 4))),
        "Q": "by how much the others are within the bound",
        r"\tilde v": "another row as it is stored",
        "w": "square of a coordinate before it is stored", "y_1": "that coordinate is rounded by the share $e(1 - 2y_1)$",
        "y_2": "another one is rounded by the share $e(1 - 2y_2)$", r"\tilde u": "the row as it is stored",
    },
    steps=steps,
    evidence="rows divided by their norm and stored as float32, float16 and bfloat16: squared norms within the bounds; rows that all"
    " but meet them",
    provenance=Provenance.DERIVED,
    derived_from=("layernorm-leaves-no-norm",),
    remark="Rounding to nearest with s significant bits has e = 2^-s: 2^-24, 2^-11 and 2^-8. Relative to the shorter row two"
    " roundings are 2e/(1 - e). Roundings of many coordinates cancel: most norms are far closer to 1 than that.",
)  # fmt: skip

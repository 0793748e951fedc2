"""C0b. Heat alone, drift that lengthens, drift that shortens: what is left of C0's equilibrium, and how to compute it.

``r_eq^2`` is ``V*/sqrt 2`` without drift, ``D* + V*^2/2D*`` or ``V*^2/2|D*|`` where drift wins, each within
``V*^4/4|D*|^3``. It increases in drift and in heat. For ``D* < 0`` the root's formula cancels; an equal one does not.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness
from theory.kernel import All, AtLeast, Combination, Domain, Equal, Goal, Interval, Within
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, LEADING, ROOT, V_STAR, P
from theory.laws.imprint.drift_heat_decay_equilibrium import FORMULAS as CENTRE
from theory.typeset import latex

SIZE = sp.Symbol("delta", positive=True)  # |D*|
SQUARE = sp.Symbol("W", positive=True)  # V*^2
FORMULAS = {
    "stable_form": V_STAR**2 / (ROOT - D_STAR),  # r_eq^2, without cancellation where D* < 0
    "without_drift": V_STAR**2 / 2,  # r_eq^4
    "drift_lengthens": D_STAR + V_STAR**2 / (2 * D_STAR),  # r_eq^2, for D* far above V*
    "drift_shortens": V_STAR**2 / (2 * SIZE),  # and for D* = -delta far below -V*
    "remainder": V_STAR**4 / (4 * SIZE**3),  # what either is above r_eq^2 at most
    "drift_slope": LEADING / ROOT,  # d r_eq^2/d D*
    "heat_slope": 1 / (2 * ROOT),  # d r_eq^2/d V*^2
    "cancellation": (ROOT - D_STAR) ** 2 / (2 * V_STAR**2),  # |D*| + S over S - |D*|: the factor on the root's rounding
}
AGAINST = {D_STAR: Interval(-sp.oo, sp.S.Zero)}
ALONG = {D_STAR: Interval(sp.S.Zero, sp.oo, low_open=False)}


def cancels(formulas: Formulas) -> Goal:
    """The factor on the rounding of the root's formula is more than 1: that of the other form is not."""
    return AtLeast(formulas["cancellation"], sp.S.One, name=latex(formulas["cancellation"]))


def still(formulas: Formulas, equilibrium: sp.Expr) -> Equal:
    """The fourth power of the norm without drift."""
    return Equal(equilibrium.subs(D_STAR, 0) ** 2, formulas["without_drift"], r"r_{\mathrm{eq}}^4|_{D_* = 0}")


def _lengthens(formulas: Formulas) -> Goal:
    """``D + V^2/2D`` is above by ``(V^4/D^2)/(2 (D + V^2/D + S))``, at most the remainder as S >= D - V^2/D."""
    above = formulas["drift_lengthens"].subs(D_STAR, SIZE)
    return _within(above, CENTRE["equilibrium"].subs(D_STAR, SIZE), formulas, SIZE + V_STAR**2 / SIZE)


def _shortens(formulas: Formulas) -> Goal:
    return _within(formulas["drift_shortens"], formulas["stable_form"].subs(D_STAR, -SIZE), formulas, SIZE + V_STAR**2 / SIZE)


def _within(above: sp.Expr, value: sp.Expr, formulas: Formulas, square: sp.Expr) -> Goal:
    """``0 <= above - value <= remainder``, where twice the gap is ``square`` less the root."""
    root = ROOT.subs(D_STAR, SIZE)
    gap = (V_STAR**4 / SIZE**2) / (2 * (square + root))
    room = V_STAR**4 * (V_STAR**2 / SIZE + 2 * V_STAR**2 / (root + SIZE)) / (4 * SIZE**3 * (square + root))
    return All((
        AtLeast(above, value, Combination(((gap,),)), name=latex(above), shown="r_{\\mathrm{eq}}^2"),
        AtLeast(formulas["remainder"], above - value, Combination(((room,),)), name=latex(formulas["remainder"]),
                shown=latex(above) + r" - r_{\mathrm{eq}}^2"),
    ))  # fmt: skip


def _increases(formulas: Formulas) -> Goal:
    """Slopes; they are positive, for either sign of the drift."""
    equilibrium = CENTRE["equilibrium"]
    in_heat = sp.diff(equilibrium.subs(V_STAR, sp.sqrt(SQUARE)), SQUARE).subs(SQUARE, V_STAR**2)
    slope, heat = formulas["drift_slope"].subs(LEADING, equilibrium), formulas["heat_slope"]
    stable = formulas["drift_slope"].subs(LEADING, formulas["stable_form"])
    return All((
        Equal(sp.diff(equilibrium, D_STAR), slope, r"\frac{\partial r_{\mathrm{eq}}^2}{\partial D_*}"),
        Equal(in_heat, heat, r"\frac{\partial r_{\mathrm{eq}}^2}{\partial V_*^2}"),
        AtLeast(heat, sp.S.Zero, strict=True, name=latex(heat)),
        Within(AtLeast(slope, sp.S.Zero, strict=True, name=latex(slope)), ALONG),
        Within(AtLeast(stable, sp.S.Zero, strict=True, name=latex(stable)), AGAINST),
    ))  # fmt: skip


SHORTENS = "a drift that shortens"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The stable form; three regimes; monotonicity; how much the root's formula cancels."""
    shown = latex(formulas["stable_form"])
    return (
        Step("Against a negative drift the root is rationalised.",
             Within(Equal(CENTRE["equilibrium"], formulas["stable_form"], "r_{\\mathrm{eq}}^2"), AGAINST), concludes=True,
             case=SHORTENS),
        Step("There it is a quotient of positive numbers, in which nothing cancels.",
             Within(AtLeast(formulas["stable_form"], sp.S.Zero, strict=True, name=shown), AGAINST)),
        Step("Without drift heat alone is left.", still(formulas, CENTRE["equilibrium"]), concludes=True, case="no drift"),
        Step("A drift $D_* = \\delta$ that lengthens,", _lengthens(formulas), concludes=True,
             case=r"a drift $D_* = \delta$ that lengthens"),
        Step("and one that shortens, $D_* = -\\delta$.", _shortens(formulas), concludes=True,
             case=r"a drift $D_* = -\delta$ that shortens"),
        Step("The equilibrium increases in both.", _increases(formulas), concludes=True, case="any drift"),
        Step("The root's formula adds $D_*$ and a root $S$ of the opposite sign: their sizes add up to $S - D_*$, so many times the sum,",
             Within(Equal(formulas["cancellation"] * (ROOT + D_STAR), ROOT - D_STAR, rf"{latex(formulas['cancellation'])} (S + D_*)"),
                    AGAINST), concludes=True, case=SHORTENS),
        Step("always more than once.", Within(cancels(formulas), AGAINST), concludes=True, case=SHORTENS),
    )  # fmt: skip


def _any_drift(formulas: Formulas) -> Witness:
    return Witness("a drift that lengthens: nothing cancels in the root's formula", cancels(formulas), Domain(ranges=ALONG))


def _any_decay(formulas: Formulas) -> Witness:
    exact = CENTRE["exact_equilibrium"]
    whole = Equal(exact.subs(D_STAR, 0) ** 2, V_STAR**2 / (2 - P), r"r_{\mathrm{eq}}^4|_{D_* = 0}")
    words = "decay that is not small: the exact fixed point"
    return Witness(words, still(formulas, exact), Domain(ranges={P: Interval(sp.S.Zero, sp.S.One)}), whole)


CLAIM = Claim(
    id="drift-heat-equilibrium-has-three-regimes",
    chapter="imprint",
    label="C0b",
    title="Heat alone, or a drift that lengthens or shortens: the regimes of the equilibrium",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("small-decay", r"$p = \eta\lambda \to 0$ at fixed $D_*$ and $V_* > 0$: $r_{\mathrm{eq}}^2$ is C0's leading form",
                   witness=_any_decay),
        Hypothesis("drift-shortens", "$D_* < 0$ (for the stable form and what it saves)", witness=_any_drift),
    ),
    letters={
        "D_*": r"drift $-\mathbb E\langle u, s\rangle$ over $\lambda$",
        "V_*": r"$V_*^2$ is $\eta/\lambda$ times the heat $\lVert u\rVert^2\,\mathbb E\lVert s\rVert^2$", "delta": r"$\lvert D_*\rvert$",
        "S": r"$\sqrt{D_*^2 + 2V_*^2}$",
    },
    steps=steps,
    evidence="settled runs over a ladder of eta lambda in each regime; both forms in floating point against 50 digits",
    provenance=Provenance.DERIVED,
    derived_from=("drift-heat-decay-equilibrium",),
    remark="In binary64 the root's formula loses about log10 of the cancellation in digits: at D* = -1e4 V* eight of sixteen, at"
    " D* = -1e8 V* all.",
)

"""What the equilibria of optimisers with momentum share: hypotheses, and the derivation from a step's map of moments.

A law has, for each kind of decay, the formulas ``<kind>_fourth`` (r*^4), ``_cross`` (E<u, m>/E|u|^2), ``_momentum``
(E|m|^2/E|u|^2), ``_cosine`` (E<u, u'>/E|u|^2), and as eta lambda -> 0 ``_limit`` (of r*^4) and ``_turn``
(of 2 (1 - cosine)/(eta lambda)).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import ModuleType

import sympy as sp

from theory.claims import Formulas, Hypothesis, Step, Witness
from theory.hypotheses import TANGENT, perpendicular
from theory.kernel import AtLeast, Domain, Equal, Goal, Interval, Tends
from theory.moments import Rule, cosine, determinant, stationary
from theory.momentum import BETA, RANGE
from theory.notation import G, eta, lam, u
from theory.typeset import latex
from theory.vectors import Vector

KINDS = ("decoupled", "coupled")
SAID = {"decoupled": "Decoupled decay", "coupled": "Coupled decay"}
SMALL = sp.Symbol("epsilon", positive=True)  # eta lambda
DECAYS = {lam: Interval(sp.S.Zero, 1 / eta)}
_INSIDE = Domain({BETA: RANGE, **DECAYS}, ((TANGENT, u),))
_MOVING = Domain({BETA: Interval(sp.S.Zero, sp.S.One), **DECAYS}, ((TANGENT, u),))


def rules(optimizer: ModuleType) -> Mapping[str, Rule]:
    """One step of an optimiser, of ``u``, ``m`` and ``g``, with each kind of decay."""
    return {kind: _rule(getattr(optimizer, f"{kind}_step")) for kind in KINDS}


def _rule(step: Callable[..., tuple[Vector, Vector]]) -> Rule:
    return lambda *vectors: step(*vectors, eta, BETA, lam)


def equilibrium(formulas: Formulas, kind: str, rule: Rule, energy: sp.Expr = G, drift: sp.Expr = sp.S.Zero) -> Goal:
    """The moments stay as they are."""
    fourth, cross, momentum = (formulas[f"{kind}_{name}"] for name in ("fourth", "cross", "momentum"))
    return stationary(rule, fourth, cross, momentum, energy, drift)


def named(name: str, kind: str) -> str:
    """A name that says which kind of decay it is about."""
    return rf"{name}|_{{\text{{{kind}}}}}"


def derivation(formulas: Formulas, kind: str, rule: Rule) -> tuple[Step, ...]:
    """Fixed point, the only one; rotation; both limits."""
    fourth, cross, momentum, turned, limit, turn = (
        formulas[f"{kind}_{name}"] for name in ("fourth", "cross", "momentum", "cosine", "limit", "turn")
    )  # fmt: skip
    small, case = {lam: SMALL / eta}, f"{kind} decay"
    return (
        Step(f"{SAID[kind]}: the mean squares stay at their fixed point, at which $r_*^4$ stands for "
             r"$\mathbb E \lVert u\rVert^2/\mathbb E \lVert u\rVert^{-2}$;", equilibrium(formulas, kind, rule), concludes=True,
             case=case),
        Step("it is the only one, for the determinant of the identity less their linear map is positive;",
             AtLeast(determinant(rule), sp.S.Zero, strict=True, name=named(r"\det(1 - J)", kind)), concludes=True,
             case=f"{case}: this fixed point is the only one, as 1 is no eigenvalue of $J$, the linear map of the mean squares"),
        Step("and the fourth power is positive.", AtLeast(fourth, sp.S.Zero, strict=True, name=named("r_*^4", kind)), concludes=True,
             case=case),
        Step("A step turns the embedding by an angle $\\delta$, the cosine of which is, in the mean,",
             Equal(cosine(rule, cross, momentum), turned, named(r"\frac{\mathbb E\langle u_k, u_{k+1}\rangle}{\mathbb E\lVert"
                                                                r" u_k\rVert^2}\Big", kind)),
             concludes=True, case=case),
        Step("As $\\epsilon = \\eta\\lambda \\to 0$, the norm tends to",
             Tends((fourth / limit).subs(small), SMALL, sp.S.One, at_zero=True, name=rf"{named('r_*^4', kind)} \Big/ {latex(limit)}"),
             concludes=True, case=case),
        Step("and the squared rotation to",
             Tends((2 * (1 - turned) / (eta * lam)).subs(small), SMALL, turn, at_zero=True,
                   name=named(r"\frac{2(1-\cos\delta)}{\eta\lambda}\Big", kind)), concludes=True, case=case),
    )  # fmt: skip


def hypotheses(own: ModuleType, other: ModuleType, words: str, other_words: str) -> tuple[Hypothesis, ...]:
    """What an equilibrium rests on; the optimiser, said in ``words``, is violated by another one."""
    usual = rules(own)["coupled"]
    another = rules(other)["coupled"]

    def radial(formulas: Formulas) -> Witness:
        # always outwards: a mean of two signs would hide what is of first order
        outwards = equilibrium(formulas, "coupled", lambda a, m, g: usual(a, m, g + a))
        return Witness("a gradient with a radial part, as inner products give", outwards, _INSIDE)

    def replaced(formulas: Formulas) -> Witness:
        return Witness(other_words, equilibrium(formulas, "coupled", another), _MOVING)

    def correlated(formulas: Formulas) -> Witness:
        along = equilibrium(formulas, "coupled", usual, drift=(1 - BETA) / 2)
        return Witness("gradients that on average point along the momentum", along, _MOVING)

    def doubled(formulas: Formulas) -> Witness:
        changed = {**formulas, "coupled_fourth": 2 * formulas["coupled_fourth"]}
        again = partial(equilibrium, kind="coupled", rule=usual, energy=2 * G)
        return Witness("the energy doubles: the old fixed point moves", again(formulas), _INSIDE, again(changed))

    def overshoots(formulas: Formulas) -> Witness:
        fourth = formulas["coupled_fourth"].subs({lam: 3 / eta, BETA: 0}, simultaneous=True)
        goal = AtLeast(fourth, sp.S.Zero, strict=True, name="r_*^4")
        return Witness("eta lambda = 3, no momentum: the formula gives a negative fourth power", goal,
                       instead=Equal(fourth, -(eta**2) * G / 3))  # fmt: skip

    return (
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, so that $g_k \perp u_k$", perpendicular(TANGENT, u), radial),
        Hypothesis("update-rule", words, Domain({BETA: RANGE}), replaced),
        Hypothesis("white", r"$\mathbb E[g_k \mid \text{past}] = 0$", witness=correlated),
        Hypothesis("constant-energy", r"$\lVert u_k\rVert^2\,\mathbb E[\lVert g_k\rVert^2 \mid \text{past}] = G$", witness=doubled),
        Hypothesis("decay-in-range", r"$0 < \eta\lambda < 1$", Domain(DECAYS), overshoots),
    )

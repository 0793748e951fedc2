"""``decide``: the only place that answers.

It never raises on what it cannot decide, never samples to prove, and never calls a general simplifier. Exact
points may refute; and what was proved must survive a few of them, or the kernel owns up that it is wrong: equalities
and inequalities as they stand, limits far out, expansions and solutions in the equalities that they come down to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp
from flint import arb

from theory.kernel.certificates import remaining
from theory.kernel.definedness import unmet
from theory.kernel.induction import by_induction
from theory.kernel.limits import Unbounded
from theory.kernel.reductions import Reduced, expansion, initial_value_problem, limit
from theory.kernel.signs import is_zero, sign
from theory.kernel.verdict import Status, Undecidable, Verdict, jointly
from theory.language.domain import Domain
from theory.language.goals import All, AtLeast, ByInduction, Equal, Expands, Goal, Same, Solves, Tends, Within
from theory.language.gram import squared_norm
from theory.refutation.search import broken_orbit, counterexample, inhabited, strays

_CHECKS = 3  # points that a proof must survive


def decide(goal: Goal, domain: Domain | None = None) -> Verdict:
    """Proved, refuted with values, or undecided; never raises on a goal it cannot decide."""
    try:
        return _DECIDERS[type(goal)](goal, Domain() if domain is None else domain)
    except Exception as error:  # whatever SymPy or flint stumbles over is undecided; Ctrl-C still passes
        return Verdict(Status.UNDECIDED, "none", f"{type(error).__name__}: {error}")


def _equal(goal: Equal, domain: Domain) -> Verdict:
    left, right = sp.sympify(goal.left, strict=True), sp.sympify(goal.right, strict=True)
    return _settled(_identities([(left, right)], domain), left, right, domain, lambda gap: 0 not in gap)


def _same(goal: Same, domain: Domain) -> Verdict:
    a, b = goal.left, goal.right
    pairs = [(a.terms.get(k, sp.S.Zero), b.terms.get(k, sp.S.Zero)) for k in dict.fromkeys([*a.terms, *b.terms])]
    # members' coefficients agree for every member; that, and what is defined for every member, is said by sums
    for family in dict.fromkeys([*a.families, *b.families]):
        one, other = (v.families.get(family, sp.S.Zero) for v in (a, b))
        weight = sp.Function(f"weight {sp.Dummy().dummy_index}", real=True)(family.index)
        pairs.append((family.total(weight * one), family.total(weight * other)))
    gap = squared_norm(a - b)
    return _settled(_identities(pairs, domain), gap, sp.S.Zero, domain, lambda gap: gap > 0, root=True)


def _identities(pairs: list[tuple[sp.Expr, sp.Expr]], domain: Domain) -> Verdict:
    """Proved if the normal form of every difference is zero."""
    try:
        if not all(is_zero(left - right, domain) for left, right in pairs):
            return Verdict(Status.UNDECIDED, "normal form", "normal form is not zero")
    except (Undecidable, ValueError) as error:
        return Verdict(Status.UNDECIDED, "normal form", str(error))
    conditions = {c for pair in pairs for side in pair for c in unmet(side, domain)}
    said = f"{len(pairs)} polynomial identit{'y' if len(pairs) == 1 else 'ies'}"
    return Verdict(Status.PROVED, "normal form", said, conditions=tuple(sorted(conditions)))


def _at_least(goal: AtLeast, domain: Domain) -> Verdict:
    left, right = sp.sympify(goal.left, strict=True), sp.sympify(goal.right, strict=True)
    (method, besides), never = _reason(left - right, goal, domain), False
    if method:
        conditions = tuple(sorted({*unmet(left, domain), *unmet(right, domain), *besides}))
        verdict = Verdict(Status.PROVED, f"certificate: {method}", "checked by normal form", conditions=conditions)
        if besides:  # where these do not hold it may fail, which would be no contradiction
            return counterexample(left, right, domain, lambda gap: gap < 0) or verdict
    else:
        verdict = Verdict(Status.UNDECIDED, "sign", "no certificate and no counterexample")
        never = goal.strict and sign(left - right, domain) == (0, False)
    return _settled(verdict, left, right, domain, lambda gap: gap < 0 or (goal.strict and (never or gap <= 0)))


def _reason(slack: sp.Expr, goal: AtLeast, domain: Domain) -> tuple[str, tuple[str, ...]]:
    """The certificate that shows the goal, or nothing, and what has to hold for it."""
    try:
        if goal.by is not None:
            besides = None if goal.strict else remaining(slack, goal.by, domain)
            return ("", ()) if besides is None else (type(goal.by).__name__.lower(), besides)
    except Undecidable:
        return "", ()
    s = sign(slack, domain)
    return "coefficients" if s is not None and s[0] >= 0 and (s[1] or not goal.strict) else "", ()


def _settled(verdict: Verdict, left: sp.Expr, right: sp.Expr, domain: Domain, fails: Callable[[arb], bool], root: bool = False) -> Verdict:
    """A counterexample, or the verdict; both at once would mean that the kernel is wrong, and prove nothing."""
    if verdict.status is not Status.PROVED:
        return counterexample(left, right, domain, fails, root) or verdict
    against = counterexample(left, right, domain, fails, root, tries=_CHECKS)
    said = f"the kernel contradicts itself: {verdict.method}, yet {against.detail} at {against.values}" if against else ""
    return Verdict(Status.UNDECIDED, "none", said) if against else verdict


def _reduced(method: str, reduce: Callable[[Any, Domain], Reduced]) -> Callable[[Any, Domain], Verdict]:
    """Decides a goal by the equalities that it comes down to."""

    def decided(goal: Any, domain: Domain) -> Verdict:
        try:
            equalities, open_ = reduce(goal, domain)
        except Unbounded as growth:
            if inhabited(domain):
                return Verdict(Status.REFUTED, method, "grows without bound", {"leading": str(growth)})
            return Verdict(Status.UNDECIDED, method, f"grows as {growth}, if anywhere")
        except Undecidable as error:
            return Verdict(Status.UNDECIDED, method, str(error))
        verdict = jointly([_equal(e, domain) for e in equalities])
        if verdict.refuted and open_:
            return Verdict(Status.UNDECIDED, method, "; ".join(open_))
        if verdict.proved and isinstance(goal, Tends) and (at := strays(goal, domain)):
            return Verdict(Status.UNDECIDED, "none", f"the kernel contradicts itself: {method}, yet it stays away at {at.values}")
        found = f"the limit is {_in_lowest_terms(equalities[0].left)}" if isinstance(goal, Tends) else verdict.detail
        return replace(verdict, method=method, detail=found, conditions=tuple(sorted({*verdict.conditions, *open_})))

    return decided


def _in_lowest_terms(limit: sp.Expr) -> sp.Expr:
    """Only to be read: nothing is decided by it."""
    return sp.cancel(limit) if limit.is_rational_function() else limit


def _by_induction(goal: ByInduction, domain: Domain) -> Verdict:
    verdict = by_induction(goal, domain, decide)
    return verdict if verdict.proved else broken_orbit(goal, domain) or verdict


def _all(goal: All, domain: Domain) -> Verdict:
    return jointly([decide(g, domain) for g in goal.goals])


def _within(goal: Within, domain: Domain) -> Verdict:
    return decide(goal.goal, replace(domain, ranges={**domain.ranges, **goal.ranges}))


_DECIDERS: Mapping[type, Callable[[Any, Domain], Verdict]] = {
    Equal: _equal, Same: _same, AtLeast: _at_least, ByInduction: _by_induction, All: _all, Within: _within,
    Tends: _reduced("leading term", limit),
    Expands: _reduced("series: derivatives at 0", expansion),
    Solves: _reduced("ODE: substitution and initial value", initial_value_problem),
}  # fmt: skip

"""The search for a counterexample: exact points of the domain at which a claimed relation certainly fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import sympy as sp
from flint import arb

from theory.kernel.verdict import Status, Verdict
from theory.language.domain import Domain
from theory.language.goals import ByInduction, Tends
from theory.language.sums import substitute
from theory.refutation.points import Point, has_traits, points

_TRIES = 24
_SMALL, _LARGE = arb("1e-3"), arb("1e4")  # differences that are plain to see, and sizes that are worked out by hand
_CHECKED = 4  # points at which a proof is looked at
_ORBIT = 4  # steps of a recursion that are tried
_FAR = (12, 24, 48)  # powers of ten at which a limit is looked at: even 1/log x halves from one to the next


def counterexample(
    left: sp.Expr, right: sp.Expr, domain: Domain, fails: Callable[[arb], bool], root: bool = False, tries: int = _TRIES
) -> Verdict | None:
    """A point of the domain where both sides are defined and their difference certainly fails, if one is found.

    Where several do, the first at which a reader sees by how much, or else the one at which that is nearest to 1: at an extreme one both
    sides may be nearly nothing.
    ``root``: the difference is the square of the distance to report.
    """
    extreme: tuple[arb, Verdict] | None = None
    try:
        left, right = domain.apply(left), domain.apply(right)
    except Exception:  # no value anywhere, whatever SymPy stumbled over
        return None
    for point in points(domain, tries):
        try:
            gap = point.ball(left) - point.ball(right)
            seen = dict(point.values)  # what else the domain is about is none of this statement's
            if gap.is_finite() and fails(gap) and point.admitted:
                off = gap.sqrt() if root else abs(gap)
                found = Verdict(Status.REFUTED, "ball arithmetic", f"off by {off.str(6, radius=False)}", seen)
                if _SMALL < off < _LARGE:
                    return found
                size = abs(off.log())
                extreme = extreme if extreme and not size < extreme[0] else (size, found)
        except Exception:  # no value here, whatever SymPy or flint stumbled over: try elsewhere
            continue
    return extreme[1] if extreme else None


def strays(goal: Tends, domain: Domain) -> Point | None:
    """A point at which an expression does not come nearer to its claimed limit on the way there, if one is found.

    No refutation, since nature may be slower than that, but enough not to believe a proof.
    """
    rest, variable = domain.forgetting({goal.variable}), goal.variable
    expr, value = sp.sympify(goal.expr, strict=True), sp.sympify(goal.value, strict=True)
    places = [sp.Integer(10) ** (-power if goal.at_zero else power) for power in _FAR]
    try:
        value, there = rest.apply(value), [rest.apply(substitute(expr, {variable: at})) for at in places]
    except Exception:  # no value anywhere
        return None
    for point in points(rest, _CHECKED):
        try:
            target = point.ball(value)
            gaps = [abs(point.ball(e) - target) for e in there]
            stays = all(after > before * arb("0.75") for before, after in pairwise(gaps))
            if all(gap.is_finite() for gap in gaps) and stays and gaps[-1] > abs(target) * arb(2) ** -60 and point.admitted:
                return point
        except Exception:  # no value here: try elsewhere
            continue
    return None


def inhabited(domain: Domain) -> Point | None:
    """A point that certainly lies in the domain, if one is found."""
    for point in points(domain, _TRIES):
        try:
            if point.admitted:
                return point
        except Exception:  # no value here: try elsewhere
            continue
    return None


def broken_orbit(goal: ByInduction, domain: Domain) -> Verdict | None:
    """A start in the domain from which one of the first steps breaks the statement: only that refutes an induction."""
    moving = [box.ends for k, box in domain.ranges.items() if k not in goal.update] + list(domain.orthogonal)
    if any(e.has(*goal.update) for ends in moving for e in ends) or not all(k.is_Symbol for k in goal.update):
        return None  # what a range that moves with the state allows is not known before the state is
    fails = (lambda gap: 0 not in gap) if goal.exact else (lambda gap: gap < 0)
    told = [k for k, e in goal.update.items() if k in domain.ranges or (e == k + 1 and k != goal.solved[0])]  # and after how many steps
    for state, stays in _orbit(goal):
        for point in points(domain, _TRIES):
            try:
                gap = point.ball(domain.apply(substitute(goal.slack, state)))
                seen = dict(point.values)
                if gap.is_finite() and fails(gap) and point.admitted and all(_in_range(point, s, domain) for s in stays):
                    shown = abs(gap).str(6, radius=False)
                    there = {str(k): str(point.exact(v)) for k, v in state.items() if k in told}
                    return Verdict(Status.REFUTED, "ball arithmetic", f"off by {shown}", {**seen, **there})
            except Exception:  # no value here: try elsewhere
                continue
    return None


def _orbit(goal: ByInduction) -> Iterator[tuple[dict[sp.Symbol, sp.Expr], list[dict[sp.Symbol, sp.Expr]]]]:
    """The first states, each with all states up to it."""
    state, seen = dict(goal.initial), list[dict[sp.Symbol, sp.Expr]]()
    for _ in range(_ORBIT):
        seen = [*seen, state]
        yield state, seen
        state = {k: substitute(goal.update.get(k, k), state) for k in {**state, **goal.update}}


def _in_range(point: Point, state: dict[sp.Symbol, sp.Expr], domain: Domain) -> bool:
    """Whether a state of the orbit lies in the ranges of its variables."""
    for variable, value in state.items():
        box, exact = domain.interval(variable), point.exact(value)
        ends = substitute(box.low, state), substitute(box.high, state)
        if not (point.ball(exact).is_finite() and has_traits(exact, variable) and point.lies(value, box, ends)):
            return False
    return True

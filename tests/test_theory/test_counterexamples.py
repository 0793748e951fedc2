"""Counterexamples are looked for where a reader sees by how much a statement fails."""

from __future__ import annotations

import re

import pytest
import sympy as sp
from flint import arb

from tests import law_checks
from theory.catalogue import catalogue
from theory.claims import Claim
from theory.kernel import Domain, Interval, Status
from theory.refutation import search
from theory.refutation.search import counterexample

x = sp.Symbol("x", positive=True)
DOMAIN = Domain({x: Interval(0, sp.oo)})


def differs(gap: arb) -> bool:
    """It is not zero."""
    return bool(gap > 0 or gap < 0)


def off(detail: str) -> sp.Float:
    """What is said of a difference, which may be beyond a float."""
    return sp.Float(re.search(r"off by (\S+)", detail)[1])  # type: ignore[index]


@pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
def test_what_a_law_is_off_by_without_a_hypothesis_is_plain_to_see(claim: Claim) -> None:
    for witness in law_checks.proof(claim.id).witnesses:
        if "off by" in witness.verdict.detail:
            assert 1e-9 < off(witness.verdict.detail) < 1e9


def test_an_extreme_point_is_passed_by_for_a_plain_one_and_taken_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, *_ = (point.exact(x) for point in search.points(DOMAIN, 24))
    steep = (x / second) ** (300 if first < second else -300)  # next to nothing at the first point that is tried, 1 at the second
    found = counterexample(steep, sp.S.Zero, DOMAIN, differs)
    assert found is not None
    assert found.status is Status.REFUTED
    assert off(found.detail) > 1e-9
    only = counterexample(sp.Integer(10) ** -600 * x, sp.S.Zero, DOMAIN, differs)
    assert only is not None
    assert 0 < off(only.detail) < 1e-9
    monkeypatch.setattr(search, "_SMALL", arb(0))
    assert off(counterexample(steep, sp.S.Zero, DOMAIN, differs).detail) < 1e-9  # type: ignore[union-attr]

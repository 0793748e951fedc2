"""The evidence holds whatever seed the settings are drawn from, and with every effort."""

from __future__ import annotations

import pytest

from derivations.evidence import evidence_for, measure
from theory.catalogue import catalogue
from theory.claims import Claim

CLAIMS = tuple(catalogue())
every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=[c.id for c in CLAIMS])
FAILED_ONCE = (5, 9, 12, 15, 33)  # at an orders' uncertainty taken from one halving only
SEEDS = (*FAILED_ONCE, *range(100, 110))


def shortfalls(claim: Claim, seed: int, effort: str) -> dict[str, str]:
    """What does not hold: comparisons, and witnesses that do not bite."""
    found = {m.what: m.verdict for m in measure(claim, seed, effort) if m.verdict != "holds"}
    for hypothesis, drop in evidence_for(claim).witnesses.items():
        witness = drop(claim.formulas, seed)
        if not witness.bites:
            found[hypothesis] = f"kept {witness.kept.verdict}, dropped {witness.dropped.verdict}"
    return found


@every_claim
def test_the_evidence_holds_for_a_seed_that_failed_once(claim: Claim) -> None:
    assert shortfalls(claim, FAILED_ONCE[0], "quick") == {}


@pytest.mark.thorough
@every_claim
@pytest.mark.parametrize("seed", SEEDS)
def test_the_evidence_holds_for_every_seed(claim: Claim, seed: int) -> None:
    assert shortfalls(claim, seed, "quick") == {}


@pytest.mark.thorough
@every_claim
def test_the_evidence_holds_with_full_effort(claim: Claim) -> None:
    assert shortfalls(claim, 0, "full") == {}

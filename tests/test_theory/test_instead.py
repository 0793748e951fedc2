"""What a counterexample says to hold instead is not what it has just refuted."""

from __future__ import annotations

import pytest

from tests.test_derivations.invented import X
from theory.catalogue import catalogue
from theory.claims import Claim, Witness
from theory.kernel import Equal
from theory.typesetting.goals import goal_lines

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.label for c in catalogue()])


def repeated(witness: Witness) -> list[str]:
    """Lines that are printed both as refuted and as holding there."""
    held = () if witness.instead is None else goal_lines(witness.instead)
    return [line for line in held if line in goal_lines(witness.goal)]


@every_claim
def test_what_holds_instead_is_another_formula_than_what_was_refuted(claim: Claim) -> None:
    found = {h.id: repeated(h.witness(claim.formulas)) for h in claim.hypotheses if h.witness is not None}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_formula_that_is_said_to_fail_and_to_hold_would_be_seen() -> None:
    """The sides differ, the name is that of what was refuted."""
    assert repeated(Witness("", Equal(X, X**2, "y"), instead=Equal(X + X**2 - X, X**2, "y"))) == ["y = x^2"]
    assert repeated(Witness("", Equal(X, X**2, "y"), instead=Equal(X**2, X**2, "y^2"))) == []
    assert repeated(Witness("", Equal(X, X**2, "y"))) == []

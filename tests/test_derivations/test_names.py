"""A name stands for one thing in one place, and for nothing that is written as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sympy as sp

from derivations.latex.decided import definitions
from theory.catalogue import catalogue
from theory.claims import Claim
from theory.kernel import All, Equal, Goal
from theory.typesetting.goals import goal_lines

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
_LAYOUT = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle)(?![A-Za-z])|\\[,;! ]|[{}\s]")


def places(claim: Claim) -> Iterator[Goal]:
    """Every goal that is displayed: of the steps, and what holds instead without a hypothesis."""
    yield from (step.goal for step in claim.steps(claim.formulas) if step.goal)
    witnesses = (h.witness(claim.formulas) for h in claim.hypotheses if h.witness)
    yield from (witness.instead for witness in witnesses if witness.instead)


def for_themselves(goal: Goal) -> list[str]:
    """Names that are said to stand for what they are, as a reader sees it."""

    def seen(text: str) -> str:
        return _LAYOUT.sub("", re.sub(r"\\[td]frac", r"\\frac", text))

    return [d.name for d in definitions(goal) if seen(d.name) == seen(d.expression)]


def with_two_meanings(goal: Goal) -> list[str]:
    """Names that stand for two expressions in one display and its rows, and left sides that are two things."""
    said = dict[str, set[str]]()
    for d in definitions(goal):
        said.setdefault(d.name, set()).add(d.expression)
    for line in goal_lines(goal):
        left, sign, right = next((cut for cut in _cuts(line) if cut[0].count("{") == cut[0].count("}")), (line, "", ""))
        said.setdefault(f"{left} =", set()).update([right] * bool(sign))
    return [name for name, meanings in said.items() if len(meanings) > 1]


def _cuts(line: str) -> Iterator[tuple[str, str, str]]:
    return ((line[: at.start()], at[0], line[at.end() :]) for at in re.finditer(" = ", line))


@every_claim
def test_no_name_stands_for_itself(claim: Claim) -> None:
    assert [name for goal in places(claim) for name in for_themselves(goal)] == []


@every_claim
def test_no_name_has_two_meanings_in_one_place(claim: Claim) -> None:
    assert [name for goal in places(claim) for name in with_two_meanings(goal)] == []


def test_what_has_no_business_there_would_be_seen() -> None:
    x, y = sp.symbols("x y", positive=True)
    two = All((Equal(x, y, "a"), Equal(x**2, x, "a")))
    assert with_two_meanings(two) == ["a", "a ="]
    assert with_two_meanings(All((Equal(x, y, "a"), Equal(x**2, x, "b")))) == []
    assert for_themselves(Equal(1 / x, y, r"\tfrac{1}{y}")) == []
    assert [d.name for d in definitions(Equal(1 / (1 - x), y, r"\tfrac{1}{1-x}"))] == []  # what a fraction's size hides
    assert for_themselves(Equal(x * y, y, r"x\,y")) == [r"x\,y"]

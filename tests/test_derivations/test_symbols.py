"""The letters of a statement: which are listed below it, and what is said of them."""

from __future__ import annotations

import re

import pytest
import sympy as sp

from derivations.latex.content import appears, assumptions, stated
from derivations.latex.fragment import proof_latex
from derivations.latex.printer import goal_latex, goal_lines
from derivations.latex.symbols import MEANINGS, legend
from tests import law_checks
from tests.test_derivations.invented import X, invented
from theory.catalogue import catalogue
from theory.claims import Claim

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])


@every_claim
def test_only_letters_of_the_statement_are_listed_and_each_once(claim: Claim) -> None:
    letters = [text.split(" ")[0] for text in assumptions(claim)]
    assert len(letters) == len(set(letters))
    law = proof_latex(law_checks.proof(claim.id)).split(r"\begin{law}", 1)[1].split(r"\end{law}", 1)[0]
    before = law.split(r"\lawsymbols", 1)[0]
    assert [letter for letter in letters if letter not in before] == []


def test_a_letter_behind_a_name_is_not_listed_and_one_in_sight_is() -> None:
    assert assumptions(invented()) == tuple(text for text in assumptions(invented()) if text.startswith(f"{X} "))
    assert [text.split(" ")[0] for text in assumptions(catalogue()["B2"])] == [r"\eta", "G"]  # not r, which is written as a norm


@pytest.mark.parametrize(
    ("name", "text", "there"),
    [("t", r"\cos(u, t)", True), ("t", r"\tau + \text{t}", False), ("r", "r_0", False), ("r_0", "r_0^4", True), (r"\eta", r"\beta", False)],
)
def test_a_letter_is_there_only_as_a_letter_of_its_own(name: str, text: str, there: bool) -> None:
    assert appears(name, text) == there


def test_what_a_reader_needs_is_said_beside_the_letters() -> None:
    said = " ".join(legend(catalogue()["B2"]))
    for part in (r"$\eta > 0$ (learning rate)", "gradient energy", r"$\delta$ (the angle between $u_k$ and $u_{k+1}$)", "$u = u_k$"):
        assert part in said
    assert r"$r = \lVert u\rVert > 0$" in legend(catalogue()["A8b"])
    assert r"\hat t$ (direction of the gradient" in said  # H1 is decided for it
    assert "direction of the gradient" not in " ".join(legend(catalogue()["A8b"]))
    table = " ".join(symbol for symbol, _ in MEANINGS)
    assert all(appears(letter, table) for letter in ("t", r"\delta"))


@every_claim
def test_statement_and_hypotheses_call_the_embedding_alike(claim: Claim) -> None:
    """Or it is said that ``u`` is ``u_k``."""
    text = stated(claim)
    both = re.search(r"\\lVert u\\rVert", text) and "u_{k+1}" in text
    assert not both or "$u = u_k$" in legend(claim)


def test_the_ray_of_a1_starts_at_the_embedding_and_a_slope_at_a_right_angle_has_no_cosine() -> None:
    proof = law_checks.proof("gradient-is-orthogonal")
    lines = [line for step, _ in proof.steps for line in goal_lines(step.goal)]
    assert [line for line in lines if "L(0)" in line or r"\dot" in line] == []
    witness = next(w for w in proof.witnesses if w.hypothesis == "differentiable")
    assert witness.instead is not None
    ahead, behind = goal_lines(witness.instead[0])
    assert ahead != behind
    assert r"\cos" not in goal_latex(witness.instead[0])


def test_one_letter_is_one_quantity_of_a_statement() -> None:
    """A whole number and a margin under one name cannot be told apart by a reader."""
    for claim in catalogue():
        kinds: dict[str, set[bool]] = {}
        for goal in claim.conclusions():
            for symbol in _symbols(goal):
                kinds.setdefault(symbol.name, set()).add(bool(symbol.is_integer))
        assert [name for name, found in kinds.items() if len(found) > 1] == [], claim.label


def _symbols(goal: object) -> set[sp.Symbol]:
    from theory.substance import expressions

    return {s for e in expressions([goal]) for s in e.free_symbols if isinstance(s, sp.Symbol)}  # type: ignore[list-item]

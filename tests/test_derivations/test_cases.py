"""A statement that says two things of one quantity says of each when it holds."""

from __future__ import annotations

import pytest

from derivations.latex.cases import need_words
from derivations.latex.fragment import proof_latex
from derivations.latex.plain import plain
from derivations.latex.words import words_latex
from tests import law_checks
from theory.catalogue import catalogue
from theory.claims import Claim

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])


@pytest.mark.parametrize(
    "lines",
    [
        ("x = 1", "x = 2"),
        (r"\frac{x = 1}{2} = a", r"\frac{x = 1}{2} = b"),
        (r"f \to 1 \quad (p \to 0^+)", r"f \to 2 \quad (p \to 0^+)"),
        tuple(f"x_{i} = 1" for i in range(9)),
    ],
)
def test_two_values_of_one_quantity_or_very_many_formulas_need_words(lines: tuple[str, ...]) -> None:
    assert need_words(lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("x = 1", "y = 2"),
        ("x = 0", r"x = 0 \quad (0 < c < 1)"),
        (r"x \ge 1", r"x \ge 2"),
        ("x = 1", r"x \ge 0"),
        (r"\frac{x = 1}{2} = a", r"\frac{x = 2}{2} = b"),
        tuple(f"x_{i} = 1" for i in range(8)),
    ],
)
def test_others_do_not(lines: tuple[str, ...]) -> None:
    assert not need_words(lines)


def statement(fragment: str) -> str:
    return fragment.split(r"\end{hypotheses}", 1)[1].partition(r"\end{law}")[0]


@every_claim
def test_a_statement_with_two_values_of_one_quantity_has_words_and_step_for_each(claim: Claim) -> None:
    """A7b listed three different slopes in one cosine, and not the losses they are of."""
    proof = law_checks.proof(claim.id)
    said = statement(proof_latex(proof))
    if r"\lawcase" not in said:
        assert said.count(r"\[") + said.count(r"\begin{gather*}") == 1
        return
    for i, (step, _) in enumerate(proof.steps, 1):
        assert (rf"\lawcase{{{i}}}{{{words_latex(step.words)}}}" in said) == step.concludes
    assert r"\lawcase" not in plain(proof_latex(proof))


def test_some_statements_have_words_and_most_have_none() -> None:
    found = [claim.label for claim in catalogue() if r"\lawcase" in proof_latex(law_checks.proof(claim.id))]
    assert {"A7b", "A8a", "B9b"} <= set(found)
    assert {"A1", "B2"}.isdisjoint(found)

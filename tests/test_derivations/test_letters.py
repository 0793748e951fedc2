"""Every letter of a law's displayed formulas is said to be something: in the table, a hypothesis, a step's words, or a row below."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from derivations.latex.fragment import proof_latex
from derivations.latex.printer import goal_lines
from derivations.latex.symbols import MEANINGS, legend
from tests import law_checks
from tests.test_derivations import paper
from theory.catalogue import catalogue
from theory.claims import Claim
from theory.typesetting.notebook import conclusions

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
GREEK = "alpha beta gamma delta epsilon kappa lambda mu nu xi pi rho sigma tau phi theta eta Gamma Sigma Psi"
_LETTER = re.compile(rf"\\({'|'.join(GREEK.split())})(?![A-Za-z])|\\[A-Za-z]+|([A-Za-z])")
_WORDS = re.compile(r"\\(?:text|mathrm|operatorname|begin|end|mathcal|mathfrak|mathbb)\s*(?:\{[^{}]*\}|[A-Z])")
ALWAYS = set("deLuvwO")  # differentials, Euler's number, the loss, vectors, an order


def letters(formula: str) -> set[str]:
    """Letters and Greek letters of a formula; words and names of functions are none."""
    return {found[1] or found[2] for found in _LETTER.finditer(_WORDS.sub(" ", formula)) if found[1] or found[2]}


def in_words(text: str) -> set[str]:
    """The letters of the formulas that stand in prose."""
    return {letter for formula in re.findall(r"\$([^$]*)\$", text) for letter in letters(formula)}


def unexplained(fragment: str, said: str) -> set[str]:
    """Letters of the displays that nothing explains."""
    law = fragment.split(r"\lawnote{Each", 1)[0]
    rows = "\n".join(row for row in fragment.splitlines() if row.startswith((r"\item", r"\begin{law}", r"\lawnote")))
    names = {letter for name, _, _ in paper.definitions(law) for letter in letters(name)}
    indices = set(re.findall(r"\\sum_\{([a-z])[=<]", fragment))
    shown = {letter for formula in paper.displays(law) for letter in letters(formula)}
    return shown - in_words(rows) - in_words(said) - names - indices - ALWAYS


TABLE = " ".join(f"${symbol}$ {meaning}" for symbol, meaning in MEANINGS)


@every_claim
def test_every_letter_of_a_displayed_formula_is_said_to_be_something(claim: Claim) -> None:
    told = " ".join(row for row in legend(claim) if "(" in row or (" = " in row and r"\dots" not in row))
    assert unexplained(proof_latex(law_checks.proof(claim.id)), f"{TABLE} {told}") == set()


def test_a_letter_that_nobody_explains_would_be_seen() -> None:
    fragment = proof_latex(law_checks.proof("sgd-step-is-pythagorean"))
    assert unexplained(fragment.replace(r"\eta^2 G", r"\eta^2 Q"), TABLE) == {"Q"}


@pytest.mark.parametrize("label", ["C2", "C8b", "D1"])
def test_a_statement_explains_its_letters_itself(label: str) -> None:
    """Below it or in its hypotheses: whoever quotes a law does not quote its proof."""
    assert unexplained_in_statement(catalogue()[label]) == set()


def test_a_letter_that_only_the_proof_explains_would_be_seen() -> None:
    claim = catalogue()["D1"]
    assert "R" in unexplained_in_statement(replace(claim, letters={name: said for name, said in claim.letters.items() if name != "R"}))


def unexplained_in_statement(claim: Claim) -> set[str]:
    lines = [line.replace("{dt}", "") for step in conclusions(claim) for line in goal_lines(step.goal)]
    said = [*(row for row in legend(claim) if "(" in row), *(h.words for h in claim.hypotheses)]
    indices = set(re.findall(r"\\sum_\{?([a-z])", " ".join(lines)))
    return {letter for line in lines for letter in letters(line)} - in_words(" ".join(said)) - indices - ALWAYS

"""Every letter of a law's displayed formulas is said to be something: in the table, a hypothesis, a step's words, or a row below."""

from __future__ import annotations

import re

import pytest

from derivations.latex.fragment import proof_latex
from derivations.latex.symbols import MEANINGS, legend
from tests import law_checks
from tests.test_derivations import paper
from theory.catalogue import catalogue
from theory.claims import Claim

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

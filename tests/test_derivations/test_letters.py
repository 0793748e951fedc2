"""Every letter of a law's displayed formulas is said to be something: in the table, a hypothesis, a step's words, or a row below."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sympy as sp
from sympy.core.function import AppliedUndef

from derivations.latex.content import appears, assumptions, content_latex, explained, stated
from derivations.latex.decided import definitions
from derivations.latex.fragment import proof_latex
from derivations.latex.printer import goal_lines
from derivations.latex.symbols import MEANINGS, legend, printed, stands
from derivations.latex.words import words_latex
from tests import law_checks
from tests.test_derivations import paper
from theory.catalogue import catalogue
from theory.claims import Claim
from theory.substance import expressions
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


NUMBERS = {"pi"}  # a letter of its own where something is assumed of it: then it has a row


def unsaid(claim: Claim) -> set[str]:
    """Letters of a statement's formulas that the statement itself does not explain, whatever its proof says."""
    goals = [line for step in conclusions(claim) for line in goal_lines(step.goal)]
    shown = {letter for formula in (*goals, *formal(claim)) for letter in letters(formula)}
    indices = set(re.findall(r"\\(?:sum|max|min)_\{?([a-z])(?![A-Za-z])", "\n".join(goals)))
    return shown - in_words(told(claim)) - {e for text in explained(claim).split("\n") for e in letters(text)} - indices - ALWAYS - NUMBERS


def formal(claim: Claim) -> list[str]:
    return [piece for hypothesis in claim.hypotheses for piece in content_latex(hypothesis.content)]


def told(claim: Claim) -> str:
    """The legend, but for rows that say no more than a sign or a range."""
    return " ".join(row for row in legend(claim) if says(row))


def says(row: str) -> bool:
    return "$ (" in row or (" = " in row and r"\dots" not in row)


def bare(claim: Claim) -> list[str]:
    """Rows of the legend that say no more than a sign or a range, of letters that stand in no word of the statement."""
    return [row for row in legend(claim) if not says(row) and not appears(row.strip("$").split(" ")[0], explained(claim))]


@every_claim
def test_every_letter_of_a_statement_is_explained_in_the_statement(claim: Claim) -> None:
    assert unsaid(claim) == set()
    assert bare(claim) == []


def unsaid_behind_names(claim: Claim, words: str) -> set[str]:
    """Letters behind typed names, as the state of an induction is, that neither the legend nor the words of a step explain."""
    known = in_words(f"{told(claim)} {TABLE} {words}") | {e for text in explained(claim).split("\n") for e in letters(text)}
    decided = [d.expression for step in claim.written for d in definitions(step.goal)]
    return {letter for text in decided for letter in letters(text) - set(re.findall(r"\\sum_\{([a-z])=", text))} - known - ALWAYS - NUMBERS


@every_claim
def test_every_letter_behind_a_name_in_a_proof_is_said_to_be_something(claim: Claim) -> None:
    assert unsaid_behind_names(claim, " ".join(words_latex(step.words) for step in claim.written)) == set()


def test_a_letter_behind_a_name_that_no_step_explains_would_be_seen() -> None:
    assert unsaid_behind_names(catalogue()["momentum-multiplies-the-energy"], "") == {"o", "p", "D"}


@every_claim
def test_a_claim_explains_no_letter_that_a_reader_does_not_meet(claim: Claim) -> None:
    """In its statement; or in a counterexample, where the values of such a letter are chosen and named."""
    held = {text.split(" ")[0] for text in assumptions(claim)}
    unseen = {name for name in claim.letters if printed(name) not in held and not stands(printed(name), stated(claim))}
    assert unseen <= (valued(claim) if unseen else set())


def valued(claim: Claim) -> set[str]:
    """Names of the symbols and functions in what is refuted: the statement without a hypothesis, or with another formula in it."""
    witnesses = [h.witness(claim.formulas) for h in claim.hypotheses if h.witness]
    goals = [goal for w in witnesses for goal in (w.goal, w.instead) if goal is not None]
    found = [*expressions(goals), *expressions(claim.conclusions()), *map(sp.sympify, claim.formulas.values())]
    functions = {f.func.__name__ for e in found for f in e.atoms(AppliedUndef)}
    slopes = {f"{d.expr.func.__name__}{count * chr(39)}" for e in found for d in e.atoms(sp.Derivative) for count in (d.derivative_count,)}
    return {s.name for e in found for s in e.atoms(sp.Symbol)} | functions | slopes


def test_a_letter_that_only_a_proof_explains_would_be_seen_and_one_that_stands_nowhere_too() -> None:
    claim = catalogue()["adamw-equilibrium"]
    silent = replace(claim, letters={})
    assert {"A", "m", "x"} <= unsaid(silent)
    assert {r"$A \ge 0$", r"$d = 1, 2, \dots$"} <= set(bare(silent))
    assert not any(row.startswith("$Q$") for row in legend(replace(claim, letters={"Q": "nothing"})))


def test_what_is_said_of_a_name_that_is_no_symbol_is_printed_and_the_claims_own_word_goes_before_a_shared_one() -> None:
    claim, at_rest = (catalogue()[name] for name in ("clipped-steps-saturate", "normalized-steps-grow-as-square-root"))
    assert any(said.startswith("$G_c$ (energy from which rows at rest are clipped, ") for said in legend(claim))
    assert "$r_*$ (norm at the equilibrium)" in legend(at_rest)
    any_loss = " ".join(legend(catalogue()["riemannian-steps-keep-the-norm"]))  # its gradient has a radial part
    assert "direction of the tangential part" in any_loss
    assert "direction of the gradient" not in any_loss
    own = replace(at_rest, letters={"r_*": "norm at rest", "r_0": "first norm"})
    assert {"$r_*$ (norm at rest)", "$r_0 > 0$ (first norm)"} <= set(legend(own))

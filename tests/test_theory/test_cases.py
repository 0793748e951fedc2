"""A statement says which of its formulas is about what: nothing is concluded twice, in two ways, of one thing."""

from __future__ import annotations

import io
from collections import defaultdict

import pytest
from rich.console import Console

from derivations.latex.fragment import proof_latex
from derivations.latex.markdown import claim_markdown
from derivations.latex.plain import plain
from derivations.ledger.examination import proof_record
from derivations.terminal.derivation import show_derivation
from tests.law_checks import proof
from tests.test_derivations.invented import X, invented
from theory.catalogue import catalogue
from theory.claims import Claim, Step, prove
from theory.kernel import Equal
from theory.typesetting import notebook
from theory.typesetting.cases import by_case
from theory.typesetting.goals import goal_lines

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.label for c in catalogue()])


def torn(claim: Claim) -> list[str]:
    """Left sides that are equal to two things in one case of the statement, or in a case and in all of them."""
    said = defaultdict[str, dict[str, set[str]]](lambda: defaultdict(set))
    for step in claim.steps(claim.formulas):
        for line in goal_lines(step.goal) if step.concludes else ():
            left, equal, right = line.partition(" = ")
            if equal:
                said[left][step.case].add(right)
    return [left for left, cases in said.items() if any(len(r) > 1 for r in cases.values()) or ("" in cases and len(cases) > 1)]


@every_claim
def test_no_statement_says_two_things_of_one(claim: Claim) -> None:
    assert torn(claim) == []


def doubled(*cases: str) -> Claim:
    """A square that is two things, each in its case."""
    return invented(steps=lambda _: tuple(
        Step("So.", Equal((X + n) ** 2, X**2 + 2 * n * X + n**2, "S"), concludes=True, case=case) for n, case in enumerate(cases, 1)
    ))  # fmt: skip


@pytest.mark.parametrize(("cases", "found"), [(("", ""), ["S"]), (("one", "one"), ["S"]), (("one", ""), ["S"]), (("one", "two"), [])])
def test_a_statement_that_contradicts_itself_would_be_seen(cases: tuple[str, ...], found: list[str]) -> None:
    assert torn(doubled(*cases)) == found


def test_lines_stand_under_their_cases_once_each_and_shared_ones_under_all_of_theirs() -> None:
    concluded = [("flow", ["a", "b"]), ("flow", ["c"]), ("", ["d"]), ("steps", ["a", "e"]), ("any $n$", ["e", "d"])]
    assert by_case(concluded) == (
        ("Flow; steps", ("a",)), ("Flow", ("b", "c")), ("In all cases", ("d",)), ("Steps; any $n$", ("e",)))  # fmt: skip
    assert by_case([]) == ()
    assert by_case([("", ["a"]), ("flow", ["b"]), ("", ["c", "d"])]) == (("", ("a",)), ("Flow", ("b",)), ("In all cases", ("c", "d")))


def printed(claim: Claim) -> dict[str, str]:
    """A claim as it stands in a fragment, in the terminal, in Markdown and in a notebook."""
    proved = prove(claim)
    screen = io.StringIO()
    show_derivation(Console(file=screen, width=100), claim, proof_record(proved))
    return {
        "latex": proof_latex(proved), "plain": plain(proof_latex(proved)), "markdown": claim_markdown(proved), "terminal": screen.getvalue(),
        "notebook": notebook.markdown(claim), "notebook latex": notebook.latex(claim),
    }  # fmt: skip


def test_cases_are_said_before_their_formulas_wherever_a_law_is_printed() -> None:
    texts = printed(doubled("for $n$ of 1", "two"))
    for name, text in texts.items():
        first, second = text.index("For $n$ of 1" if name not in ("notebook latex", "terminal") else "For "), text.index("Two")
        assert first < text.index("1 + 2 x") < second < text.index("4 + 4 x"), name
    assert r"\lawcase{Two}" in texts["latex"]
    assert "lawcase" not in texts["plain"]


def test_what_holds_in_all_cases_does_not_seem_to_be_of_the_last_one() -> None:
    for name, text in printed(doubled("", "one", "")).items():
        assert text.count("In all cases") == 1, name
        assert text.index("1 + 2 x") < text.index("One") < text.index("4 + 4 x") < text.index("In all cases") < text.index("9 + 6 x"), name
    assert not any("In all cases" in text for text in printed(doubled("", "one")).values())


def test_a_case_that_is_the_only_one_is_said_too() -> None:
    assert r"\lawcase" not in proof_latex(prove(invented()))
    assert r"\lawcase{One}" in proof_latex(prove(doubled("one")))


def test_the_cases_of_a_law_are_those_of_its_losses() -> None:
    text = proof_latex(proof("slopes-of-softmax-losses"))
    for title in ("InfoNCE", "NT-Xent", "Symmetric CLIP", "SupCon"):
        assert rf"\lawcase{{{title}" in text

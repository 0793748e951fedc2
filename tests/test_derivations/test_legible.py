"""Fractions that can be read, wherever a formula stands, and no formula that says nothing."""

from __future__ import annotations

import re

import pytest

from derivations.latex.decided import definitions
from derivations.latex.fragment import _stopped, proof_latex
from derivations.latex.legible import full_size, is_small, legible
from tests import law_checks
from tests.test_derivations.paper import arguments
from theory.catalogue import catalogue
from theory.kernel import Equal
from theory.notation import eta

_NUMBERS = re.compile(r"\s?\d\d|\{\d+\}\{\d+\}")


@pytest.mark.parametrize(
    "text", [r"\frac{1}{2}", r"\frac{\eta}{2}", r"\frac{d}{dt} x", r"\frac{dL}{dx} = 0", r"\frac{121}{24}", r"\frac12", "x"]
)
def test_plain_fractions_may_stand_in_a_line(text: str) -> None:
    assert not is_small(text)


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\eta^2}{2}",
        r"\frac{\frac{a}{b}}{c}",
        r"\frac{\eta G}{2 \lambda}",
        r"x|_{c = \frac{8}{1 - \beta}}",
        r"\frac{1}{2} + \frac{x_k}{y}",
    ],
)
def test_others_are_too_small_there(text: str) -> None:
    assert is_small(text)


def test_a_fraction_in_an_index_keeps_the_size_of_the_index() -> None:
    index = r"_{c=\frac{4}{\frac{1}{2} - \frac{\beta}{2}}}"
    assert legible(rf"\frac{{\frac{{a}}{{b}}}}{{c}}\Big|{index}") == rf"\frac{{\dfrac{{a}}{{b}}}}{{c}}\Big|{index}"


def test_a_formula_in_a_line_has_fractions_in_full_size() -> None:
    assert full_size(r"\frac{a}{b}").startswith(r"\displaystyle")
    assert full_size("a + b") == "a + b"


def test_a_name_that_differs_in_the_size_of_brackets_is_the_expression() -> None:
    assert definitions(Equal((1 - eta) * (1 - eta**2), eta, r"(1 - \eta) \bigl(1 - \eta^2\bigr)")) == ()
    assert definitions(Equal((1 - eta) * (1 - eta**2), eta, r"(1 - \eta) (1 + \eta^2)")) != ()


def test_the_mark_behind_a_part_in_several_rows_stands_in_its_last_row() -> None:
    rows = "\\lawpart{\\normlawfit{\\begin{aligned}\n& a \\\\\n& \\qquad + b\n\\end{aligned}}}"
    assert _stopped(f"x\n{rows}", ";") == "x\n" + rows.replace("+ b", "+ b;")


@pytest.mark.parametrize("text", [r"\tfrac{\delta^2}{\eta}", r"\tfrac{1}{k+1}", r"2 - \tfrac1{X+2a}"])
def test_a_fraction_that_an_author_typed_small_is_small_anywhere(text: str) -> None:
    assert is_small(text)


def test_no_formula_has_a_small_fraction_that_is_not_a_number() -> None:
    """Of a name typed in a law, or of a range: in a display an exponent in such a fraction is half as high as a letter."""
    for claim in catalogue():
        text = proof_latex(law_checks.proof(claim.id))
        found = [text[at.start() : at.start() + 40] for at in re.finditer(r"\\tfrac", text) if not _NUMBERS.match(text, at.end())]
        assert found == [], claim.id


def test_no_words_of_a_law_have_a_small_fraction_in_their_line() -> None:
    for claim in catalogue():
        proof = law_checks.proof(claim.id)
        told = [claim.title, claim.remark, *(h.words for h in claim.hypotheses), *(w.words for w in proof.witnesses)]
        text = " ".join([*told, *(step.words for step, _ in proof.steps)])
        assert [math for math in text.split("$")[1::2] if is_small(math)] == [], claim.id


def test_no_fragment_has_a_small_fraction_in_a_line_of_a_witness_or_a_definition() -> None:
    for claim in catalogue():
        text = proof_latex(law_checks.proof(claim.id))
        for line in text.split("\n"):
            instead = line.partition("there instead ")[2]
            assert not any(map(is_small, re.findall(r"\$([^$]*)\$", instead))), (claim.id, line)
        for macro in (r"\lawwhere", r"\lawand"):
            names = arguments(text, macro)
            assert all(r"\displaystyle" in name for name in names if r"\frac{" in name), (claim.id, names)

"""What a notebook shows of claims, proofs, verdicts and statements of one's own."""

from __future__ import annotations

import pytest

from tests.law_checks import proof
from theory.catalogue import catalogue
from theory.claims import prove
from theory.kernel import Status, Verdict
from theory.notation import eta, r
from theory.statements import prove as prove_statement
from theory.typesetting.notebook import markdown, statement_latex

NAMES = [claim.id for claim in catalogue()]


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_is_set_without_being_proved(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("theory.claims.decide", lambda *_: pytest.fail("something was decided"))
    claim = catalogue()[name]
    text, latex = claim._repr_markdown_(), claim._repr_latex_()
    assert claim.label in text
    assert text.count("$$") >= 2
    assert latex.startswith("$$")
    assert latex.endswith("$$")
    for both in (text, latex):
        assert both.count("{") == both.count("}")
        assert both.count("$") % 2 == 0


def test_a_proof_shows_every_step_with_its_verdict() -> None:
    found = proof("sgd-step-is-pythagorean")
    text = found._repr_markdown_()
    assert text.count("**proved by ") == len(found.steps)
    assert text.count("needed; **refuted by ball arithmetic**") == 3
    assert found._repr_latex_().count(r"\text{[proved by ") == len(found.steps)


def test_a_broken_law_is_not_shown_as_proved() -> None:
    broken = prove(catalogue()["sgd-step-is-pythagorean"].replaced(next_squared_norm=r**2 + eta))
    assert "**refuted**, step by step" in broken._repr_markdown_()
    assert "[refuted by" in broken._repr_latex_()
    assert broken._repr_markdown_().startswith("**REFUTED. The kernel refutes this. It is no law")
    assert broken._repr_latex_().index("REFUTED: no law") < broken._repr_latex_().index("=")
    assert "needed;" not in broken._repr_markdown_()


def test_a_claim_alone_says_that_nothing_is_decided_and_a_proof_does_not() -> None:
    claim = catalogue()["sgd-step-is-pythagorean"]
    said = "So it is claimed; `prove` asks the kernel whether it is so."
    assert claim._repr_markdown_().endswith(f"*{said}*")
    assert claim._repr_latex_().endswith(r"\text{So it is claimed; }\mathtt{prove}\text{ asks the kernel whether it is so.}\end{gathered}$$")
    assert "claimed" not in statement_latex(claim) + prove(claim)._repr_latex_()
    assert said not in prove(claim)._repr_markdown_()
    assert "no law" not in prove(claim)._repr_markdown_() + prove(claim)._repr_latex_()


def test_a_proof_on_condition_says_so() -> None:
    verdict = Verdict(Status.PROVED, "normal form", conditions=("x_1 > 0",))
    assert verdict._repr_markdown_() == r"**proved on condition: x\_1 \> 0**"
    assert verdict._repr_latex_() == r"$\text{proved on condition: x\_1 > 0}$"


def test_a_statement_of_ones_own_shows_where_it_fails() -> None:
    text = prove_statement("dot(u, grad(L,u)) == 0", where={"L": "-dot(u,v)/tau"})._repr_markdown_()
    assert text.startswith("**refuted**\n\n$$")
    assert "It fails at `u = (-1)`, `v = (1)`" in text


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError, match="no record: int"):
        markdown(3)

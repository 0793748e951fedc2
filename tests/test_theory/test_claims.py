"""Records: what the catalogue refuses, what it prints, and what makes a claim proved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from theory.catalogue import catalogue, law_modules
from theory.claims import Catalogue, CatalogueError, Claim, Formulas, Hypothesis, Provenance, Step, Witness, prove
from theory.kernel import AtLeast, Domain, Equal, Interval, Status

x = sp.Symbol("x", real=True)
p = sp.Symbol("p", positive=True)
ANYWHERE = Hypothesis("real", "$x$ is real", witness=lambda f: Witness("another number", Equal(f["right"], x)))


def steps(formulas: Formulas) -> tuple[Step, ...]:
    return (Step("Expand.", Equal((x + 1) ** 2, formulas["right"]), concludes=True),)


def claim(**changes: Any) -> Claim:
    made = Claim(
        id="square-expands", chapter="geometry", label="Z1", title="A square expands", formulas={"right": x**2 + 2 * x + 1},
        hypotheses=(ANYWHERE,), steps=steps, evidence="squares of numbers", provenance=Provenance.DERIVED,
    )  # fmt: skip
    return replace(made, **changes)


@pytest.mark.parametrize(("claims", "words"), [
    ((claim(), claim()), "duplicate claim id"),
    ((claim(hypotheses=()),), "no hypotheses"),
    ((claim(hypotheses=(ANYWHERE, ANYWHERE)),), "two hypotheses of one id"),
    ((claim(evidence="  "),), "no evidence"),
    ((claim(derived_from=("nowhere",)),), "unknown claim 'nowhere'"),
    ((claim(derived_from=("square-expands",)),), "circular derivation: square-expands -> square-expands"),
    ((claim(id="a", label="A", derived_from=("c",)), claim(id="b", label="B", derived_from=("a",)), claim(id="c", label="C", derived_from=("b",))),
     "circular derivation: a -> c -> b -> a"),
    ((claim(hypotheses=(replace(ANYWHERE, content=Domain({x: Interval(0, 1)})), Hypothesis("other", "", Domain({x: Interval(0, 2)})))),), "two ranges"),
])  # fmt: skip
def test_the_catalogue_refuses(claims: tuple[Claim, ...], words: str) -> None:
    with pytest.raises(CatalogueError, match=words):
        Catalogue(claims)


def test_the_catalogue_puts_lemmas_before_what_follows_from_them() -> None:
    claims = Catalogue((claim(id="late", label="L", derived_from=("early",)), claim(id="early", label="E")))
    assert [c.id for c in claims] == ["early", "late"]
    assert claims.graph() == "early\nlate  <-  early"
    assert '"early" -> "late";' in claims.dot()
    assert len(claims) == 2
    assert "early" in claims
    assert claims["L"].id == "late"
    assert claims.chapters() == ("geometry",)


def test_an_unknown_claim_is_named_with_its_near_misses() -> None:
    with pytest.raises(KeyError, match="perhaps square-expands"):
        Catalogue((claim(),))["square-expand"]


def test_a_claim_is_proved_if_every_step_is_and_one_concludes() -> None:
    assert prove(claim()).status is Status.PROVED
    without = claim(steps=lambda f: (Step("Expand.", Equal((x + 1) ** 2, f["right"])),))
    assert prove(without).status is Status.UNDECIDED
    assert prove(claim(steps=lambda _: ())).status is Status.UNDECIDED


def test_a_claim_is_refuted_if_any_step_is() -> None:
    assert prove(claim(formulas={"right": x**2 + x + 1})).status is Status.REFUTED
    wrong = Step("A lemma.", AtLeast(x, 0))
    assert prove(claim(steps=lambda f: (*steps(f), wrong))).status is Status.REFUTED


def test_a_claim_is_undecided_if_a_step_is_or_hangs_on_a_condition() -> None:
    for goal in (Equal(sp.sin(2 * x), 2 * sp.sin(x) * sp.cos(x)), Equal((x**2 - 1) / (x - 1), x + 1)):
        open_step = Step("Open.", goal)
        assert prove(claim(steps=lambda f, step=open_step: (*steps(f), step))).status is Status.UNDECIDED


def test_a_free_step_is_decided_without_the_hypotheses() -> None:
    content = replace(ANYWHERE, content=Domain({x: Interval(0, 1)}))
    held = Step("Inside.", AtLeast(x, 0))
    assert prove(claim(hypotheses=(content,), steps=lambda f: (*steps(f), held))).status is Status.PROVED
    assert prove(claim(hypotheses=(content,), steps=lambda f: (*steps(f), replace(held, free=True)))).status is Status.REFUTED


@pytest.mark.parametrize("error", [ValueError("no"), KeyError("right"), ZeroDivisionError(), RecursionError(), IndexError()])
def test_steps_that_cannot_be_written_are_undecided_and_raise_nothing(error: Exception) -> None:
    def broken(_: Formulas) -> tuple[Step, ...]:
        raise error

    proof = prove(claim(steps=broken))
    assert proof.status is Status.UNDECIDED
    assert "cannot be written" in proof.steps[0][1].detail


def test_a_witness_bites_if_the_statement_is_refuted_without_the_hypothesis() -> None:
    assert prove(claim()).witnesses[0].bites
    idle = replace(ANYWHERE, witness=lambda f: Witness("the same", Equal(f["right"], f["right"])))
    assert not prove(claim(hypotheses=(idle,))).witnesses[0].bites

    def broken(_: Formulas) -> Witness:
        raise KeyError("right")

    assert not prove(claim(hypotheses=(replace(ANYWHERE, witness=broken),))).witnesses[0].bites


def test_without_a_witness_the_conclusions_are_tried_without_the_hypothesis() -> None:
    bounded = Hypothesis("bounded", "$0 < x < 1$", Domain({x: Interval(0, 1)}))
    positive = claim(hypotheses=(bounded,), formulas={}, steps=lambda _: (Step("So.", AtLeast(x, 0), concludes=True),))
    assert prove(positive).status is Status.PROVED
    assert prove(positive).witnesses[0].bites
    assert not prove(replace(positive, steps=lambda _: ())).witnesses[0].bites


def test_a_variant_keeps_everything_but_its_formulas() -> None:
    variant = claim().replaced(right=x)
    assert variant.id == claim().id
    assert variant.formulas == {"right": x}
    assert prove(variant).status is Status.REFUTED
    with pytest.raises(KeyError, match="it has"):
        claim().replaced(left=x)


def test_the_content_of_all_hypotheses_but_one_is_the_domain() -> None:
    both = claim(hypotheses=(
        Hypothesis("one", "", Domain({x: Interval(0, 1)}, facts=(x,))), Hypothesis("two", "", Domain({p: Interval(0, 2)}, facts=(p,))),
    ))  # fmt: skip
    assert set(both.domain().ranges) == {x, p}
    assert both.domain().facts == (x, p)
    assert set(both.domain(without="one").ranges) == {p}


def test_every_law_module_is_in_the_catalogue() -> None:
    assert len(catalogue()) == len(law_modules())
    assert len({c.label for c in catalogue()}) == len(catalogue())


@pytest.mark.parametrize("law", list(catalogue()), ids=lambda c: c.id)
def test_every_law_is_proved_and_no_witness_is_refused(law: Claim) -> None:
    proof = prove(law)
    assert proof.status is Status.PROVED, [(s.words, v) for s, v in proof.steps if not v.proved]
    assert all(w.bites for w in proof.witnesses), [(w.hypothesis, w.verdict) for w in proof.witnesses if not w.bites]

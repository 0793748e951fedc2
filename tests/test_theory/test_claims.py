"""Records: what the catalogue refuses, what it prints, and what makes a claim proved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from tests import law_checks
from theory import claims as records
from theory.catalogue import Catalogue, CatalogueError, catalogue, law_modules
from theory.claims import Claim, Formulas, Hypothesis, Provenance, Step, Witness, is_proved, prove
from theory.kernel import All, AtLeast, Domain, Equal, Expands, Goal, Interval, Solves, Status, Tends, Within
from theory.letters import plainly
from theory.notation import u
from theory.substance import has_a_point
from theory.vectors import equal_vectors, unit

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
    ((claim(hypotheses=(ANYWHERE, Hypothesis("differentiable", "$L$ is differentiable"))),), "'differentiable'.*neither formal content nor a witness"),
])  # fmt: skip
def test_the_catalogue_refuses(claims: tuple[Claim, ...], words: str) -> None:
    with pytest.raises(CatalogueError, match=words):
        Catalogue(claims)


def test_the_catalogue_takes_a_hypothesis_that_has_formal_content_or_a_witness() -> None:
    witnessed, formal = ANYWHERE, Hypothesis("bounded", "$0 < x < 1$", Domain({x: Interval(0, 1)}))
    assert len(Catalogue((claim(hypotheses=(witnessed, formal)),))) == 1


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


def test_a_claim_is_called_proved_at_once_exactly_if_its_proof_is() -> None:
    wrong, open_step = Step("A lemma.", AtLeast(x, 0)), Step("Open.", Equal((x**2 - 1) / (x - 1), x + 1))
    unwritten = claim(steps=lambda f: (Step("So.", Equal(x, f["missing"]), concludes=True),))
    empty = claim(formulas={}, steps=lambda _: (Step("So.", Equal(x, x), concludes=True),))
    lemma_only = claim(steps=lambda f: (Step("Expand.", Equal((x + 1) ** 2, f["right"])),))
    more = [claim(steps=lambda f, extra=extra: (extra, *steps(f))) for extra in (wrong, open_step)]
    asked = (claim(), claim(formulas={"right": x**2 + x + 1}), claim(steps=lambda _: ()), lemma_only, unwritten, empty, *more)
    assert [is_proved(c) for c in asked] == [prove(c).status is Status.PROVED for c in asked] == [True] + 7 * [False]


def test_what_comes_after_a_step_that_is_not_proved_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Goal] = []
    monkeypatch.setattr(records, "plainly", lambda goal, *about: asked.append(goal) or plainly(goal, *about))
    wrong = AtLeast(x, 0)
    assert not is_proved(claim(steps=lambda f: (Step("A lemma.", wrong), *steps(f))))
    assert asked == [wrong]


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


def test_a_witness_is_about_the_one_formula_of_several_that_fails() -> None:
    holds, fails = AtLeast(x**2, 0), AtLeast(x, 0)
    bounded = Hypothesis("bounded", "$0 < x < 1$", Domain({x: Interval(0, 1)}))
    both = claim(hypotheses=(bounded,), formulas={}, steps=lambda _: (Step("So.", All((holds, All((fails,)))), concludes=True),))
    assert prove(both).witnesses[0].goal == fails
    shifted = replace(ANYWHERE, witness=lambda f: Witness("w", All((Equal(f["right"], f["right"]), Equal(f["right"], f["right"] + 1)))))
    found = prove(claim(hypotheses=(shifted,))).witnesses[0]
    assert found.bites
    assert isinstance(found.goal, Equal)


def within(*ranges: dict[Any, Interval]) -> tuple[Hypothesis, ...]:
    return tuple(Hypothesis(f"range-{i}", "", Domain(box)) for i, box in enumerate(ranges))


EMPTY = {
    "a range whose ends are the wrong way round": within({x: Interval(2, 1)}),
    "a range between two symbols of the wrong order": within({p: Interval(1, 2), x: Interval(p, 1)}),
    "two hypotheses that contradict each other": within({x: Interval(p, p + 1)}, {p: Interval(3, x - 2)}),
    "an open range without a point": within({x: Interval(1, 1)}),
}


@pytest.mark.parametrize("hypotheses", EMPTY.values(), ids=EMPTY)
def test_from_hypotheses_that_contradict_each_other_nothing_is_proved(hypotheses: tuple[Hypothesis, ...]) -> None:
    proof = prove(claim(hypotheses=hypotheses))
    assert proof.steps[0][1].proved, "the kernel itself has no objection"
    assert proof.status is Status.UNDECIDED
    assert "may contradict each other" in proof.steps[-1][1].detail


def test_a_statement_about_an_empty_part_of_the_domain_is_not_proved() -> None:
    def nowhere(low: int, high: int) -> Claim:
        part = Within(Equal((x + 1) ** 2, x**2 + 2 * x + 1), {x: Interval(low, high)})
        return claim(steps=lambda f: (*steps(f), Step("There.", part, concludes=True)))

    assert prove(nowhere(1, 2)).status is Status.PROVED
    assert prove(nowhere(2, 1)).status is Status.UNDECIDED


HOLLOW = {
    "one expression on both sides": Equal(x, x),
    "at least itself": AtLeast(x, x),
    "a vector that is itself": equal_vectors(unit(u), unit(u)),
    "a limit of a constant": Tends(p, sp.Symbol("y", positive=True), p),
    "a series of what has only one term": Expands(p, x, (p, 0)),
    "an equation without motion": Solves(p, x, sp.Symbol("t", positive=True), sp.S.Zero, p),
    "a part of several": All((Equal((x + 1) ** 2, x**2 + 2 * x + 1), Equal(x, x))),
    "on a part of the domain": Within(Equal(x, x), {x: Interval(0, 1)}),
}  # fmt: skip


@pytest.mark.parametrize("goal", HOLLOW.values(), ids=HOLLOW)
def test_a_conclusion_that_says_nothing_proves_nothing(goal: Goal) -> None:
    hollow = claim(steps=lambda f: (*steps(f), Step("It is what it is.", goal, concludes=True)))
    proof = prove(hollow)
    assert proof.status is Status.UNDECIDED
    assert proof.steps[-1][1].detail == "both sides of a conclusion are one expression: It is what it is."
    lemma = claim(steps=lambda f: (*steps(f), Step("It is what it is.", goal)))
    assert prove(lemma).status is Status.PROVED, "as a lemma it does no harm"


def test_a_formula_compared_with_itself_says_nothing() -> None:
    itself = claim(steps=lambda f: (Step("Expand.", Equal(f["right"], f["right"]), concludes=True),))
    assert prove(itself).status is Status.UNDECIDED
    assert prove(claim(formulas={}, steps=lambda _: (Step("So.", Equal(x, x), concludes=True),))).status is Status.UNDECIDED


def test_a_formula_found_as_it_was_typed_says_something() -> None:
    derivative = claim(formulas={"right": 2 * x}, steps=lambda f: (Step("Derive.", Equal(sp.diff(x**2, x), f["right"]), concludes=True),))
    assert prove(derivative).status is Status.PROVED
    gradient = claim(formulas={"right": unit(u)}, steps=lambda f: (Step("So.", equal_vectors(unit(u), f["right"]), concludes=True),))
    assert prove(gradient).status is Status.PROVED


def test_numeric_only_excuses_a_missing_derivation_and_nothing_else() -> None:
    def outcome(*found: Step) -> str:
        return prove(claim(numeric_only=True, steps=lambda _: found)).outcome

    lemma = Step("Expand.", Equal((x + 1) ** 2, x**2 + 2 * x + 1))
    assert outcome() == outcome(lemma) == "numeric-only"
    assert outcome(lemma, Step("Wrong.", AtLeast(x, 0))) == "refuted"
    assert outcome(lemma, Step("Open.", Equal(sp.sin(2 * x), 2 * sp.sin(x) * sp.cos(x)))) == "undecided"
    assert prove(claim()).outcome == "proved"


def test_a_variant_keeps_everything_but_its_formulas() -> None:
    variant = claim().replaced(right=x)
    assert variant.id == claim().id
    assert variant.formulas == {"right": x}
    assert prove(variant).status is Status.REFUTED
    with pytest.raises(KeyError, match="it has"):
        claim().replaced(left=x)


def test_the_content_of_all_hypotheses_but_one_is_the_domain() -> None:
    both = claim(hypotheses=(
        Hypothesis("one", "", Domain({x: Interval(0, 1)})), Hypothesis("two", "", Domain({p: Interval(0, 2)})),
    ))  # fmt: skip
    assert set(both.domain().ranges) == {x, p}
    assert set(both.domain(without="one").ranges) == {p}


def test_every_law_module_is_in_the_catalogue() -> None:
    assert len(catalogue()) == len(law_modules())
    assert len({c.label for c in catalogue()}) == len(catalogue())


@pytest.mark.parametrize("law", list(catalogue()), ids=lambda c: c.id)
def test_every_law_is_proved_and_no_witness_is_refused(law: Claim) -> None:
    proof = law_checks.proof(law.id)
    assert proof.status is Status.PROVED, [(s.words, v) for s, v in proof.steps if not v.proved]
    assert all(w.bites for w in proof.witnesses), [(w.hypothesis, w.verdict) for w in proof.witnesses if not w.bites]


@pytest.mark.parametrize("law", list(catalogue()), ids=lambda c: c.id)
def test_every_law_holds_somewhere(law: Claim) -> None:
    assert has_a_point(law.domain(), [step.goal for step in law.steps(law.formulas)])

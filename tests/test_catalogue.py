"""Every claim has all its parts, and every part is used."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from derivations.evidence import evidence_for
from tests import law_checks
from tests.conftest import law_of
from theory import catalogue as catalogue_module
from theory.catalogue import catalogue
from theory.claims import Claim, Provenance
from theory.kernel import Domain
from theory.substance import altered, ranges_within

CLAIMS = tuple(catalogue())
ROOT = Path(__file__).parent.parent
CHAPTERS = dict.fromkeys(c.chapter for c in CLAIMS)
every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=[c.id for c in CLAIMS])


def _name(claim: Claim) -> str:
    return claim.id.replace("-", "_")


class Watched(Mapping[str, object]):
    """Formulas that remember which of them were asked for."""

    def __init__(self, formulas: Mapping[str, object]) -> None:
        self._formulas = formulas
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> object:
        self.used.add(name)
        return self._formulas[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._formulas)

    def __len__(self) -> int:
        return len(self._formulas)


def test_there_are_the_thirteen_laws_of_this_chapter() -> None:
    labels = [f"A{i}" for i in range(1, 7)] + [f"B{i}" for i in range(1, 8)]
    assert set(labels) <= {c.label for c in CLAIMS}


@every_claim
def test_the_hypotheses_of_a_claim_are_the_ones_it_was_stated_with(claim: Claim) -> None:
    """One without formal content (`differentiable`) changes nothing in a proof when it is deleted: here it is missed."""
    stated = importlib.import_module(f"tests.test_laws.test_{_name(claim)}").HYPOTHESES
    assert tuple(h.id for h in claim.hypotheses) == stated


@every_claim
def test_every_hypothesis_has_formal_content_or_a_witness_of_its_own(claim: Claim) -> None:
    assert [h.id for h in claim.hypotheses if h.content == Domain() and h.witness is None] == []


@every_claim
def test_a_witness_leaves_the_range_of_no_other_hypothesis(claim: Claim) -> None:
    """Otherwise its counterexample may violate another one as well; ``WIDER`` of the law's test names exceptions, with reasons."""
    wider = getattr(importlib.import_module(f"tests.test_laws.test_{_name(claim)}"), "WIDER", {})
    leaving = set()
    for hypothesis in claim.hypotheses:
        if hypothesis.witness is None:
            continue
        witness, others = hypothesis.witness(claim.formulas), claim.domain(without=hypothesis.id).ranges
        asked = ranges_within(witness.goal, others)
        if not all(atom in witness.domain.ranges and witness.domain.ranges[atom].is_part_of(box) for atom, box in asked.items()):
            leaving.add(hypothesis.id)
    assert leaving <= set(wider)
    assert all(reason.strip() for reason in wider.values())


@every_claim
def test_the_witness_of_a_hypothesis_is_made_of_the_claims_own_formulas(claim: Claim) -> None:
    """Otherwise any false statement would do, and bite whatever the law says."""
    for hypothesis in claim.hypotheses:
        if hypothesis.witness is None:
            continue
        goal = hypothesis.witness(claim.formulas).goal
        others = [hypothesis.witness({**claim.formulas, name: altered(f)}).goal for name, f in claim.formulas.items()]
        assert any(other != goal for other in others), hypothesis.id


def test_no_law_of_this_chapter_is_numeric_only() -> None:
    labels = [f"A{i}" for i in range(1, 7)] + [f"B{i}" for i in range(1, 8)]
    assert [label for label in labels if catalogue()[label].numeric_only] == []


def test_ids_and_labels_are_unique_and_ids_are_kebab_case() -> None:
    assert len({c.id for c in CLAIMS}) == len({c.label for c in CLAIMS}) == len(CLAIMS)
    for claim in CLAIMS:
        for name in (claim.id, *(h.id for h in claim.hypotheses)):
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name), name


def test_every_law_module_is_in_the_catalogue_under_its_own_name() -> None:
    assert set(catalogue_module.law_modules()) == {f"theory.laws.{c.chapter}.{_name(c)}" for c in CLAIMS}


@every_claim
def test_a_claim_has_a_law_an_evidence_and_a_test_module(claim: Claim) -> None:
    for path in (
        f"theory/laws/{claim.chapter}/{_name(claim)}.py",
        f"derivations/evidence/{claim.chapter}/{_name(claim)}.py",
        f"tests/test_laws/test_{_name(claim)}.py",
    ):
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("folder", [*(f"derivations/evidence/{chapter}" for chapter in CHAPTERS), "tests/test_laws"])
def test_no_evidence_and_no_test_is_left_of_a_law_that_is_gone(folder: str) -> None:
    laws = {_name(c) for c in CLAIMS}
    found = {p.stem.removeprefix("test_") for p in (ROOT / folder).glob("*.py") if p.stem not in ("__init__", "conftest")}
    assert found <= laws


@every_claim
def test_a_test_module_is_about_its_own_claim_and_breaks_it_in_three_ways(claim: Claim) -> None:
    text = (ROOT / f"tests/test_laws/test_{_name(claim)}.py").read_text(encoding="utf-8")
    assert f'catalogue()["{claim.id}"]' in text
    variants = text.split("BROKEN = {", 1)[1].split("\n}", 1)[0]
    assert len(re.findall(r'^    "[^"]+": \{', variants, re.MULTILINE)) >= 3


@every_claim
def test_a_claim_says_what_it_is_and_where_it_comes_from(claim: Claim) -> None:
    assert all(text.strip() for text in (claim.title, claim.chapter, claim.label, claim.evidence))
    assert claim.formulas
    assert isinstance(claim.provenance, Provenance)
    assert claim.references or claim.provenance is Provenance.DERIVED, "whose result this is has to be said"
    for reference in claim.references:
        assert reference.key
        assert reference.words


@every_claim
def test_a_claim_is_derived_in_steps_with_words_and_a_conclusion(claim: Claim) -> None:
    steps = claim.steps(claim.formulas)
    assert claim.conclusions()
    assert all(step.words.strip() for step in steps)


@every_claim
def test_every_hypothesis_has_words_and_a_witness_in_the_kernel_and_in_simulation(claim: Claim) -> None:
    witnesses = evidence_for(claim).witnesses
    assert claim.hypotheses
    assert list(witnesses) == list(dict.fromkeys(witnesses))
    assert set(witnesses) == {h.id for h in claim.hypotheses}
    for hypothesis, verdict in zip(claim.hypotheses, law_checks.proof(claim.id).witnesses, strict=True):
        assert hypothesis.words.strip()
        assert (verdict.hypothesis, verdict.bites) == (hypothesis.id, True)
        assert verdict.words.strip()
        assert law_checks.witness(claim.id, hypothesis.id, law_checks.SEED).words.strip()


@every_claim
def test_every_formula_is_used_by_the_steps(claim: Claim) -> None:
    watched = Watched(claim.formulas)
    claim.steps(watched)
    assert set(claim.formulas) == watched.used


@every_claim
def test_every_formula_is_measured(claim: Claim) -> None:
    watched, evidence = Watched(claim.formulas), evidence_for(claim)
    settings = list(evidence.draw(np.random.default_rng(law_checks.SEED), "quick"))
    few = settings if len(settings) > 12 else settings[:2]  # mixed lists need one of each kind, the slow law is short
    for most in (1, len(few)):  # most laws read all in the first
        if set(claim.formulas) - watched.used and (most > 1 or law_checks.holds_alone(claim.id)):
            evidence.check(watched, few[:most])
    assert set(claim.formulas) - watched.used == set()


def test_tests_of_one_law_are_beside_each_other(request: pytest.FixtureRequest) -> None:
    """So that one process has them all, and does once what they share."""
    laws = [law for item in request.session.items if (law := law_of(item)) in {_name(c) for c in CLAIMS}]
    runs = [law for i, law in enumerate(laws) if i == 0 or laws[i - 1] != law]
    assert len(runs) == len(set(runs))

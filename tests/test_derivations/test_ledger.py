"""Verdicts of records, and documents that are JSON whatever the figures."""

from __future__ import annotations

import json
import math

import pytest

from derivations.ledger.document import document, finite, ledger_json, ledger_markdown
from derivations.ledger.proofs import KernelWitness, ProofRecord, StepRecord
from derivations.ledger.records import (
    ClaimRecord,
    EvidenceRecord,
    HypothesisRecord,
    Ledger,
    MeasurementRecord,
    NumericWitnessRecord,
    RealTextRecord,
)


def measured(observed: float | None, bound: float | None = 1.0, verdict: str = "holds") -> MeasurementRecord:
    return MeasurementRecord("x", verdict, observed, bound, 0 if observed is None else 3, "a setting")


NOWHERE = measured(None, None, "vacuous")
REFUTED = KernelWitness("w", StepRecord("w", "", "refuted", "ball arithmetic"))
PROVED = KernelWitness("w", StepRecord("w", "", "proved", "normal form"))
BITES, TOOTHLESS = (NumericWitnessRecord("w", bites) for bites in (True, False))


def ledger(*claims: ClaimRecord, real_text: RealTextRecord | None = None) -> Ledger:
    return Ledger(claims, real_text, 0, "quick", {"normlaw": "0"}, 1.0)


def claim(proof: str = "proved", *evidence: MeasurementRecord) -> ClaimRecord:
    hypothesis = HypothesisRecord("h", "h", REFUTED, BITES)
    found = EvidenceRecord(evidence or (measured(0.5),))
    return ClaimRecord("a-claim", "A1", "c", "A claim", ProofRecord(proof), found, (hypothesis,), (), "cited")


@pytest.mark.parametrize(
    ("measurements", "verdict"),
    [
        ((), "vacuous"),
        ((measured(0.5),), "holds"),
        ((measured(0.5), NOWHERE), "vacuous"),
        ((NOWHERE, measured(2.0, verdict="fails")), "fails"),
    ],
)
def test_evidence_fails_if_any_measurement_does_else_is_vacuous_if_any_is(measurements, verdict):
    assert EvidenceRecord(measurements).verdict == verdict


def test_the_figure_shown_is_the_one_closest_to_its_bound():
    found = EvidenceRecord((measured(0.5, 1.0), measured(3e-9, 4e-9), measured(0.0, 0.0), NOWHERE))
    assert found.decisive is not None
    assert found.decisive.observed == 3e-9


@pytest.mark.parametrize("worst", [measured(math.nan), measured(1.0, 0.0), measured(1.0, math.nan)])
def test_a_figure_without_a_meaning_is_never_hidden_behind_another(worst):
    assert EvidenceRecord((measured(0.99), worst, measured(0.5))).decisive is worst


@pytest.mark.parametrize(
    ("kernel", "numeric", "needs_kernel", "witness"),
    [
        (REFUTED, BITES, True, "bites"),
        (PROVED, BITES, True, "fails"),
        (None, BITES, True, "fails"),
        (REFUTED, TOOTHLESS, True, "fails"),
        (REFUTED, None, True, "missing"),
        (None, None, True, "missing"),
        (None, BITES, False, "bites"),
        (PROVED, TOOTHLESS, False, "fails"),
    ],
)
def test_a_witness_bites_only_on_both_sides(kernel, numeric, needs_kernel, witness):
    record = HypothesisRecord("h", "h", kernel, numeric, needs_kernel)
    assert record.witness == witness
    assert bool(record.shortfalls()) == (witness != "bites")


def test_a_proof_with_an_open_condition_is_short_of_a_proof():
    step = StepRecord("Divide.", "a/b", "proved", "normal form", conditions=("b must not be 0",), concludes=True)
    (why,) = ProofRecord("undecided", steps=(step,)).shortfalls()
    assert why == "proof undecided at step 1, Divide: normal form; on the condition that b must not be 0"


@pytest.mark.parametrize("status", ["proved", "numeric-only"])
def test_no_status_hides_a_step_that_is_not_settled(status):
    for step in (StepRecord("So.", "", "refuted", "ball arithmetic"), StepRecord("So.", "", "undecided", "none")):
        assert ProofRecord(status, steps=(step,)).shortfalls()


def test_a_ledger_of_nothing_does_not_pass():
    assert not ledger().passes
    assert ledger(claim()).passes
    assert ledger(claim("numeric-only")).passes


@pytest.mark.parametrize("verdict", ["fails", "vacuous"])
def test_real_text_is_part_of_what_must_hold(verdict):
    failing = ledger(claim(), real_text=RealTextRecord(verdict, "a text", math.nan, 1e-3, 10, 1, "'the'"))
    assert not failing.passes
    ((who, why),) = failing.shortfalls()
    assert who == "real text"
    assert "a text" in why
    assert ledger(claim(), real_text=RealTextRecord("holds", "a text")).passes


def test_the_document_is_strict_json_whatever_the_figures():
    real = RealTextRecord("fails", "t", math.inf, math.nan, summary={"x": [math.nan, {"y": -math.inf}]})
    text = ledger_json(ledger(claim("refuted", measured(math.nan, math.inf, "fails")), real_text=real))
    read = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert read["claims"][0]["evidence"]["observed"] == "nan"
    assert read["claims"][0]["evidence"]["bound"] == "inf"
    assert read["real_input"]["summary"] == {"x": ["nan", {"y": "-inf"}]}
    assert text.isascii()
    assert finite(1e300) == 1e300


def test_the_summary_counts_every_verdict():
    found = document(ledger(claim(), claim("undecided", NOWHERE)))["summary"]
    assert found["proof"] == {"proved": 1, "refuted": 0, "undecided": 1, "numeric-only": 0}
    assert found["evidence"] == {"holds": 1, "fails": 0, "vacuous": 1}
    assert found["witnesses"] == {"bites": 2, "missing": 0, "fails": 0}
    assert not found["passes"]


def test_the_markdown_names_what_falls_short_and_carries_no_timings():
    text = ledger_markdown(ledger(claim("undecided")))
    assert "- **A1 a-claim**: proof undecided" in text
    assert text == ledger_markdown(Ledger((claim("undecided"),), None, 0, "quick", {"normlaw": "0"}, 99.0))

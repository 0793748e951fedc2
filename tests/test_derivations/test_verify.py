"""Plans and the processes that carry them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivations.ledger.examination import EvidenceJob, ProofJob, RealTextJob, law_of_real_text
from derivations.ledger.proofs import ProofRecord
from derivations.ledger.records import EvidenceRecord
from derivations.ledger.verification import Plan, plan_of
from derivations.ledger.workers import Finished, in_processes, in_this_process
from numerics.validation import InvalidInput
from theory.catalogue import catalogue


def finished(events) -> dict:
    return {event.job: event.record for event in events if isinstance(event, Finished)}


def test_everything_is_verified_when_nothing_is_named_and_only_the_named_otherwise():
    claims = catalogue()
    everything, real_text = plan_of(claims, (), ())
    assert (len(everything), real_text) == (len(claims), True)
    chosen, real_text = plan_of(claims, ("B2",), ("geometry",))
    assert {c.label for c in chosen} == {c.label for c in claims if c.chapter == "geometry"} | {"B2"}
    assert not real_text


@pytest.mark.parametrize("name", ["fourth-power-sandwich", "norm-grows-as-fourth-root"])
def test_real_text_belongs_to_the_claims_it_puts_to_the_test(name):
    assert plan_of(catalogue(), (name,), ())[1]
    assert plan_of(catalogue(), ("A1",), (), real_text=True)[1]


def test_real_text_comes_first_so_that_a_bad_corpus_is_found_first():
    (first, *proofs), measurements = Plan(tuple(catalogue())[:2], real_text=True).lanes()
    assert isinstance(first, RealTextJob)
    assert all(isinstance(job, ProofJob) for job in proofs)
    assert all(isinstance(job, EvidenceJob) for job in measurements)


def test_proofs_are_dealt_out_to_the_cores_there_are_and_none_is_lost_or_doubled():
    plan = Plan(tuple(catalogue()), real_text=True)
    for cores, processes in ((1, 2), (2, 2), (4, 4), (1000, 1 + len(plan.claims) // 10)):
        lanes = plan.lanes(cores)
        jobs = [job for lane in lanes for job in lane]
        assert len(lanes) == processes
        assert len(set(jobs)) == len(jobs) == 1 + 2 * len(plan.claims)
        assert isinstance(lanes[0][0], RealTextJob)
        assert all(isinstance(job, EvidenceJob) for job in lanes[1])
    assert len(Plan(plan.claims[:9], real_text=False).lanes(1000)) == 2  # too few to be worth a process


def test_processes_give_the_records_that_one_process_gives():
    lanes = (
        (ProofJob("gradient-is-orthogonal"), ProofJob("sgd-step-is-pythagorean")),
        (ProofJob("fourth-power-recursion"),),
    )
    alone, together = finished(in_this_process(lanes)), finished(in_processes(lanes))
    assert alone.keys() == together.keys()
    for job, record in alone.items():
        assert isinstance(record, ProofRecord)
        assert (record.status, record.steps) == (together[job].status, together[job].steps)


def test_a_process_that_dies_costs_its_job_only():
    lanes = (
        (
            ProofJob("no-such-claim"),
            EvidenceJob("no-such-claim", 0, "quick"),
            ProofJob("fourth-power-recursion"),
        ),
    )
    records = finished(in_processes(lanes))
    proof, evidence, good = (records[job] for job in lanes[0])
    assert proof.status == "undecided"
    assert "its process ended (status 1): KeyError: 'no-such-claim'" in proof.note
    assert isinstance(evidence, EvidenceRecord)
    assert evidence.verdict == "fails"
    assert good.status == "proved"


def test_bad_input_found_in_a_process_ends_the_run(tmp_path):
    job = RealTextJob(tmp_path / "missing.txt", 0, "quick", tmp_path)
    with pytest.raises(InvalidInput, match="missing"):
        list(in_processes(((job,),)))


def test_the_law_put_to_real_text_is_compiled_from_the_claim_itself():
    claims = catalogue()
    quartic, excess = law_of_real_text(claims)
    assert quartic(1.0, 2.0) == 5.0
    assert excess(1.0, 0.0, 2.0) == 4.0
    formulas = claims["fourth-power-sandwich"].formulas
    assert {s.name for s in formulas["upper_excess"].free_symbols} == {"z_0", "A", "M"}


def test_a_law_with_another_formula_fails_on_the_same_text(tmp_path):
    from derivations.ledger.examination import real_text_of
    from theory.catalogue import Catalogue

    text = tmp_path / "text.txt"
    words = [a + b for a in "abcdefghij" for b in "klmnopqr"]
    text.write_text(" ".join(words[(i * i + 7 * i) % len(words)] + " " + words[i % 80] for i in range(2000)))
    job = RealTextJob(text, 0, "quick", tmp_path / "out")
    claims = tuple(catalogue())
    law = next(c for c in claims if c.id == "fourth-power-sandwich")
    wrong = law.replaced(lower=law.formulas["lower"] - law.formulas["lower"].subs("A", 0) / 2)
    broken = Catalogue(tuple(wrong if c is law else c for c in claims))
    good, bad = (real_text_of(job, claims, lambda *_: None) for claims in (catalogue(), broken))
    assert (good.verdict, good.note) == ("holds", "")
    assert bad.verdict == "fails"
    assert {Path(name).name for name in good.files} == {"words.csv", "scatter.svg", "summary.json"}

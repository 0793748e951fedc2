"""Records of earlier runs are taken over only while nothing that they depend on has changed."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.ledger import inputs
from derivations.ledger.examination import EvidenceJob, ProofJob
from derivations.ledger.inputs import PACKAGES, ROOT, lemmas, modules, reached
from derivations.ledger.kept import Kept
from derivations.ledger.proofs import ProofRecord, StepRecord
from derivations.ledger.records import EvidenceRecord, MeasurementRecord
from derivations.ledger.verification import Plan, verify
from derivations.ledger.workers import Finished, in_this_process
from theory.catalogue import Catalogue, catalogue

NAME = "sgd-step-is-pythagorean"
PROOF, EVIDENCE = ProofJob(NAME), EvidenceJob(NAME, 0, "quick")
VERSIONS = {"sympy": "1"}
GOOD = ProofRecord("proved", "x = x", (StepRecord("trivial", "x = x", "proved", "normal form", values={"x": "1"}, concludes=True),))


def kept(folder: Path, **versions: str) -> Kept:
    return Kept(folder / "records", catalogue(), {**VERSIONS, **versions})


@pytest.mark.parametrize("job", [PROOF, EVIDENCE])
def test_every_module_that_a_job_loads_is_among_its_inputs(job: ProofJob | EvidenceJob) -> None:
    code = (
        "import sys; from theory.catalogue import catalogue; claims = catalogue(); before = set(sys.modules)\n"
        f"from derivations.ledger.examination import EvidenceJob, ProofJob; {job!r}.perform(claims, lambda *_: None)\n"
        "print('\\n'.join(set(sys.modules) - before))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=300)
    loaded = {name for name in run.stdout.split() if name.split(".")[0] in PACKAGES} - {"derivations.ledger.examination"}
    by_examination = {"derivations.latex.decided", "derivations.latex.printer", "derivations.evidence", "derivations.ledger.records",
                      "derivations.ledger.proofs", "derivations.ledger.sampling"}  # fmt: skip
    assert loaded - reached((*modules(job, catalogue()), *by_examination)) == set()
    assert len(loaded) > 5


def test_a_proof_depends_on_its_law_its_lemmas_and_the_kernel_and_on_no_simulator() -> None:
    found = reached(tuple(modules(ProofJob("fourth-power-sandwich"), catalogue())))
    assert {"theory.kernel", "theory.language.gram", "theory.refutation"} <= found
    assert "theory.laws.dynamics.fourth_power_sandwich" in found
    assert "theory.laws.dynamics.fourth_power_recursion" in found
    assert not [m for m in found if m.startswith("numerics") or "evidence." in m]
    assert "theory.laws.geometry.hessian_scales_inversely_squared" not in found


def test_a_measurement_depends_on_the_simulators_that_it_runs() -> None:
    found = reached(tuple(modules(EVIDENCE, catalogue())))
    assert {"numerics.simulation.steps", "numerics.kernels.evaluate", "derivations.evidence.rounding"} <= found
    assert "derivations.evidence.dynamics.sgd_step_is_pythagorean" in found


def test_what_is_kept_is_found_again_as_it_was(tmp_path: Path) -> None:
    evidence = EvidenceRecord((MeasurementRecord("x", "holds", 0.1, 0.2, 3, "here"),), {}, 1.5)
    for job, record in ((PROOF, GOOD), (EVIDENCE, evidence)):
        kept(tmp_path).keep(job, record)
        assert kept(tmp_path).find(job) == record


@pytest.mark.parametrize("name", ["gradient-is-orthogonal", "heat-is-dispersion", NAME])
def test_real_records_survive_being_written(tmp_path: Path, name: str) -> None:
    for job in (ProofJob(name), EvidenceJob(name, 3, "quick")):
        record = job.perform(catalogue(), lambda *_: None)
        kept(tmp_path).keep(job, record)
        assert kept(tmp_path).find(job) == record


def test_any_change_of_what_a_job_depends_on_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(tmp_path).keep(PROOF, GOOD)
    real = inputs.digest
    for module in sorted(reached(tuple(modules(PROOF, catalogue())))):
        monkeypatch.setattr(inputs, "digest", lambda name, changed=module: real(name) + "!" * (name == changed))
        assert kept(tmp_path).find(PROOF) is None
    monkeypatch.setattr(inputs, "digest", lambda name: real(name) + "!" * (name == "theory.laws.geometry.gradient_scales_inversely"))
    assert kept(tmp_path).find(PROOF) == GOOD
    assert kept(tmp_path, sympy="2").find(PROOF) is None


def test_another_seed_or_effort_is_another_job(tmp_path: Path) -> None:
    kept(tmp_path).keep(EVIDENCE, EvidenceRecord((MeasurementRecord("x", "holds", 0.1, 0.2, 3),)))
    assert kept(tmp_path).find(EVIDENCE)
    assert kept(tmp_path).find(replace(EVIDENCE, seed=1)) is None
    assert kept(tmp_path).find(replace(EVIDENCE, effort="full")) is None


def test_what_falls_short_is_not_kept_and_puts_an_older_record_away(tmp_path: Path) -> None:
    refuted = replace(GOOD, status="refuted", steps=(replace(GOOD.steps[0], verdict="refuted"),))
    failing = EvidenceRecord((MeasurementRecord("x", "fails", 0.3, 0.2, 3),))
    infinite = EvidenceRecord((MeasurementRecord("x", "holds", 0.3, math.inf, 3),))
    for job, good, bad in ((PROOF, GOOD, refuted), (EVIDENCE, EvidenceRecord((MeasurementRecord("x", "holds", 0.1, 0.2, 3),)), failing)):
        kept(tmp_path).keep(job, good)
        assert kept(tmp_path).find(job)
        kept(tmp_path).keep(job, bad)
        assert kept(tmp_path).find(job) is None
    kept(tmp_path).keep(EVIDENCE, infinite)
    assert kept(tmp_path).find(EVIDENCE) is None


def test_a_file_that_is_cut_short_or_of_another_hand_is_not_believed(tmp_path: Path) -> None:
    kept(tmp_path).keep(PROOF, GOOD)
    (path,) = (tmp_path / "records").iterdir()
    whole = path.read_text()
    altered = json.loads(whole)
    altered["record"]["steps"][0]["verdict"] = "refuted"
    for text in ("", whole[:-30], "[]", whole.replace("normlaw-record/2", "normlaw-record/1"), json.dumps(altered)):
        path.write_text(text)
        assert kept(tmp_path).find(PROOF) is None


def test_a_claim_whose_source_is_no_file_of_the_project_is_never_kept(tmp_path: Path) -> None:
    claim = replace(catalogue()["gradient-is-orthogonal"], id="from-elsewhere", derived_from=())
    found = Kept(tmp_path / "records", Catalogue((claim,)), VERSIONS)
    found.keep(ProofJob(claim.id), GOOD)
    assert found.find(ProofJob(claim.id)) is None


def test_only_what_changed_is_done_again(tmp_path: Path) -> None:
    claim = catalogue()[NAME]
    plan = Plan((claim,), real_text=False, out=tmp_path, only_changed=True)
    done: list[object] = []

    def runner(lanes):
        for event in in_this_process(lanes):
            done.append(event.job) if isinstance(event, Finished) else None
            yield event

    first = verify(plan, lambda *_: None, runner, kept(tmp_path))
    assert (len(done), first.unchanged) == (2, 0)
    second = verify(plan, lambda *_: None, runner, kept(tmp_path))
    assert (len(done), second.unchanged) == (2, 2)
    assert second.claims == first.claims
    verify(replace(plan, only_changed=False), lambda *_: None, runner, kept(tmp_path))
    assert len(done) == 4


def test_the_command_says_how_much_was_taken_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["verify", "A1", "--out", str(tmp_path), "--only-changed"]
    assert main(arguments) == 0
    assert "unchanged" not in capsys.readouterr().out
    assert main(arguments) == 0
    assert "2 of 2 proofs and measurements unchanged" in capsys.readouterr().out
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["unchanged"] == 2


def test_lemmas_of_lemmas_count() -> None:
    found = lemmas(catalogue(), "norm-grows-as-fourth-root")
    assert found >= {"fourth-power-recursion", "sgd-step-is-pythagorean", "gradient-is-orthogonal"}

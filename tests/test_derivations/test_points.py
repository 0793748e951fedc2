"""Points of a run: what is drawn, written beside the ledger, and read back whole or with one clear error."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

import derivations.commands.verify as verify_command
from derivations.__main__ import main
from derivations.command_line.input_checks import UsageError
from derivations.evidence import Measurement
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_most, equal, relative
from derivations.ledger.examination import EvidenceJob, evidence_of
from derivations.ledger.kept import Kept
from derivations.ledger.points import MOST, ClaimPoints, Points, claim_points_from, points_from
from derivations.ledger.read import read_ledger
from derivations.ledger.sampling import sampled
from tests.test_derivations.invented import invented, measured
from theory.catalogue import catalogue

NAME = "sgd-step-is-pythagorean"


def many(size: int = 1000, worst: int = 777) -> Measurement:
    rng = np.random.default_rng(5)
    predicted = np.exp(rng.normal(size=size))
    observed = predicted * (1 + 1e-3 * rng.uniform(-1, 1, size))
    observed[worst] = predicted[worst] * 1.005
    return measurement("a ratio", relative(observed, predicted), 1e-2, [f"i={i}" for i in range(size)], np.arange(size) % 7 > 0)


def test_a_draw_keeps_the_worst_and_no_more_than_fits_and_is_the_same_for_the_same_seed() -> None:
    m = many(worst=778)
    points = sampled(m, 3)
    assert points is not None
    assert len(points.labels) == len(points.bounds) == MOST
    assert points.settings == m.settings > MOST
    assert "i=778" in points.labels
    assert not [label for label in points.labels if int(label[2:]) % 7 == 0], "a setting that does not meet the hypotheses"
    assert len(set(points.labels)) == MOST
    assert points == sampled(m, 3)
    assert points != sampled(m, 4)
    few = sampled(many(20, 3), 0)
    assert few is not None
    assert len(few.labels) == few.settings == 17


def test_no_digit_that_is_left_out_brings_a_point_back_within_its_bound() -> None:
    beyond = 1 + np.array([2.0**-52, 1e-9, -1e-9, 0.0, np.nan])
    points = sampled(measurement("a gap", equal(3 + beyond, np.full(5, 3.0)), 1.0, list("abcde")), 0)
    assert points is not None
    assert points.inside == tuple((3 + beyond) - 3 <= 1.0)
    one = np.ones(1)
    scaled = Measurement("a share", np.nextafter(one, 2), one, one > 0, ("a",), None, one, one, np.full(1, 5e-324))
    assert scaled.verdict == "fails"
    found = sampled(scaled, 0)
    assert found is not None
    assert found.inside == (False,)


def test_bounds_are_a_band_around_what_is_predicted_in_its_own_unit() -> None:
    points = sampled(many(), 0)
    assert points is not None
    assert points.observed is not None
    assert points.predicted is not None
    np.testing.assert_allclose(points.bounds, 1e-2 * np.array(points.predicted), rtol=1e-4)
    np.testing.assert_allclose(np.abs(np.subtract(points.observed, points.predicted)), points.deviations, atol=2e-5 * max(points.predicted))
    assert all(points.inside)


def test_what_cannot_be_drawn_against_a_prediction_keeps_its_deviations() -> None:
    with np.errstate(divide="ignore"):
        divided = sampled(measurement("x", relative(np.ones(2), np.array([0.0, 1.0])), 1.0, ["a", "b"]), 0)
    assert divided is not None
    assert (divided.observed, divided.deviations, divided.bounds) == (None, (math.inf, 0.0), (1.0, 1.0))
    plain = sampled(measurement("x", np.array([0.5, math.nan]), 1.0, ["a", "b"]), 0)
    assert plain is not None
    assert (plain.observed, plain.inside) == (None, (True, False))
    assert sampled(measurement("x", np.zeros(2), 1.0, ["a", "b"], [False, False]), 0) is None


def test_points_of_a_law_are_in_its_band_and_of_a_broken_one_outside_of_it() -> None:
    claim = catalogue()[NAME]
    formula = claim.formulas["next_squared_norm"]
    broken = claim.replaced(next_squared_norm=sp.Rational(101, 100) * formula)
    good, bad = (evidence_of(c, 0, "quick").points.measurements[0] for c in (claim, broken))
    for points in (good, bad):
        assert points is not None
        assert points.what == "squared norm after a step"
        assert points.quantity == r"\lVert u\rVert^2"
    assert all(good.inside)  # type: ignore[union-attr]
    assert not all(bad.inside)  # type: ignore[union-attr]
    out = ~np.array(bad.inside)  # type: ignore[union-attr]
    gap = np.abs(np.subtract(bad.observed, bad.predicted))  # type: ignore[union-attr,arg-type]
    assert np.all(gap[out] > np.array(bad.bounds)[out])  # type: ignore[union-attr]


def test_a_witness_is_in_its_band_with_the_hypothesis_and_leaves_it_without() -> None:
    found = evidence_of(catalogue()[NAME], 0, "quick").points
    assert set(found.witnesses) == {h.id for h in catalogue()[NAME].hypotheses}
    for kept, dropped in found.witnesses.values():
        assert kept is not None
        assert dropped is not None
        assert all(kept.inside)
        assert not all(dropped.inside)


ODD = Points("odd", "q", "at most", (math.nan, math.inf), (-math.inf, 1.0), (math.nan, 0.5), (1.0, 0.0), ("a", "b"), 9)


def test_points_are_read_back_as_they_were_written_odd_numbers_and_all() -> None:
    for of in (ClaimPoints(), ClaimPoints((ODD, None, replace(ODD, observed=None, predicted=None)), {"h": (ODD, None)})):
        text = json.dumps(of.document(), allow_nan=False)
        assert repr(claim_points_from(json.loads(text))) == repr(of)
    assert repr(points_from(json.loads(json.dumps(ODD.document(), allow_nan=False)))) == repr(ODD)


def test_kept_records_carry_their_points(tmp_path: Path) -> None:
    job, found = EvidenceJob(NAME, 0, "quick"), Kept(tmp_path, catalogue(), {})
    record = evidence_of(catalogue()[NAME], 0, "quick")
    found.keep(job, record)
    assert found.find(job) == record
    assert record.points.measurements[0] is not None


@pytest.fixture
def run(invent, tmp_path: Path) -> Path:
    """A folder with a ledger whose claim fails, and its points."""
    failing = measurement("too much", at_most(np.array([1.0, 3.0]), 2.0), 0.5, ["x=1", "x=3"])
    invent((invented(), measured(failing, measurement("well", equal(np.ones(3), 1.0), 0.0, ["p", "q", "x=1"]))))
    assert main(["verify", "--chapter", "invented", "--out", str(tmp_path), "--quiet"]) == 1
    return tmp_path


def test_a_run_is_read_back_with_the_points_of_what_failed(run: Path) -> None:
    document, points = read_ledger(run)
    assert document == json.loads((run / "ledger.json").read_text())
    assert document["summary"]["passes"] is False
    failing, well = points["it-holds"].measurements
    assert failing is not None
    assert well is not None
    assert (failing.observed, failing.predicted, failing.side, failing.inside) == ((1.0, 3.0), (2.0, 2.0), "at most", (True, False))
    assert well.labels == ("p", "q", "x=1")
    assert set(points["it-holds"].witnesses) == {"positive"}


def damaged(run: Path, how: str) -> str:
    """Damage one file; what the error should say."""
    ledger, points = run / "ledger.json", run / "points.json"
    whole = {path: path.read_text() for path in (ledger, points)}
    document = {path: json.loads(text) for path, text in whole.items()}
    file = {"ledger": ledger, "points": points}[how.split()[0]]
    match how.split(maxsplit=1)[1]:
        case "missing":
            file.unlink()
            return "does not exist"
        case "a folder":
            file.unlink()
            file.mkdir()
            return "cannot be read"
        case "cut short":
            file.write_text(whole[file][: len(whole[file]) * 2 // 3])
            return "cut short"
        case "binary":
            file.write_bytes(b"\xff\x00\xfe")
            return "no JSON document"
        case "a list":
            file.write_text("[]")
            return "no JSON object"
        case "nested":
            file.write_text("[" * 100_000)
            return "no JSON document"
        case "older":
            file.write_text(json.dumps({**document[file], "schema_version": 0}))
            return "schema_version = 0, must be 1"
        case "foreign":
            file.write_text(json.dumps({"schema_version": 1, "claims": [], "names": {}}))
            return "is no "
        case "a claim too few":
            file.write_text(json.dumps({**document[file], "claims": []} if file == ledger else {**document[file], "claims": {}}))
            return "contradicts itself" if file == ledger else "is of another run"
        case "another seed":
            file.write_text(json.dumps({**document[file], "seed": 7}))
            return "is of another run"
        case "a number that is none":
            file.write_text(whole[file].replace('"deviations":[0.0,', '"deviations":["much",'))
            return "must be a number"
        case "a column too short":
            file.write_text(whole[file].replace('"bounds":[0.5,0.5]', '"bounds":[0.5]'))
            return "must have 2 numbers"
        case "a label that is nowhere":
            file.write_text(whole[file].replace('"labels":[0,1]', '"labels":[0,99]'))
            return "IndexError"
        case "a claim without evidence":
            del document[file]["claims"][0]["evidence"]
            file.write_text(json.dumps(document[file]))
            return "lacks evidence"
    raise AssertionError(how)


BOTH = ("missing", "a folder", "cut short", "binary", "a list", "nested", "older", "foreign", "a claim too few", "another seed")
DAMAGE = [
    *(f"{file} {how}" for file in ("ledger", "points") for how in BOTH), "points a number that is none", "points a column too short",
    "points a label that is nowhere", "ledger a claim without evidence",
]  # fmt: skip


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_file_is_one_error_that_names_it(run: Path, how: str, monkeypatch, capsys) -> None:
    capsys.readouterr()
    finding = damaged(run, how)
    with pytest.raises(UsageError, match=r"(ledger|points)\.json") as error:
        read_ledger(run)
    assert finding in str(error.value)
    assert "\n" not in str(error.value)
    monkeypatch.setattr(verify_command, "run", lambda _: read_ledger(run) and 0)
    assert main(["verify"]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert str(error.value) in err

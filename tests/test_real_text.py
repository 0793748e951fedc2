"""Real text against the quartic law: it holds row by row, and a wrong law, loss or record does not pass."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from derivations.real_text import report as real_text_report
from derivations.real_text import training as real_text
from derivations.real_text.training import (
    Excess,
    Floats,
    Quartic,
    RealText,
    assess,
    check_law,
    fit_slope,
    radial_bound,
)
from numerics.corpus.text import EncodedText, Text, Vocabulary, count_words
from numerics.lookup.embeddings import LookupRun, LookupSettings, LookupTable, train_lookup
from numerics.validation import InvalidInput

SETTINGS = LookupSettings(dimension=12, window=3, negatives=4)


def quartic(z0: Floats, A: Floats) -> Floats:
    return z0 + 2 * A


def excess(z0: Floats, A: Floats, a_max: Floats) -> Floats:
    return a_max * (a_max / z0 + 0.5 * np.log((z0 + 2 * A) / z0))


def train(similarity: str = "cosine", **change: float) -> tuple[Vocabulary, LookupRun]:
    vocabulary = count_words(Text(), max_size=400)
    encoded = EncodedText(Text(), vocabulary, limit=15_000)
    return vocabulary, train_lookup(
        encoded,
        vocabulary.counts,
        replace(SETTINGS, similarity=similarity, **change),  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def trained() -> tuple[Vocabulary, LookupRun]:
    return train()


@pytest.fixture(scope="module")
def result(trained: tuple[Vocabulary, LookupRun]) -> RealText:
    return assess("a test", *trained, quartic, excess)


def with_word(run: LookupRun, **change: object) -> LookupRun:
    return replace(run, word=replace(run.word, **change))  # type: ignore[arg-type]


def test_law_holds_at_every_row_and_the_rows_are_telling(result: RealText) -> None:
    check = result.check
    assert (check.verdict, check.failures) == ("holds", 0)
    visited = [(table.visits > 0).sum() for table in (result.run.word, result.run.context)]
    assert check.rows == sum(visited) > 1400
    assert check.relative_error[check.worst] <= check.bound[check.worst] < 0.02
    assert check.norm[check.checked].max() > 4 * SETTINGS.initial_norm
    assert check.use[check.checked].max() > 0.5  # the sandwich is not so wide that anything fits


def test_orthogonality_as_measured_is_within_its_rounding_bound(result: RealText) -> None:
    for table in (result.run.word, result.run.context):
        assert 0 < table.largest_radial.max() < radial_bound(result.run.settings)


@pytest.mark.parametrize("change", [{"precision": "float32"}, {"loss": "siglip", "bias": -1.0}, {"batch": 8}], ids=str)
def test_law_holds_in_single_precision_for_siglip_and_in_batches(change: dict[str, object]) -> None:
    _, run = train(**change)  # type: ignore[arg-type]
    assert check_law(run, quartic, excess).verdict == "holds"
    for wrong in (lambda z0, A: z0 + A, lambda z0, A: z0 + 3 * A):
        assert check_law(run, wrong, excess).verdict == "fails"
    largest = run.word.largest_radial.max()
    assert largest < radial_bound(run.settings)
    double = replace(run.settings, precision="float64")
    assert (largest > radial_bound(double)) == (run.settings.precision == "float32")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda z0, A: z0 + A,
        lambda z0, A: z0 + 3 * A,
        lambda z0, A: z0 + 2.01 * A,
        lambda z0, A: z0 + 1.99 * A,
        lambda z0, A: z0 + 2 * A**2,
        lambda z0, A: z0 + 2 * A / SETTINGS.step_size,  # step_size for its square
        lambda _z0, A: 2 * A,  # where it started forgotten
        lambda z0, A: (np.sqrt(z0) + A) ** 2,  # r^2 for r^4
        lambda z0, A: z0 - 2 * A,
        lambda z0, _A: np.full_like(z0, np.nan),
    ],
)
def test_wrong_laws_fail(trained: tuple[Vocabulary, LookupRun], wrong: Quartic) -> None:
    assert check_law(trained[1], wrong, excess).verdict == "fails"


@pytest.mark.parametrize("factor", [0.0, 0.25, 0.5])
def test_a_sandwich_too_narrow_fails(trained: tuple[Vocabulary, LookupRun], factor: float) -> None:
    narrow: Excess = lambda *at: factor * excess(*at)  # noqa: E731
    assert check_law(trained[1], quartic, narrow).verdict == "fails"


def test_each_term_of_the_sandwich_is_needed(trained: tuple[Vocabulary, LookupRun]) -> None:
    no_logarithm: Excess = lambda z0, _A, a_max: a_max**2 / z0  # noqa: E731
    assert check_law(trained[1], quartic, no_logarithm).verdict == "fails"
    # One step is where the other term is all there is: z1 = z0 + 2 a + a^2 / z0 with a of the size of z0.
    once = train_lookup([np.array([0, 1])], np.ones(2), replace(SETTINGS, step_size=0.6, epochs=1))
    only_logarithm: Excess = lambda z0, A, a_max: a_max * 0.5 * np.log((z0 + 2 * A) / z0)  # noqa: E731
    assert check_law(once, quartic, excess).verdict == "holds"
    assert check_law(once, quartic, only_logarithm).verdict == "fails"


def test_dot_products_are_no_cosines_and_fail_visibly() -> None:
    _, dot = train("dot")
    check = check_law(dot, quartic, excess)
    assert check.verdict == "fails"
    assert check.failures > 0.9 * check.rows
    assert check.relative_error[check.worst] > 0.1


def test_a_record_that_is_a_little_off_fails(trained: tuple[Vocabulary, LookupRun]) -> None:
    run = trained[1]
    for change in (
        {"squared_norm": run.word.squared_norm * 0.99},
        {"squared_norm": run.word.squared_norm * (1 + 0.01)},
        {"drive_sum": run.word.drive_sum * 1.02},
        {"squared_norm": np.where(run.word.visits == run.word.visits.max(), np.nan, run.word.squared_norm)},
    ):
        assert check_law(with_word(run, **change), quartic, excess).verdict == "fails"


def test_rows_that_did_not_move_prove_nothing(trained: tuple[Vocabulary, LookupRun]) -> None:
    assert check_law(train(step_size=1e-9)[1], quartic, excess).verdict == "vacuous"

    def unvisited(table: LookupTable) -> LookupTable:
        return replace(table, visits=np.zeros_like(table.visits))

    run = trained[1]
    nothing = replace(run, word=unvisited(run.word), context=unvisited(run.context))
    check = check_law(nothing, quartic, excess)
    assert (check.verdict, check.rows) == ("vacuous", 0)


def test_slope_finds_a_power_law_and_its_interval_covers_it() -> None:
    rng = np.random.default_rng(5)
    visits = rng.uniform(100, 1e5, 500)
    found = fit_slope(visits, visits**1.2 * rng.lognormal(0, 0.4, 500), seed=1)
    assert found.low < 0.3 < found.high
    assert 0 < found.high - found.low < 0.03
    assert found.words == 500
    assert np.isnan(fit_slope(visits[:2], visits[:2], seed=1).value)


def test_naive_growth_has_exponent_one_quarter_and_the_measured_one_is_only_near(result: RealText) -> None:
    assert result.naive_growth_slope.value == pytest.approx(0.25, abs=1e-9)
    assert result.growth_slope.low < result.growth_slope.value < result.growth_slope.high
    assert 0.2 < result.growth_slope.value < 0.3


def test_outputs_are_complete_and_the_same_bytes_each_time(result: RealText, tmp_path: Path) -> None:
    first = real_text_report.write_outputs(result, tmp_path / "a" / "b")
    second = real_text_report.write_outputs(result, tmp_path / "c")
    assert [path.name for path in first] == ["words.csv", "scatter.svg", "summary.json"]
    assert sorted(os.listdir(first[0].parent)) == sorted(path.name for path in first)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    rows = list(csv.DictReader(io.StringIO(first[0].read_text(encoding="utf-8"))))
    assert len(rows) == 2 * result.run.word.visits.size
    assert float(rows[0]["norm"]) == pytest.approx(float(rows[0]["predicted_norm"]), rel=1e-2)
    told = json.loads(first[2].read_text(encoding="utf-8"))
    assert told["law"]["verdict"] == "holds"
    assert "<svg" in first[1].read_text(encoding="utf-8")


def test_outputs_of_a_failed_law_can_be_written_too(
    trained: tuple[Vocabulary, LookupRun], tmp_path: Path
) -> None:
    failed = assess("a test", *trained, lambda z0, A: z0 - 2 * A, excess)
    paths = real_text_report.write_outputs(failed, tmp_path)
    assert json.loads(paths[2].read_text(encoding="utf-8"))["law"]["verdict"] == "fails"


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "words.csv"
    target.write_text("old", encoding="utf-8")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        real_text_report._write_whole(target, "new")
    assert os.listdir(tmp_path) == ["words.csv"]
    assert target.read_text(encoding="utf-8") == "old"


def test_table_has_rows_under_its_header_with_the_worst_word_among_them(result: RealText) -> None:
    rows = real_text_report.table_rows(result)
    assert 10 <= len(rows) <= 16
    assert all(len(row) == len(real_text_report.TABLE_HEADER) for row in rows)
    worst = result.vocabulary.words[int(np.argmax(result.check.relative_error[0, 0]))]
    assert worst in [row[0] for row in rows]


def test_own_corpus_runs_from_file_to_verdict_with_progress(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("".join(next(Text().pieces(60_000))), encoding="utf-8")
    heard: list[float] = []
    found = real_text.run(
        corpus=path, quartic=quartic, sandwich_excess=excess, progress=lambda share, _: heard.append(share)
    )
    assert (found.corpus, found.check.verdict) == ("mine.txt", "holds")
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_useless_requests_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="effort = 'huge' must be one of quick, full"):
        real_text.run(effort="huge", quartic=quartic, sandwich_excess=excess)
    path = tmp_path / "short.txt"
    path.write_text("too short a text", encoding="utf-8")
    with pytest.raises(InvalidInput, match="at least 50 are needed"):
        real_text.run(corpus=path, quartic=quartic, sandwich_excess=excess)


def test_matplotlib_waits_until_a_picture_is_wanted() -> None:
    code = "import sys, derivations.real_text.report; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

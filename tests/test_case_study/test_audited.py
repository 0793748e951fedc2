"""The study has its files audited by the command itself, and its page says what the audits found."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
from pathlib import Path

import numpy as np
import pytest

import derivations.audit.figures as drawing
from derivations.__main__ import main as normlaw
from derivations.case_study import audits, measure
from derivations.case_study.__main__ import main
from derivations.case_study.audits import command_lines
from derivations.case_study.encoder import DEFAULT_MODEL
from tests.test_case_study import invented_study

NAMES = {"lemmas", "glosses", "retrieval", "shipped"}


def fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 resamples."""
    whole = command_lines
    monkeypatch.setattr(audits, "command_lines", lambda *a: {n: [*c, "--resamples", "200"] for n, c in whole(*a).items()})


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer(monkeypatch)


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No retrieval and no figures: they take most of the time, and associations know nothing of them."""
    monkeypatch.setattr(drawing, "figures", lambda _: {})
    whole = audits.command_lines
    monkeypatch.setattr(audits, "command_lines", lambda *a: {n: c for n, c in whole(*a).items() if n != "retrieval"})


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The files of a study with all of its audits, what they are about measured, and what was said of it as JSON."""
    folder, said = tmp_path_factory.mktemp("studied"), io.StringIO()
    invented_study.write(folder, depth=0.4, useful=0.8)
    with pytest.MonkeyPatch.context() as monkeypatch, contextlib.redirect_stdout(said):
        fewer(monkeypatch)
        assert main(arguments(folder, "audit")) == 0
        assert said.getvalue() == ""
        assert main(arguments(folder, "measure", "--json")) == 0
    return folder, said.getvalue()


def arguments(folder: Path, step: str, *more: str) -> list[str]:
    return ["--wordnet", str(folder), "--out", str(folder), "--only", step, "--quiet", *more]


def signs(page: str) -> dict[str, list[str]]:
    """Role -> what was found of it, on lemmas and on glosses."""
    rows = page.partition("## Signs")[2].partition("## Length")[0].splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("| ")]
    return {row[0]: row[3:] for row in cells}


def assert_signs(page: str, words: str) -> None:
    assert "nan" not in page
    assert "of which no claim gives a sign" in page
    found = signs(page)
    assert all(cell.startswith(words) for cell in found["specificity"])
    assert all(cell.startswith("not told") for cell in (*found["frequency"], *found["ambiguity"]))  # of the seed: one in ten is told


def test_the_page_sets_a_planted_sign_beside_that_of_lookup_rows(studied: tuple[Path, str]) -> None:
    assert_signs((studied[0] / "RESULTS.md").read_text(), "longer, **the other way round**")


def test_audits_are_those_that_the_command_on_the_page_makes(studied: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    folder, said = studied
    document = json.loads(said)
    assert document == json.loads((folder / "results.json").read_text())
    assert set(document["audits"]) == NAMES
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.suffix in {".md", ".json", ".svg"}}
    assert {path.parent.name for path in before if path.name == "audit.md"} == NAMES
    for audited in document["audits"].values():
        words = shlex.split(audited["command"])
        assert words[0] == "normlaw"
        assert audited["command"] in (folder / "RESULTS.md").read_text()
        assert normlaw(words[1:]) == 0
        capsys.readouterr()
    assert main(arguments(folder, "measure")) == 0
    assert capsys.readouterr().out == (folder / "RESULTS.md").read_text()
    assert {path: path.read_bytes() for path in before} == before


def test_the_audits_see_the_norms_and_their_normalisation(studied: tuple[Path, str]) -> None:
    found = {name: json.loads((studied[0] / name / "audit.json").read_text()) for name in NAMES}
    kinds = {name: report["signal"]["kind"] for name, report in found.items()}
    assert kinds == {name: "none" if name == "shipped" else "signal" for name in NAMES}
    assert found["retrieval"]["retrieval"]["queries"] == invented_study.GLOSSES
    assert set(found["retrieval"]["retrieval"]["controls"]) >= {"cosine", "margin", "tokens", "characters", "words"}
    assert found["glosses"]["roles"]["columns"]["length"] == ["tokens"]
    assert set(found["glosses"]["roles"]["confounders"]) == {"tokens", "characters", "words"}
    depth = next(a for a in found["glosses"]["associations"] if a["covariate"] == "depth")
    assert depth["controlled"]["low"] > 0
    assert depth["difference"]["low"] > 0
    assert set(depth["controls"]) >= {"tokens", "characters", "words", "frequency", "polysemy"}


@pytest.mark.parametrize(("depth", "words"), [(-0.4, "shorter, the same"), (0.0, "not told")])
@pytest.mark.usefixtures("unasked")
def test_a_sign_that_is_planted_the_other_way_is_the_same_and_of_none_nothing_is_told(
    depth: float, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what is measured of queries where nothing is planted; a sign knows nothing of them."""
    if depth:
        monkeypatch.setattr(measure, "useful", lambda *_: {})
        monkeypatch.setattr(measure, "exponents", lambda *_: {})
    invented_study.write(tmp_path, depth=depth)
    assert main(arguments(tmp_path, "audit")) == 0
    assert main(arguments(tmp_path, "measure")) == 0
    page = capsys.readouterr().out
    assert page == (tmp_path / "RESULTS.md").read_text()
    assert_signs(page, words)


def test_what_is_said_of_the_training_is_that_of_the_model(tmp_path: Path) -> None:
    known, other = (command_lines(tmp_path, model, 7) for model in (DEFAULT_MODEL, "invented"))
    for lines, words in ((known, ["--optimizer", "adamw"]), (other, [])):
        for name in ("lemmas", "glosses"):
            assert [w for w in lines[name] if w in ("--optimizer", "adamw")] == words
            assert lines[name][lines[name].index("--encoder") + 1] == "shared"
            assert lines[name][lines[name].index("--seed") + 1] == "7"


def test_measuring_without_audits_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invented_study.write(tmp_path)
    assert main(arguments(tmp_path, "measure")) == 2
    error = capsys.readouterr().err
    assert "has no file audit.json; --only audit writes it" in error
    assert error.count("\n") == 1


def test_an_audit_that_cannot_be_made_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    invented_study.write(tmp_path)
    np.save(tmp_path / "lemmas.untrained.npy", np.ones((3, 4), np.float32))
    assert main(arguments(tmp_path, "audit")) == 2
    error = capsys.readouterr().err
    assert "lemmas.untrained.npy (--control) has 3 rows, must have as many" in error
    assert error.count("\n") == 1


def test_an_interrupted_audit_ends_with_130_and_says_that_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from derivations.commands import audit

    def interrupted(_options: object) -> int:
        raise KeyboardInterrupt

    invented_study.write(tmp_path)
    monkeypatch.setattr(audit, "run", interrupted)
    assert main(arguments(tmp_path, "audit")) == 130
    assert "the same command goes on" in capsys.readouterr().err

"""``normlaw figures``: files named on standard output, progress on standard error, errors in one line before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.figures import render
from derivations.figures.names import FIGURES


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "story", lambda _name: pytest.fail("work was begun"))


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: --out"),
        (["pie", "--out", "OUT"], "NAME = 'pie' is no claim"),
        (["pie", "--out", "OUT"], "figures are quartic-growth, drift-heat-decay"),
        (["--out", "OUT", "--format", "gif"], "invalid choice: 'gif'"),
        (["--out", "OUT", "--seed", "-1"], "must be an integer between 0 and"),
        (["heavy-tails", "--out", "FILE"], "is a file, must be a directory"),
        (["B2", "--out", "OUT", "--ledger", "OUT/none"], "ledger.json does not exist"),
    ],
)
def test_bad_usage_is_one_line_and_no_work(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    places = {"OUT": str(tmp_path / "out"), "FILE": str(tmp_path / "file"), "OUT/none": str(tmp_path / "none")}
    try:
        status = main(["figures", *(places.get(a, a) for a in arguments)])
    except SystemExit as done:
        status = done.code
    caught = capsys.readouterr()
    assert status == 2
    assert said in caught.err
    assert len(caught.err.strip().splitlines()) == 1
    assert caught.out == ""


@pytest.mark.usefixtures("no_work")
def test_a_pgf_without_tex_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(render, "engine", lambda: None)
    assert main(["figures", "heavy-tails", "--out", str(tmp_path), "--format", "pgf"]) == 2
    assert "apt install texlive" in capsys.readouterr().err


def test_help_lists_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "--help"]) == 0
    out = capsys.readouterr().out
    assert all(name in out and words in out for name, words in FIGURES.items())


def test_a_figure_is_written_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "specificity", "--out", str(tmp_path), "--theme", "dark"]) == 0
    caught = capsys.readouterr()
    assert caught.out.split() == [str(tmp_path / "specificity.svg")]
    assert "simulating specificity" in caught.err
    assert (tmp_path / "specificity.svg").stat().st_size > 1000


def test_a_claims_evidence_is_drawn_from_its_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quiet", "verify", "A1", "--out", str(tmp_path / "run")]) == 0
    capsys.readouterr()
    out = tmp_path / "pictures"
    assert main(["figures", "a1", "--out", str(out), "--ledger", str(tmp_path / "run"), "--quiet"]) == 0
    names = sorted(p.name for p in out.iterdir())
    assert "gradient-is-orthogonal-evidence-1.svg" in names
    assert any("witness" in name for name in names)
    assert capsys.readouterr().out == ""
    assert main(["figures", "B2", "--out", str(out), "--ledger", str(tmp_path / "run")]) == 2
    assert "has no points of sgd-step-is-pythagorean: run normlaw verify" in capsys.readouterr().err

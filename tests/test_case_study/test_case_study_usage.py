"""The command line of the case study: help that loads nothing, and one clear error for what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from derivations.case_study.__main__ import main
from tests.test_case_study.invented_wordnet import write

ROOT = Path(__file__).parents[2]


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = main(arguments)
    return status, capsys.readouterr().err


def test_help_teaches_and_loads_no_library() -> None:
    code = (
        "import sys\nfrom derivations.case_study.__main__ import main\nmain(['--help'])\n"
        "print('loaded', [m for m in ('numpy', 'torch', 'sentence_transformers', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    for words in ("wordnet-base", "case-study", "--limit", "exit status", "lemmas.csv"):
        assert words in done.stdout
    assert done.stdout.splitlines()[-1] == "loaded []"


def test_a_folder_without_wordnet_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, error = said(["--wordnet", str(tmp_path), "--out", str(tmp_path / "out"), "--quiet"], capsys)
    assert status == 2
    assert "has no file data.noun" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("model", ["no_such_model_package", "./nowhere", "json"])
def test_a_missing_model_is_one_error_that_says_how_to_get_it(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--wordnet", str(write(tmp_path)), "--out", str(tmp_path / "out"), "--model", model, "--quiet"]
    status, error = said(arguments, capsys)
    assert status == 2
    assert f"--model = {model!r}" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--limit", "99"], ["--limit", "many"], ["--queries", "0"], ["--seed", "-1"], ["--only", "x"]])
def test_an_argument_out_of_its_bounds_is_one_error(arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, error = said(["--wordnet", str(tmp_path), "--out", str(tmp_path), *arguments], capsys)
    assert status == 2
    assert "must be" in error or "choose from" in error
    assert error.count("\n") == 1

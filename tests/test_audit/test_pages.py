"""What a person and a machine are given: the page, the figures, the document, and a process that is interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations.__main__ import main
from tests.test_audit.worlds import directions, embeddings, planted, table, words

ROOT = Path(__file__).resolve().parents[2]
ROWS = 600


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    """Of an audit with everything in it."""
    rng = np.random.default_rng(1)
    columns = words(rng, ROWS)
    units = directions(rng, ROWS, 8)
    documents = embeddings(tmp_path / "d.npy", units * planted(rng, columns, 0.25, -0.05, 0.05)[:, None])
    wanted = rng.integers(0, ROWS, 60)
    queries = embeddings(tmp_path / "q.npy", units[wanted] + 0.3 * rng.standard_normal((60, 8)))
    covariates = table(tmp_path / "c.csv", {**columns, "a_column_with_a_very_long_name_indeed": rng.standard_normal(ROWS),
                                            "topic": [f"t{i}" for i in rng.integers(0, 24, ROWS)]})  # fmt: skip
    pairs = table(tmp_path / "r.csv", {"query": range(60), "document": wanted})
    control = embeddings(tmp_path / "u.npy", units)
    return ["audit", str(documents), "--covariates", str(covariates), "--group", "topic", "--control", str(control), "--queries",
            str(queries), "--relevance", str(pairs), "--encoder", "lookup", "--optimizer", "sgd", "--decay", "none", "--loss", "infonce",
            "--resamples", "200"]  # fmt: skip


def test_two_runs_write_the_same_bytes_and_every_figure_is_on_the_page(tmp_path: Path, capsys: Any, arguments: list[str]) -> None:
    written = []
    for name in ("one", "two"):
        assert main([*arguments, "--out", str(tmp_path / name), "--json"]) == 0
        out = capsys.readouterr().out
        files = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        assert files["audit.json"].decode() == out
        written.append(files)
    assert written[0] == written[1]
    figures = {name for name in written[0] if name.endswith(".svg")}
    page = written[0]["audit.md"].decode()
    assert figures == {"norms.svg", "exponent.svg", "reliability.svg", *(f"covariate_{i}.svg" for i in range(5))}
    assert all(f"({name})" in page for name in figures)
    assert all(written[0][name].rstrip().endswith(b"</svg>") for name in figures)
    assert json.loads(out)["schema_version"] == 1


def test_another_seed_gives_other_intervals_and_says_so(capsys: Any, arguments: list[str]) -> None:
    found = []
    for seed in ("0", "1"):
        assert main([*arguments, "--json", "--seed", seed]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert [d["seed"] for d in found] == [0, 1]
    first, second = (d["associations"][0]["controlled"] for d in found)
    assert first["value"] == second["value"]
    assert first["low"] != second["low"]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_page_fits_the_terminal_and_no_word_is_cut(
    capsys: Any, monkeypatch: pytest.MonkeyPatch, arguments: list[str], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    lines = out.splitlines()
    assert max(map(len, lines)) <= width
    if width >= 80:
        for cell in ("(specificity)", "(frequency)", "12 of 12", "groups", "exponent of count"):
            assert any(cell in line for line in lines), cell


def test_quiet_is_a_line_for_each_question(capsys: Any, arguments: list[str]) -> None:
    assert main([*arguments, "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert [line.split("?")[0] for line in out.splitlines()] == [
        "Is there a norm signal", "What do norms go with", "As predicted", "May norms serve as confidence", "Normalise before ranking",
        "Rows that look never trained",
    ]  # fmt: skip


def test_progress_goes_to_standard_error(capsys: Any, arguments: list[str]) -> None:
    assert main(arguments) == 0
    assert "audit: 100 %, done" in capsys.readouterr().err


def test_the_help_teaches(capsys: Any) -> None:
    assert main(["audit", "--help"]) == 0
    out = capsys.readouterr().out
    for part in ("normlaw audit vectors.npy --covariates words.csv", "exit status", "--group", "--given", "--control"):
        assert part in out


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interrupted_audit_leaves_nothing_half_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    file = embeddings(tmp_path / "v.npy", rng.standard_normal((400_000, 16)).astype(np.float32))
    covariates = table(tmp_path / "c.csv", {"x": range(400_000), "y": rng.integers(0, 9, 400_000)})
    out = tmp_path / "out"
    run = subprocess.Popen(
        [sys.executable, "-m", "derivations", "audit", str(file), "--covariates", str(covariates), "--out", str(out),
         "--resamples", "100000"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stderr is not None
    assert "audit: " in run.stderr.readline()  # at work
    time.sleep(0.2)
    assert run.poll() is None
    run.send_signal(signal.SIGINT)
    stdout, stderr = run.communicate(timeout=60)
    assert (run.returncode, stdout) == (130, "")
    assert "Traceback" not in stderr
    assert not out.exists() or list(out.iterdir()) == []

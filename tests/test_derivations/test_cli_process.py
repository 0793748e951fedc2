"""The installed command as its users start it: a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NORMLAW = [sys.executable, "-m", "derivations"]
HEAVY = ("sympy", "numba", "scipy", "numpy", "matplotlib", "rich", "flint")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def started(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*NORMLAW, *arguments], cwd=cwd, env=environment(), stdout=pipe, stderr=pipe, text=True
    )


def finished(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*NORMLAW, *arguments], cwd=cwd, env=environment(), capture_output=True, text=True, check=False
    )


def test_help_and_import_load_no_library(tmp_path):
    code = f"""
import sys
import derivations.__main__ as command
assert command.main(["--help"]) == 0
assert command.main(["verify", "--help"]) == 0
assert command.main(["verify", "--seed", "-1"]) == 2
heavy = [name for name in {HEAVY!r} if name in sys.modules]
assert not heavy, heavy
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_json_of_a_real_claim_is_one_document_and_nothing_else(tmp_path):
    ran = finished("verify", "A1", "--json", "--quiet", cwd=tmp_path)
    document = json.loads(ran.stdout)
    assert ran.stderr == ""
    assert [c["id"] for c in document["claims"]] == ["gradient-is-orthogonal"]
    assert document["claims"][0]["proof"] == "proved"
    assert ran.returncode == (0 if document["summary"]["passes"] else 1)
    assert sorted(p.name for p in (tmp_path / "normlaw-out").iterdir()) == ["ledger.json", "ledger.md", "records"]


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if not listed.exists():
        pytest.skip("this system does not list the children of a process")
    return [int(child) for child in listed.read_text().split()]


def wait_for_children(run: subprocess.Popen[str]) -> list[int]:
    for _ in range(400):
        if len(found := children(run.pid)) == 2:
            return found
        assert run.poll() is None
        time.sleep(0.05)
    raise AssertionError("no workers were started")


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_an_interrupted_run_ends_at_once_with_its_processes_and_leaves_nothing_broken(tmp_path, sent, status):
    run = started("verify", cwd=tmp_path)
    workers = wait_for_children(run)
    time.sleep(0.5)
    run.send_signal(sent)
    begun = time.monotonic()
    out, err = run.communicate(timeout=10)
    assert run.returncode == status
    assert out == ""
    assert "Traceback" not in err
    while any(map(alive, workers)):
        assert time.monotonic() - begun < 10
        time.sleep(0.05)
    assert not [p for p in (tmp_path / "normlaw-out").rglob("*") if p.is_file()]


@pytest.mark.parametrize("chapter", ["geometry", "dynamics", "imprint"])
def test_a_chapter_runs_as_a_plain_file_from_anywhere(tmp_path, chapter):
    script = [sys.executable, str(ROOT / "derivations" / f"{chapter}.py")]
    plain = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    ran = subprocess.run(script, cwd=tmp_path, env=plain, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr + ran.stdout[-2000:]
    assert "proved  normal form" in ran.stdout
    written = tmp_path / "normlaw-out" / chapter
    assert (written / "normlaw.tex").exists()
    assert len(list((written / "claims").iterdir())) >= 6
    refused = subprocess.run(
        [*script, "--out", script[1]], cwd=tmp_path, env=plain, capture_output=True, check=False
    )
    assert refused.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", [["list"], ["show", "B2"], ["verify", "B2", "--json"]])
def test_output_that_cannot_be_written_is_one_clear_error(tmp_path, command):
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "derivations", *command], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, check=False,
        )  # fmt: skip
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert "normlaw: error: the output could not be written: No space left on device" in ran.stderr

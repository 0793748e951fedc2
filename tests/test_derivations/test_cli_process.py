"""The installed command as its users start it: a process of its own."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from derivations import chapter_script
from derivations.latex.companion import broken
from tests import law_checks
from tests.conftest import PROFILE
from theory.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[2]
NORMLAW = [sys.executable, "-m", "derivations"]
CHAPTERS = ("geometry", "dynamics", "imprint", "calibration")
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
    assert sorted(p.name for p in (tmp_path / "normlaw-out").iterdir()) == ["ledger.json", "ledger.md", "points.json", "records"]


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


def assert_chapter_written(ran: subprocess.CompletedProcess[str], folder: Path, chapter: str) -> None:
    assert ran.returncode == 0, ran.stderr + ran.stdout[-2000:]
    assert "proved  normal form" in ran.stdout
    written = folder / "normlaw-out" / chapter
    assert (written / "normlaw.tex").exists()
    assert {path.stem for path in (written / "claims").iterdir()} == {claim.id for claim in catalogue() if claim.chapter == chapter}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_as_a_plain_file_from_anywhere(tmp_path, chapter):
    """All of it: but for the shortest, in the thorough profile."""
    script = [sys.executable, str(ROOT / "derivations" / f"{chapter}.py")]
    plain = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    if chapter == "calibration" or PROFILE == "thorough":
        ran = subprocess.run(script, cwd=tmp_path, env=plain, capture_output=True, text=True, check=False)
        assert_chapter_written(ran, tmp_path, chapter)
    refused = subprocess.run(
        [*script, "--out", script[1]], cwd=tmp_path, env=plain, capture_output=True, check=False
    )
    assert refused.returncode == 2


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_derived_as_it_is_proved_elsewhere(tmp_path, monkeypatch, capsys, chapter):
    """Every chapter in this process, which may have proved its claims already.

    Without the appendix, which asks the kernel for each broken variant: `test_companion` has it, claim by claim.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(broken, "appendix", lambda *_: "")
    monkeypatch.setattr(chapter_script, "prove", lambda claim: law_checks.proof(claim.id))
    status = importlib.import_module(f"derivations.{chapter}").main([])
    assert_chapter_written(subprocess.CompletedProcess([], status, *capsys.readouterr()), tmp_path, chapter)


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


PIPED = (
    ["prove", "norm(u) >= 0"], ["prove", "norm(u) >= 1", "--json"], ["verify", "B2"], ["verify", "B2", "--json", "--quiet"], ["list"],
    ["show", "B2"], ["imprint"], ["--help"], ["prove", "--help"], ["--version"],
)  # fmt: skip


def run_into_closed_pipe(program: list[str], cwd: Path, *, both: bool = False) -> tuple[int, str]:
    """Exit status and standard error of a process of which nobody reads the output; ``both``: nor its errors."""
    read, write = os.pipe()
    os.close(read)
    try:
        ran = subprocess.run(
            program, cwd=cwd, env=environment(), stdout=write, stderr=write if both else subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(write)
    return ran.returncode, ran.stderr or ""


@pytest.mark.skipif(os.name != "posix", reason="pipes")
@pytest.mark.parametrize("command", PIPED, ids=" ".join)
def test_a_closed_pipe_is_one_clear_error_and_no_verdict(tmp_path, command):
    status, err = run_into_closed_pipe([*NORMLAW, *command], tmp_path)
    assert status == 2
    assert err.splitlines()[-1] == "normlaw: error: the output could not be written: Broken pipe"
    assert "Traceback" not in err
    assert "Exception ignored" not in err


ONE_CLAIM = """
import sys
import derivations.latex.export as export
from derivations.__main__ import main
from theory.catalogue import Catalogue, catalogue
export.catalogue = lambda: Catalogue(tuple(catalogue())[:1])
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name != "posix", reason="pipes")
def test_a_closed_pipe_is_one_clear_error_of_an_export_too(tmp_path):
    """An export of one claim: to prove all of them takes long, and comes before anything is said."""
    status, err = run_into_closed_pipe([sys.executable, "-c", ONE_CLAIM, "export", "--out", "paper"], tmp_path)
    assert status == 2
    assert err.splitlines()[-1] == "normlaw: error: the output could not be written: Broken pipe"
    assert all(line.startswith("export: ") for line in err.splitlines()[:-1])
    assert len(list((tmp_path / "paper" / "claims").iterdir())) == 1


@pytest.mark.skipif(os.name != "posix", reason="pipes")
@pytest.mark.parametrize("command", [["list"], ["prove", "norm(u) >= 0"], ["prove", "norm(u"], []], ids=" ".join)
def test_closed_pipes_for_output_and_errors_end_with_the_same_status(tmp_path, command):
    assert run_into_closed_pipe([*NORMLAW, *command], tmp_path, both=True)[0] == 2


@pytest.mark.skipif(os.name != "posix", reason="pipes")
def test_a_chapter_says_the_same_of_a_closed_pipe(tmp_path):
    status, err = run_into_closed_pipe([sys.executable, "-m", "derivations.geometry", "--help"], tmp_path)
    assert status == 2
    assert err == "normlaw: error: the output could not be written: Broken pipe\n"


@pytest.mark.skipif(os.name != "posix", reason="shells")
def test_a_shell_sees_the_status_of_a_command_before_head(tmp_path):
    line = f"{sys.executable} -m derivations list | (exec <&-); echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert ran.stdout == "2\n"
    closed = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m derivations list >&-"], cwd=tmp_path, env=environment(), capture_output=True, check=False
    )
    assert closed.returncode == 2
    assert b"standard output is closed" in closed.stderr

"""Sweeps that are interrupted, killed or damaged, by real signals: the same command again gives the dataset of a run that was not."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from derivations.sweep.dataset import Dataset, manifest
from derivations.sweep.design import laid_out
from derivations.sweep.spec import read_spec
from derivations.sweep.versions import versions
from tests.test_sweep.sweeps import children, done_here, finished, rows, some_chunks, spec_file, started, until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds worker processes in /proc")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The files of an uninterrupted run, in this process."""
    found = done_here(tmp_path_factory.mktemp("whole"))
    assert len(found) == 12
    return found


def resumes(tmp_path, whole) -> None:
    """What is there is part of the whole, is not all of it, and going on, in this process, makes it all."""
    assert rows(tmp_path / "out").items() < whole.items()
    assert done_here(tmp_path) == whole
    assert not list((tmp_path / "out").glob("*/.*")), "something was left over"


def resumes_by_the_same_command(tmp_path, whole) -> None:
    """`resumes`, in processes, which say what they found."""
    before = rows(tmp_path / "out")
    assert before.items() < whole.items()
    ran = finished("spec.toml", "--out", "out", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    assert f"{4 * len(before)} from before" in ran.stderr
    assert rows(tmp_path / "out") == whole
    assert not list((tmp_path / "out").glob("*/.*")), "something was left over"


def gone(pids) -> bool:
    return not any(os.path.exists(f"/proc/{pid}") and "Z" not in open(f"/proc/{pid}/stat").read().split(")")[1][:3] for pid in pids)


def test_ctrl_c_says_how_to_go_on_and_the_same_command_does(tmp_path, whole):
    process = started(spec_file(tmp_path), "--out", "out", cwd=tmp_path, start_new_session=True)
    some_chunks(tmp_path / "out")
    workers = children(process.pid)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process of the group hears it
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "interrupted" in said
    assert "the same command goes on from there" in said
    assert "Traceback" not in said
    until("the end of the workers", lambda: gone(workers))
    resumes_by_the_same_command(tmp_path, whole)


def test_kill_9_of_the_whole_group_loses_nothing(tmp_path, whole):
    process = started(spec_file(tmp_path), "--out", "out", cwd=tmp_path, start_new_session=True)
    some_chunks(tmp_path / "out", 2)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    resumes(tmp_path, whole)


def test_kill_9_of_the_parent_alone_ends_its_workers(tmp_path, whole):
    process = started(spec_file(tmp_path), "--out", "out", cwd=tmp_path)
    some_chunks(tmp_path / "out")
    workers = children(process.pid)
    assert workers
    process.kill()
    process.communicate()
    until("the end of the workers", lambda: gone(workers))
    resumes(tmp_path, whole)


def test_a_worker_that_is_killed_is_replaced_and_its_cells_are_done_again(tmp_path, whole):
    process = started(spec_file(tmp_path), "--out", "out", cwd=tmp_path)
    some_chunks(tmp_path / "out")
    killed = children(process.pid)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    out, said = process.communicate(timeout=120)
    assert process.returncode == 0, out + said
    assert killed
    assert f"{len(killed)} process{'es' * (len(killed) > 1)} replaced" in said
    assert rows(tmp_path / "out") == whole


def test_a_file_that_is_cut_short_or_changed_is_done_again(tmp_path, whole):
    folder = tmp_path / "out"
    assert done_here(tmp_path) == whole
    paths = sorted((folder / "rows").glob("*.parquet"))
    paths[0].write_bytes(paths[0].read_bytes()[:700])
    paths[1].write_bytes(b"")
    paths[2].write_bytes(paths[3].read_bytes())  # another chunk's
    for path, share in zip(paths[4:8], (0.1, 0.3333, 0.6, 0.95), strict=True):  # pages, and what the file says about its columns
        spoilt = bytearray(path.read_bytes())
        spoilt[int(share * len(spoilt))] ^= 0xFF
        path.write_bytes(bytes(spoilt))
    ran = finished("spec.toml", "--out", "out", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "20 from before" in ran.stderr
    assert rows(folder) == whole


def test_a_folder_is_for_one_sweep_one_process_and_one_version(tmp_path):
    dataset = Dataset(tmp_path / "out", laid_out(read_spec(spec_file(tmp_path))), versions())
    second = finished("spec.toml", "--out", "out", cwd=tmp_path)
    dataset.close()
    assert second.returncode == 2
    assert f"in use by another sweep (process {os.getpid()})" in second.stderr
    other = tmp_path / "other.toml"
    other.write_text((tmp_path / "spec.toml").read_text().replace("seed = 5", "seed = 6"))
    refused = finished(other, "--out", "out", cwd=tmp_path)
    assert refused.returncode == 2
    assert "another sweep" in refused.stderr
    assert "--force" in refused.stderr
    written = tmp_path / "out" / "sweep.json"
    written.write_text(written.read_text().replace('"source": "', '"source": "other'))
    refused = finished("spec.toml", "--out", "out", cwd=tmp_path)
    assert refused.returncode == 2
    assert "by other versions: source other" in refused.stderr
    dataset = Dataset(tmp_path / "out", dataset.laid, versions(), force=True)
    assert manifest(tmp_path / "out")["versions"] == versions()
    dataset.close()

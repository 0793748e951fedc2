"""The same sweep on a Dask cluster of real processes: the same bits, workers that die, schedulers that are not there."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.command_line.input_checks import UsageError
from derivations.sweep.engine import Outcome, Piece
from tests.test_sweep.sweeps import LONG_ENOUGH, ROOT, done_here, environment, finished, rows, some_chunks, spec_file, started, until

distributed = pytest.importorskip("distributed", reason="dask is not installed (the extra sweep has it)")
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds worker processes in /proc")


def dask(*arguments, log):
    """A process of Dask's own command line, which says to ``log`` what it does."""
    code = "import sys; from distributed.cli import dask_scheduler, dask_worker; {'scheduler': dask_scheduler, 'worker': dask_worker}"
    code += "[sys.argv.pop(1)].main()"
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment(), cwd=ROOT, stdout=log, stderr=log)


@pytest.fixture(scope="module")
def cluster():
    """The address of a scheduler, and its worker processes by their nannies' process."""
    with tempfile.TemporaryFile("w+") as log:
        processes = [dask("scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1", log=log)]

        def said():
            log.seek(0)
            return log.read()

        until("a scheduler", lambda: re.search(r"Scheduler at:\s+(tcp://\S+)", said()))
        address = re.search(r"Scheduler at:\s+(tcp://\S+)", said())[1]
        local = tempfile.mkdtemp()
        nanny = dask("worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--local-directory", local, log=log)
        processes.append(nanny)
        until("two workers", lambda: said().count("Registered to:") >= 2)
        try:
            yield address, nanny.pid
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait(LONG_ENOUGH)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The files of a run on this machine."""
    return done_here(tmp_path_factory.mktemp("whole"))


def workers_of(nanny):
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int((path / "stat").read_text().rpartition(")")[2].split()[1]) == nanny and b"spawn_main" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except OSError:
            continue
    return found


def test_a_worker_is_killed_and_the_dataset_is_that_of_one_machine(tmp_path, cluster, whole):
    address, nanny = cluster
    process = started(spec_file(tmp_path), "--out", "out", "--scheduler", address, cwd=tmp_path)
    some_chunks(tmp_path / "out")
    killed = workers_of(nanny)[0]
    os.kill(killed, signal.SIGKILL)
    out, said = process.communicate(timeout=LONG_ENOUGH)
    assert process.returncode == 0, out + said
    assert rows(tmp_path / "out") == whole
    until("another worker", lambda: len(workers_of(nanny)) == 2 and killed not in workers_of(nanny))


def test_what_a_cluster_has_begun_this_machine_goes_on_with(tmp_path, cluster, whole):
    address, _ = cluster
    process = started(spec_file(tmp_path), "--out", "out", "--scheduler", address, cwd=tmp_path)
    some_chunks(tmp_path / "out")
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=LONG_ENOUGH)
    assert process.returncode == 130, out + said
    assert "the same command goes on from there" in said
    assert rows(tmp_path / "out").items() < whole.items()
    assert done_here(tmp_path) == whole


def test_a_cluster_of_ones_own_gives_the_same(tmp_path, whole):
    ran = finished(spec_file(tmp_path), "--out", "out", "--local-cluster", "--workers", "1", "--json", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["verdicts"] == {"holds": 48, "loose": 0, "fails": 0, "vacuous": 0, "error": 0}
    assert rows(tmp_path / "out") == whole


def test_a_scheduler_that_is_not_there_is_one_clear_error(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("derivations.sweep.cluster.ANSWER", 0.5)
    assert main(["sweep", str(spec_file(tmp_path)), "--out", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "--scheduler = 'tcp://127.0.0.1:9': no scheduler answers within 0.5 s" in capsys.readouterr().err
    assert rows(tmp_path / "out") == {}


def test_workers_of_other_versions_are_refused():
    from derivations.sweep.cluster import differences, remote, versions_here

    here = versions_here()
    assert differences(here, here) == ""
    assert differences(here, {**here, "numpy": "1.0"}) == f"numpy 1.0 (here {here['numpy']})"
    with pytest.raises(RuntimeError, match="other versions: source "):
        remote([], {**here, "source": "another"}, 1.0)
    assert remote([], here, 1.0) == []


class Task:
    """A future of the cluster's, as far as it is used."""

    def __init__(self):
        self.status, self.heard = "pending", []

    def add_done_callback(self, fn):
        self.heard.append(fn)

    def becomes(self, status):
        self.status = status
        for fn in self.heard:
            fn(self)

    def result(self):
        if self.status == "error":
            raise distributed.scheduler.KilledWorker("piece", None, 3)
        return ["a result"]


def test_a_result_that_was_lost_with_its_worker_is_waited_for(monkeypatch):
    from derivations.sweep import cluster

    class Client:
        def __init__(self, *_, **__):
            self.run = lambda asked: {"worker": asked()}
            self.wait_for_workers = self.close = lambda *_, **__: None
            self.submit = lambda *_, **__: task

    task, piece = Task(), Piece(0, 0, ())
    monkeypatch.setattr(distributed, "Client", Client)
    of = cluster.Cluster("tcp://nowhere:1", 1, cluster.versions_here(), 1.0)
    assert of.machines == [cluster.machine_here()]
    of.submit(piece)
    task.becomes("lost")
    assert of.wait() == []
    task.heard = task.heard[1:]  # the first has had its say
    task.becomes("finished")
    assert of.wait() == [Outcome(piece, ["a result"])]
    of.submit(piece)
    task.heard = task.heard[-1:]
    task.becomes("error")
    assert of.wait() == [Outcome(piece, (), "its worker ended")]
    of.submit(piece)
    task.heard = task.heard[-1:]
    task.becomes("cancelled")
    with pytest.raises(UsageError, match=r"given up a task \(cancelled\)"):
        of.wait()

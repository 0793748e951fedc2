"""The same pieces on a Dask cluster: versions compared before the first one, workers that die left to Dask, and given up after that."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from derivations.command_line.input_checks import UsageError
from derivations.sweep.cell_work import Result
from derivations.sweep.cells import Cell
from derivations.sweep.engine import Outcome, Piece
from derivations.sweep.extra import distributed

ANSWER = 10.0  # seconds in which a scheduler must answer, and have a worker
ALONE = 60.0  # seconds without any worker after which there is no more hope: a killed one is back by then
UNSETTLED = ("lost", "pending")  # done, but the worker ended before the result was fetched: the scheduler has it done again
AHEAD = 2  # pieces a thread of the cluster has or waits for


def remote(cells: Sequence[Cell], versions: Mapping[str, str], time_limit: float) -> list[Result]:
    """On a worker: results, by the right versions. A cell that takes too long ends its process, for nothing else would stop it."""
    if off := differences(versions, versions_here()):
        raise RuntimeError(f"a worker has other versions: {off}")
    return [_watched(cell, time_limit) for cell in cells]


def _watched(cell: Cell, time_limit: float) -> Result:
    from derivations.sweep import cell_work

    watch = threading.Timer(time_limit, os._exit, (124,))
    watch.daemon = True
    watch.start()
    try:
        return cell_work.perform([cell])[0]
    finally:
        watch.cancel()


def versions_here() -> dict[str, str]:
    """Of the process that calls it."""
    from derivations.sweep.versions import versions

    return versions()


def machine_here() -> dict[str, str | int]:
    """Likewise."""
    from derivations.sweep.versions import machine

    return machine()


def differences(wanted: Mapping[str, str], there: Mapping[str, str]) -> str:
    """In words; nothing where there are none."""
    return ", ".join(f"{name} {there.get(name, 'missing')} (here {mine})" for name, mine in wanted.items() if there.get(name) != mine)


class Cluster:
    """An `engine.Executor` on the scheduler at ``address``, or, without one, on a cluster of ``workers`` processes made here."""

    def __init__(self, address: str | None, workers: int, versions: Mapping[str, str], time_limit: float) -> None:
        self._dask, self._versions, self._time_limit = distributed(), versions, time_limit
        self._own: Any = None
        self.machines: list[dict[str, str | int]] = []
        if address is None:
            self._own = self._dask.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        self._name = address or "the local cluster"
        self._done: queue.SimpleQueue[tuple[Piece, Any]] = queue.SimpleQueue()
        self._out, self._seen = 0, time.monotonic()
        try:
            self._client = self._dask.Client(self._own or address, timeout=ANSWER)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(f"--scheduler = {address!r}: no scheduler answers within {ANSWER:g} s ({_short(error)})") from error
        try:
            self._compare()
        except BaseException:
            self.close()
            raise

    def _compare(self) -> None:
        """Refuse workers that are not like this process."""
        try:
            self._client.wait_for_workers(1, timeout=ANSWER)
        except TimeoutError as error:
            raise UsageError(f"{self._name} has no worker; start one with: dask worker {self._name}") from error
        try:
            found = self._client.run(versions_here)
        except Exception as error:  # whatever the import there raised
            raise UsageError(f"a worker of {self._name} cannot run this version of normlaw: {_short(error)}") from error
        for worker, there in found.items():
            if off := differences(self._versions, there):
                raise UsageError(f"worker {worker} has other versions: {off}")
        self.machines = list(self._client.run(machine_here).values())

    def _threads(self) -> int:
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return sum(int(w["nthreads"]) for w in workers.values())

    def room(self) -> int:
        """Some pieces for every thread; at least one, so that a cluster that is being restarted has something to do."""
        return max(AHEAD * max(self._threads(), 1) - self._out, 0)

    def submit(self, piece: Piece) -> None:
        """A task of the cluster."""
        task = self._client.submit(remote, piece.cells, self._versions, self._time_limit, pure=False, retries=0)
        self._out += 1
        self._listen(piece, task)

    def _listen(self, piece: Piece, task: Any) -> None:
        task.add_done_callback(lambda ended: self._done.put((piece, ended)))

    def wait(self) -> list[Outcome]:
        """What has ended, within a second."""
        try:
            piece, task = self._done.get(timeout=1.0)
        except queue.Empty:
            self._watch()
            return []
        self._seen = time.monotonic()
        if task.status in UNSETTLED:
            self._listen(piece, task)
            return []
        self._out -= 1
        if task.status not in ("finished", "error"):
            raise UsageError(f"{self._name} has given up a task ({task.status}); run the same command again to go on")
        return [self._outcome(piece, task)]

    def _outcome(self, piece: Piece, task: Any) -> Outcome:
        """Its results, which may have to be made again if their worker ends while they are fetched."""
        try:
            return Outcome(piece, task.result())
        except self._dask.scheduler.KilledWorker:
            return Outcome(piece, (), "its worker ended")
        except Exception as error:
            raise UsageError(f"{self._name}: {_short(error)}") from error

    def _watch(self) -> None:
        """Say so when nobody is there any more."""
        if self._client.status != "running":
            raise UsageError(f"{self._name} does not answer any more; run the same command again to go on")
        if self._threads():
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > ALONE:
            raise UsageError(f"{self._name} has had no worker for {ALONE:g} s; run the same command again to go on")

    def close(self) -> None:
        """Cancel what is left. A scheduler of others goes on."""
        self._client.close(timeout=2)
        if self._own is not None:
            self._own.close(timeout=5)


def _short(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]

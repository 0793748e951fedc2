"""Jobs spread over processes: one per lane, each taking the next of its own jobs, then what others have left.

Which process does a job never changes its result. The processes are in sessions of their own, so that Ctrl-C
reaches this one only, which then ends them; and each ends by itself when the pipe from here closes.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import sys
import tempfile
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, NoReturn

from derivations.child import serving
from derivations.ledger.examination import Job, Record, Tell
from numerics.validation import InvalidInput

Lanes = Sequence[Sequence[Job]]


@dataclass(frozen=True)
class Advanced:
    """A job has begun, or has come this far."""

    job: Job
    fraction: float
    words: str


@dataclass(frozen=True)
class Finished:
    """A job is done."""

    job: Job
    record: Record


Event = Advanced | Finished


def in_this_process(lanes: Lanes) -> Iterator[Event]:
    """Every job in turn, here; raises `InvalidInput` for what the user gave."""
    from theory.catalogue import catalogue

    claims = catalogue()
    for job in (job for lane in lanes for job in lane):
        told: list[tuple[float, str]] = []
        record = job.perform(claims, partial(_note, told))
        yield from (Advanced(job, fraction, words) for fraction, words in told)
        yield Finished(job, record)


def _note(told: list[tuple[float, str]], fraction: float, words: str) -> None:
    told.append((fraction, words))


def in_processes(lanes: Lanes) -> Iterator[Event]:
    """Every job, one process a lane; ends them when closed. Raises `InvalidInput` for what the user gave."""
    left = _Lanes(lanes)
    events: queue.SimpleQueue[Event | InvalidInput] = queue.SimpleQueue()
    workers: list[_Worker] = []
    remaining = sum(map(len, lanes))
    try:
        for number in range(sum(map(bool, lanes))):
            workers.append(_Worker())
            threading.Thread(target=workers[-1].work, args=(number, left, events.put), daemon=True).start()
        while remaining:
            event = events.get()
            if isinstance(event, InvalidInput):
                raise event
            remaining -= isinstance(event, Finished)
            yield event
    finally:
        left.clear()
        for worker in workers:
            worker.end()


class _Lanes:
    """The jobs nobody has taken yet."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = [deque(lane) for lane in lanes if lane]
        self._lock = threading.Lock()

    def take(self, number: int) -> Job | None:
        """The next job of this lane, else the last of the longest other one."""
        with self._lock:
            if self._lanes[number]:
                return self._lanes[number].popleft()
            longest = max(self._lanes, key=len)
            return longest.pop() if longest else None

    def clear(self) -> None:
        """Leave nothing to take."""
        with self._lock:
            for lane in self._lanes:
                lane.clear()


class _Worker:
    """A process that does one job after the other; a new one takes over if it dies."""

    def __init__(self) -> None:
        self._ended = False
        self._lock = threading.Lock()
        self._start()

    def _start(self) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        self._process = serving("derivations.ledger.workers", self._stderr)

    def work(self, number: int, left: _Lanes, put: Callable[[Event | InvalidInput], None]) -> None:
        """Do jobs until none is left; what the process says goes to ``put``."""
        while not self._ended and (job := left.take(number)) is not None:
            try:
                result = self._do(job, put)
            except (OSError, EOFError, pickle.PickleError):
                with self._lock:
                    if self._ended:
                        return
                    result = job.failed(self._epitaph())
                    self._start()
            put(result if isinstance(result, InvalidInput) else Finished(job, result))

    def _do(self, job: Job, put: Callable[[Event | InvalidInput], None]) -> Any:
        jobs, replies = self._process.stdin, self._process.stdout
        if jobs is None or replies is None:
            raise EOFError("no pipes")
        pickle.dump(job, jobs)
        jobs.flush()
        while True:
            kind, *said = pickle.load(replies)
            if kind == "done":
                return said[0]
            put(Advanced(job, *said))

    def _epitaph(self) -> str:
        code = self._process.wait()
        self._stderr.seek(0)
        last = self._stderr.read().decode(errors="replace").strip().splitlines()[-1:]
        return f"its process ended (status {code})" + "".join(f": {line}" for line in last)

    def end(self) -> None:
        """Kill the process if it is there, and wait for it."""
        with self._lock:
            self._ended = True
            self._process.kill()
        self._process.wait()
        self._stderr.close()


def serve() -> None:
    """In a worker process: do the jobs that come in on stdin until it closes; returns to nobody."""
    try:
        _serve()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(1)  # not sys.exit: the thread that listens holds the lock of stdin


def _serve() -> NoReturn:
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the replies
    jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, jobs.put), daemon=True).start()
    from theory.catalogue import catalogue

    claims = catalogue()
    while True:
        job = jobs.get()
        result: Record | InvalidInput
        try:
            result = job.perform(claims, _teller(replies))
        except InvalidInput as error:
            result = error
        _reply(replies, ("done", result))


def _listen(stream: IO[bytes], put: Callable[[Job], None]) -> None:
    """Hand on jobs; when the other side is gone, whatever this process is doing is of no use to anyone."""
    with contextlib.suppress(EOFError, OSError, pickle.PickleError):
        while True:
            put(pickle.load(stream))
    os._exit(0)


def _teller(replies: IO[bytes]) -> Tell:
    return lambda fraction, words: _reply(replies, ("at", fraction, words))


def _reply(replies: IO[bytes], message: tuple[Any, ...]) -> None:
    pickle.dump(message, replies)
    replies.flush()

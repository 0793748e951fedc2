"""Processes of this machine, one a core, that do pieces of a sweep; one that dies, or takes too long, is replaced.

Each ends by itself when this process is gone. They leave Ctrl-C to this process, and run one thread each.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait

from derivations.command_line.input_checks import UsageError
from derivations.sweep.cell_work import Result
from derivations.sweep.cells import Cell
from derivations.sweep.engine import Outcome, Piece
from derivations.sweep.versions import machine, source_stamp

Work = Callable[[Sequence[Cell]], Sequence[Result]]
ONE_THREAD = ("NORMLAW_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
PATIENCE = 1.0  # seconds between looks at the clock
STARTS = 3  # processes in a row that do not even start


class Pool:
    """An `engine.Executor`."""

    def __init__(self, workers: int, time_limit: float, work: Work | None = None) -> None:
        self._time_limit, self._work = time_limit, work
        self._stillborn, self._source = 0, source_stamp()
        self.machines = [machine()]
        self._workers: list[_Worker] = []
        try:
            for _ in range(workers):
                self._workers.append(_Worker(work))
        except BaseException:
            self.close()
            raise

    def room(self) -> int:
        """One piece a process."""
        return sum(w.ready and w.piece is None for w in self._workers)

    def submit(self, piece: Piece) -> None:
        """To the first that is free."""
        next(w for w in self._workers if w.ready and w.piece is None).take(piece)

    def wait(self) -> list[Outcome]:
        """Outcomes, within a second; processes that died are replaced."""
        events = [w.connection for w in self._workers] + [w.process.sentinel for w in self._workers]
        wait(events, timeout=PATIENCE)
        return [outcome for i in range(len(self._workers)) for outcome in self._look_at(i)]

    def _look_at(self, place: int) -> Iterator[Outcome]:
        worker = self._workers[place]
        try:
            while worker.connection.poll():
                said = worker.connection.recv()
                if not worker.ready:
                    self._begin(worker, said)
                elif finished := worker.heard(said):
                    yield finished
            died = worker.late(self._time_limit) or ("" if worker.process.is_alive() else worker.epitaph())
        except (EOFError, OSError):
            died = worker.epitaph()
        if died:
            self._stillborn += not worker.ready
            if self._stillborn >= STARTS:
                raise UsageError(f"{STARTS} processes in a row ended before they began: {died}")
            worker.end()
            self._workers[place] = _Worker(self._work)
            if worker.piece is not None:
                yield Outcome(worker.piece, worker.results, died, suspected=True)

    def _begin(self, worker: _Worker, source: str) -> None:
        """A process is there; one that was started after a change of the sources would give other results under their name."""
        if source != self._source:
            raise UsageError("the sources of normlaw have changed since this sweep began; start it again")
        worker.ready, self._stillborn = True, 0

    def close(self) -> None:
        """Kill them all."""
        for worker in self._workers:
            worker.end()


class _Worker:
    """A process, and the piece that it has."""

    def __init__(self, work: Work | None) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, work), daemon=True)
        with _one_thread(), _uninterrupted():
            self.process.start()
        theirs.close()
        self.ready, self.piece = False, None  # type: bool, Piece | None
        self.results: list[Result] = []
        self._since = 0.0

    def take(self, piece: Piece) -> None:
        """Begin a piece; a process that is gone by now is noticed later."""
        self.piece, self.results, self._since = piece, [], time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(piece.cells)

    def heard(self, result: Result) -> Outcome | None:
        """The next cell's result; the piece, if it was the last."""
        self.results.append(result)
        self._since = time.monotonic()
        if self.piece is None or len(self.results) < len(self.piece.cells):
            return None
        piece, self.piece = self.piece, None
        return Outcome(piece, self.results)

    def late(self, time_limit: float) -> str:
        """Why it has to be ended, if its cell takes longer than that."""
        if self.piece is None or time.monotonic() - self._since <= time_limit:
            return ""
        return f"it took longer than {time_limit:g} s"

    def epitaph(self) -> str:
        """How the process ended."""
        self.process.join()
        code = self.process.exitcode or 0
        return f"its process was killed by signal {-code}" if code < 0 else f"its process ended with status {code}"

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.join()
        self.connection.close()


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """What is started here sees one thread; results must not depend on how sums are shared out, nor cores be asked for twice."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """What is started here does not hear Ctrl-C."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve(connection: Connection, work: Work | None) -> None:
    """In a process of its own: results for the cells that come in, by ``work`` or `cell_work.perform`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from derivations.sweep import cell_work, laws

    laws.ledger()
    with contextlib.suppress(EOFError, OSError):
        connection.send(source_stamp())
        while True:
            for cell in connection.recv():
                connection.send((work or cell_work.perform)([cell])[0])


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)

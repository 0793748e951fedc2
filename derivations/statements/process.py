"""Statements proved in a process of their own, so that a time limit holds whatever a proof is doing.

The process answers one statement after the other, as JSON lines. It is in a session of its own, as those of
`derivations.ledger.workers` are: Ctrl-C reaches this process only, which then ends it; and it ends by itself when the
pipe from here closes.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NoReturn, Self

from derivations.child import serving
from theory.statements import Counterexample, Result, StatementError, prove
from theory.statements.kinds import read
from theory.statements.written import written

DEFAULT_TIMEOUT = 60.0
_START_LIMIT = 60.0  # seconds until a new process must have loaded its libraries
_MEMORY = 4 << 30  # bytes of address space


@dataclass(frozen=True)
class Question:
    """A statement with its definitions and conditions."""

    statement: str
    where: Mapping[str, str] = field(default_factory=dict)
    given: Sequence[str] = ()


def prove_within(
    statement: str, where: Mapping[str, str] | None = None, given: Sequence[str] = (), timeout: float = DEFAULT_TIMEOUT
) -> Result:
    """`theory.statements.prove` with a limit in seconds; raises `StatementError` for what cannot be read."""
    with StatementProcess() as process:
        return process.ask(Question(statement, where or {}, tuple(given)), timeout)


class StatementProcess:
    """A process that proves; killed and replaced when it runs out of time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def ask(self, question: Question, timeout: float) -> Result:
        """The result; undecided when the time is up or the process is gone. Raises `StatementError` before any work."""
        latex = written(read(question.statement, question.where, question.given).statement)
        try:
            process = self._started()
            assert process.stdin is not None
            job = {"statement": question.statement, "where": dict(question.where), "given": list(question.given)}
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
            answer = self._lines.get(timeout=timeout)
        except queue.Empty:
            self.end()
            note = f"time limit: no proof and no counterexample within {timeout:g} s"
            return Result("undecided", "none", latex, note=note, seconds=timeout)
        except OSError:
            answer = ""
        except BaseException:
            self.end()
            raise
        if not answer:
            self.end()
            return Result("undecided", "none", latex, note="the process that was proving it ended (out of memory?)")
        return result_of(json.loads(answer))

    def _started(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise OSError("closed")
        if self._process is None:
            self._lines = queue.SimpleQueue()
            self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
            self._process = serving("derivations.statements.process", self._stderr)
            threading.Thread(target=_pass_on, args=(self._process.stdout, self._lines.put), daemon=True).start()
            self._lines.get(timeout=_START_LIMIT)  # it says when it is ready
        return self._process

    def close(self) -> None:
        """End it for good: a thread that still asks gets no new one."""
        self._closed = True
        self.end()

    def end(self) -> None:
        """Kill the process if it is there, and wait for it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            self._stderr.close()


def _pass_on(stream: Any, put: Any) -> None:
    for line in stream:
        put(line.decode())
    put("")


def result_of(document: Mapping[str, Any]) -> Result:
    """A result from its document."""
    against = document["counterexample"]
    found = None
    if against is not None:
        sides = (tuple(s) if isinstance(s, list) else s for s in (against["left"], against["right"]))
        vectors = {n: tuple(v) for n, v in against["vectors"].items()}
        found = Counterexample(against["dimension"], vectors, against["scalars"], *sides)
    names = ("verdict", "method", "statement_latex", "defect_latex", "note", "places", "seconds")
    plain = {name: document[name] for name in names}
    return Result(**plain, counterexample=found, conditions=tuple(document["defined_where"]))


def serve() -> NoReturn:
    """In the process: answer what comes in on stdin until it closes."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the replies
    _limit_memory()
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin, jobs.put), daemon=True).start()
    _reply(replies, "ready")
    while True:
        job = json.loads(jobs.get())
        try:
            _reply(replies, prove(job["statement"], job["where"], job["given"]).document())
        except (StatementError, MemoryError):
            os._exit(1)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # not every system can
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _listen(stream: Any, put: Any) -> None:
    """Hand on jobs; when the other side is gone, whatever this process is doing is of no use to anyone."""
    for line in stream:
        put(line)
    os._exit(0)


def _reply(replies: Any, message: Any) -> None:
    replies.write(json.dumps(message).encode() + b"\n")
    replies.flush()

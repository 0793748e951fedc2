"""Chunks handed out and gathered: what is done again when a process dies, and what is given up.

What was done when a process died is kept. The cell that it had in hand is tried once more, first of what is left; if that process
dies, too, that is the cell's result, and the others go on. Where nobody knows which cell it was, as on a cluster, the piece falls
apart into single cells after as many tries. So nothing is lost, and nothing is written twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from derivations.sweep.cell_work import Result, failed
from derivations.sweep.cells import Cell
from derivations.sweep.dataset import Dataset

TRIES = 2


@dataclass(frozen=True)
class Piece:
    """Some cells of a chunk, from its ``first`` on; ``deaths`` of processes that had its first cell, or any, in hand."""

    chunk: int
    first: int
    cells: tuple[Cell, ...]
    deaths: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of a piece: the results of its cells; of the first of them, if its process ``died``, which says how.

    ``suspected``: the first cell without a result is the one that the process had in hand.
    """

    piece: Piece
    results: Sequence[Result]
    died: str = ""
    suspected: bool = False


class Executor(Protocol):
    """Processes that do pieces; ``machines`` are those that they are on at first, as `versions.machine` describes them."""

    machines: list[dict[str, str | int]]

    def room(self) -> int:
        """How many pieces it would take now."""

    def submit(self, piece: Piece) -> None:
        """Take one."""

    def wait(self) -> list[Outcome]:
        """At least one of those that were taken, unless a second has passed; raises `UsageError` if nobody is left to do them."""

    def close(self) -> None:
        """Stop at once."""


@dataclass
class Tally:
    """How far a run has come."""

    cells: int  # of the whole sweep
    kept: int  # that an earlier run had done
    done: int = 0  # by this one
    deaths: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)  # of this run

    @property
    def left(self) -> int:
        """Cells still to be done."""
        return self.cells - self.kept - self.done


def run(dataset: Dataset, executor: Executor, tell: Callable[[Tally], None]) -> Tally:
    """Do what is missing. Raises `UsageError` if the executor has nobody left, and lets an interruption through."""
    laid = dataset.laid
    missing = dataset.missing()
    tally = Tally(len(laid.cells), len(laid.cells) - sum(len(laid.chunk(n)) for n in missing))
    if missing:
        dataset.done_by(executor.machines)
    waiting = deque(missing)
    again, out = deque[Piece](), 0
    parts: dict[int, dict[int, Result]] = {}
    tell(tally)
    while waiting or again or out:
        for _ in range(executor.room()):
            if again:
                executor.submit(again.popleft())
            elif waiting:
                number = waiting.popleft()
                executor.submit(Piece(number, 0, laid.chunk(number)))
            else:
                break
            out += 1
        for outcome in executor.wait():
            out -= 1
            tally.deaths += bool(outcome.died)
            results = [*outcome.results, *(_retried(outcome, again) if outcome.died else ())]
            parts.setdefault(outcome.piece.chunk, {}).update(enumerate(results, outcome.piece.first))
            _gather(dataset, outcome.piece.chunk, parts, tally)
        tell(tally)
    return tally


def _retried(outcome: Outcome, again: deque[Piece]) -> Sequence[Result]:
    """What is to be done again goes to ``again``; a cell that was tried often enough has a result instead."""
    whole, done = outcome.piece, len(outcome.results)
    rest = replace(whole, first=whole.first + done, cells=whole.cells[done:], deaths=1 if done else whole.deaths + 1)
    if rest.deaths < TRIES:
        again.append(rest)
        return ()
    if len(rest.cells) == 1 or outcome.suspected:
        if others := rest.cells[1:]:
            again.append(Piece(rest.chunk, rest.first + 1, others))
        return (failed(f"{outcome.died}, {TRIES} times in {TRIES}"),)
    again.extend(Piece(rest.chunk, rest.first + i, (cell,)) for i, cell in enumerate(rest.cells))
    return ()


def _gather(dataset: Dataset, number: int, parts: dict[int, dict[int, Result]], tally: Tally) -> None:
    """Write a chunk when all of it is there."""
    expected, found = len(dataset.laid.chunk(number)), parts.get(number, {})
    if len(found) < expected:
        return
    results = [found[i] for i in range(expected)]
    dataset.write(number, results)
    del parts[number]
    tally.done += expected
    for result in results:
        tally.verdicts[result.verdict] = tally.verdicts.get(result.verdict, 0) + 1

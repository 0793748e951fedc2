"""The recorder: takes what a training loop has at a step, keeps it, and writes it in parts."""

from __future__ import annotations

import atexit
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.training_log.columns import Columns, figures, products
from numerics.training_log.parquet import empty_folder, library, write_part
from numerics.training_log.plan import Plan
from numerics.training_log.setting import Setting
from numerics.validation import InvalidInput, integer, number, table

CHUNK = 256  # records of a table in a part
SECONDS = 30.0  # after which a part is written however few there are: what a killed run loses at most
Fetch = Callable[[list[Any]], list[Any]]  # from where products were computed to NumPy, all at once


def from_numpy(grams: list[Any]) -> list[Any]:
    """They are here already."""
    return grams


@dataclass(frozen=True)
class Taken:
    """What one table was at one step; products (rows, 4, 5) may still be on a device, and so may eta and lambda."""

    step: int
    parameter: str
    ids: NDArray[np.int64]
    dimension: int
    gram: Any
    learning_rate: Any
    decay: Any
    gradient: bool
    after: bool


class NormRecorder:
    """Writes a training log into the folder ``path``, which must be new or empty.

    With NumPy arrays::

        with NormRecorder("log", Setting(optimizer="sgd")) as recorder:
            for step in range(steps):
                ...
                recorder.record(step, rows, gradients, learning_rate, after=rows_after_the_step)

    `for_torch` hooks a PyTorch optimiser, `for_optax` is told of the steps of a JAX loop. Parts are written every ``chunk`` records of
    a table or ``seconds`` seconds, on `flush`, and on `close`, which also happens at the end of a ``with`` block and of the process;
    each appears whole or not at all. Nothing is waited for between parts: what is on a device stays there.
    """

    def __init__(self, path: str | Path, setting: Setting | None = None, *, chunk: int = CHUNK, seconds: float = SECONDS,
                 fetch: Fetch = from_numpy) -> None:  # fmt: skip
        library("pyarrow.parquet")  # missing: said before there is anything to lose
        self.setting = setting or Setting()
        self.folder = empty_folder(Path(path))
        self.chunk, self.seconds = integer("chunk", chunk, 1), number("seconds", seconds, above=0)
        self.plan = Plan(self.setting.every, self.setting.burst, self.setting.seed)
        self._fetch, self._taken, self._parts = fetch, list[Taken](), 0
        self._last: dict[str, int] = {}
        self._written, self._closed = time.monotonic(), False
        self.on_close: list[Callable[[], None]] = []  # what an adapter has to take down
        myself = weakref.ref(self)

        def at_exit() -> None:
            if me := myself():
                me._end(complete=getattr(sys, "last_type", None) is None)  # set once an error has ended the process

        self._at_exit = at_exit
        atexit.register(at_exit)

    @classmethod
    def for_torch(cls, path: str | Path, optimizer: Any, watched: Mapping[str, Any], /, **options: Any) -> NormRecorder:
        """A recorder that a PyTorch optimiser calls at each of its steps; see `numerics.training_log.torch_recorder.for_torch`."""
        from numerics.training_log.torch_recorder import for_torch

        return for_torch(path, optimizer, watched, **options)

    @classmethod
    def for_optax(cls, path: str | Path, setting: Setting, select: Callable[[Any], Mapping[str, Any]], **options: Any) -> Any:
        """A recorder for a JAX loop, told of each step; see `numerics.training_log.optax_recorder.OptaxRecorder`."""
        from numerics.training_log.optax_recorder import OptaxRecorder

        return OptaxRecorder(path, setting, select, **options)

    def due(self, step: int) -> bool:
        """Whether this step is one of those that are recorded."""
        return self.plan.due(step)

    def record(self, step: int, rows: ArrayLike, gradients: ArrayLike | None = None, learning_rate: float = 0.0, decay: float = 0.0, *,
               after: ArrayLike | None = None, ids: ArrayLike | None = None, parameter: str = "rows") -> None:  # fmt: skip
        """Embeddings ``rows`` (n, d) before step number ``step``, their ``gradients`` and, if known, what they are ``after`` it.

        ``ids`` (n,) are row numbers, 0 to n - 1 by default. Records whatever step it is told of: ask `due` first. Without ``after`` the
        norm after a step is read off the next record, if that is of the next step. Raises `InvalidInput`.
        """
        integer("step", step, 0)
        u = table("rows", rows, (None, None))
        g = None if gradients is None else table("gradients", gradients, u.shape)
        v = None if after is None else table("after", after, u.shape)
        if np.any(zero := ~np.any(u, axis=1)):
            raise InvalidInput(f"rows[{int(np.argmax(zero))}] is 0, must have a direction")
        chosen = np.arange(len(u)) if ids is None else np.asarray(ids)
        if chosen.shape != (len(u),) or chosen.dtype.kind not in "iu" or len(np.unique(chosen)) < len(u):
            raise InvalidInput(f"ids must be {len(u)} different integers, one a row")
        eta, lam = number("learning_rate", learning_rate, least=0), number("decay", decay, least=0)
        known, numbers = (g is not None, v is not None), chosen.astype(np.int64)
        self.take(Taken(step, str(parameter), numbers, u.shape[1], products(u, g, v, numbers), eta, lam, *known))

    def take(self, taken: Taken) -> None:
        """Keep a record whose products are computed, maybe not here; for adapters, which check what they are given."""
        if self._closed:
            raise InvalidInput(f"step = {taken.step} comes after the recorder was closed")
        if taken.step < (last := self._last.get(taken.parameter, 0)):
            raise InvalidInput(f"step = {taken.step} must be at least {last}, the last one recorded of {taken.parameter!r}")
        self._last[taken.parameter] = taken.step
        self._taken.append(taken)
        if len(self._taken) >= self.chunk * len(self._last) or time.monotonic() - self._written > self.seconds:
            self.flush()

    def flush(self) -> None:
        """Write what was recorded since the last part; nothing if there is nothing."""
        if self._taken:
            self._write(closed=False)

    def close(self) -> None:
        """Write the rest and mark the log as complete. A second call does nothing."""
        self._end(complete=True)

    def _end(self, *, complete: bool) -> None:
        if self._closed:
            return
        self._write(closed=complete)
        self._closed = True
        atexit.unregister(self._at_exit)
        for take_down in self.on_close:
            take_down()

    def __enter__(self) -> NormRecorder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """After an error or Ctrl-C what was recorded is kept, without the mark of a complete log."""
        self._end(complete=kind is None)

    def _write(self, *, closed: bool) -> None:
        columns = joined(self._taken, self._fetch)
        write_part(self.folder, self._parts, columns, self.setting.to_json(), closed=closed)
        self._parts, self._taken, self._written = self._parts + 1, [], time.monotonic()


def joined(taken: list[Taken], fetch: Fetch) -> Columns:
    """Records one under the other as columns, tables one after the other; what is on a device is fetched once a table."""
    blocks: list[Columns] = []
    for name in dict.fromkeys(t.parameter for t in taken):
        of = [t for t in taken if t.parameter == name]
        grams = fetch([t.gram for t in of])
        for _, alike in groupby(zip(of, grams, strict=True), key=lambda pair: (len(pair[0].ids), pair[0].gradient, pair[0].after)):
            blocks.append(_block(list(alike)))
    return Columns.joined(blocks)


def _block(pairs: list[tuple[Taken, Any]]) -> Columns:
    """Records of one table with as many rows each, of which the same is known."""
    first, count = pairs[0][0], len(pairs[0][0].ids)
    taken = [t for t, _ in pairs]
    found = figures(np.stack([gram for _, gram in pairs]), first.gradient, first.after)
    rates = {"learning_rate": [float(t.learning_rate) for t in taken], "decay": [float(t.decay) for t in taken]}
    return Columns(
        (first.parameter,), np.zeros(len(taken) * count, dtype=np.int32),
        {"step": np.repeat([t.step for t in taken], count), "row": np.concatenate([t.ids for t in taken]),
         "dimension": np.full(len(taken) * count, first.dimension)},
        {**{name: None if x is None else x.ravel() for name, x in found.items()}, **{n: np.repeat(x, count) for n, x in rates.items()}},
    )  # fmt: skip

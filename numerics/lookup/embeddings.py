"""A lookup table of words and one of contexts, trained together on pairs of words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.compilation.processors import processors
from numerics.kernels import tables
from numerics.kernels.table_stream import DIVERGED
from numerics.lookup.replicate import Replicate, Span, aligned, squared_norms
from numerics.lookup.settings import PRECISIONS, LookupSettings
from numerics.sampling import alias_table
from numerics.validation import InvalidInput, OutOfRange, integer

__all__ = ["NOISE_POWER", "LookupRun", "LookupSettings", "LookupTable", "train_lookup"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NOISE_POWER = 0.75  # negatives are drawn in proportion to count**0.75 (Mikolov et al., NeurIPS 2013)
_TOKENS = 16_384  # of a span: after each, progress is told and an interrupt is heard


@dataclass(frozen=True)
class LookupTable:
    """One table after training and what was measured at every row; R replicates, V rows, d dimensions.

    ``rows`` (R, V, d) in the precision of the training; all others (R, V), float64: ``visits`` counts updates; ``initial_squared_norm`` and
    ``squared_norm`` are |row|^2 before and after; ``drive_sum`` is the sum over updates of
    step_size^2 |g~|^2 with g~ = |row| g, ``largest_drive`` its largest term; ``largest_radial`` the largest
    |<row, g>| met, a number without unit.

    Given the row and the gradient as they are stored, a drive is exact to 2 d + 3 units of roundoff, of float64 (in the
    precision float32 under SGD with batch = 1: of float32); the sum adds one unit of float64, however many visits (below 2^50).
    """

    rows: NDArray[Any]
    visits: Ints
    initial_squared_norm: Floats
    squared_norm: Floats
    drive_sum: Floats
    largest_drive: Floats
    largest_radial: Floats


@dataclass(frozen=True)
class LookupRun:
    """Both tables, their settings, the mean loss (R,) of all pairs, and pairs, steps and tokens of a replicate."""

    settings: LookupSettings
    word: LookupTable
    context: LookupTable
    mean_loss: Floats
    pairs: int
    steps: int
    tokens: int


def train_lookup(
    chunks: Iterable[NDArray[np.int32]],
    counts: ArrayLike,
    settings: LookupSettings | None = None,
    *,
    first_replicate: int = 0,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> LookupRun:
    """Train on a text given as row numbers in chunks (int32, 1-D); where the chunks end does not matter.

    A pair is a word and a context at a distance of at most ``window``, with ``negatives`` context rows drawn in proportion
    to ``counts**0.75``; the draws are a function of seed, ``first_replicate`` + replicate and the pair's number: replicate r
    alone is one replicate with ``first_replicate`` = r. A step is ``batch`` pairs, the last maybe fewer. Every row involved
    moves once, by the optimiser's step at the values before the step, on the sum of its gradients. ``counts`` (V,),
    positive, gives the number of rows. ``chunks`` is iterated once an epoch. ``threads`` (None: one a core) are shared out
    to replicates and, with batch > 1, within a batch; the result does not depend on them. ``progress`` hears the number of
    tokens done.

    Memory is that of the tables, of the moments that the rule keeps, of 136 bytes a row for measurements (64 while it trains),
    and of a batch; it does not grow with the text.

    Raises ``InvalidInput`` for counts that are not positive, row numbers outside the tables or a text without
    pairs, ``OutOfRange`` for a loss that is no longer a number.
    """
    chosen = LookupSettings() if settings is None else settings
    if not isinstance(chosen, LookupSettings):
        raise InvalidInput(f"settings = {chosen!r} must be LookupSettings")
    weights = _checked_counts(counts)
    if chosen.epochs > 1 and iter(chunks) is chunks:
        raise InvalidInput(f"epochs = {chosen.epochs} needs chunks that can be read again, not an iterator")
    workers = processors() if threads is None else integer("threads", threads, 1)
    spare = max(1, workers // chosen.replicates)
    inside = spare if chosen.batch > 1 else 1
    rule, noise = chosen.kernel_rule(), alias_table(weights**NOISE_POWER)
    first = integer("first_replicate", first_replicate, 0)
    sources = [np.random.SeedSequence(chosen.seed, spawn_key=(first + r,)) for r in range(chosen.replicates)]
    shape = (chosen.replicates, len(weights), chosen.dimension)
    rows = [aligned(shape, PRECISIONS[chosen.precision]) for _ in range(2)]
    tokens = 0
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(min(workers, chosen.replicates)))
        replicates = [
            stack.enter_context(Replicate([rows[0][r], rows[1][r]], chosen, source, min(inside, tables.CLASSES), spare))
            for r, source in enumerate(sources)
        ]
        for span in _spans(chunks, len(weights), chosen):
            _all_converge(chosen, [pool.submit(one.train, span, rule, noise) for one in replicates])
            tokens += span.last - span.first
            if progress is not None:
                progress(tokens)
        _all_converge(chosen, [pool.submit(one.finish, rule, noise) for one in replicates])
    return _record(chosen, replicates, rows, tokens)


def _all_converge(settings: LookupSettings, statuses: list[Future[int]]) -> None:
    if DIVERGED in [status.result() for status in statuses]:
        raise OutOfRange(
            f"with step_size = {settings.step_size} and weight_decay = {settings.weight_decay} a loss is no number: "
            "a row has grown or decayed out of range; take smaller ones"
        )


def _checked_counts(counts: ArrayLike) -> Floats:
    weights = np.asarray(counts, dtype=np.float64)
    if weights.ndim != 1 or len(weights) < 2:
        raise InvalidInput(
            f"counts has shape {weights.shape}; it must be one number for each of 2 words or more"
        )
    if not np.all(np.isfinite(weights) & (weights > 0)):
        raise InvalidInput(f"counts from {weights.min()} to {weights.max()} must all be finite and above 0")
    return weights


def _spans(chunks: Iterable[NDArray[np.int32]], size: int, settings: LookupSettings) -> Iterator[Span]:
    """Every token of every epoch once, as soon as its right neighbours have been read."""
    for _ in range(settings.epochs):
        ids = np.empty(0, dtype=np.int32)
        first = 0
        for chunk in chunks:
            new = np.asarray(chunk)
            if new.ndim != 1 or new.dtype.kind not in "iu":
                raise InvalidInput(f"a chunk of row numbers has shape {new.shape} and dtype {new.dtype}, must be 1-D integers")
            if new.size and (new.min() < 0 or new.max() >= size):
                raise InvalidInput(f"row numbers from {new.min()} to {new.max()} must lie in 0..{size - 1}")
            ids = np.concatenate([ids, new.astype(np.int32)])
            last = max(first, len(ids) - settings.window)
            yield from _pieces(ids, first, last)
            kept = max(0, last - settings.window)
            ids, first = ids[kept:], last - kept
        yield from _pieces(ids, first, len(ids))


def _pieces(ids: NDArray[np.int32], first: int, last: int) -> Iterator[Span]:
    for begin in range(first, last, _TOKENS):
        yield Span(ids, begin, min(begin + _TOKENS, last))


def _record(settings: LookupSettings, replicates: list[Replicate], rows: list[NDArray[Any]], tokens: int) -> LookupRun:
    steps, pairs = (int(count) for count in replicates[0].steps)
    if pairs == 0:
        raise InvalidInput(f"text of {tokens} known words has no pair to train on; at least 2 are needed")
    mean_loss = np.array([replicate.loss_sum[0] / pairs for replicate in replicates])
    word = _measured(rows[0], [one.word.record for one in replicates], [one.initial[0] for one in replicates])
    context = _measured(rows[1], [one.context.record for one in replicates], [one.initial[1] for one in replicates])
    return LookupRun(settings, word, context, mean_loss, pairs, steps, tokens)


def _measured(rows: NDArray[Any], records: list[Floats], initial: list[Floats]) -> LookupTable:
    def column(place: int) -> Floats:
        return np.stack([record[:, place] for record in records])

    squared = np.empty(rows.shape[:2])
    for table, out in zip(rows, squared, strict=True):
        squared_norms(table, out)
    if not np.all(np.isfinite(squared)):
        replicate, row = (int(place) for place in np.argwhere(~np.isfinite(squared))[0])
        raise OutOfRange(f"row {row} of replicate {replicate} is no number after training: it has grown or decayed out of range")
    visits = column(tables.VISITS).astype(np.int64)
    drives = column(tables.DRIVE_SUM) + column(tables.DRIVE_REST)
    largest = (column(place) for place in (tables.LARGEST_DRIVE, tables.LARGEST_RADIAL))
    return LookupTable(rows, visits, np.stack(initial), squared, drives, *largest)

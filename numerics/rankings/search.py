"""Exact search: the k best documents of every query, block by block in bounded memory, products by BLAS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics import validation
from numerics.kernels import rankings as kernels
from numerics.validation import Floats, InvalidInput

SCORES = ("inner_product", "cosine")
_PRECISIONS = ("float32", "float64")
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Matches:
    """The ``documents`` (Q, k) of every query, the best first, and their ``scores`` (Q, k)."""

    documents: NDArray[np.int64]
    scores: NDArray[np.floating[Any]]


def best_matches(
    queries: Any, documents: Any, k: int, *, score: str = "inner_product", precision: str = "float32", block_bytes: int = 2**27,
    threads: int | None = None, progress: Progress | None = None,
) -> Matches:  # fmt: skip
    """The k documents (N, d) of highest ``score`` for each query (Q, d); of equal ones the lower number first.

    Both may be anything that is sliced by rows into arrays of real numbers, such as a memory-mapped file: only blocks of together
    about ``block_bytes`` are converted (to ``precision``, in which products are summed by BLAS) and held. Rows that are not finite, or
    zero under ``cosine``, raise ``InvalidInput``. ``progress`` hears the share that is done.
    """
    rows, count = shapes_of(queries, documents)
    kept = validation.integer("k", k, 1)
    if kept > count[0]:
        raise InvalidInput(f"k = {k} must be at most the number of documents, {count[0]}")
    made = _kind(precision)
    if score not in SCORES:
        raise InvalidInput(f"score = {score!r} must be one of {', '.join(SCORES)}")
    values, ids = np.full((rows[0], kept), -np.inf, made), np.full((rows[0], kept), -1, np.int64)
    many, wide = block_sizes(rows[0], count[0], rows[1], made, block_bytes)
    for head, asked in blocks("queries", queries, many, made, score == "cosine"):
        for first, block in blocks("documents", documents, wide, made, score == "cosine"):
            part = slice(head, head + len(asked))
            kernels.keep_best(len(asked), threads, asked @ block.T, first, values[part], ids[part])
            if progress is not None:
                done = head * count[0] + len(asked) * (first + len(block))
                progress(done / (rows[0] * count[0]))
    return Matches(ids, values)


def blocks(name: str, rows: Any, size: int, kind: Any, unit: bool) -> Iterator[tuple[int, NDArray[Any]]]:
    """First row and block, converted; with ``unit`` every row divided by its norm."""
    for first in range(0, len(rows), size):
        block = np.asarray(rows[first : first + size])
        found = np.ascontiguousarray(validation.real(name, block) if block.dtype.kind in "iuf" else block, dtype=kind)
        with np.errstate(over="ignore", invalid="ignore"):
            norms = np.sqrt(np.einsum("ij,ij->i", found, found, dtype=np.float64))
        wrong = ~np.isfinite(norms) | (unit & (norms == 0))
        if np.any(wrong):
            at = int(np.argmax(wrong))
            raise InvalidInput(f"{name}[{first + at}] has norm {norms[at]:g}, must be finite{' and above 0' if unit else ''}")
        yield first, (found / norms[:, None]).astype(kind) if unit else found


def block_sizes(queries: int, documents: int, dimension: int, kind: Any, block_bytes: int) -> tuple[int, int]:
    """Rows of queries and of documents whose vectors and scores fit into ``block_bytes`` together, from 1 each."""
    budget = validation.integer("block_bytes", block_bytes, 2**12) // np.dtype(kind).itemsize
    many = max(1, min(queries, budget // (4 * dimension), 1024))
    return many, max(1, min(documents, (budget - many * dimension) // (dimension + many)))


def _kind(precision: str) -> Any:
    if precision not in _PRECISIONS:
        raise InvalidInput(f"precision = {precision!r} must be one of {', '.join(_PRECISIONS)}")
    return np.dtype(precision)


def shapes_of(queries: Any, documents: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Of queries (Q, d) and documents (N, d)."""
    found = [shape_of("queries", queries), shape_of("documents", documents)]
    if found[0][1] != found[1][1]:
        raise InvalidInput(f"queries have {found[0][1]} dimensions, must have those of the documents, {found[1][1]}")
    return found[0], found[1]


def shape_of(name: str, rows: Any) -> tuple[int, int]:
    """Of a matrix that is not empty."""
    shape = tuple(np.shape(rows)) if not hasattr(rows, "shape") else tuple(rows.shape)
    if len(shape) != 2 or 0 in shape:
        raise InvalidInput(f"{name} has shape {shape}, must be a matrix of one row or more")
    return int(shape[0]), int(shape[1])


def norms_of(name: str, rows: Any, size: int) -> Floats:
    """Norms (N,), read block by block."""
    parts = [np.sqrt(np.einsum("ij,ij->i", b, b)) for _, b in blocks(name, rows, size, np.float64, False)]
    return np.concatenate(parts)

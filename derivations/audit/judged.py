"""Queries, documents and which are relevant to which, read and made to fit: rows that cannot be used are left out of all three."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.audit.asked import Asked, Floats, Known
from numerics.embedding_files import FINE, Covariates, EmbeddingFile, NormScan, open_covariates
from numerics.embedding_files.sources import as_float64
from numerics.rankings import Relevance
from numerics.validation import InvalidInput

Ids = NDArray[np.int64]
MOST_BYTES = 8 * 2**30  # of the rows that are held to be searched, as float32
COLUMNS = ("query", "document", "relevance")
QUERIES_OR_DOCUMENTS = {"query": "queries", "document": "documents"}


def judged(
    queries: EmbeddingFile, documents: EmbeddingFile, asked: NormScan, found: NormScan, relevance: Path | None, known: Known
) -> Asked:
    """``asked``, ``found``: the norms of queries and of documents; ``known``: of all documents; without ``relevance`` nothing is judged."""
    if queries.dimension != documents.dimension:
        raise InvalidInput(f"{queries.path} has {queries.dimension} dimensions, must have those of {documents.path}: {documents.dimension}")
    fine = [scan.status == FINE for scan in (asked, found)]
    for file, usable in zip((queries, documents), fine, strict=True):
        if not np.any(usable):
            raise InvalidInput(f"{file.path} has no row with a norm among its {file.rows}, must have one to be searched")
    pairs = None if relevance is None else _relevance(relevance, fine)
    return Asked(_rows(queries, fine[0]), _rows(documents, fine[1]), pairs, documents.precision, known.at(fine[1]))


def _relevance(path: Path, fine: list[NDArray[np.bool_]]) -> Relevance:
    """Pairs of rows that are fit, by their numbers among those."""
    pairs = _pairs(path, len(fine[0]), len(fine[1]))
    kept = fine[0][pairs[0]] & fine[1][pairs[1]] & (pairs[2] > 0)
    if not np.any(kept):
        raise InvalidInput(f"{path} has {len(pairs[0])} pairs, must have one with relevance above 0 whose query and document have norms")
    numbers = [np.cumsum(usable) - 1 for usable in fine]
    ids = [numbers[i][pairs[i][kept].astype(np.int64)] for i in range(2)]
    return Relevance(ids[0], ids[1], pairs[2][kept])


def _rows(file: EmbeddingFile, fine: NDArray[np.bool_]) -> NDArray[Any]:
    """The rows that are fit, in memory: float64 as it is, all others as float32."""
    kind = np.float64 if file.precision == "float64" else np.float32
    count = int(np.count_nonzero(fine))
    needed = count * file.dimension * np.dtype(kind).itemsize
    if needed > MOST_BYTES:
        raise InvalidInput(f"{file.path} has {count} rows to search, {needed / 2**30:.1f} GiB: must be at most {MOST_BYTES / 2**30:g} GiB;"
                           " take a sample of the documents")  # fmt: skip
    out = np.empty((count, file.dimension), kind)
    row = place = 0
    for block in file.blocks():
        usable = fine[row : row + len(block)]
        chosen = as_float64(block, file.precision)[usable]
        out[place : place + len(chosen)] = chosen
        row, place = row + len(block), place + len(chosen)
    return out


def _pairs(path: Path, queries: int, documents: int) -> tuple[Ids, Ids, Floats]:
    """Query, document and grade of each pair; raises ``InvalidInput`` for a table without these columns, or cells that cannot be."""
    table = open_covariates(path)
    if not set(COLUMNS[:2]) <= set(table.columns):
        raise InvalidInput(f"{path} has columns {', '.join(table.columns)}, must have query and document")
    found = []
    for name, most in zip(COLUMNS[:2], (queries, documents), strict=True):
        bound = f"a whole number from 0 to {most - 1}, the number of a row of the {most} {QUERIES_OR_DOCUMENTS[name]}"
        found.append(_cells(table, name, partial(_of_a_row, most), bound).astype(np.int64))
    grades = np.ones(table.rows)
    if "relevance" in table.columns:
        grades = _cells(table, "relevance", lambda x: np.isfinite(x) & (x >= 0), "a number of at least 0")
    _once(path, found[0], found[1], np.flatnonzero(grades > 0))
    return found[0], found[1], grades


def _of_a_row(most: int, numbers: Floats) -> NDArray[np.bool_]:
    return np.asarray((numbers >= 0) & (numbers < most) & (numbers == np.floor(numbers)))


def _cells(table: Covariates, name: str, fit: Callable[[Floats], NDArray[np.bool_]], bound: str) -> Floats:
    """A column all of whose numbers ``fit``; raises ``InvalidInput`` with the first that is none or does not, its row and the ``bound``."""
    column = table.columns[name]
    numbers = column if column.dtype == np.float64 else np.array([_number(cell) for cell in column])
    wrong = np.flatnonzero(~fit(numbers))
    if not len(wrong):
        return np.asarray(numbers, np.float64)
    row = int(wrong[0])
    known = table.unreadable.get(name) or table.doubtful.get(name)
    text = {cell.row: repr(cell.text[:40]) for cell in known.first} if known is not None else {}
    value = text.get(row, f"{column[row]:g}" if column.dtype == np.float64 else repr(str(column[row])[:40]))
    told = f"{name} is missing" if value in ("nan", "''") else f"{name} = {value}"
    raise InvalidInput(f"{table.path}: {told} in row {row}, must be {bound}")


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _once(path: Path, queries: Ids, documents: Ids, rows: Ids) -> None:
    """Raises ``InvalidInput`` with the two of ``rows`` in which a pair comes twice."""
    order = rows[np.lexsort((documents[rows], queries[rows]))]
    same = np.flatnonzero((np.diff(queries[order]) == 0) & (np.diff(documents[order]) == 0))
    if len(same):
        one, other = sorted((int(order[same[0]]), int(order[same[0] + 1])))
        raise InvalidInput(f"{path}: query {queries[one]} and document {documents[one]} are a pair in row {one} and in row {other}, must be"
                           " one in one row at most")  # fmt: skip

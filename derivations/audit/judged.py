"""Queries, documents and which are relevant to which, read and made to fit: rows that cannot be used are left out of all three."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.audit.asked import Asked, Known
from numerics.embedding_files import FINE, EmbeddingFile, NormScan, open_covariates
from numerics.embedding_files.sources import as_float64
from numerics.rankings import Relevance
from numerics.validation import InvalidInput

Ids = NDArray[np.int64]
MOST_BYTES = 8 * 2**30  # of the rows that are held to be searched, as float32
COLUMNS = ("query", "document", "relevance")


def judged(
    queries: EmbeddingFile, documents: EmbeddingFile, asked: NormScan, found: NormScan, relevance: Path | None, known: Known
) -> Asked:
    """``asked``, ``found``: the norms of queries and of documents; ``known``: of all documents; without ``relevance`` nothing is judged."""
    if queries.dimension != documents.dimension:
        raise InvalidInput(f"{queries.path} has {queries.dimension} dimensions, must have those of {documents.path}: {documents.dimension}")
    fine = [scan.status == FINE for scan in (asked, found)]
    for file, usable in zip((queries, documents), fine, strict=True):
        if not np.any(usable):
            raise InvalidInput(f"{file.path} has no row that is fit for use: nothing can be searched")
    pairs = None if relevance is None else _relevance(relevance, fine)
    return Asked(_rows(queries, fine[0]), _rows(documents, fine[1]), pairs, documents.precision, known.at(fine[1]))


def _relevance(path: Path, fine: list[NDArray[np.bool_]]) -> Relevance:
    """Pairs of rows that are fit, by their numbers among those."""
    pairs = _pairs(path, len(fine[0]), len(fine[1]))
    kept = fine[0][pairs[0]] & fine[1][pairs[1]] & (pairs[2] > 0)
    if not np.any(kept):
        raise InvalidInput(f"{path} has no pair of a query and a document that are both fit for use with relevance above 0")
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


def _pairs(path: Path, queries: int, documents: int) -> tuple[Ids, Ids, NDArray[np.float64]]:
    """Query, document and grade of each pair; raises ``InvalidInput`` for a table without these columns, or numbers of no row."""
    table = open_covariates(path)
    for name in COLUMNS[:2]:
        if name not in table.columns:
            raise InvalidInput(f"{path} has columns {', '.join(table.columns)}, must have query and document")
    found = [_numbers(path, name, table.columns[name], most) for name, most in zip(COLUMNS[:2], (queries, documents), strict=True)]
    grades = table.columns.get("relevance", np.ones(table.rows))
    if grades.dtype != np.float64 or not np.all(np.isfinite(grades) & (grades >= 0)):
        raise InvalidInput(f"{path}: relevance must be numbers of at least 0")
    return found[0], found[1], grades


def _numbers(path: Path, name: str, column: NDArray[Any], most: int) -> Ids:
    if column.dtype != np.float64:
        raise InvalidInput(f"{path}: {name} = {str(column[0])[:40]!r} must be the number of a row, from 0")
    wrong = np.flatnonzero(~(np.isfinite(column) & (column >= 0) & (column < most) & (column == np.floor(column))))
    if len(wrong):
        raise InvalidInput(f"{path}: {name} = {column[wrong[0]]:g} in row {wrong[0]} must be a whole number from 0 to {most - 1}")
    return column.astype(np.int64)

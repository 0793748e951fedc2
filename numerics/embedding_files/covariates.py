"""Covariates of embeddings: named columns of numbers or words, one entry a row, from CSV, Parquet, Arrow or npz."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.embedding_files import covariate_tables, npz
from numerics.embedding_files.covariate_tables import Columns
from numerics.embedding_files.npy import Header
from numerics.embedding_files.number_cells import BadCells
from numerics.embedding_files.opening import TITLES, format_of
from numerics.embedding_files.regular_file import RegularFile, explained, quoted, refused
from numerics.validation import number, size

Column = NDArray[Any]
_BYTES_A_CHARACTER = 4  # of NumPy's strings


@dataclass(frozen=True)
class Covariates:
    """``columns``: by name, in the order of the file, arrays (rows,): float64, missing entries NaN, or objects that are str.

    ``missing``: how many entries of each are missing (NaN, or the empty string). ``skipped``: columns that are not taken, with
    the reason, such as one of lists. ``unreadable``: of columns of numbers, cells of text that hold none and are taken as missing.
    ``doubtful``: of columns of words, such cells of those that are numbers for the most part. Booleans are
    0 and 1; dates and times are words.
    """

    path: Path
    format: str
    columns: dict[str, Column]
    missing: dict[str, int]
    skipped: dict[str, str]
    unreadable: dict[str, BadCells] = field(default_factory=dict)
    doubtful: dict[str, BadCells] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Entries of each column."""
        return len(next(iter(self.columns.values())))


def open_covariates(path: str | os.PathLike[str], *, limit: float = 0.01) -> Covariates:
    """Read covariates from CSV (comma, or tab in a file named .tsv; UTF-8), Parquet, Arrow IPC or .npz (arrays of one axis).

    A CSV file needs a header of names. A column of text is of numbers if every entry is one, or is missing: empty, or a usual
    spelling such as NA, NaN, null; if most are numbers, and others at most the share ``limit`` (0 to 1) of all rows, those are
    taken as missing. An empty line is a row without any entry. Columns of numbers become float64. Raises ``InvalidInput`` in one
    line with the path for files that are missing, truncated, mislabelled or empty, have two columns of a name, rows or columns
    of different lengths, another separator, numbers with commas in them, or nothing but columns that are skipped.
    """
    number("limit", limit, least=0.0, most=1.0)
    file = RegularFile(Path(path))
    found = format_of(file, otherwise="csv")
    if found not in _READERS:
        raise refused(file.path, f"is {TITLES[found]}; covariates are read from CSV, Parquet, Arrow IPC or .npz")
    with explained(file.path, UnicodeDecodeError):
        read = _READERS[found](file, limit)
    columns = read.kept
    if not columns:
        reasons = "; ".join(f"{quoted(name)} is {why}" for name, why in list(read.skipped.items())[:5])
        raise refused(file.path, f"has no column of numbers or words{': ' if reasons else ''}{reasons}")
    if not len(next(iter(columns.values()))):
        raise refused(file.path, "has no rows")
    missing = {name: _missing(column) for name, column in columns.items()}
    return Covariates(file.path, found, columns, missing, read.skipped, read.unreadable, read.doubtful)


def _missing(column: Column) -> int:
    return int(np.count_nonzero(column == "") if column.dtype == object else np.count_nonzero(np.isnan(column)))


def _from_npz(file: RegularFile, _: float) -> Columns:
    columns: dict[str, Column] = {}
    skipped: dict[str, str] = {}
    with npz.archive(file) as members:
        for name in npz.arrays(file.path, members):
            info = members.getinfo(name)
            header = npz.member_header(file.path, members, info)
            why = _unfit(header)
            if why:
                skipped[name.removesuffix(".npy")] = why
                continue
            size(f"{quoted(name)} of {file.path}", header.array_bytes // _BYTES_A_CHARACTER)
            with explained(file.path, *npz.ERRORS), members.open(info) as stream:
                data = stream.read()[header.size :]
            columns[name.removesuffix(".npy")] = _as_column(np.frombuffer(data, header.dtype))
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        words = ", ".join(f"{quoted(name)} {length}" for name, length in list(lengths.items())[:10])
        raise refused(file.path, f"has arrays of different lengths: {words}")
    return Columns(columns, skipped)


def _unfit(header: Header) -> str:
    """Why an array is no column; empty if it is one."""
    if len(header.shape) != 1:
        return f"an array of shape {quoted(header.shape)}"
    if header.dtype.kind not in "iufbU" or (header.dtype.kind == "f" and header.dtype.itemsize > 8):
        return f"of dtype {quoted(str(header.dtype))}"
    return ""


def _as_column(array: Column) -> Column:
    return array.astype(object) if array.dtype.kind == "U" else array.astype(np.float64)


Reader = Callable[[RegularFile, float], Columns]
_READERS: dict[str, Reader] = {
    "csv": covariate_tables.from_csv, "parquet": covariate_tables.from_parquet, "arrow": covariate_tables.from_arrow, "npz": _from_npz,
}  # fmt: skip

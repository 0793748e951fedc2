"""Columns of text that are meant to be of numbers, as most of their cells say: what the other cells are, and where.

One cell that is none, such as "unknown", must neither make a column of words out of a million numbers nor vanish unseen. So
a few are taken as missing and told; of more, which may be the point of the column, it stays words, and that is told as well. A
number with a comma in it is one of two numbers, and nobody but its writer knows which: that is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.embedding_files.extra import errors, pyarrow
from numerics.embedding_files.regular_file import RegularFile, explained, quoted, refused

_NUMBER = r"^\+?-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^\+?-?(?i:inf|infinity)$"
_INFINITE = r"(?i)inf"
_WITH_COMMA = r"^[+-]?\d[\d.]*,[\d.,]*\d$"
_NAMED = 3


class Cell(NamedTuple):
    """``row`` from 0, as embeddings are counted; ``line`` of the file from 1, or None where a cell has several lines."""

    row: int
    line: int | None
    text: str

    def __str__(self) -> str:
        return f"{quoted(self.text)} in row {self.row}" + ("" if self.line is None else f" (line {self.line})")


@dataclass(frozen=True)
class BadCells:
    """``count`` of ``cells`` (those that are not empty) hold no number; ``first`` has some of them."""

    count: int
    cells: int
    first: tuple[Cell, ...]

    def __str__(self) -> str:
        more = ", ..." if self.count > len(self.first) else ""
        return f"{self.count} of {self.cells} cells are no numbers: {', '.join(map(str, self.first))}{more}"


class Meant(NamedTuple):
    """``numbers`` (rows,) float64 with NaN, or None where the column stays words; ``bad``: its cells that are no numbers, if any."""

    numbers: NDArray[np.float64] | None
    bad: BadCells | None


def meant(
    file: RegularFile, name: str, column: Any, limit: float, missing: list[str], line_of: Callable[[int], int | None]
) -> Meant | None:
    """What a column of text (pyarrow, ``name``) is meant to be; None for words: where no more than half of the cells are numbers.

    At most the share ``limit`` of all cells may be none of a column of numbers. ``missing``: spellings of no entry. Raises
    ``InvalidInput`` where numbers have commas in them.
    """
    pa, pc = pyarrow(), pyarrow("compute")
    with explained(file.path, *errors()):
        text = pc.utf8_trim_whitespace(column.cast(pa.large_string()).combine_chunks())
        given = pc.invert(pc.is_in(pc.fill_null(text, ""), value_set=pa.array(missing, pa.large_string())))
        number, comma = (_matches(text, given, pattern) for pattern in (_NUMBER, _WITH_COMMA))
    cells = int(pc.sum(given).as_py() or 0)
    fit, ambiguous = int(np.count_nonzero(number)), int(np.count_nonzero(comma))
    if 2 * (fit + ambiguous) <= cells:
        return None
    filled = given.to_numpy(zero_copy_only=False)

    def cells_at(wrong: NDArray[np.bool_]) -> BadCells:
        rows = np.flatnonzero(wrong)
        first = tuple(Cell(int(row), line_of(int(row)), str(text[int(row)])) for row in rows[:_NAMED])
        return BadCells(len(rows), cells, first)

    if ambiguous:
        words = f"{', '.join(map(str, cells_at(comma).first))}: a comma of thousands or of decimals? Write 1234 or 0.5, without commas"
        raise refused(file.path, f"has {ambiguous} numbers with a comma in column {quoted(name)}, such as {words}")
    bad = filled & ~number
    if np.count_nonzero(bad) > limit * len(bad):
        return Meant(None, cells_at(bad))
    with explained(file.path, *errors()):
        plain = pc.replace_substring_regex(pc.if_else(pa.array(number), text, None), r"^\+", "")
        numbers = np.array(plain.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    beyond = np.isinf(numbers)
    if np.any(beyond):  # said as such, infinity is one
        beyond &= ~_matches(text, given, _INFINITE)
        if np.any(beyond):
            raise refused(file.path, f"has a number beyond float64 in column {quoted(name)}: {cells_at(beyond).first[0]}")
    return Meant(numbers, cells_at(bad) if np.any(bad) else None)


def _matches(text: Any, given: Any, pattern: str) -> NDArray[np.bool_]:
    pc = pyarrow("compute")
    found = pc.and_(given, pc.fill_null(pc.match_substring_regex(text, pattern), False))
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)

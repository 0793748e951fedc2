"""Columns of labels, such as languages, as categories, and the indicator columns by which they are controlled for.

Controlling for a label takes the mean of its rows away. Labels of too few rows are left out with their rows, instead of being put
together as "other": what differs between those within "other" would be controlled by nothing, and pass for an association.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.validation import Floats, InvalidInput

# A column of a regression on controls and a leaf of its trees have ten rows at least (`numerics.association.partialling`,
# `numerics.calibration.flexible_controls`): so many of a category are among four fifths of the rows, which a fit sees.
FEWEST_ROWS: Final = 13
MOST_CATEGORIES: Final = 2**8  # of all columns together: indicators of the 2^18 rows that a control is fitted to are half a GiB


@dataclass(frozen=True)
class Categories:
    """The label of each of n rows, by its place among ``names``, those of `FEWEST_ROWS` rows and more; -1 where it has none of these.

    ``rare``: labels of fewer rows, and ``rare_rows``, how many rows these are; ``missing``: how many rows have no label.
    """

    codes: NDArray[np.int32]  # (n,)
    names: tuple[str, ...]
    rare: tuple[str, ...] = ()
    rare_rows: int = 0
    missing: int = 0

    @property
    def distinct(self) -> int:
        """How many are kept."""
        return len(self.names)

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which rows have one of the ``names``."""
        return self.codes >= 0

    @property
    def counts(self) -> dict[str, int]:
        """Rows of each of the ``names``."""
        found = np.bincount(self.codes[self.present], minlength=self.distinct)
        return dict(zip(self.names, found.tolist(), strict=True))

    def indicators(self, rows: NDArray[Any] | slice = slice(None)) -> Floats:
        """(m, names - 1): 1 in the rows of a label, else 0, of all labels but the largest, which the intercept stands for."""
        codes = self.codes[rows]
        if self.distinct < 2:
            return np.zeros((len(codes), 0))
        largest = int(np.argmax(np.bincount(self.codes[self.present], minlength=self.distinct)))
        return (codes[:, None] == np.delete(np.arange(self.distinct), largest)).astype(np.float64)

    def at(self, rows: NDArray[Any]) -> Categories:
        """Of some rows, with the same ``names``."""
        return Categories(self.codes[rows], self.names)

    def taken(self, rows: NDArray[Any]) -> Categories:
        """Of some rows, in any order and as often as they are named; labels that are rare among these are left out as well."""
        codes = self.codes[rows]
        return _kept(codes, self.names, int(np.count_nonzero(codes < 0)))


def categories(name: str, values: ArrayLike | Categories, rows: int | None = None) -> Categories:
    """``values`` (n,), labels of any kind, as categories; None, the empty text and NaN are missing. O(n).

    Raises ``InvalidInput`` where there is not one label a row, where more than half of the labels differ, as in a column of names, where
    none has `FEWEST_ROWS` rows, and for more than `MOST_CATEGORIES`.
    """
    found = values if isinstance(values, Categories) else None
    codes, names = (found.codes, found.names) if found else _numbered(name, np.asarray(values))
    if rows is not None and len(codes) != rows:
        raise InvalidInput(f"{name} has {len(codes)} rows, must have one label a row: {rows}")
    if found is not None:
        return found
    present = int(np.count_nonzero(codes >= 0))
    if 2 * len(names) > present:
        raise InvalidInput(f"{name} has {len(names)} different labels in {present} rows, must have at most half as many: it looks like an"
                           " identifier, and nothing would be left to compare")  # fmt: skip
    kept = _kept(codes, names, len(codes) - present)
    if not kept.names:
        most = int(np.bincount(codes[codes >= 0]).max())
        raise InvalidInput(f"{name} has {len(names)} labels of {most} rows at most, must have one of {FEWEST_ROWS} rows or more")
    return kept


def all_of(columns: Mapping[str, Categories]) -> None:
    """Raises ``InvalidInput`` where ``columns`` have too many categories in all."""
    total = sum(column.distinct for column in columns.values())
    if total > MOST_CATEGORIES:
        each = ", ".join(f"{name} {column.distinct}" for name, column in columns.items())
        raise InvalidInput(f"the labels to be controlled for are {total} ({each}), must be at most {MOST_CATEGORIES}: put some together")


def numbered(values: NDArray[Any]) -> tuple[NDArray[np.int32], tuple[Any, ...]]:
    """The number of each of ``values``, in the order in which they come up: sorting millions of words would take minutes."""
    numbers: dict[Any, int] = {}
    codes = np.fromiter((numbers.setdefault(value, len(numbers)) for value in values), np.int32, len(values))
    return codes, tuple(numbers)


def is_text(values: object) -> bool:
    """Whether ``values`` are a column of words, or categories."""
    return isinstance(values, Categories) or np.asarray(values).dtype.kind in "USTO"


def _numbered(name: str, values: NDArray[Any]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """By label as text; -1 where it is missing."""
    if values.ndim != 1 or not len(values):
        raise InvalidInput(f"{name} has shape {values.shape}, must have one label a row")
    codes, labels = numbered(values)
    real = [label is not None and label == label and str(label) != "" for label in labels]
    place = np.where(real, np.cumsum(real) - 1, -1).astype(np.int32)
    return place[codes], tuple(str(label) for label, there in zip(labels, real, strict=True) if there)


def _kept(codes: NDArray[np.int32], names: tuple[str, ...], missing: int) -> Categories:
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    enough = counts >= FEWEST_ROWS
    place = np.append(np.where(enough, np.cumsum(enough) - 1, -1), -1).astype(np.int32)  # the last: of those that have none
    rare = tuple(name for name, keep, count in zip(names, enough, counts, strict=True) if not keep and count)
    kept = tuple(name for name, keep in zip(names, enough, strict=True) if keep)
    return Categories(place[codes], kept, rare, int(counts[~enough].sum()), missing)

"""What is compared: queries, documents, what is known of these, and which are relevant to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.categories import Categories
from numerics.rankings import Relevance

Floats = NDArray[np.float64]
FEWEST = 16  # groups of queries, 8 in a half: by chance all 8 have one sign in 1 of 128 cases, fewer than any interval here may miss


@dataclass(frozen=True)
class Known:
    """Of N documents: ``columns`` (N,), name -> what a norm has to beat, ``lengths`` among them by name, and ``labels``, which it has to
    beat as well; the ``group`` (N,) of each, by the column of that ``group_name``; ``unused``: columns of text without a role, and why."""

    columns: Mapping[str, Floats] = field(default_factory=dict)
    lengths: tuple[str, ...] = ()
    group: NDArray[Any] | None = None
    group_name: str | None = None
    labels: Mapping[str, Categories] = field(default_factory=dict)
    unused: Mapping[str, str] = field(default_factory=dict)

    def at(self, rows: NDArray[np.bool_]) -> Known:
        """Of some of the documents alone."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        labels = {name: held.taken(rows) for name, held in self.labels.items()}
        return replace(self, columns=columns, labels=labels, group=None if self.group is None else self.group[rows])


@dataclass(frozen=True)
class Asked:
    """Rows that can be sliced; ``relevance`` is None where it is not known; ``precision``: of the documents as stored;
    ``warnings``: of their covariates."""

    queries: Any
    documents: Any
    relevance: Relevance | None
    precision: str
    known: Known = field(default_factory=Known)
    warnings: tuple[str, ...] = ()

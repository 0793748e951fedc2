"""The best match by cosine of each judged query, whether it is relevant, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from derivations.audit.asked import Asked, Floats
from numerics.categories import Categories
from numerics.rankings import best_matches
from numerics.validation import InvalidInput

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class BestMatches:
    """Of J judged queries: their numbers ``judged``, the ``group`` of each, ``right`` (1 if the match is relevant), ``controls`` (J, c)
    with ``names``, ``labels`` of the match besides, and the logarithm of its norm. ``every``: the group of every query, judged or not.

    Queries that share their best match share what is special about it, and those whose matches are of one group of documents what is
    special about that: they count as one in halves, folds and intervals. ``pairs``: query, document, gain of all that is relevant.
    """

    judged: Ids
    group: Ids
    every: Ids
    grouped_by: str
    right: Floats
    controls: Floats
    names: tuple[str, ...]
    labels: Mapping[str, Categories]
    log_norms: Floats
    pairs: tuple[Ids, Ids, Floats]

    def groups(self) -> int:
        """How many there are among the judged."""
        return len(np.unique(self.group))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Queries of whose match every control is known."""
        return np.asarray(np.logical_and.reduce([np.all(np.isfinite(self.controls), axis=1), *(c.present for c in self.labels.values())]))

    @property
    def held_against(self) -> tuple[str, ...]:
        """All of the controls, labels last."""
        return (*self.names, *self.labels)

    def features(self) -> Floats:
        """(J, c): what is known of each match, for a regression that is linear itself."""
        rows = self.known
        return np.hstack([bent(self.controls[rows]), *(held.indicators(rows) for held in self.labels.values())])


def best_of(asked: Asked) -> BestMatches:
    """Of queries with a relevant document; raises ``InvalidInput`` for pairs that cannot be, or a single document."""
    count = len(asked.documents)
    if asked.relevance is None or count < 2:
        raise InvalidInput(f"documents has {count} rows, must have 2 or more, and relevance")
    pairs = asked.relevance.checked(len(asked.queries), count)
    judged = np.unique(pairs[0])
    found = best_matches(asked.queries, asked.documents, 2, score="cosine", precision="float64")
    first, scores = found.documents[judged, 0], found.scores[judged].astype(np.float64)
    known = np.sort(pairs[0] * count + pairs[1])
    keys = judged * count + first
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    columns = asked.known.columns
    controls = np.column_stack([scores[:, 0], scores[:, 0] - scores[:, 1], *(column[first] for column in columns.values())])
    group, by = found.documents[:, 0], "their best match"
    if asked.known.group is not None:
        group = np.unique(asked.known.group, return_inverse=True)[1][group]
        by = f"the {asked.known.group_name} of their best match"
    labels = {name: held.taken(first) for name, held in asked.known.labels.items()}
    return BestMatches(judged, group[judged], group, by, (known[place] == keys).astype(np.float64), controls,
                       ("cosine", "margin", *columns), labels, np.log(_norms(asked.documents, first)), pairs)  # fmt: skip


def bent(columns: Floats) -> Floats:
    """(n, 4 c) from (n, c): values, and ranks from -1 to 1 with their squares and cubes, for a regression that is linear itself."""
    ranks = 2 * rankdata(columns, axis=0) / (len(columns) + 1) - 1
    return np.column_stack([columns, ranks, ranks**2, ranks**3])


def _norms(rows: Any, wanted: Ids) -> Floats:
    distinct, back = np.unique(wanted, return_inverse=True)
    lengths = np.array([np.linalg.norm(np.asarray(rows[i : i + 1], dtype=np.float64)) for i in distinct.tolist()])
    return np.asarray(lengths[back], dtype=np.float64)

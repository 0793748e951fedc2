"""Do two scores put the same documents into their lists? Needs no judgement of what is relevant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.rankings.search import Matches
from numerics.validation import InvalidInput


@dataclass(frozen=True)
class Agreement:
    """Of lists of ``k`` by two scores, over queries: ``same_best``, the share whose first document is the same; ``overlap``, the mean share
    of a list that is in the other; ``lost``, the share whose first document by the second score is not in the list of the first at all."""

    k: int
    same_best: float
    overlap: float
    lost: float


def agreement(first: Matches, second: Matches) -> Agreement:
    """Of lists (Q, k) for the same queries. Raises ``InvalidInput`` for lists of another shape."""
    one, other = first.documents, second.documents
    if one.shape != other.shape or one.ndim != 2 or not one.size:
        raise InvalidInput(f"lists have shapes {one.shape} and {other.shape}, must have the same, (Q, k)")
    same = one[:, :, None] == other[:, None, :]
    return Agreement(one.shape[1], float(np.mean(one[:, 0] == other[:, 0])), float(same.any(axis=2).mean()),
                     float(np.mean(~same[:, :, 0].any(axis=1))))  # fmt: skip

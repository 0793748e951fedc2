"""Controls as columns of numbers: rank scores, and indicators of categories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from numerics.association.ranks import Floats, Ranked, Rows
from numerics.categories import Categories

Control = Ranked | Categories


def width(control: Control) -> int:
    """How many columns it has."""
    return max(control.distinct - 1, 0) if isinstance(control, Categories) else 1


def columns_of(controls: Sequence[Control], rows: Rows) -> Floats:
    """(m, k): the scores of each control among ``rows``, in all of which it has a value; of categories those of their indicators."""
    made = [np.zeros((int(np.count_nonzero(rows)), 0))]
    for control in controls:
        if isinstance(control, Categories):
            indicators = control.indicators(rows)
            made.append((indicators - indicators.mean(axis=0)) / 2)  # the scores of two values
        else:
            made.append(control.scores(rows)[control.codes[rows]][:, None])
    return np.hstack(made)


def ranked_columns(control: Control) -> list[Ranked]:
    """The same as ranked variables, one a column; 4 bytes a row and column."""
    if isinstance(control, Ranked):
        return [control]
    if control.distinct < 2:  # a constant, which says which rows have the label
        return [Ranked(control.codes, control.distinct)]
    present = control.present
    return [Ranked(np.where(present, column, -1).astype(np.int32), 2) for column in control.indicators().T]

"""Spearman's correlation, raw and partial, from the covariances of rank scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.association.ranks import Floats, Ranked, Rows, ranked
from numerics.validation import InvalidInput, real

_BLOCK = 2**16  # rows turned into scores at a time


class Undefined(ValueError):
    """A correlation that the rows do not define; the message says why."""


def covariances(variables: Sequence[Ranked], rows: Rows | None = None) -> Floats:
    """Covariances (v, v) of the rank scores of ``variables`` over ``rows``, in all of which each has a value. O(n v^2)."""
    tables = [variable.scores(rows) for variable in variables]
    chosen = None if rows is None else np.flatnonzero(rows)
    size = len(variables[0].codes) if chosen is None else len(chosen)
    total = np.zeros((len(variables), len(variables)))
    for start in range(0, size, _BLOCK):
        part = slice(start, start + _BLOCK)
        at = part if chosen is None else chosen[part]
        scores = np.stack([table[v.codes[at]] for v, table in zip(variables, tables, strict=True)])
        total += scores @ scores.T
    return total / size


def partial(covariance: Floats, first: int = 0, second: int = 1) -> NDArray[np.float64]:
    """The correlation of two variables of ``covariance`` (..., v, v) after a linear regression of both on all the others.

    By orthogonal elimination of the others one after the other. NaN where the others leave nothing of one of the two: see `left`.
    """
    found, defined = left(covariance, first, second)
    both = np.all(defined, axis=-1)
    product = np.where(both, found[..., 0, 0] * found[..., 1, 1], 1.0)
    return np.where(both, np.clip(found[..., 0, 1] / np.sqrt(product), -1.0, 1.0), np.nan)


def left(covariance: Floats, first: int = 0, second: int = 1) -> tuple[Floats, NDArray[np.bool_]]:
    """The covariances (..., 2, 2) of what a regression on the others leaves of two variables, and of which of these (..., 2) it leaves
    anything: more than the rounding of v eliminations of its variance, v 2^-52 times (v + 1)."""
    others = [k for k in range(covariance.shape[-1]) if k not in (first, second)]
    rest = np.array(covariance, copy=True)
    scale = np.diagonal(covariance, axis1=-2, axis2=-1)
    floor = scale * (len(others) + 2) * (len(others) + 3) * 2.0**-52
    for k in others:
        pivot = rest[..., k, k]
        usable = pivot > floor[..., k]  # a control that the others give already takes nothing more away
        factor = np.where(usable[..., None], rest[..., :, k] / np.where(usable, pivot, 1.0)[..., None], 0.0)
        rest = rest - factor[..., :, None] * rest[..., k, None, :]
    pair = [first, second]
    both = rest[..., pair, :][..., :, pair]
    return both, np.diagonal(both, axis1=-2, axis2=-1) > floor[..., pair]


def slopes(covariance: Floats, target: int, others: Sequence[int]) -> Floats:
    """Coefficients of the linear regression of one variable on ``others``; of least norm where they are not determined."""
    if not len(others):
        return np.zeros(0)
    inner = covariance[np.ix_(others, others)]
    return np.asarray(np.linalg.lstsq(inner, covariance[others, target], rcond=len(others) * 2.0**-52)[0], np.float64)


def spearman(x: ArrayLike, y: ArrayLike) -> float:
    """Spearman's rank correlation of ``x`` and ``y``, both (n,): Pearson's of average ranks. Rows with NaN in either are dropped.

    Raises ``InvalidInput`` for shapes that do not fit and `Undefined` where fewer than two rows are left or one is constant.
    """
    return _correlation(_columns([("x", x), ("y", y)]))


def partial_spearman(x: ArrayLike, y: ArrayLike, controls: ArrayLike) -> float:
    """Spearman's correlation of ``x`` and ``y`` (n,) given ``controls`` (n, c): of the residuals of their average ranks.

    Both ranks are regressed on an intercept and the controls' ranks; rows with NaN anywhere are dropped. Raises as
    `spearman`, and `Undefined` where the controls' ranks leave nothing of one of the two.
    """
    given = np.asarray(real("controls", controls), np.float64)
    if given.ndim != 2:
        raise InvalidInput(f"controls has shape {given.shape}, must have shape (rows, controls)")
    return _correlation(_columns([("x", x), ("y", y), *((f"controls[:, {k}]", given[:, k]) for k in range(given.shape[1]))]))


def _columns(named: Sequence[tuple[str, ArrayLike]]) -> list[Floats]:
    columns = [(name, np.asarray(real(name, values), np.float64)) for name, values in named]
    for name, column in columns:
        if column.ndim != 1 or column.shape != columns[0][1].shape:
            raise InvalidInput(f"{name} has shape {column.shape}, must have one value a row, as x with shape {columns[0][1].shape}")
    return [column for _, column in columns]


def _correlation(columns: Sequence[Floats]) -> float:
    whole = ~np.any(np.isnan(columns), axis=0)
    if np.count_nonzero(whole) < 2:
        raise Undefined(f"{np.count_nonzero(whole)} rows have all values, must be at least 2")
    variables = [ranked(column[whole]) for column in columns]
    if any(variable.distinct < 2 for variable in variables[:2]):
        raise Undefined("a constant has no rank correlation")
    found = float(partial(covariances(variables)))
    if np.isnan(found):
        raise Undefined("the controls' ranks determine one of the two")
    return found

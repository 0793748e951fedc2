"""Sums over clusters from which the correlation of any two variables given others, and what each cluster does to it, follow.

With ranks r_j of `numerics.association.row_sets`, for each cluster g and pair of variables

    products[j][g, l] = sum over i in g of r_j(i) r_l(i)
    tops[j][g, l]     = sum over i in g of sum over all k of r_l(k) (2 [x_j(k) > x_j(i)] + [x_j(k) = x_j(i)]),

all of it over (2 m)^2 in units of scores. The influence of `numerics.association.deviations` summed over a cluster is a linear
combination of them: with e_x, e_y the coefficients of the residuals in the scores, s_x, s_y their deviations and
a_x = (e_y / s_y - rho e_x / s_x) / s_x, a_y likewise,

    sum_{jl} [e_x e_y / (s_x s_y) - rho (e_x e_x / s_x^2 + e_y e_y / s_y^2) / 2]_jl products_jl + [e_x a_x + e_y a_y]_jl tops_jl.

So rows are read once for all statistics over them. Columns of equal values have equal bits in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.association.correlation import slopes
from numerics.association.leverage import Leverage, light_tails
from numerics.association.ranks import Floats
from numerics.association.row_sets import RowSet
from numerics.compilation.compiled import inner, kernel, part

# Of a variance, where the controls leave less than this of it, half of the digits of a sum of products are lost: residuals are to be
# formed row by row.
LEAST_LEFT = 2.0**-26
_SOME = 2**16  # rows whose fourth powers are looked at
MOST_TABLE = 2**20  # sums of values by variables in a table, 8 MiB, which a cache holds; a variable with more is put in order


@dataclass(frozen=True)
class Moments:
    """``products`` and ``tops`` (v, clusters, v) of a row set, ``sums`` (v, clusters) of the ranks, the size of each cluster and the
    covariances of the scores."""

    rows: RowSet
    products: Floats
    tops: Floats
    sums: Floats
    sizes: Floats  # (clusters,)
    covariance: Floats  # (v, v)

    def deviations(self, variables: Sequence[int]) -> Floats | None:
        """As `numerics.association.deviations.by_cluster` by the influence; None where the controls leave less than `LEAST_LEFT`."""
        at = self.rows.places(variables)
        covariance = self.covariance[np.ix_(at, at)]
        residual, left = _residual(covariance)
        if np.any(left <= LEAST_LEFT * np.diagonal(covariance)[:2]):
            return None
        x, y = standard = residual / np.sqrt(left)[:, None]
        rho = float(x @ covariance @ y)
        moved = np.stack([y - rho * x, x - rho * y]) / np.sqrt(left)[:, None]
        factors = np.outer(x, y) - rho / 2 * (standard.T @ standard), residual.T @ moved
        total = np.zeros(self.rows.clusters)
        for a, j in enumerate(at):
            total += self.products[j][:, at] @ factors[0][a]
            total += self.tops[j][:, at] @ factors[1][a]
        total /= 4.0 * self.rows.rows**2
        return total - self.sizes * (np.sum(total) / self.rows.rows)

    def leverage(self, variables: Sequence[int]) -> Leverage | None:
        """Of what the rest of the ``variables`` leaves of the first two; None where `deviations` is. Tails are those of some rows."""
        at = self.rows.places(variables)
        covariance = self.covariance[np.ix_(at, at)]
        residual, left = _residual(covariance)
        if np.any(left <= LEAST_LEFT * np.diagonal(covariance)[:2]):
            return None
        squares = np.zeros((2, self.rows.clusters))
        for a, j in enumerate(at):
            squares += residual[:, [a]] * (self.products[j][:, at] @ residual.T).T
        some = self.rows.ranks[:: max(1, self.rows.rows // _SOME)][:, at].astype(np.float64)
        return Leverage(np.maximum(squares, 0.0), residual @ self.sums[at], self.sizes, light_tails(residual @ some.T))


def _residual(covariance: Floats) -> tuple[Floats, Floats]:
    """Coefficients (2, v) of the residuals of the first two variables given the rest, and their variances (2,)."""
    residual = np.eye(2, len(covariance))
    for j in (0, 1):
        residual[j, 2:] = -slopes(covariance, j, range(2, len(covariance)))
    return residual, np.einsum("ja,ab,jb->j", residual, covariance, residual)


def moments(rows: RowSet, threads: int | None = None) -> Moments:
    """Sum ``rows`` up. O(m v^2), v passes; up to 8 bytes a row and thread while it works. The same bits for any number of threads."""
    width = rows.ranks.shape[1]
    products, tops = np.zeros((2, width, rows.clusters, width))
    sums = np.zeros((width, rows.clusters))
    _sum(width, threads, rows.ranks, rows.cluster, np.array(rows.distinct, np.int64), MOST_TABLE, products, tops, sums)
    sizes = np.bincount(rows.cluster, minlength=rows.clusters).astype(np.float64)
    return Moments(rows, products, tops, sums, sizes, np.sum(products, axis=1) / (4.0 * max(rows.rows, 1) ** 3))


@inner
def _place(rank, rows):  # type: ignore[no-untyped-def]
    """One of the places from b to b + c that a value takes that has b below and c equal ones, its rank being 2 b + c - rows."""
    return (np.int64(rank) + rows) >> 1


@part
def _by_table(ranks, cluster, j, index, table, tops):  # type: ignore[no-untyped-def]
    """``tops`` of a variable of few values: ``table`` (values, v) is of their sums; ``index`` (rows,) says which ``_place`` is which."""
    rows, width = ranks.shape
    values = 0
    for k in range(rows):
        if index[k] > 0:
            index[k] = values
            values += 1
    for p in range(rows):
        at = index[_place(ranks[p, j], rows)]
        for k in range(width):
            table[at, k] += ranks[p, k]
    for k in range(width):
        above = np.int64(0)
        for at in range(values - 1, -1, -1):
            here = table[at, k]
            table[at, k] = 2 * above + here
            above += here
    for p in range(rows):
        at = index[_place(ranks[p, j], rows)]
        for k in range(width):
            tops[j, cluster[p], k] += table[at, k]


@part
def _put_in_order(ranks, j, index, order):  # type: ignore[no-untyped-def]
    """Rows by their ranks, the first of each value as -1 - row; ``index`` (rows,) has how many are at each ``_place``."""
    rows = len(order)
    for k in range(rows):
        index[k] = ~(k - (index[k] >> 1))  # where the first goes
    for p in range(rows):
        at = _place(ranks[p, j], rows)
        to = index[at]
        if to < 0:
            to = ~to
            order[to] = ~p
        else:
            order[to] = p
        index[at] = to + 1


@part
def _by_order(ranks, cluster, j, order, first, tops):  # type: ignore[no-untyped-def]
    """``tops`` of a variable with up to four from ``first``, from the top: numbers that are not in an array, for this is a third faster."""
    rows, width = ranks.shape
    second, third, fourth = min(first + 1, width - 1), min(first + 2, width - 1), min(first + 3, width - 1)
    above_1, above_2, above_3, above_4 = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    end = rows
    while end > 0:
        start, more = end, True
        here_1, here_2, here_3, here_4 = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        while more:
            start -= 1
            more = order[start] >= 0
            p = order[start] if more else ~order[start]
            here_1 += ranks[p, first]
            here_2 += ranks[p, second]
            here_3 += ranks[p, third]
            here_4 += ranks[p, fourth]
        for i in range(start, end):
            g = cluster[order[i] if order[i] >= 0 else ~order[i]]
            tops[j, g, first] += 2 * above_1 + here_1
            if first + 1 < width:
                tops[j, g, second] += 2 * above_2 + here_2
            if first + 2 < width:
                tops[j, g, third] += 2 * above_3 + here_3
            if first + 3 < width:
                tops[j, g, fourth] += 2 * above_4 + here_4
        above_1 += here_1
        above_2 += here_2
        above_3 += here_3
        above_4 += here_4
        end = start


@kernel
def _sum(stamp: int) -> Any:
    """``products`` and ``tops`` of one variable with all, and its ``sums``."""

    def run(first, last, ranks, cluster, distinct, most, products, tops, sums):  # type: ignore[no-untyped-def]
        rows, width = ranks.shape
        index = np.empty(rows, np.int32)
        for j in range(first, last if stamp != 0 else first):
            for p in range(rows):
                own = float(ranks[p, j])
                sums[j, cluster[p]] += own
                for k in range(width):
                    products[j, cluster[p], k] += own * ranks[p, k]
            index[:] = 0
            for p in range(rows):
                index[_place(ranks[p, j], rows)] += 1
            if distinct[j] * width <= most:
                _by_table(ranks, cluster, j, index, np.zeros((distinct[j], width), np.int64), tops)
            else:
                order = np.empty(rows, np.int32)
                _put_in_order(ranks, j, index, order)
                for k in range(0, width, 4):
                    _by_order(ranks, cluster, j, order, k, tops)

    return run

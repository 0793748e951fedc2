"""Rows that have all of some values, as ranks among them, group by group: what every statistic over these rows is summed from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.association.columns import Control
from numerics.association.ranks import Rows
from numerics.compilation.compiled import stamped
from numerics.compilation.processors import processors
from numerics.resampling.clusters import Clusters


@dataclass(frozen=True)
class RowSet:
    """m rows by their groups, those of a group as they come, with ranks of v variables among them.

    Doubled and centred a rank is a whole number between -m and m: with b values below and c equal ones 2 b + c - m. It is 2 m times
    the score of `Ranked.scores`, so sums of them and of their products can be exact.
    """

    ranks: NDArray[np.int32]  # (m, v)
    place: Mapping[int, int]  # of a variable among the v
    distinct: tuple[int, ...]  # of each: how many values it has in these rows
    cluster: NDArray[np.int32]  # (m,), below ``clusters``
    clusters: int
    ends: NDArray[np.int64] | None  # (groups + 1,): rows [ends[g], ends[g + 1]) are group g; None where each row is its own

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.ranks)

    @property
    def units(self) -> int:
        """How many independent groups they are from."""
        return self.rows if self.ends is None else int(np.count_nonzero(np.diff(self.ends)))

    def places(self, variables: Sequence[int]) -> list[int]:
        """Columns of ``ranks``."""
        return [self.place[variable] for variable in variables]


def row_set(
    variables: Sequence[Control], chosen: Sequence[int], complete: Sequence[int], clusters: Clusters, threads: int | None = None
) -> RowSet:
    """The rows in which the ``complete`` of ``variables`` have values, with the ranks of the ``chosen`` ones, which have values there.

    O(n v); 4 (v + 2) bytes a row, and 4 more for each thread while it works.
    """
    order = clusters.in_order
    rows: Rows | None = None
    for k in complete:
        rows = variables[k].present if rows is None else rows & variables[k].present
    if rows is not None:
        order = order[rows[order]]
    ends = None
    if clusters.units is not None:
        sizes = np.bincount(clusters.units if rows is None else clusters.units[order], minlength=clusters.unit_count)
        ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    ranks = np.empty((len(order), len(chosen)), np.int32)
    tasks = [lambda j=j, k=k: _rank(variables[k].codes, order, np.zeros(variables[k].distinct, np.int32), ranks, j)
             for j, k in enumerate(chosen)]  # fmt: skip
    distinct = tuple(int(found) for found in at_once(tasks, threads))
    return RowSet(ranks, {k: j for j, k in enumerate(chosen)}, distinct, clusters.codes[order], clusters.count, ends)


def at_once(tasks: Sequence[Callable[[], Any]], threads: int | None, most: int = 2**10) -> list[Any]:
    """What the ``tasks`` return, run on ``threads`` threads (None: one a core), but on ``most`` of them."""
    workers = min(len(tasks), processors() if threads is None else threads, most)
    if workers < 2:
        return [task() for task in tasks]
    with ThreadPoolExecutor(workers) as pool:
        return [done.result() for done in [pool.submit(task) for task in tasks]]


@stamped
def _rank(stamp: int) -> Any:
    """Column ``j`` of ``ranks`` from ``codes`` of the rows in ``order``; ``table`` is zeros. Returns how many values there are."""

    def run(codes, order, table, ranks, j):  # type: ignore[no-untyped-def]
        rows = len(order)
        for p in range(rows):
            code = codes[order[p]]
            table[code] += 1
            ranks[p, j] = code
        below, distinct = np.int64(0), np.int64(0)
        for code in range(len(table) if stamp != 0 else 0):
            here = np.int64(table[code])
            distinct += here > 0
            table[code] = 2 * below + here - rows
            below += here
        for p in range(rows):
            ranks[p, j] = table[ranks[p, j]]
        return distinct

    return run

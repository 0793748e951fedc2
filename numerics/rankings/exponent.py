"""Which b in ``cos(q, d) |d|^b`` ranks best? Fitted on one half of the queries, tested on the other.

b = 0 is the cosine, b = 1 the inner product: whether norms help a ranking, hurt it, or do neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics import validation
from numerics.kernels import rankings as kernels
from numerics.rankings.gain import discounted_gain
from numerics.rankings.search import Progress, block_sizes, blocks, norms_of, shapes_of
from numerics.resampling.bootstrap import resample
from numerics.resampling.clusters import clusters_of
from numerics.validation import Floats, InvalidInput

GRID = tuple(round(-2 + 0.05 * i, 2) for i in range(81))
_AT_ONCE = 256  # resamples of a bootstrap


@dataclass(frozen=True)
class Relevance:
    """Pairs of a query and a document that answers it, (P,) each, with ``gains`` above 0 (None: 1)."""

    queries: ArrayLike
    documents: ArrayLike
    gains: ArrayLike | None = None

    def checked(self, queries: int, documents: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """As arrays; raises ``InvalidInput``."""
        found = []
        for name, value, most in (("queries", self.queries, queries), ("documents", self.documents, documents)):
            numbers = np.asarray(value)
            if numbers.ndim != 1 or not len(numbers) or numbers.dtype.kind not in "iu" or numbers.min() < 0 or numbers.max() >= most:
                raise InvalidInput(f"relevance.{name} must be whole numbers from 0 to {most - 1}, one for each pair{_wrong(numbers, most)}")
            found.append(numbers.astype(np.int64))
        if len(found[0]) != len(found[1]):
            raise InvalidInput(f"relevance has {len(found[0])} queries and {len(found[1])} documents, must have as many")
        keys, times = np.unique(found[0] * documents + found[1], return_counts=True)
        if len(keys) < len(found[0]):
            query, document = divmod(int(keys[np.argmax(times)]), documents)
            raise InvalidInput(f"relevance has query {query} with document {document} {times.max()} times, must have it once")
        gains = validation.per_row("relevance.gains", 1.0 if self.gains is None else self.gains, len(found[0]), above=0.0)
        return found[0], found[1], gains


@dataclass(frozen=True)
class NormExponent:
    """``fitted`` on the first half, with its bootstrap interval; the rest on the other half.

    ``gains`` are mean nDCG at k there with the fitted b, with b = 0 and with b = 1; ``over_cosine`` and ``over_inner_product`` are the
    fitted one's minus those, each (mean, low, high), paired over queries,
    the wider of the studentised bootstrap of whole groups and Student's. ``curve`` is the mean nDCG of the first half at ``grid``.
    ``at_edge``: the best b is an end of the grid, and may lie beyond.
    """

    k: int
    grid: Floats
    curve: Floats
    fitted: float
    low: float
    high: float
    at_edge: bool
    fitting: int
    testing: int
    gains: tuple[float, float, float]
    over_cosine: tuple[float, float, float]
    over_inner_product: tuple[float, float, float]
    level: float

    @property
    def verdict(self) -> str:
        """``norms help`` or ``norms hurt`` where the interval against the cosine excludes 0, else ``no effect found``."""
        _, low, high = self.over_cosine
        if low > 0:
            return "norms help"
        return "norms hurt" if high < 0 else "no effect found"


def norm_exponent(
    queries: Any, documents: Any, relevance: Relevance, *, k: int = 10, grid: Sequence[float] = GRID, resamples: int = 2000,
    level: float = 0.95, seed: int = 0, groups: ArrayLike | None = None, block_bytes: int = 2**27, threads: int | None = None,
    progress: Progress | None = None,
) -> NormExponent:  # fmt: skip
    """The exponent of the norm in ``cos(q, d) |d|^b`` with the best mean nDCG at k over queries with a relevant document.

    Halves are drawn from ``seed``. Where several b of the grid are as good, the one nearest to 0 is taken, so that norms that do not
    matter have b = 0. ``groups`` (Q,): queries that belong together, which stay in one half and are resampled as one.
    """
    (rows, _), (count, _) = shapes_of(queries, documents)
    at = np.unique(np.append(validation.table("grid", grid, (None,)), (0.0, 1.0)))
    pairs = relevance.checked(rows, count)
    if validation.integer("k", k, 1) > count:
        raise InvalidInput(f"k = {k} must be at most the number of documents, {count}")
    found = _gains(queries, documents, pairs, at, k, block_bytes, threads, progress)
    asked = np.flatnonzero(np.isfinite(found[:, 0]))
    if groups is not None and np.shape(groups) != (rows,):
        raise InvalidInput(f"groups has shape {np.shape(groups)}, must have shape ({rows},)")
    cluster = clusters_of(groups, rows, validation.integer("seed", seed, 0)).codes
    names = np.unique(cluster[asked])
    if len(names) < 4:
        raise InvalidInput(f"relevance speaks of {len(names)} queries (or groups), must be of 4 or more")
    rng = np.random.default_rng(seed)
    first = np.isin(cluster[asked], rng.permutation(names)[: len(names) // 2])
    halves = [_sums(found[asked[half]], cluster[asked[half]]) for half in (first, ~first)]
    return _record(at, k, halves, (int(first.sum()), int((~first).sum())), rng, validation.integer("resamples", resamples, 2), level,
                   seed)  # fmt: skip


def _record(
    grid: Floats, k: int, halves: list[tuple[Floats, Floats]], sizes: tuple[int, int], rng: np.random.Generator, resamples: int,
    level: float, seed: int,
) -> NormExponent:  # fmt: skip
    (sums, counts), (held, held_counts) = halves
    tail = (1 - validation.number("level", level, above=0.0, most=1 - 1e-12)) / 2
    curve = sums.sum(axis=0) / counts.sum()
    fitted = _best(curve[None], grid)[0]
    drawn = np.concatenate([_best(means, grid) for means in _resampled(sums, counts, rng, resamples)])
    columns = held[:, np.searchsorted(grid, (fitted, 0.0, 1.0))]
    against = np.column_stack([columns[:, :1] - columns[:, 1:], columns])
    means = against.sum(axis=0) / held_counts.sum()
    # of a ratio of sums over groups: its linear part, studentised, so that few groups, or unequal ones, are no evidence
    moved = resample(means[:2], against[:, :2] - means[:2] * held_counts, np.repeat(held_counts, 2, axis=1), resamples, seed)
    over = [(float(means[j]), *moved.interval(j, level)) for j in range(2)]
    ends = np.quantile(drawn, [tail, 1 - tail], method="inverted_cdf")
    return NormExponent(
        k=k, grid=grid, curve=curve, fitted=float(fitted), low=float(ends[0]), high=float(ends[1]),
        at_edge=bool(fitted in (grid[0], grid[-1])), fitting=sizes[0], testing=sizes[1],
        gains=(float(means[2]), float(means[3]), float(means[4])), over_cosine=over[0], over_inner_product=over[1], level=level,
    )  # fmt: skip


def _wrong(numbers: NDArray[Any], most: int) -> str:
    """The first of (P,) numbers that is none of a row."""
    if numbers.ndim != 1 or not len(numbers) or numbers.dtype.kind not in "iu":
        return f"; they have shape {numbers.shape} and dtype {numbers.dtype}"
    at = int(np.flatnonzero((numbers < 0) | (numbers >= most))[0])
    return f"; number {at} is {numbers[at]}"


def _gains(
    queries: Any, documents: Any, pairs: tuple[NDArray[np.int64], NDArray[np.int64], Floats], grid: Floats, k: int, block_bytes: int,
    threads: int | None, progress: Progress | None,
) -> Floats:  # fmt: skip
    """nDCG at k of every query at every exponent (Q, B)."""
    (rows, dimension), (count, _) = shapes_of(queries, documents)
    query, document, gains = pairs
    many, wide = block_sizes(rows, count, dimension + len(grid), np.float64, block_bytes)
    norms = norms_of("documents", documents, wide)
    if np.any(norms == 0):
        raise InvalidInput(f"documents[{int(np.argmin(norms))}] has norm 0, must be above 0")
    scale = np.log(norms) - np.mean(np.log(norms))  # a common factor of all norms changes no ranking
    # two cosines, each of two rows that were normalised and of a sum of d products
    slack = (4 * dimension + 20) * np.finfo(float).eps / 2
    found = np.empty((rows, len(grid)))
    for head, asked in blocks("queries", queries, many, np.float64, True):
        mine = np.flatnonzero((query >= head) & (query < head + len(asked)))
        place = query[mine] - head
        own = _own(asked[place], documents, document[mine], np.exp(np.outer(scale[document[mine]], grid)))
        counts = np.zeros((len(mine), len(grid), 2), np.int64)
        for first, block in blocks("documents", documents, wide, np.float64, True) if len(mine) else ():
            powers = np.exp(np.outer(grid, scale[first : first + len(block)]))
            kernels.beaten_by(len(mine), threads, asked @ block.T, powers, place, own, slack, counts)
            if progress is not None:
                progress((head * count + len(asked) * (first + len(block))) / (rows * count))
        part = discounted_gain(counts[..., 0], counts[..., 1], gains[mine], place, len(asked), count, k)
        found[head : head + len(asked)] = part
    return found


def _own(asked: Floats, documents: Any, wanted: NDArray[np.int64], powers: Floats) -> Floats:
    """Scores of the relevant documents (P, B), from rows read one by one: not all of them fit into memory together."""
    cosines = np.empty(len(wanted))
    for i, row in enumerate(wanted):
        vector = np.asarray(documents[row : row + 1], dtype=np.float64)[0]
        cosines[i] = asked[i] @ vector / np.linalg.norm(vector)
    return cosines[:, None] * powers


def _sums(gains: Floats, cluster: NDArray[np.int32]) -> tuple[Floats, Floats]:
    """Over the queries of each group: (groups, B) and their numbers (groups, 1)."""
    names, at = np.unique(cluster, return_inverse=True)
    sums = np.zeros((len(names), gains.shape[1]))
    np.add.at(sums, at, gains)
    return sums, np.bincount(at).astype(float)[:, None]


def _resampled(sums: Floats, counts: Floats, rng: np.random.Generator, resamples: int) -> Any:
    """Means over resampled groups, some at a time: (some, B)."""
    chance = np.full(len(sums), 1 / len(sums))
    for done in range(0, resamples, _AT_ONCE):
        weights = rng.multinomial(len(sums), chance, size=min(_AT_ONCE, resamples - done)).astype(float)
        yield weights @ sums / (weights @ counts)


def _best(curves: Floats, grid: Floats) -> Floats:
    """The best exponent of each curve (n, B): of equally good ones, that nearest to 0. Sums of n numbers differ by their rounding."""
    slack = curves.shape[1] * np.finfo(float).eps * 16
    good = curves >= curves.max(axis=1, keepdims=True) - slack
    return grid[np.argmin(np.where(good, np.abs(grid), np.inf), axis=1)]

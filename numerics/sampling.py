"""Draws from a discrete distribution by a counter: draw k of a stream depends on (key, k) and nothing else.

The generator is SplitMix64 read at a position (Steele, Lea, Flood, "Fast splittable pseudorandom number
generators", OOPSLA 2014); the distribution is held as an alias table (Walker 1977; Vose 1991), so a draw
costs the same for any number of items.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner, stamped

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_LOW_32 = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


class AliasTable(NamedTuple):
    """Item i is kept with probability ``threshold[i]``, otherwise ``alias[i]`` takes its place.

    ``cells`` are both in one number, which is all that a draw reads: the least multiple of 2^-32 that is not below the
    threshold in the high 32 bits (all of them ones for 1, the alias being i itself), the alias in the low ones.
    """

    threshold: NDArray[np.float64]
    alias: NDArray[np.int64]
    cells: NDArray[np.uint64]


def alias_table(weights: NDArray[np.float64]) -> AliasTable:
    """The alias table of positive ``weights`` (1-D, any scale); at most 2**32 items."""
    size = len(weights)
    threshold = np.asarray(weights, dtype=np.float64) * (size / float(np.sum(weights)))
    alias = np.arange(size, dtype=np.int64)
    _pair_up(threshold, alias, np.empty(size, np.int64), np.empty(size, np.int64))
    high = np.minimum(np.ceil(threshold * 2.0**32), 2.0**32 - 1).astype(np.uint64)
    return AliasTable(threshold, alias, (high << _HALF) | alias.astype(np.uint64))


@stamped
def _pair_up(stamp: int) -> Any:
    """Give what the items above their share have over to those below it, the last ones first; scratch: two stacks (n,)."""

    def run(threshold, alias, poor, rich):  # type: ignore[no-untyped-def]
        below, above = 0, 0
        for i in range(len(threshold) if stamp != 0 else 0):
            if threshold[i] < 1.0:
                poor[below] = i
                below += 1
            else:
                rich[above] = i
                above += 1
        while below > 0 and above > 0:
            below -= 1
            i, j = poor[below], rich[above - 1]
            alias[i] = j
            threshold[j] -= 1.0 - threshold[i]
            if threshold[j] < 1.0:
                above -= 1
                poor[below] = j
                below += 1
        for k in range(below):  # what rounding left over keeps its own item
            threshold[poor[k]], alias[poor[k]] = 1.0, poor[k]
        for k in range(above):
            threshold[rich[k]], alias[rich[k]] = 1.0, rich[k]

    return run


def stream_key(source: np.random.SeedSequence) -> np.uint64:
    """The 64-bit key of the stream that ``source`` stands for."""
    return np.uint64(source.generate_state(1, np.uint64)[0])


@inner
def random_bits(key: np.uint64, counter: np.uint64) -> np.uint64:
    """The 64 bits at position ``counter`` of the stream ``key``."""
    x = key + (counter + np.uint64(1)) * _GOLDEN
    x = (x ^ (x >> np.uint64(30))) * _MIX_1
    x = (x ^ (x >> np.uint64(27))) * _MIX_2
    return x ^ (x >> np.uint64(31))


@inner
def draw(table: AliasTable, key: np.uint64, counter: np.uint64) -> np.int64:
    """Draw ``counter`` of the stream ``key``: the high 32 bits choose the cell, the low ones the alias."""
    bits = random_bits(key, counter)
    item = ((bits >> _HALF) * np.uint64(len(table.cells))) >> _HALF
    cell = table.cells[np.int64(item)]
    return np.int64(item if (bits & _LOW_32) < (cell >> _HALF) else cell & _LOW_32)

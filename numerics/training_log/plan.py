"""Which steps are recorded: in every window of so many steps a few in a row, at a place drawn anew for each window."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.validation import InvalidInput, integer

# With this many steps a record the recorder took 1.02 % of the time of a small loop in PyTorch (0.95 to 1.07, 5 rounds), 1.15 % in JAX
# (1.05 to 1.21), where under 3 % is the aim (benchmarks/recording.py); at 128 loops with and without it differed by up to 4 %.
USUAL_EVERY = 256
TOGETHER = 1024  # windows whose places are drawn at once: to start a generator costs more than to draw a thousand numbers


class Plan:
    """One record, or a burst of them, in each window of ``every`` steps; the same for the same seed.

    The place in a window is uniform, so that sums over recorded steps, times ``every``, estimate sums over all steps without bias:
    a fixed stride would meet a schedule or an epoch always at the same phase.
    """

    def __init__(self, every: int, burst: int, seed: int) -> None:
        self.every, self.burst, self.seed = every, burst, seed
        self._block, self._starts = -1, list[int]()
        self._window, self._recorded = range(0), range(0)  # the steps of the window that was asked for last, and those recorded of it

    def due(self, step: int) -> bool:
        """Whether step number ``step`` is recorded; asked at every step, so but a comparison within a window."""
        if step not in self._window:
            self._open(step // self.every)
        return step in self._recorded

    def _open(self, window: int) -> None:
        block, within = divmod(window, TOGETHER)
        if block != self._block:
            drawn = np.random.default_rng((self.seed, block)).integers(self.every - self.burst + 1, size=TOGETHER)
            self._block, self._starts = block, drawn.tolist()
        first = window * self.every
        self._window = range(first, first + self.every)
        self._recorded = self._window[self._starts[within] : self._starts[within] + self.burst]


def sampled_rows(rows: int | ArrayLike, total: int, seed: int) -> NDArray[np.int64]:
    """Row numbers to watch: those given, or ``rows`` of ``total`` drawn without replacement; sorted, int64."""
    if isinstance(rows, int | np.integer) and not isinstance(rows, bool):
        count = min(integer("rows", rows, 1), total)
        return np.sort(np.random.default_rng((seed, 2**20)).choice(total, count, replace=False)).astype(np.int64)
    ids = np.unique(np.asarray(rows))
    if ids.ndim != 1 or ids.dtype.kind not in "iu" or not len(ids):
        raise InvalidInput(f"rows = {rows!r} must be a number of rows, or row numbers")
    if ids[0] < 0 or ids[-1] >= total:
        wrong = int(ids[0] if ids[0] < 0 else ids[-1])
        raise InvalidInput(f"rows has {wrong}, must be between 0 and {total - 1}")
    return ids.astype(np.int64)

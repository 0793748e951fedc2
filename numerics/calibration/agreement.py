"""An effect that must be seen over all queries and among queries alike in each set of controls: an intersection-union test.

What both fits have left of a shape would pass for an effect. Among neighbours in the controls that the shape depends on it does not
show, and it takes only one such set: the intervals of all sets must leave out 0 on one side, so that a claim is false at most as
often as the interval of that one set is (Berger, "Multiparameter hypothesis testing and acceptance sampling", 1982), and nothing
is corrected for how many there are.

What a fit by trees learns of a shape differs by fold and errs beside its steps, for the norm and for being right in the same way:
neighbours would show it. So each set is asked twice, also of what smooth fits leave: they learn no such shape, and leave it whole to
the differences of neighbours.

How often null worlds are claimed is measured in the tests (`test_shapes`, profile thorough). What is claimed: parity of the sum of two
lengths of which hardly two queries are alike in both; it is finer than neighbours. Where a board of two lengths has 28 queries a field,
what is left is half a standard error at 4000 queries; at 60 and more a quarter and less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from numerics.calibration.neighbours import Alike, Checks, weights
from numerics.resampling.bootstrap import Resampled, resample
from numerics.validation import Floats


@dataclass(frozen=True)
class Agreement:
    """Effects in log odds per unit, by the slope of the likelihood where there is none: over all queries, then by sets of controls."""

    drawn: Resampled
    sets: tuple[Alike, ...]  # without columns: all queries
    lows: Floats  # (K,)
    highs: Floats
    information: float  # Fisher's, of a query

    @classmethod
    def of_all(
        cls, left: Floats, variance: Floats, own: Floats, known: Floats, labels: Sequence[bool], checks: Checks, cluster: NDArray[np.int32],
        level: float, resamples: int, seed: int, advance: Callable[[float], None],
    ) -> list[Agreement]:  # fmt: skip
        """For each of m norms: ``own`` (n, m, f) is what f fits leave of it, ``left`` (n, f) of being right, with its ``variance``.
        Of ``known`` (n, c) some are ``labels`` (c,).

        A sum over ``left`` times a weight that is a function of norms alone: given these its terms are independent.
        """
        sets, fits = (Alike(()), *checks.sets), left.shape[1]
        rooms = (own.shape[1], int(cluster.max()) + 1, fits * len(sets))
        sums, sizes = np.empty(rooms), np.empty(rooms)
        flat = own.reshape(len(own), -1)
        for i, (columns, near) in enumerate(sets):
            named = [labels[column] for column in columns]
            weight = (weights(flat, known[:, columns], cluster, seed, named, near=near) if columns else flat).reshape(own.shape)
            for j, f in np.ndindex(own.shape[1], fits):
                sums[j, :, fits * i + f] = np.bincount(cluster, weight[:, j, f] * left[:, f])
                sizes[j, :, fits * i + f] = np.bincount(cluster, weight[:, j, f] * own[:, j, f] * variance[:, f])
            advance((i + 1) / len(sets))
        each = tuple(alike for alike in sets for _ in range(fits))
        return [cls._of(s, i, each, len(left), level, resamples, seed) for s, i in zip(sums, sizes, strict=True)]

    @classmethod
    def _of(
        cls, sums: Floats, sizes: Floats, sets: tuple[Alike, ...], rows: int, level: float, resamples: int, seed: int
    ) -> Agreement:
        information = sizes.sum(axis=0)
        if not np.all(information > 0):  # a norm that is constant, or is among queries alike
            nothing = np.zeros(len(sets))
            still = Resampled(nothing, nothing, np.full(len(sets), len(sums)), nothing[None], nothing[None])
            return cls(still, sets, nothing, nothing, 0.0)
        values = sums.sum(axis=0) / information
        drawn = resample(values, sums - values * sizes, sizes, resamples, seed)
        lows, highs = np.transpose([drawn.interval(k, level) for k in range(len(sets))])
        return cls(drawn, sets, lows, highs, float(information[0]) / rows)

    @property
    def _side(self) -> float:
        return 1.0 if self.drawn.values[0] >= 0 else -1.0

    @property
    def _nearest(self) -> int:
        """Whose interval is nearest to 0, or goes furthest beyond it, seen from the side of the effect over all queries."""
        return int(np.argmin(self.lows if self._side > 0 else -self.highs))

    @property
    def agree(self) -> bool:
        """Every interval leaves out 0, on the same side."""
        return bool(np.all(self.lows > 0) or np.all(self.highs < 0))

    @property
    def clear(self) -> float:
        """The effect in standard errors, of the set in which it is least clear."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.min(np.where(self.drawn.errors > 0, self._side * self.drawn.values / self.drawn.errors, 0.0)))

    @property
    def value(self) -> float:
        return float(self.drawn.values[self._nearest])

    @property
    def low(self) -> float:
        return float(self.lows[self._nearest])

    @property
    def high(self) -> float:
        return float(self.highs[self._nearest])

    @property
    def against(self) -> tuple[int, ...]:
        return self.sets[self._nearest].columns

    def smallest(self, level: float, power: float, norms: int) -> float:
        """The effect of which, with probability ``power``, every interval leaves out 0 and the gain on other queries is seen at ``level``.

        In each resample, which moves all effects together by c: the least effect b with ``b + c > half`` of every interval, and with a
        gain ``b^2/2 + b c_0`` (of the information), less what the fit of ``norms`` coefficients on all but a fold costs, of more than
        its interval's half ``z b error_0``. Infinite if there is no information.
        """
        if not self.information > 0:
            return float("inf")
        errors, changes = self.drawn.errors, self.drawn.changes
        intervals = np.max((self.highs - self.lows) / 2 - changes, axis=1)
        reach = float(t.isf((1 - level) / 2, self.drawn.clusters[0] - 1)) * errors[0] - changes[:, 0]
        gain = reach + np.sqrt(reach**2 + 1.25 * norms * errors[0] ** 2)
        needed = np.nan_to_num(np.maximum(intervals, gain), nan=np.inf)
        return float(np.quantile(needed, power, method="higher"))

"""Do norms help beyond cosine, margin and length? A claim needs an interval that excludes 0; otherwise, what could have been seen.

Sought is an effect that rises or falls with the norm.

Both the norm and being right are held against the controls in any shape that trees can learn (`flexible_controls`), each query by
fits on others. What is left of the norm is then asked whether it moves what is left of being right: an error in either fit moves
this only times the error in the other (Robinson 1988; Chernozhukov et al., "Double/debiased machine learning", 2018; Shah and
Peters, "The hardness of conditional independence testing", 2020).

Where both share a shape that the fits do not learn (parity of a length, whether two lengths are both long or both short), that is
not enough: the same is asked among queries alike in each control, in each pair and in all (`neighbours`), and must be answered alike
each time (`agreement`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t

from numerics import categories as labelled
from numerics import validation
from numerics.calibration.agreement import Agreement
from numerics.calibration.control_fits import PENALTY, Fits, Held
from numerics.calibration.flexible_controls import FOLDS
from numerics.calibration.logistic import fit_logistic, log_losses
from numerics.categories import Categories
from numerics.resampling.clusters import clusters_of
from numerics.validation import Floats, InvalidInput

Progress = Callable[[float], None]
SOUGHT = "only an effect that rises or falls with the norm was sought, and of such is any size named: one of both extremes is not seen"


@dataclass(frozen=True)
class Usefulness:
    """``effect``: of the part of a norm that the controls do not tell, in log odds of being right per standard deviation of the norm,
    with its interval (a large one is told a little too small: it is the slope where there is none). It is looked for over all queries
    and among queries alike in ``checks`` ways: in each control, in each pair, both ways round (``left_out`` pairs are not looked at, as
    there are too many), and in all together. That of the set in which it is least clear is told, ``against`` (columns of the controls;
    none: over all). ``agree``: all intervals leave out 0 on one side. Of several norms the clearest is told, ``column``; intervals of
    all of them hold together at ``level``.

    ``gain``: mean loss without norms minus that with them, in nats a query, each on queries that nothing was fitted on, with its interval.
    What the fits of the controls do not get right makes an effect look smaller than it is. ``told``: the share of that norm's variance
    that the controls tell. ``smallest`` is an effect of which norms would have been found to help with probability ``power`` at least
    (infinite if none can be named), and ``smallest_gain`` what it is worth in nats. All of this is of an effect that rises or falls with
    the norm (`SOUGHT`): of one of both extremes, as of a squared norm, it says nothing. What a claim may still rest on, `limits` says.
    """

    effect: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float
    level: float
    column: int
    told: float
    smallest: float
    smallest_gain: float
    power: float
    queries: int
    groups: int
    against: tuple[int, ...]
    agree: bool
    checks: int
    left_out: int

    @property
    def useful(self) -> bool:
        """All intervals of the effect leave out 0 on one side, as does that of the gain on queries that nothing was fitted on.

        Read it with `limits`: norm and being right that follow one shape of three or more controls pass for it, as `verdict` says.
        """
        return self.agree and self.gain_low > 0

    @property
    def verdict(self) -> str:
        """``norms help`` or ``no effect found``, with its size."""
        return self.words([f"control {j}" for j in range(max(self.against, default=-1) + 1)])

    def words(self, names: Sequence[str]) -> str:
        """The verdict, with the ``names`` of the controls."""
        among = f"among queries alike in {' and '.join(names[j] for j in self.against)}" if self.against else "over all queries"
        found = (f"a standard deviation of the norm adds {self.effect:+.2g} to the log odds of being right ({100 * self.level:g} %:"
                 f" {self.low:+.2g} to {self.high:+.2g}; {among}, where it is least clear)")  # fmt: skip
        gained = f"{self.gain:.2g} nats a query ({self.gain_low:.2g} to {self.gain_high:.2g})"
        if self.useful:
            return (f"norms help beyond the controls: {found}, and takes {gained} off the log loss of held-out queries;"
                    f" not ruled out: {self.limits}")  # fmt: skip
        if not np.isfinite(self.smallest):
            return (f"no effect found: {found}; what the controls say is too uncertain to tell which effect would have been found;"
                    f" {SOUGHT}")  # fmt: skip
        unused = f", but the log loss of held-out queries is not less: by {gained}" if self.agree else ""
        return (f"no effect found: {found}{unused}; one of {self.smallest:.2g} (worth {self.smallest_gain:.2g} nats a query) would have"
                f" been found with probability {self.power:g} at least; {SOUGHT}")  # fmt: skip

    @property
    def limits(self) -> str:
        """What a claim may still rest on."""
        missed = f", of {self.left_out} pairs that were not looked at" if self.left_out else ""
        return (f"that norm and being right follow one shape of three or more controls, as the sign of their product{missed}, or one"
                " that changes within some tens of queries, in order or in the plane of two, which no fit learned")  # fmt: skip


def usefulness(
    correct: ArrayLike, controls: ArrayLike, norms: ArrayLike, *, categories: Mapping[str, ArrayLike | Categories] | None = None,
    groups: ArrayLike | None = None, level: float = 0.95, power: float = 0.8, resamples: int = 2000, seed: int = 0,
    progress: Progress | None = None,
) -> Usefulness:  # fmt: skip
    """``correct`` (n,) of 0 and 1, ``controls`` (n, c): cosine, margin, length; ``norms`` (n,) or (n, m), logarithms as a rule.

    ``categories``: more controls, name -> (n,) labels, such as languages; they are numbered after the columns of ``controls``, and
    queries whose label is missing or rare (`numerics.categories`) are left out. Folds are drawn from ``seed``; ``groups`` (n,), whose
    queries belong together, stay in one of them, and intervals resample them whole. Needs scikit-learn (the extra ``audit``). Raises
    ``InvalidInput``.
    """
    advance = (lambda _: None) if progress is None else progress
    return usefulness_of_each(correct, controls, {"norms": norms}, categories=categories, groups=groups, level=level, power=power,
                              resamples=resamples, seed=seed, progress=lambda done, _: advance(done))["norms"]  # fmt: skip


def usefulness_of_each(
    correct: ArrayLike, controls: ArrayLike, questions: Mapping[str, ArrayLike], *,
    categories: Mapping[str, ArrayLike | Categories] | None = None, groups: ArrayLike | None = None, level: float = 0.95,
    power: float = 0.8, resamples: int = 2000, seed: int = 0, progress: Callable[[float, str], None] | None = None,
) -> dict[str, Usefulness]:  # fmt: skip
    """`usefulness` of several norms, or sets of them, by name, one by one at ``level``; what does not depend on the norms is fitted once.

    ``progress`` hears the part that is done and the name.
    """
    hit = validation.table("correct", np.asarray(correct, dtype=float), (None,))
    if not np.all((hit == 0) | (hit == 1)):
        raise InvalidInput("correct must be 0 (wrong) or 1 (right) for every query")
    if hit.min() == hit.max():
        raise InvalidInput("correct has only right or only wrong queries: nothing can be told apart")
    named = {name: labelled.categories(f"categories[{name!r}]", values, len(hit)) for name, values in (categories or {}).items()}
    labelled.all_of(named)
    kept = np.logical_and.reduce([np.ones(len(hit), np.bool_), *(held.present for held in named.values())])
    plain = _table("controls", controls, len(hit))[kept]
    asked = {name: _table(name, norms, len(hit))[kept] for name, norms in questions.items()}
    hit = hit[kept]
    if not len(hit) or hit.min() == hit.max():
        raise InvalidInput("correct has only right or only wrong queries of known categories: nothing can be told apart")
    known = Held.of(_standardised(plain), [held.at(kept) for held in named.values()])
    start = validation.integer("seed", seed, 0)
    clusters = clusters_of(None if groups is None else np.asarray(groups)[kept], len(hit), start)
    if clusters.count < 8:
        raise InvalidInput(f"groups has {clusters.count} groups, must have 8 groups or more")
    wanted = validation.number("power", power, above=0.0, most=1 - 1e-9)
    confidence = validation.number("level", level, above=0.0, most=1 - 1e-9)
    fits, most = Fits(hit, known, clusters.codes, start), validation.integer("resamples", resamples, 2)
    tell = (lambda _fraction, _name: None) if progress is None else progress
    found = {}
    for i, (name, norms) in enumerate(asked.items()):
        advance = partial(_part, tell, i, len(asked), name)
        found[name] = _measured(fits, _by_column(norms), confidence, wanted, most, advance)
    return found


def _part(tell: Callable[[float, str], None], i: int, parts: int, name: str, done: float) -> None:
    tell((i + done) / parts, name)


def _measured(fits: Fits, more: Floats, level: float, power: float, resamples: int, advance: Progress) -> Usefulness:
    hit, held, shares, checks, norms = fits.hit, fits.held, fits.shares, fits.checks, more.shape[1]
    own = np.empty((len(hit), norms, 2))
    for j in range(norms):
        own[:, j, 0], own[:, j, 1] = fits.left_of(more[:, j])
        advance(0.6 * (j + 1) / norms)
    variance = shares * (1 - shares)
    each = 1 - (1 - level) / norms  # Bonferroni's: all intervals hold together
    found = Agreement.of_all(hit[:, None] - shares, variance, own, held.compared, held.labels, checks, fits.cluster, each, resamples,
                             fits.seed, lambda done: advance(0.6 + 0.3 * done))  # fmt: skip
    clearest = int(np.argmax([e.clear for e in found]))
    gain = _gain(hit, fits.odds, own[:, :, 0], fits.folds, fits.cluster, level)
    e, told = found[clearest], 1 - float(np.mean(own[:, clearest, 0] ** 2))
    # the noise of both fits hides a part of an effect
    spread = float(np.mean(variance[:, 0]))
    noise = fits.noise, fits.noise_of(more[:, clearest])
    seen = max(1 - noise[0] / spread, 0.0) * max(1 - noise[1] / max(1 - told, np.finfo(float).tiny), 0.0) if spread > 0 else 0.0
    smallest = e.smallest(level, power, norms) / seen if seen > 0 else float("inf")
    worth = smallest**2 * e.information * seen / 2 if seen > 0 else float("inf")
    advance(1.0)
    return Usefulness(e.value, e.low, e.high, *gain, level, clearest, max(told, 0.0), smallest, worth, power, len(hit),
                      int(fits.cluster.max()) + 1, e.against, e.agree, len(checks.sets), checks.left_out)  # fmt: skip


def _gain(
    hit: Floats, odds: Floats, own: Floats, folds: NDArray[np.int64], cluster: NDArray[np.int32], level: float
) -> tuple[float, float, float]:
    """Mean loss without less that with the norms, a query, each by a fit on the other folds, with Student's interval over groups."""
    less = np.empty(len(hit))
    for held in (folds == k for k in range(FOLDS)):
        if not np.any(held):
            continue
        losses = []
        for x in (odds[:, None], np.column_stack([odds, own])):
            fit = fit_logistic(x[~held], hit[~held], PENALTY)
            losses.append(log_losses(x[held], hit[held], fit.coefficients))
        less[held] = losses[0] - losses[1]
    sizes, sums = np.bincount(cluster), np.bincount(cluster, less)
    mean = float(sums.sum() / sizes.sum())
    # a ratio of sums over groups: the spread of its linear part
    error = np.std(sums - mean * sizes, ddof=1) * np.sqrt(len(sizes)) / sizes.sum()
    reach = float(t.isf((1 - level) / 2, len(sizes) - 1) * error)
    return mean, mean - reach, mean + reach


def _table(name: str, value: ArrayLike, rows: int) -> Floats:
    x = np.asarray(value, dtype=float)
    return validation.table(name, x[:, None] if x.ndim == 1 else x, (rows, None))


def _by_column(table: Floats) -> Floats:
    """`_standardised`, each column by itself, so that one norm has the same bits in whatever company it is asked about."""
    return np.column_stack([_standardised(column[:, None]) for column in table.T])


def _standardised(table: Floats) -> Floats:
    """(n, m); a constant column becomes 0."""
    spread = table.std(axis=0)
    return np.asarray((table - table.mean(axis=0)) / np.where(spread > 0, spread, 1.0))

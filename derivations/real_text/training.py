"""Real text against the quartic law: train a lookup table on words, predict every norm from its own drives.

The law comes in as two callables (its owner is the theory): ``quartic(z0, A)``, the prediction of z = r^4
from z0 and the summed drives A, and ``sandwich_excess(z0, A, a_max)``, by how much z may exceed it at most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numerics.corpus.text import EncodedText, Text, Vocabulary, count_words
from numerics.lookup.embeddings import LookupRun, LookupSettings, LookupTable, train_lookup
from numerics.validation import InvalidInput

Floats = NDArray[np.float64]
Quartic = Callable[[Floats, Floats], Floats]
Excess = Callable[[Floats, Floats, Floats], Floats]
Progress = Callable[[float, str], None]

TABLES = ("word", "context")
WORDS_NEEDED = 50  # below this a slope in frequency means nothing
_ENOUGH_VISITS = 100  # a row with fewer is left out of the slope, not of the law
_RESAMPLES = 2000
_DOUBLE = 2.0**-53  # unit roundoff of float64
_READING, _TRAINING = 0.1, 0.95  # shares of the progress bar

# Words of one epoch, at most; epochs; replicates.
_EFFORTS: dict[str, tuple[int | None, int, int]] = {"quick": (200_000, 2, 2), "full": (None, 5, 4)}


@dataclass(frozen=True)
class LawCheck:
    """The law at every row of both tables, all arrays of shape (2, R, V) in the order of ``TABLES``.

    A row with no visit is not checked. ``use`` is the share of the allowed deviation that a row takes up: the
    law holds where it is at most 1. ``relative_error`` is |r / r_predicted - 1| and ``bound`` what the law
    and rounding allow it to be. ``worst`` is the index of the largest relative error among checked rows.
    """

    verdict: str
    rows: int
    checked: NDArray[np.bool_]
    norm: Floats
    predicted: Floats
    relative_error: Floats
    bound: Floats
    use: Floats
    worst: tuple[int, int, int]
    failures: int


@dataclass(frozen=True)
class Slope:
    """A least-squares slope of logarithms over ``words`` words, with a 95 % bootstrap interval over words."""

    value: float
    low: float
    high: float
    words: int


@dataclass(frozen=True)
class RealText:
    """What was trained, how the law did, and what the naive form and the frequency say of the word table.

    ``naive`` (V,) is the norm when every visit is given the same mean drive; ``norm_slope`` and
    ``growth_slope`` are the exponents in the number of visits of r and of (r^4 - r0^4)^(1/4), measured, and
    ``naive_norm_slope``, ``naive_growth_slope`` those of the naive form: measurements without a verdict.
    """

    corpus: str
    vocabulary: Vocabulary
    run: LookupRun
    check: LawCheck
    mean_norm: Floats
    naive: Floats
    norm_slope: Slope
    growth_slope: Slope
    naive_norm_slope: Slope
    naive_growth_slope: Slope


def run(
    *,
    corpus: Path | None = None,
    seed: int = 0,
    effort: str = "quick",
    quartic: Quartic,
    sandwich_excess: Excess,
    similarity: str = "cosine",
    progress: Progress | None = None,
) -> RealText:
    """Train on a corpus (UTF-8 file; None: the Python language reference) and put the law to every row.

    ``similarity='dot'`` is the witness: there the law has no right to hold. Raises ``InvalidInput`` for a
    corpus that cannot be used or an unknown effort.
    """
    if effort not in _EFFORTS:
        raise InvalidInput(f"effort = {effort!r} must be one of {', '.join(_EFFORTS)}")
    limit, epochs, replicates = _EFFORTS[effort]
    settings = LookupSettings(epochs=epochs, replicates=replicates, seed=seed, similarity=similarity)
    tell: Progress = progress if progress is not None else lambda _fraction, _message: None
    text = Text(corpus)
    vocabulary = count_words(
        text, needed=WORDS_NEEDED, progress=lambda read: tell(0.0, f"reading: {read} words")
    )
    total = epochs * min(int(vocabulary.counts.sum()), limit or int(vocabulary.counts.sum()))
    trained = train_lookup(
        EncodedText(text, vocabulary, limit=limit),
        vocabulary.counts,
        settings,
        progress=lambda done: tell(
            _READING + (_TRAINING - _READING) * done / total, f"training: {done} of {total} words"
        ),
    )
    tell(_TRAINING, "checking every row")
    result = assess(text.name, vocabulary, trained, quartic, sandwich_excess)
    tell(1.0, result.check.verdict)
    return result


def assess(
    corpus: str, vocabulary: Vocabulary, trained: LookupRun, quartic: Quartic, sandwich_excess: Excess
) -> RealText:
    """The law, the naive form and the slopes on a finished run."""
    table = trained.word
    z0, z = table.initial_squared_norm**2, table.squared_norm**2
    visits = table.visits.mean(axis=0)
    naive_z = np.mean(quartic(z0, table.visits * (table.drive_sum.sum() / table.visits.sum())), axis=0)
    start, measured = z0.mean(axis=0), z.mean(axis=0)
    slopes = [
        fit_slope(visits, values, seed=trained.settings.seed)
        for values in (measured, measured - start, naive_z, naive_z - start)
    ]
    check = check_law(trained, quartic, sandwich_excess)
    with np.errstate(invalid="ignore"):  # a wrong law may predict z < 0
        naive = naive_z**0.25
    return RealText(corpus, vocabulary, trained, check, measured**0.25, naive, *slopes)


def rounding_bound(visits: NDArray[np.int64], settings: LookupSettings) -> Floats:
    """How far, relative to z, rounding can carry a row's z = r^4 from the exact law after so many updates, by SGD without decay.

    With u the unit roundoff of the tables (2^-53, 2^-24), d dimensions, m = 1 + negatives candidates, and C at least the sum
    of |dloss/dscore| over a step, to first order in u:

    - The applied gradient is not quite orthogonal to the row. Each cosine is off by (d + 2) u, their weighted sum by m u,
      the sum of directions by (m + 2) u, |row|^2 / fl(|row|)^2 by (d + 4) u, the last operations by 6 u:
      |<row, g>| <= C K u with K = 2 d + 2 m + 14. In a batch of B pairs the sums have up to B m terms, and the projection
      is by an inner product with the sum, which is off by (d + 4) u. It moves r^2 by 2 step_size times that.
    - row - step_size g is rounded twice in each entry: by u (|row'| + step_size |g|) <= 2 u |row'| at most,
      so r^2 moves by 4 u r^2.
    - In z each counts twice, and z >= z0: per update 8 u (1 + step_size C K / (2 r0^2)) of z. As
      z_{k+1} >= z_k + 2 a_k whatever z_k is, and a_k^2 / z_k only shrinks as z_k grows, errors add up.
    - A drive is off by (2 d + 6) u, with step_size rounded to the tables' precision; its sum over n visits, in float64, by
      n 2^-53 more; z and z0 as measured, in float64, by (2 d + 1) 2^-53 each; evaluating the two callables by less than
      16 of those.

    The factor 1.01 covers the second order.
    """
    d, r0, u = settings.dimension, settings.initial_norm, settings.unit_roundoff()
    per_update = 8 * (1 + settings.step_size * _slopes(settings) * _orthogonality(settings) / (2 * r0**2))
    once, measured = 2 * d + 6, 2 * (2 * d + 1) + 16
    count = visits.astype(np.float64)
    return 1.01 * (u * (count * per_update + once) + _DOUBLE * (count + measured))


def radial_bound(settings: LookupSettings) -> float:
    """What rounding leaves of <row, g> at most as measured, for a loss of cosines.

    C K u as in ``rounding_bound``, and d u |row| |g| <= d u C for the measuring itself.
    """
    return 1.01 * settings.unit_roundoff() * _slopes(settings) * (_orthogonality(settings) + settings.dimension)


def _slopes(settings: LookupSettings) -> float:
    """C: of InfoNCE |p - onehot| sums to 2 at most, of SigLIP each of the 1 + negatives sigmoids is 1 at most; in each pair."""
    sum_of_slopes = 2 if settings.loss == "infonce" else 1 + settings.negatives
    return settings.batch * sum_of_slopes / settings.temperature


def _orthogonality(settings: LookupSettings) -> int:
    return 2 * settings.dimension + 2 * settings.batch * (1 + settings.negatives) + 14


def check_law(trained: LookupRun, quartic: Quartic, sandwich_excess: Excess) -> LawCheck:
    """quartic <= z <= quartic + excess, up to ``rounding_bound``, at every row that was visited.

    Verdict ``fails`` if one row is outside, ``vacuous`` if no row grew by more than it is allowed to deviate
    (then any law would do), else ``holds``.
    """

    def column(name: str) -> Floats:
        tables: list[LookupTable] = [trained.word, trained.context]
        return np.stack([getattr(table, name) for table in tables])

    z0, z = column("initial_squared_norm") ** 2, column("squared_norm") ** 2
    drives, largest, visits = column("drive_sum"), column("largest_drive"), column("visits")
    checked = visits > 0
    rounding = rounding_bound(visits.astype(np.int64), trained.settings)
    with np.errstate(all="ignore"):  # a wrong law may leave the reals; a NaN then counts as outside
        predicted = quartic(z0, drives) + np.zeros_like(z)
        below = rounding * z
        # a_k^2 / z_k with z_k short of the law by k roundings, and a_max, A in it off by as much
        above = sandwich_excess(z0, drives, largest) * (1 + 4 * rounding) + below
        use = np.where(z >= predicted, (z - predicted) / above, (predicted - z) / below)
        norm, root = z**0.25, predicted**0.25
        error = np.abs(norm / root - 1)
        bound = np.maximum((1 + above / predicted) ** 0.25 - 1, 1 - (1 - below / predicted) ** 0.25)
    outside = checked & ~(use <= 1)
    telling = checked & (predicted - z0 > above)
    verdict = "fails" if outside.any() else "holds" if telling.any() else "vacuous"
    flat = int(np.argmax(np.where(checked, np.nan_to_num(error, nan=np.inf), -1.0)))
    a, b, c = (int(i) for i in np.unravel_index(flat, error.shape))
    return LawCheck(
        verdict, int(checked.sum()), checked, norm, root, error, bound, use, (a, b, c), int(outside.sum())
    )


def fit_slope(visits: Floats, fourth_powers: Floats, *, seed: int) -> Slope:
    """Exponent in ``visits`` of the fourth root of ``fourth_powers``, over words with enough visits."""
    usable = (visits >= _ENOUGH_VISITS) & (fourth_powers > 0)
    x, y = np.log(visits[usable]), np.log(fourth_powers[usable]) / 4
    if len(np.unique(x)) < 3:
        return Slope(float("nan"), float("nan"), float("nan"), len(x))
    rng = np.random.Generator(np.random.Philox(seed))
    picks = (rng.integers(0, len(x), len(x)) for _ in range(_RESAMPLES))
    slopes = [_slope(x[pick], y[pick]) for pick in picks]
    low, high = np.nanquantile(slopes, [0.025, 0.975])
    return Slope(_slope(x, y), float(low), float(high), len(x))


def _slope(x: Floats, y: Floats) -> float:
    centred = x - x.mean()
    spread = float(centred @ centred)
    return float(centred @ (y - y.mean())) / spread if spread > 0 else float("nan")

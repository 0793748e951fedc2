"""C6 measured: rows that are never visited, many rare rows with Hill estimates of their tail, visits at tiny norms, and gaps.

The threshold is tested twice: by the tail's exponent there, and by gaps of many rows, each ended by a simulated visit, which
at the threshold add as much to the fourth moment in one window of lengths as in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed, relative
from derivations.evidence.formulas import value
from derivations.evidence.gathering import gathered
from numerics.lookup.rows import uniform_directions, visited_rows
from numerics.simulation.steps import drive, evaluate, step
from theory.claims import Formulas
from theory.laws.imprint.rare_rows_have_heavy_tails import K, P, Q
from theory.notation import G, eta, r0

ROWS, MANY_ROWS = 2**14, 2**17  # at quick and full effort
TAIL = 32  # one row in so many is in the Hill estimate
GAPS = 256  # rows that wait for a visit, for each row with a norm of its own
WINDOW = 0.5  # steps of a window of gaps, times q
DIMENSION = 4
SMALL = 1e-4  # r^2 over eta sqrt G where a visit throws a row


@dataclass(frozen=True)
class Rare:
    """Rows visited with ``chance`` at each step, decay ``product`` = eta lambda."""

    chance: float
    product: float
    step_size: float
    seed: int
    rows: int = ROWS

    def label(self) -> str:
        """Enough to repeat it."""
        return f"p={self.chance:.3g} q={self.product:.3g} eta={self.step_size:.3g} rows={self.rows} seed={self.seed}"

    @property
    def known(self) -> dict[object, Floats]:
        """What the formulas ask for."""
        return {P: np.array([self.chance]), Q: np.array([self.product])}


@lru_cache(maxsize=32)
def norms(x: Rare, steps: int = 0, dense: bool = True, chance: float = -1.0) -> Floats:
    """Norms (rows,) after so many steps from 1 (None: after 15 visits' time), with uniform positives."""
    meanings = uniform_directions(x.rows, DIMENSION, seed=x.seed)
    run = visited_rows(meanings, 0.0, x.chance if chance < 0 else chance, 1.0, step_size=x.step_size, weight_decay=x.product / x.step_size,
                       steps=steps or int(15 / x.chance), dense=dense, seed=x.seed)  # fmt: skip
    return np.linalg.norm(run.embeddings, axis=1)


def hill(values: Floats, size: int) -> float:
    """Hill's estimate of the exponent of a power tail, from the largest ``size`` values (Hill 1975)."""
    top = np.sort(values)[-size - 1 :]
    with np.errstate(divide="ignore"):
        return float(1 / np.mean(np.log(top[1:] / top[0])))


def estimated_tail(values: Floats) -> tuple[float, float]:
    """Hill's estimate and a relative bound of its error.

    Its relative standard error is 1/sqrt(k) for k rows in the tail, rows being independent. The tail is a power only where a
    visit throws a row far beyond where the others are, at norms x: what is left of the norm before it adds about (x_0/x)^4. In
    the share f of rows that is used this is f^(4/alpha), at most f for exponents up to 4, and so at most what twice as many change.
    """
    size = len(values) // TAIL
    found = hill(values, size)
    return found, replicates.normal_quantile() / np.sqrt(size) + abs(hill(values, 2 * size) / found - 1)


def _tail(formulas: Formulas, x: Rare, name: str = "tail_exponent", found: Floats | None = None) -> Measurement:
    """The estimate over the claimed exponent.

    The ratio of rates is within ``1 - q`` and ``1/(1 - p)`` of the exponent, as ``p <= -ln(1 - p) <= p/(1 - p)``.
    """
    estimate, slip = estimated_tail(norms(x) if found is None else found)
    claimed = float(value(formulas[name], x.known)[0])
    slip += x.chance / (1 - x.chance) if name == "small_exponent" else 0
    return measurement("", listed([relative(estimate, claimed)]), slip, [x.label()])


def _threshold(formulas: Formulas, x: Rare) -> Rare | None:
    """The row visited as often as the threshold says, if that is a probability."""
    chance = float(value(formulas["threshold"], x.known)[0])
    return replace(x, chance=chance) if 0 < chance < 1 else None


def _no_chance(x: Rare) -> Measurement:
    return measurement("", np.ones(1), 0.0, [x.label()])


def _at_threshold(formulas: Formulas, x: Rare) -> Measurement:
    """With visits as likely as the threshold says the exponent is 4."""
    at = _threshold(formulas, x)
    if at is None or at.chance < 1e-2:  # so few visits would take too many steps; that of the law is 4 q about
        return _no_chance(x)
    estimate, slip = estimated_tail(norms(at))
    return measurement("", listed([relative(estimate, 4)]), slip, [at.label()])


def ended(x: Rare, steps: int) -> tuple[Floats, Floats]:
    """By the steps (0 to ``steps - 1``) that a row waits for a visit: how many do, and ``r'^4`` after it, from one small norm."""
    rng, left, visited = np.random.default_rng([x.seed, 5]), GAPS * x.rows, []
    for _ in range(steps):
        visited.append(int(rng.binomial(left, x.chance)))
        left -= visited[-1]
    start = np.full(steps, np.sqrt(SMALL * x.step_size))
    run = drive(start, np.eye(steps), x.step_size, x.product / x.step_size, dimension=DIMENSION, seed=x.seed)
    return np.array(visited, dtype=float), run.squared_norms[np.arange(steps), np.arange(1, steps + 1)] ** 2


def _gaps(formulas: Formulas, x: Rare) -> Measurement:
    """At the threshold: what gaps of a window add to the mean of r'^4, over what those of the window before add.

    The interval is that of the rows' mean difference. What is left of the norm before a visit counts for SMALL^2, twice.
    """
    at, window = _threshold(formulas, x), int(WINDOW / x.product)
    if at is None:
        return _no_chance(x)
    visited, thrown = ended(at, 2 * window)
    side, rows = np.repeat([-1.0, 1.0], window), GAPS * x.rows
    first, difference = (float(np.sum(visited * thrown * weight)) / rows for weight in (side < 0, side))
    spread = np.sqrt(np.sum(visited * thrown**2) / rows - difference**2)
    slip = replicates.normal_quantile() * spread / np.sqrt(rows) / first + 4 * SMALL**2 + float(rounding.gamma(40 * window))
    return measurement("", listed([equal(difference / first, 0.0)]), slip, [at.label()])


def unvisited(formulas: Formulas, x: Rare, dense: bool = True) -> Measurement:
    """Norms after k steps without a visit; each of d entries rounds once a step."""
    few, steps = Rare(x.chance, x.product, x.step_size, x.seed, 8), 40
    claimed = float(value(formulas["unvisited"], {**x.known, r0: np.ones(1), K: np.full(1, steps)})[0])
    found = norms(few, steps, dense, 0.0)
    bound = rounding.gamma(4 * steps + 40) * np.maximum(claimed, found)
    return measurement("norm without a visit", equal(found, claimed), bound, [few.label()] * 8)


def _thrown(formulas: Formulas, x: Rare) -> Measurement:
    """One step at ``r^2 = SMALL eta sqrt G``: what decay leaves of r^2 over that adds half its square to the product; and rounding.

    A radial leftover of the gradient counts twice what is left (`rounding.radial`), squared norms and the step as in `rounding.step`.
    """
    size = np.exp(np.random.default_rng(x.seed).uniform(-3, 3, 8))  # sqrt G
    small, dimension = np.sqrt(SMALL * x.step_size * size), 8
    run = drive(small, (size**2)[:, None], x.step_size, x.product / x.step_size, dimension=dimension, seed=x.seed)
    claimed = value(formulas["thrown"], {G: size**2, eta: np.full(8, x.step_size)})
    product = np.sqrt(run.squared_norms[:, 0] * run.squared_norms[:, 1])
    bound = ((1 - x.product) * SMALL) ** 2 / 2 + float(rounding.gamma(8 * dimension + 60))
    return measurement("thrown by a visit", relative(product, claimed), bound, [x.label()] * 8)


def draw(rng: np.random.Generator, effort: str) -> Sequence[Rare]:
    """Decay of 0.02 to 0.05, visits 1.2 to 3.5 times as likely."""
    found = []
    for _ in range(2 if effort == "quick" else 8):
        q = float(rng.uniform(0.02, 0.05))
        found.append(Rare(q * float(rng.uniform(1.2, 3.5)), q, float(np.exp(rng.uniform(-2, 2))), int(rng.integers(2**31)),
                          ROWS if effort == "quick" else MANY_ROWS))  # fmt: skip
    return found


def check(formulas: Formulas, settings: Sequence[Rare]) -> tuple[Measurement, ...]:
    """Rows without visits, visits at tiny norms, tails, and the threshold of the fourth moment."""
    return (
        gathered("norm without a visit", [unvisited(formulas, x) for x in settings]),
        gathered("thrown by a visit", [_thrown(formulas, x) for x in settings]),
        gathered("Hill estimate over the exponent", [_tail(formulas, x) for x in settings]),
        gathered("Hill estimate over the ratio of rates", [_tail(formulas, x, "small_exponent") for x in settings]),
        gathered("Hill estimate at the threshold, over 4", [_at_threshold(formulas, x) for x in settings[:1]]),
        gathered("fourth moment by gaps at the threshold, window over window", [_gaps(formulas, x) for x in settings]),
    )


def _ordinary(seed: int) -> Rare:
    return Rare(0.1, 0.05, 0.5, seed)


def _lazy(formulas: Formulas, seed: int) -> NumericWitness:
    return NumericWitness("lazy decay", *(unvisited(formulas, _ordinary(seed), dense) for dense in (True, False)))


def _inner_products(formulas: Formulas, seed: int) -> NumericWitness:
    """A step of InfoNCE on inner products at a tiny norm, the energy being that at norm 1."""
    x = _ordinary(seed)
    row, *pool = uniform_directions(5, 8, seed=seed)
    g = {r: evaluate("dot_product_infonce", [r * row], [pool], 0.5).gradients for r in (1.0, 1e-3)}
    size = np.linalg.norm(g[1.0], axis=1)
    after = step([1e-3 * row], g[1e-3], x.step_size, x.product / x.step_size)
    claimed = value(formulas["thrown"], {G: size**2, eta: np.full(1, x.step_size)})
    deviation = relative(1e-3 * np.linalg.norm(after, axis=1), claimed)
    left = (1e-6 / (x.step_size * size)) ** 2 / 2  # as above, were the energy that at norm 1
    return NumericWitness("inner products", _thrown(formulas, x), measurement("thrown", deviation, left, [x.label()]))


def _regular(formulas: Formulas, seed: int) -> NumericWitness:
    """A visit at every tenth step, of energies that vary."""
    x = _ordinary(seed)
    energies = np.zeros((2048, 100))
    energies[:, 9::10] = np.random.default_rng(seed).uniform(0.5, 1, (2048, 10))
    run = drive(1.0, energies, x.step_size, x.product / x.step_size, dimension=DIMENSION, seed=seed)
    return NumericWitness("visits at regular intervals", _tail(formulas, x), _tail(formulas, x, found=np.sqrt(run.squared_norms[:, -1])))


EVIDENCE = Evidence(draw, check, {"dense-decay": _lazy, "scale-invariant": _inner_products, "independent-visits": _regular})

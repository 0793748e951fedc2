"""D1 measured: worlds of items with queries drawn about them, and the claimed posterior against who was really asked for.

A posterior is right if and only if what it says of an item, less what is so, has mean 0 with every function of the query. Tried are
the functions that the claim is made of: cosines, concentrations times cosines, normalisers, logarithms of priors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed
from derivations.evidence.formulas import value
from numerics.calibration.von_mises_fisher import log_normaliser
from numerics.calibration.worlds import World, draw_world
from numerics.lookup.rows import uniform_directions, von_mises_fisher
from theory.claims import Formulas
from theory.laws.calibration.posterior_by_concentrations_is_bayes import FIRST, KAPPA, PRIOR, SECOND, A, N, P, T, X

DIMENSIONS, ITEMS, CONCENTRATIONS = (2, 64), (3, 24), (0.5, 200.0)
QUERIES, DRAWS = 4000, 20000
STEP = 0.01  # of concentration, for the slope of the normaliser
Queries = Callable[[World, int], tuple[Floats, NDArray[np.int64]]]


@dataclass(frozen=True)
class Items:
    """Items of random directions, concentrations within ``high`` and a twentieth of it, priors of up to 4 halvings."""

    dimension: int
    items: int
    high: float
    seed: int

    def label(self) -> str:
        """Enough to repeat it."""
        return f"d={self.dimension} items={self.items} kappa<={self.high:.3g} seed={self.seed}"

    def world(self) -> World:
        """The truth."""
        return draw_world(self.items, self.dimension, concentrations=(self.high / 20, self.high), levels=4, seed=self.seed)


def _drawn(world: World, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    return world.queries(QUERIES, seed=seed)


def claimed(formulas: Formulas, world: World, cosines: Floats) -> Floats:
    """Logarithms of the claimed posterior (queries, items)."""
    normalisers = log_normaliser(world.directions.shape[1], world.concentrations)
    known = {KAPPA: world.concentrations, T: cosines, N: normalisers, PRIOR: world.priors}
    return np.asarray(log_softmax(value(formulas["logit"], known), axis=1))


def residuals(formulas: Formulas, x: Items, queries: Queries = _drawn) -> Measurement:
    """Means over the queries of what the posterior says of the items, less who was asked for, with each function; Student's interval."""
    world = x.world()
    q, asked = queries(world, x.seed)
    cosines = world.cosines(q)
    off = np.exp(claimed(formulas, world, cosines)) - (np.arange(x.items) == asked[:, None])
    normalisers = log_normaliser(x.dimension, world.concentrations)
    functions = {
        "cosine": cosines, "concentration times cosine": world.concentrations * cosines, "normaliser": normalisers - normalisers.mean(),
        "prior": np.log(world.priors / world.priors.max()), "item": np.where(np.arange(x.items) == 0, 1.0, 0.0),
    }  # fmt: skip
    found = [replicates.mean(np.sum(off * f, axis=1)) for f in functions.values()]
    labels = [f"{x.label()} {name}" for name in functions]
    return measurement("residual of the posterior", equal(np.array([m for m, _ in found]), 0.0), np.array([i for _, i in found]), labels)


def regret(formulas: Formulas, x: Items) -> Measurement:
    """The loss of a softmax of one temperature beyond the claimed posterior's, query by query less the claimed mean of it."""
    world = x.world()
    q, asked = _drawn(world, x.seed)
    cosines, at = world.cosines(q), (np.arange(QUERIES), asked)
    logs = claimed(formulas, world, cosines)
    one = log_softmax(np.exp(np.mean(np.log(world.concentrations))) * cosines + np.log(world.priors), axis=1)
    lost = np.sum(value(formulas["regret"], {P: np.exp(logs), X: one - logs}), axis=1)
    mean, interval = replicates.mean(logs[at] - one[at] - lost)
    return measurement("loss of one temperature beyond it", listed([equal(mean, 0.0)]), np.array([interval]), [x.label()])


def tilt(formulas: Formulas, x: Items) -> Measurement:
    """Bayes' rule in the world at two queries that are as near to one item as to another: their log odds, over the change of cosine."""
    world = x.world()
    a, b = world.directions[:2]
    kappa = world.concentrations[:2]
    centre = (a + b) / np.linalg.norm(a + b)
    across = uniform_directions(1, x.dimension, seed=x.seed + 1)[0]
    for _ in range(2):  # once more, for what rounding left
        for away in (centre, (a - b) / np.linalg.norm(a - b)):
            across = across - (across @ away) * away
    if not np.linalg.norm(across) > 1e-3:  # in two dimensions the only other query at equal cosines is the opposite one
        across, turns = centre, (0.0, np.pi)
    else:
        across, turns = across / np.linalg.norm(across), (0.3, 1.2)
    q = np.array([np.cos(w) * centre + (np.sin(w) * across if across is not centre else 0) for w in turns])
    logs, cosine = world.log_posterior(q), q @ a
    odds = logs[:, 0] - logs[:, 1]
    change = cosine[0] - cosine[1]
    prediction = float(value(formulas["tilt"], {FIRST[KAPPA]: kappa[0], SECOND[KAPPA]: kappa[1]}))
    # cosines are off by d + 20 roundings, logarithms by as many of the sizes that are added: normalisers, priors, kappa, their sum
    size = np.abs(log_normaliser(x.dimension, world.concentrations)).max() + 2 * world.concentrations.max() + np.log(1 / world.priors.min())
    bound = rounding.gamma(4 * x.dimension + 80) * (4 * size + 4 * kappa.max()) / abs(change)
    return measurement("tilt of the odds", listed([equal((odds[0] - odds[1]) / change, prediction)]), bound, [x.label()])


def normaliser(formulas: Formulas, x: Items) -> Measurement:
    """The slope of ``ln C_d`` by a central difference, where the mean cosine is that of draws."""
    kappa = x.high
    row = uniform_directions(1, x.dimension, seed=x.seed)
    t = np.sum(von_mises_fisher(np.tile(row, (DRAWS, 1)), kappa, seed=x.seed + 2) * row, axis=1)
    mean, interval = replicates.mean(value(formulas["normaliser_slope"], {A: t, KAPPA: kappa}))
    ends = log_normaliser(x.dimension, np.array([kappa - STEP, kappa + STEP]))
    # the third derivative is a third central moment of a cosine: at most 2 times its variance, which is at most 1
    cut = STEP**2 / 6 * 2
    rounded = rounding.gamma(8 * x.dimension + 40) * np.abs(ends).max() / STEP
    off = listed([equal(np.diff(ends)[0] / (2 * STEP), mean)])
    return measurement("slope of the normaliser", off, interval + cut + rounded, [x.label()])


def draw(rng: np.random.Generator, effort: str) -> Sequence[Items]:
    """Both ends of the dimensions, and others between."""
    between = [float(np.exp(rng.uniform(*np.log(DIMENSIONS)))) for _ in range(4 if effort == "quick" else 30)]
    found = []
    for d in (*DIMENSIONS, *between):
        items, high = int(rng.integers(ITEMS[0], ITEMS[1] + 1)), float(np.exp(rng.uniform(*np.log(CONCENTRATIONS))))
        found.append(Items(int(d), items, high, int(rng.integers(2**31))))
    return found


def check(formulas: Formulas, settings: Sequence[Items]) -> tuple[Measurement, ...]:
    """Residuals, what one temperature loses, the tilt of odds, the normaliser's slope."""
    return tuple(m for x in settings for m in (residuals(formulas, x), regret(formulas, x), tilt(formulas, x), normaliser(formulas, x)))


def _mixed(world: World, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """Half of the queries at a tenth of the concentration: not von Mises-Fisher."""
    q, asked = _drawn(world, seed)
    loose = von_mises_fisher(world.directions[asked], world.concentrations[asked] / 10, seed=seed + 3)
    return np.where(np.arange(QUERIES)[:, None] % 2 == 0, q, loose), asked


def _aslant(world: World, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """Mean directions half a radian from the rows, about."""
    away = uniform_directions(*world.directions.shape, seed=seed + 4)
    return _drawn(world.moved(world.directions + 0.55 * away), seed)


def _exchanged(world: World, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    return _drawn(replace(world, concentrations=world.concentrations[::-1]), seed)


def _as_often(world: World, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    return _drawn(replace(world, priors=np.full(len(world.priors), 1 / len(world.priors))), seed)


def _witness(words: str, queries: Queries) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        x = Items(8, 12, 60.0, seed)
        return NumericWitness(words, residuals(formulas, x), residuals(formulas, x, queries))

    return drop


EVIDENCE = Evidence(draw, check, {
    "von-mises-fisher": _witness("half of the queries at a tenth of the concentration", _mixed),
    "directions-known": _witness("mean directions half a radian away", _aslant),
    "concentrations-known": _witness("concentrations of other items", _exchanged),
    "priors-known": _witness("all items asked for as often", _as_often),
})  # fmt: skip

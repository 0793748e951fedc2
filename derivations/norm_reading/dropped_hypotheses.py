"""How far from the Bayes posterior does a reading of norms end, and how does that grow as each of its hypotheses is dropped?

In each case norms come from a simulated training and are read as if they were those of a lookup table under SGD with dense decay;
the posterior with the concentrations read is scored on new queries, beside the Bayes posterior of the world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from scipy.stats import spearmanr, t

from derivations.norm_reading.concentration import ConcentrationFromNorm, energies
from numerics import validation
from numerics.calibration.heat_curves import HeatCurve, linear_curve
from numerics.calibration.posteriors import ItemTemperature, OneTemperature, VonMisesFisherPosterior
from numerics.calibration.scores import Interval
from numerics.calibration.training import TEMPERATURE, Trained, Training, trained_norms
from numerics.calibration.von_mises_fisher import log_normaliser, mean_cosine
from numerics.calibration.worlds import World
from numerics.simulation.optimizers import Optimizer
from numerics.validation import Floats

KEPT = Training(about_row=True)
CASES: Mapping[str, Training] = MappingProxyType({
    "every hypothesis holds": KEPT,
    "meanings stand still": replace(KEPT, about_row=False),
    "lazy decay": replace(KEPT, dense=False),
    "positives from a pool": Training("pool"),
    "AdamW instead of SGD": Training("pool", Optimizer("adam")),
    "bfloat16 rows": Training("pool", Optimizer(stored="bfloat16")),
    "shared encoder": Training("shared", step_size=0.04, steps=3000),
})  # fmt: skip
METHODS = ("true concentrations", "read from norms", "norms, refitted", "one temperature")
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Case:
    """One training: ``bayes``, the mean NLL of the Bayes posterior (nats), and of each method its ``excess`` over it, paired.

    ``noise``: what the sampling error of the norms themselves costs at most, from a second training of the same items: half of the mean
    divergence between the densities that both readings say; of posteriors, which are made of them, it is less. ``rank_correlation`` is
    Spearman's of the heat read from norm and count with the true concentrations, its sign turned.
    """

    name: str
    training: Training
    bayes: float
    excess: dict[str, Interval]
    noise: float
    rank_correlation: float

    @property
    def reaches(self) -> bool:
        """The posterior read from norms is Bayes' within the sampling error of queries and of norms, and one temperature is not."""
        return self.excess["read from norms"].low <= self.noise < self.excess["one temperature"].low


@dataclass(frozen=True)
class Degradation:
    """Every case, at ``level``, on so many ``queries`` (as many others were used to fit)."""

    cases: tuple[Case, ...]
    queries: int
    level: float

    def case(self, name: str) -> Case:
        """By name; raises `KeyError`."""
        return {c.name: c for c in self.cases}[name]


def degradation(
    world: World, cases: Mapping[str, Training] = CASES, *, queries: int = 4000, curve: HeatCurve | None = None, level: float = 0.95,
    seed: int = 0, threads: int | None = None, progress: Progress | None = None,
) -> Degradation:  # fmt: skip
    """Train, read, score. ``curve``: heat against concentration of the loss that was trained (None: by quadrature)."""
    count = validation.integer("queries", queries, 2)
    known = linear_curve(world.directions.shape[1], TEMPERATURE) if curve is None else curve
    found = []
    for i, (name, training) in enumerate(cases.items()):
        trained, again = (trained_norms(world, training, seed=2 * seed + k, threads=threads) for k in (0, 1))
        noise = _divergence(world, read(trained, training, known), read(again, training, known)) / 2
        found.append(_case(name, training, trained, known, noise, count, level, seed))
        if progress is not None:
            progress((i + 1) / len(cases))
    return Degradation(tuple(found), count, level)


def read(trained: Trained, training: Training, curve: HeatCurve) -> Floats:
    """Concentrations (N,) as SGD with dense decay would have them."""
    x = np.stack([trained.norms, trained.visits.astype(float)], axis=1)
    reader = ConcentrationFromNorm(
        curve, step_size=training.step_size, weight_decay=training.weight_decay, decay="dense", steps=training.steps,
        initial_norm=trained.initial_norm,
    )  # fmt: skip
    return np.asarray(reader.fit_transform(x)[:, 0])


def _divergence(world: World, one: Floats, other: Floats) -> float:
    """Kullback and Leibler's, of densities of two concentrations about one direction, the mean over what items are asked for."""
    d = world.directions.shape[1]
    each = (one - other) * mean_cosine(d, one) + log_normaliser(d, one) - log_normaliser(d, other)
    return float(world.priors @ each)


def _case(
    name: str, training: Training, trained: Trained, curve: HeatCurve, noise: float, queries: int, level: float, seed: int
) -> Case:
    world, dimension, concentrations = trained.world, trained.embeddings.shape[1], read(trained, training, curve)
    rows = trained.embeddings / trained.norms[:, None]
    (fitting, of_fitting), (testing, answers) = (world.queries(queries, seed=2 * seed + half) for half in (0, 1))
    seen = [np.clip(q @ rows.T, -1.0, 1.0) for q in (fitting, testing)]
    methods = (
        VonMisesFisherPosterior(world.concentrations, dimension, world.priors),
        VonMisesFisherPosterior(concentrations, dimension, world.priors),
        ItemTemperature(np.log(concentrations), dimension, world.priors),
        OneTemperature(world.priors),
    )
    at = np.arange(queries), answers
    bayes = -world.log_posterior(testing)[at]
    losses = [-method.fit(seen[0], of_fitting).predict_log_proba(seen[1])[at] for method in methods]
    excess = {name: _paired(mine - bayes, level) for name, mine in zip(METHODS, losses, strict=True)}
    heat = energies(
        trained.norms, trained.visits, step_size=training.step_size, weight_decay=training.weight_decay, decay="dense",
        steps=training.steps, initial_norm=trained.initial_norm,
    )  # fmt: skip
    seen_rows = np.isfinite(heat)
    order = spearmanr(-heat[seen_rows], world.concentrations[seen_rows]).statistic
    return Case(name, training, float(bayes.mean()), excess, noise, float(order))


def _paired(gaps: Floats, level: float) -> Interval:
    """A mean with Student's interval."""
    reach = t.isf((1 - level) / 2, len(gaps) - 1) * np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    return Interval(float(gaps.mean()), float(gaps.mean() - reach), float(gaps.mean() + reach))

"""C5 measured: rows visited at random, over ladders of frequency and of energy, under SGD and normalised steps.

Means over independent rows are compared with the formulas within Student's interval (`replicates`) and what the limit
of small steps leaves out, which is evaluated along the run. Exponents are slopes of logarithms; each is as uncertain as its means make it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, listed, relative
from derivations.evidence.formulas import value
from derivations.evidence.settings import log_uniform
from numerics.simulation.steps import Optimizer, Trajectory, drive
from theory.claims import Formulas
from theory.laws.imprint.frequency_exponents import POWERS, N, P
from theory.notation import G, eta, lam, r0, z, z0

ROWS, STRIDE, DIMENSION = 24, 10, 3
RELAXING = 400  # rows whose relaxation is averaged
FREQUENCIES = (0.8, 0.4, 0.2)
GROWING = 20_000  # steps without decay
ENERGIES = (1.0, 4.0, 16.0)
RELAXATIONS = 20  # before anything is read off: e^-20 of the start is left; r^power relaxes at power * eta lambda a visit


@dataclass(frozen=True)
class Visits:
    """One kind of optimiser and decay; ``product`` = eta lambda, 0 without decay."""

    kind: str  # sgd or normalized
    decay: str  # growth, dense or lazy
    step_size: float
    product: float
    energy: float
    seed: int

    def heat(self, energy: float) -> float:
        """The gradient energy that gives norms of order 1."""
        return energy * self.energy * max(self.product, 1e-3) / self.step_size**2

    def start(self) -> float:
        """A norm of the order of those that are reached."""
        return 1.0 if self.kind == "sgd" else self.step_size / float(np.sqrt(2 * max(self.product, 1e-3)))

    def label(self, probability: float, energy: float) -> str:
        """Enough to repeat it."""
        return (f"{self.kind} {self.decay} eta={self.step_size:.3g} eta lambda={self.product:.3g} p={probability:.3g}"
                f" G={energy:.3g} seed={self.seed}")  # fmt: skip


@dataclass(frozen=True)
class Mean:
    """A mean of ``r**power`` over rows, with the relative uncertainty that statistics and the limit leave.

    ``rung`` is the frequency it belongs to, or the number of visits; ``start`` is what was there at first, relative to
    what was reached, if that has not been forgotten.
    """

    found: float
    claimed: float
    uncertain: float
    rung: float
    start: float = 0.0


Table = tuple[Visits, ...]  # rows of the table of exponents that are measured together


def draw(rng: np.random.Generator, effort: str) -> Sequence[Table]:
    """Tables with every kind and decay, step sizes over decades and energies to match, so that norms are of order 1."""

    def one(kind: str, decay: str) -> Visits:
        step, energy = (float(log_uniform(rng, ends, 1)[0]) for ends in ((1e-3, 1e1), (0.5, 2.0)))
        product = 0.0 if decay == "growth" else float(log_uniform(rng, (0.01, 0.02), 1)[0])
        return Visits(kind, decay, step, product, energy, int(rng.integers(2**31)))

    table = [(kind, decay) for kind in POWERS for decay in ("growth", "dense", "lazy")]
    return [tuple(one(*row) for row in table) for _ in range(1 if effort == "quick" else 6)]


def mean(formulas: Formulas, v: Visits, probability: float, energy: float, change: dict[str, Any] | None = None) -> Mean:
    """One rung of a ladder. ``change`` alters the run and leaves the claim alone: the heat, or options of the simulator."""
    options = dict(change or {})
    known: dict[Any, Any] = {eta: v.step_size, lam: v.product / v.step_size, P: probability, G: v.heat(energy)}
    run, settled = _run(v, probability, energy, options)
    squares = run.squared_norms if v.kind == "normalized" else run.squared_norms**2
    if v.decay == "growth":
        return _grown(formulas, v, run, squares, known)
    samples = squares[:, settled + 1 :]
    each = samples.mean(axis=1)
    found, noise = (float(x) for x in replicates.mean(each))
    left_out = 0.0
    if v.kind == "sgd":
        # stationary: E z (1 - rho^2) = p (2 rho a + a^2 E[1/z]); the limit has 2a for the bracket, 4 eta lambda for 1 - rho^2,
        # and 4 x rho/(1 - rho^2) is within x = eta lambda of 1 for x < 1/10
        left_out = v.product + v.step_size**2 * known[G] * float((1 / samples).mean()) / (2 * (1 - v.product) ** 2)
    forgotten = float(np.exp(-RELAXATIONS) * np.max(np.abs(squares[:, 0] / found - 1)))
    uncertain = noise / found + left_out + forgotten + _rounded(run)
    return Mean(found, float(value(formulas[f"{v.kind}_{v.decay}"], known)), uncertain, probability)


def _run(v: Visits, probability: float, energy: float, options: dict[str, Any]) -> tuple[Trajectory, int]:
    """The run, and how many of its slots pass before the relaxation is over."""
    share = probability if v.decay == "lazy" else 1.0
    relaxing = int(np.ceil(RELAXATIONS / (POWERS[v.kind] * v.product) / share)) if v.product else 0
    steps = STRIDE * int(np.ceil((relaxing + (20 / v.product if v.product else GROWING) / share) / STRIDE))
    optimizer = Optimizer("normalized_sgd" if v.kind == "normalized" else "sgd", lazy=v.decay == "lazy")
    energies = np.full((ROWS if v.product else 4, steps), options.pop("hotter", 1.0) * v.heat(energy))
    salt = int(1000 * probability) + (7919 * int(energy) if v.product else 0)  # growth: the same visits for every energy
    usual = {"visits": probability, "optimizer": optimizer, "stride": STRIDE, "seed": v.seed + salt}
    decay = options.pop("decay", v.product) / v.step_size
    run = drive(v.start(), energies, v.step_size, decay, dimension=DIMENSION, **{**usual, **options})
    return run, relaxing // STRIDE


def _rounded(run: Trajectory) -> float:
    """Relative rounding of r^4 at most: twice that of a step, for every step of the run; later steps do not enlarge it."""
    return 2 * float(rounding.gamma(run.energies.shape[1] * STRIDE * (8 * DIMENSION + 60)))


def _grown(formulas: Formulas, v: Visits, run: Trajectory, squares: Floats, known: dict[Any, Any]) -> Mean:
    """Growth at every row against its own number of visits; SGD exceeds it by the logarithm of B4 at most."""
    start, found = squares[:, 0], squares[:, -1]
    at = {**known, N: run.visits.sum(axis=1), z0: start, r0: np.sqrt(start)}
    claimed = np.broadcast_to(value(formulas[f"{v.kind}_growth"], at), found.shape)
    a = known[eta] ** 2 * known[G] if v.kind == "sgd" else 0.0
    excess = float(np.max(a * (a / start + 0.5 * np.log(found / start)) / found))
    worst = int(np.argmax(relative(found, claimed)))
    return Mean(float(found[worst]), float(claimed[worst]), excess + _rounded(run), float(at[N][worst]), float((start / found)[worst]))


def _exponent(v: Visits, rungs: Sequence[float], means: Sequence[Mean]) -> tuple[float, float]:
    """Slope of ``ln r`` in ``ln rung`` and how far the means' uncertainties, and a start not forgotten, can move it."""
    x = np.log(np.asarray(rungs))
    weights = (x - x.mean()) / np.sum((x - x.mean()) ** 2) / POWERS[v.kind]
    slope = float(weights @ np.log([m.found for m in means]))
    return slope, float(np.abs(weights) @ np.array([-np.log1p(-min(m.uncertain + m.start, 0.999)) for m in means]))


def _claimed_exponent(formulas: Formulas, v: Visits, of_energy: bool) -> float:
    name = f"{v.kind}_gamma" if of_energy else "lazy_alpha" if v.decay == "lazy" else f"{v.kind}_alpha"
    return float(value(formulas[name], {}))


def ladders(formulas: Formulas, v: Visits) -> tuple[list[Mean], list[tuple[float, float, float]], list[str]]:
    """Means at every rung; exponents found, claimed and their uncertainty; a label for each rung."""
    by_frequency = [mean(formulas, v, p, 1.0) for p in FREQUENCIES]
    by_energy = [by_frequency[0], *(mean(formulas, v, FREQUENCIES[0], g) for g in ENERGIES[1:])]
    exponents = []
    for of_energy, rungs, means in ((False, [m.rung for m in by_frequency], by_frequency), (True, ENERGIES, by_energy)):
        found, uncertain = _exponent(v, rungs, means)
        exponents.append((found, _claimed_exponent(formulas, v, of_energy), uncertain))
    labels = [v.label(p, 1.0) for p in FREQUENCIES] + [v.label(FREQUENCIES[0], g) for g in ENERGIES[1:]]
    return by_frequency + by_energy[1:], exponents, labels


def _mean_step(formulas: Formulas, drawn: Sequence[Visits]) -> Measurement:
    """One step with a visit and one without, weighted, against the mean step: to rounding."""
    off, bounds = [], []
    for v in drawn:
        known = {eta: v.step_size, lam: v.product / v.step_size, P: FREQUENCIES[1], G: v.heat(1.0)}
        one, other = (
            drive(1.5, [[v.heat(1.0)]], v.step_size, known[lam], dimension=DIMENSION, visits=share, seed=v.seed).squared_norms[0] ** 2
            for share in (1.0, 0.0)
        )
        found = FREQUENCIES[1] * one[1] + (1 - FREQUENCIES[1]) * other[1]
        off.append(relative(found, float(value(formulas["sgd_mean_step"], {**known, z: one[0]}))))
        bounds.append(float(rounding.gamma(4 * (8 * DIMENSION + 60))))
    return measurement("mean of r^4 after a step", listed(off), np.array(bounds), [v.label(FREQUENCIES[1], 1.0) for v in drawn])


def _relaxation(formulas: Formulas, drawn: Sequence[Visits]) -> Measurement:
    """From four times the equilibrium, for one relaxation time: what is left of the distance, on the mean of many rows."""
    off, bounds, kept = [], [], [v for v in drawn if v.kind == "sgd" and v.decay == "dense"]
    for v in kept:
        known = {eta: v.step_size, lam: v.product / v.step_size, P: FREQUENCIES[0], G: v.heat(1.0)}
        star, steps = float(value(formulas["sgd_dense"], known)), round(1 / (4 * v.product))
        run = drive((4 * abs(star)) ** 0.25, np.full((RELAXING, steps), known[G]), v.step_size, known[lam], dimension=DIMENSION,
                    visits=FREQUENCIES[0], stride=steps, seed=v.seed)  # fmt: skip
        ends = run.squared_norms[:, -1] ** 2
        claimed = star * (1 + 3 * np.exp(-float(value(formulas["sgd_rate"], known)) * v.step_size * steps))
        # (1 - x)^(4 k) is within 2 x^2 k of e^(-4 x k), relatively, and the fixed point within what the limit leaves out; z falls
        left_out = 2 * v.product**2 * steps + v.product + v.step_size**2 * known[G] * float((1 / ends).mean()) / (2 * (1 - v.product) ** 2)
        found, noise = replicates.mean(ends)
        off.append(relative(found, claimed))
        bounds.append(noise / found + left_out)
    return measurement("mean of r^4 after a relaxation time", listed(off), np.array(bounds), [v.label(FREQUENCIES[0], 1.0) for v in kept])


def check(formulas: Formulas, drawn: Sequence[Table]) -> tuple[Measurement, ...]:
    """Every mean against its formula; every exponent against the claimed one."""
    means, exponents, labels, of = list[Mean](), list[tuple[float, float, float]](), list[str](), list[str]()
    flat = [v for table in drawn for v in table]
    for v in flat:
        m, e, names = ladders(formulas, v)
        means += m
        exponents += e
        labels += names
        of += [f"{v.label(FREQUENCIES[0], 1.0)} {ladder}" for ladder in ("and rarer", "and hotter")]
    found, slopes = np.array([[m.found, m.claimed, m.uncertain] for m in means]), np.array(exponents)
    off, apart = relative(found[:, 0], found[:, 1]), equal(slopes[:, 0], slopes[:, 1])
    # a slope that is off by less than 0.1 tells the exponents 0, 1/4 and 1/2 apart
    told = slopes[:, 2] < 0.1
    return (
        measurement("mean power of the norm, relative to the claim", off, found[:, 2], labels),
        measurement("exponents of the norm in frequency and energy", apart, slopes[:, 2], of, told),
        _mean_step(formulas, flat),
        _relaxation(formulas, flat),
    )


def _single(what: str, formulas: Formulas, v: Visits, change: dict[str, Any]) -> Measurement:
    m = mean(formulas, v, FREQUENCIES[1], 1.0, change)
    return measurement(what, listed([relative(m.found, m.claimed)]), m.uncertain, [v.label(FREQUENCIES[1], 1.0)])


def _witness(words: str, kind: str = "sgd", **change: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        v = Visits(kind, "dense", 0.1, 0.02, 1.0, seed)
        kept, dropped = (_single("mean power of the norm", formulas, v, with_) for with_ in ({}, change))
        return NumericWitness(words, kept, replace(dropped, bounds=kept.bounds))  # what the law allows where it holds

    return drop


def _energy_follows(formulas: Formulas, seed: int) -> NumericWitness:
    """Exponents in frequency where the energy of a row is the same for all, and where it is in proportion to frequency."""
    v = Visits("sgd", "dense", 0.1, 0.02, 1.0, seed)

    def fit(follows: bool) -> Measurement:
        means = [mean(formulas, v, p, 1.0, {"hotter": p if follows else 1.0}) for p in FREQUENCIES]
        found, uncertain = _exponent(v, FREQUENCIES, means)
        off = listed([equal(found, _claimed_exponent(formulas, v, False))])
        return measurement("exponent in frequency", off, uncertain, [v.label(FREQUENCIES[0], 1.0)])

    kept, dropped = fit(False), fit(True)
    words = "rare rows have less energy, in proportion to their frequency"
    return NumericWitness(words, kept, replace(dropped, bounds=kept.bounds))  # what the law allows where it holds


def _large_steps(formulas: Formulas, seed: int) -> NumericWitness:
    """With eta lambda = 0.4 the balance itself is another, by more than the limit leaves out at small steps."""
    small = Visits("sgd", "dense", 0.1, 0.02, 1.0, seed)
    kept, dropped = (_single("mean power of the norm", formulas, v, {}) for v in (small, replace(small, product=0.4)))
    return NumericWitness("eta lambda = 0.4: steps are not small", kept, replace(dropped, bounds=kept.bounds))


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("gradients with a radial part", alignment=0.3),
    "constant-visits": _witness("the row is visited twice as often", "normalized", visits=2 * FREQUENCIES[1]),
    "energy-without-frequency": _energy_follows,
    "small-steps": _large_steps,
    "decay-in-range": _witness("eta lambda = 1.3: the embedding is reflected at every step", decay=1.3),
})  # fmt: skip

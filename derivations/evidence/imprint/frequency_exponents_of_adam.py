"""C5b measured: dense and lazy Adam and AdamW on ladders of frequency and of energy, see `visited_adam`.

Every exponent is a slope of ``ln r`` in ``ln p`` with a jackknife interval over independent rows, each rung its own
(`replicates`: 1e-9 of false alarms a comparison). From the claimed limit a slope may be off by what the ends of B12g leave
open at its rungs and by what moving directions take off; neither looks at the claim. Squared norms are compared with
their claimed ends, less what has mean 0 and also as they are, with their wide interval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.comparison import measurement, single
from derivations.evidence.deviations import deviation, equal, largest, listed, over, within
from derivations.evidence.formulas import value
from derivations.evidence.settings import log_uniform
from derivations.evidence.visited_adam import FACTOR, FORGETS, RUNGS, Changes, Row, Rung, run, rung
from theory.claims import Formulas
from theory.laws.dynamics.dense_adam_counts_rare_visits import DIM, FORGET, P, least, most
from theory.laws.imprint.frequency_exponents import N
from theory.laws.imprint.frequency_exponents_of_adam import HEAT
from theory.notation import eta, k, lam, r, r0

LADDERS = {"rare": (0, 1), "across": (0, 3), "frequent": (2, 3)}  # of a dense row: exponents, and which rungs they are fitted to
ENERGIES = (1.0, 16.0, 256.0)  # their roots are powers of 2: all gradients scale without rounding
Table = tuple[Row, Sequence[Rung]]


def draw(rng: np.random.Generator, effort: str) -> Sequence[tuple[Row, ...]]:
    """Tables of all four rows, energies and step sizes over decades."""

    def one(kind: str, decays: bool) -> Row:
        forget, step, energy = (float(log_uniform(rng, ends, 1)[0]) for ends in (FORGETS[kind], (1e-3, 1e1), (1e-3, 1e3)))
        return Row(kind, decays, forget, step, energy, int(rng.integers(2**31)))

    rows = [(kind, decays) for kind in RUNGS for decays in (False, True)]
    return [tuple(one(*row) for row in rows) for _ in range(1 if effort == "quick" else 6)]


def claimed_ends(formulas: Formulas, row: Row, at: Rung) -> tuple[float, float]:
    """Ends between which the squared norm is claimed to be; for lazy rows they are the same."""
    known = {eta: row.step_size, lam: row.product / row.step_size, r0: np.sqrt(at.start), DIM: row.dimension, k: at.steps, N: at.steps}
    known |= {P: at.probability, FORGET: row.forget}
    name = "equilibrium" if row.decays else "growth"
    if row.kind == "lazy":
        both = float(value(formulas[f"lazy_{name}"], known))
        return both, both
    ends = (value(least(), known), np.minimum(value(most(), known), value(formulas["cap"], known)))
    low, high = (float(value(formulas[name], {**known, HEAT: float(end)})) for end in ends)
    return low, high


def mean_square(row: Row, at: Rung, column: Floats) -> tuple[float, float]:
    """Mean squared norm at exactly ``p`` visits per step, and the half width of its interval."""
    found, half = replicates.of_means(lambda top, bottom: top / bottom, column, at.visits)
    return float(found) + (0.0 if row.decays else at.start), float(half)


def _open(row: Row, p: Floats | float) -> Floats:
    """Logarithm of how far the ends of the heat are apart, by B12g and for frequent rows by the dimension."""
    known = {P: p, FORGET: row.forget, DIM: row.dimension}
    apart = np.log(np.minimum(value(most(), known), row.dimension) / value(least(), known))
    return np.asarray(apart if row.kind == "dense" else 0 * apart)


def between(formulas: Formulas, pairs: Sequence[tuple[Row, Rung]], what: str, plain: bool = False) -> Measurement:
    """How far a squared norm is below its lower end, above its upper one, and below that, relatively."""
    off, bounds, labels = [], [], []
    for row, at in pairs:
        found, half = mean_square(row, at, at.plain if plain else at.controlled)
        low, high = claimed_ends(formulas, row, at)
        apart = float(-np.expm1(-_open(row, at.probability)))
        for gap, end, left in ((low - found, low, at.left_out), (found - high, high, 0.0), (high - found, high, at.left_out + apart)):
            nearest = min(found, end) if gap == found - end else max(found, end)
            off.append(deviation(max(gap, 0.0) / abs(end) if np.isfinite(gap) else np.nan, found, nearest, end))
            bounds.append(half / found + left + at.forgotten + float(rounding.gamma(100 * at.steps)))
            labels.append(row.label(f"p={at.probability:.3g}"))
    return measurement(what, listed(off), np.array(bounds), labels)


def frequencies(formulas: Formulas, row: Row) -> list[float]:
    """The rungs: about the claimed crossover, or fixed ones."""
    if row.kind == "lazy":
        return list(RUNGS["lazy"])
    middle = float(value(formulas["crossover"], {FORGET: row.forget}))
    return [min(x * middle, 1.0) for x in RUNGS["dense"]]


def fitted(row: Row, ladder: Sequence[Rung], across: bool = False) -> tuple[float, float, float]:
    """Slope of ``ln r`` in ``ln p``, the half width of its interval, and how far what is left out can move it."""
    p, h = np.array([at.probability for at in ladder]), row.forget
    x = np.log(p) - np.log(p).mean()
    weights = x / np.sum(x**2) / 2
    columns = (np.array([getattr(at, name) for at in ladder]) for name in ("controlled", "visits"))
    slope, half = replicates.of_means(lambda top, bottom: np.tensordot(weights, np.log(top / bottom), 1), *columns)
    # a squared norm is below the lines of rare and of frequent rows, which are the upper ends
    lost = np.array([-np.log1p(-min(at.left_out + at.forgotten, 0.999)) for at in ladder]) + _open(row, p)
    # the lines meet at h; a ladder centred on the crossover, which is h up to a factor 1 - h, is off by as much
    centre = -np.log(1 - h) / (4 * np.log(FACTOR)) if across else 0.0
    return float(slope), float(half), max(float(np.sum(np.maximum(s * weights, 0) * lost)) for s in (1, -1)) + centre


def ladders(row: Row, rungs: Sequence[Rung]) -> dict[str, list[Rung]]:
    """By the name of the exponent that is claimed for them."""
    if row.kind == "lazy":
        return {"lazy" if row.decays else "lazy_growth": list(rungs)}
    return {name: [rungs[i] for i in places] for name, places in LADDERS.items()}


def _exponents(formulas: Formulas, tables: Sequence[Table], only: str = "") -> Measurement:
    """Fitted exponents against the claimed ones."""
    off, bounds, labels = [], [], []
    for row, rungs in tables:
        for name, ladder in ladders(row, rungs).items():
            if only in ("", name):
                slope, half, left = fitted(row, ladder, name == "across")
                off.append(equal(slope, float(value(formulas[f"{name}_alpha"], {}))))
                bounds.append(half + left)
                labels.append(row.label(f"{name}: {slope:.3f}"))
    # 0 and 1/2 are told apart
    return measurement("exponent in frequency, fitted", listed(off), np.array(bounds), labels, np.array(bounds) < 0.25)


def _local(formulas: Formulas, tables: Sequence[Table]) -> Measurement:
    """A slope of the lower end lies between its exponents at the ends of the ladder, for these fall as ``p`` rises."""
    off, bounds, labels = [], [], []
    for row, rungs in tables:
        for name, ladder in ladders(row, rungs).items():
            if row.kind == "dense":
                slope, half, left = fitted(row, ladder)
                first, last = (float(value(formulas["least_alpha"], {P: at.probability, FORGET: row.forget})) for at in ladder)
                off.append(within(slope, last, first))
                bounds.append(half + left)
                labels.append(row.label(name))
    return measurement("exponent beyond the local ones", listed(off), np.array(bounds), labels)


def in_energy(row: Row, optimizer: Changes = ()) -> float:
    """Exponent of the norm in the energy, of the same draws: exactly the same norms, so that nothing is uncertain but rounding."""
    paths = [run(replace(row, energy=times * row.energy), 0.5, {"rows": 2, "optimizer": dict(optimizer)}) for times in ENERGIES]
    norms = np.array([path.squared_norms.mean() for path in paths])
    x = np.log(ENERGIES) - np.log(ENERGIES).mean()
    return float(x @ np.log(norms / norms[0]) / np.sum(x**2) / 2)


def _blind(formulas: Formulas, rows: Sequence[Row], optimizer: Changes = ()) -> Measurement:
    """Exponents in the energy."""
    off = listed([equal(in_energy(row, optimizer), float(value(formulas["gamma"], {}))) for row in rows])
    return measurement("exponent in energy, fitted", off, 0.0, [row.label("p=0.5") for row in rows])


def _step(formulas: Formulas, rows: Sequence[Row]) -> Measurement:
    """Every step's squared norm less what is odd in the gradient's sign, against the claimed mean: to rounding."""
    off, bounds = [], []
    for row in rows:
        path = run(row, 0.5, {"rows": 2})
        before, after = path.squared_norms[:, :-1], path.squared_norms[:, 1:]
        odd, heat = 2 * row.step_size * (1 - row.product) * path.drifts, path.heats / before
        known: dict[Any, Any] = {r: np.sqrt(before), HEAT: heat, eta: row.step_size, lam: row.product / row.step_size}
        stays = (path.visits == 0) & (row.kind == "lazy")
        found, claimed = after - odd, value(formulas["next_square"], known)
        off.append(largest(over(equal(np.where(stays, claimed, found), claimed), before + after + np.abs(odd))))
        bounds.append(float(rounding.gamma(8 * row.dimension + 60)))
    return measurement("mean of r^2 after a step", listed(off), np.array(bounds), [row.label("p=0.5") for row in rows])


def _plain(formulas: Formulas, pairs: Sequence[tuple[Row, Rung]]) -> Measurement:
    """Squared norms as they are and their ends, both over what the control variates leave: all rungs of all rows at once."""
    ratios, ends, late = list[Floats](), list[tuple[float, float]](), max(at.forgotten for _, at in pairs)
    for row, at in pairs:
        found, (low, high) = mean_square(row, at, at.controlled)[0], claimed_ends(formulas, row, at)
        ratios.append((at.plain + (0.0 if row.decays else at.start)) / found)
        ends.append((low * (1 - at.left_out) / found, high / found))
    mean, half = (float(x) for x in replicates.mean(np.concatenate(ratios)))
    low, high = np.mean(ends, axis=0)
    return single("squared norms as they are", within(mean, low, high), half + late, pairs[0][0].label("and all others"))


def check(formulas: Formulas, drawn: Sequence[tuple[Row, ...]]) -> tuple[Measurement, ...]:
    """Norms between their ends, exponents, and that neither the energy nor anything but the heat counts."""
    rows = [row for table in drawn for row in table]
    tables = [(row, [rung(row, p) for p in frequencies(formulas, row)]) for row in rows]
    pairs = [(row, at) for row, rungs in tables for at in rungs]
    return (
        _exponents(formulas, tables),
        _local(formulas, tables),
        between(formulas, pairs, "mean squared norm beyond its ends"),
        _plain(formulas, pairs),
        _blind(formulas, [row for row in rows if row.decays]),
        _step(formulas, rows),
    )


def _row(kind: str, decays: bool, seed: int, **changed: Any) -> Row:
    return replace(Row(kind, decays, {"dense": 0.03, "lazy": 0.7}[kind], 0.1, 1.0, seed), **changed)


def _many(*changes: tuple[str, Any]) -> Changes:
    return (("rows", 64), *changes)


def _dropped(words: str, kept: Measurement, dropped: Measurement) -> NumericWitness:
    return NumericWitness(words, kept, replace(dropped, bounds=kept.bounds))  # what the law allows where it holds


def _witness(words: str, row: Callable[[int], Row], p: float, *changes: tuple[str, Any], plain: bool = False, **other: Any) -> Any:
    """The squared norm at one rung, on runs that are changed or of another row."""

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        one = row(seed)
        both = ((one, _many()), (replace(one, **other), _many(*changes)))
        return _dropped(words, *(between(formulas, [(r, rung(r, p, c))], "mean squared norm beyond its ends", plain) for r, c in both))

    return drop


def _epsilon(formulas: Formulas, seed: int) -> NumericWitness:
    """An epsilon of the size of the gradients of a row at equilibrium, at the least energy."""
    row = _row("dense", True, seed)
    size = np.sqrt(row.energy * row.product) / row.step_size
    kept, dropped = (_blind(formulas, [row], optimizer) for optimizer in ((), (("epsilon", size),)))
    return NumericWitness("an epsilon of the gradients' size", kept, dropped)


def _doubled(formulas: Formulas, seed: int) -> NumericWitness:
    """Nominal frequencies: what the rungs call ``p`` is not scaled to the visits that were made."""
    row, p = _row("dense", False, seed, forget=0.1), 0.1 / 8
    runs = (rung(row, p, _many(("run", (("visits", times * p),)))) for times in (1, 2))
    kept, dropped = (between(formulas, [(row, replace(at, visits=np.ones(64)))], "mean squared norm beyond its ends") for at in runs)
    return _dropped("the row is visited twice as often", kept, dropped)


def _lazy_moments(formulas: Formulas, seed: int) -> NumericWitness:
    row = _row("dense", False, seed)
    p = frequencies(formulas, row)[2:]
    both = ([rung(row, x, c) for x in p] for c in ((), (("optimizer", (("lazy", True),)),)))
    kept, dropped = (_exponents(formulas, [(row, [*frequent, *frequent])], "frequent") for frequent in both)  # the rare rungs are not used
    return _dropped("moments that fade at visits only", kept, dropped)


EVIDENCE = Evidence(draw, check, {
    "white": _witness("gradients with a lasting part, inward", lambda seed: _row("lazy", True, seed), 0.25, ("run", (("alignment", -0.3),)),
                      plain=True),
    "steady-coordinates": _witness("16 dimensions: a coordinate of a random tangent is now large, now small",
                                   lambda seed: _row("lazy", False, seed), 0.05, dimension=16),
    "no-epsilon": _epsilon,
    "no-momentum": _witness("beta_1 = 0.9", lambda seed: _row("dense", False, seed, forget=0.15), 0.005,
                            ("optimizer", (("momentum", 0.9),)), plain=True),
    "constant-visits": _doubled,
    "dense-or-lazy": _lazy_moments,
    "in-range": _witness("eta lambda = 2.2", lambda seed: _row("lazy", True, seed), 1.0, plain=True, ratio=2.2 / 0.7),
})  # fmt: skip

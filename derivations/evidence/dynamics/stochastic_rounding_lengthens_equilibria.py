"""B13c measured: rows kept in bfloat16 and float16 by stochastic rounding, at equilibrium, and moved by less than a gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_most, equal, listed, relative
from derivations.evidence.dynamics.stochastic_rounding_is_unbiased import Between, against, square
from derivations.evidence.formulas import value
from derivations.evidence.replicates import mean_within
from derivations.evidence.rounding import gamma
from numerics.simulation.optimizers import FORMATS
from numerics.simulation.steps import Optimizer, Trajectory, drive
from theory.claims import Formulas
from theory.laws.dynamics.stochastic_rounding_lengthens_equilibria import BITS, PHI, S1, S2, THETA, A
from theory.notation import G, eta, lam

STORED = ("bfloat16", "float16")
PRODUCTS = {"bfloat16": (4e-4, 1.9e-3), "float16": (1e-3, 4e-3)}  # eta lambda: in bfloat16 nearest rounding would drop all of it
STEP_SIZE = 0.1
RELAXED = 1  # in 1/(eta lambda) steps: runs start between the bounds, and relax in a quarter of one
LONGEST = 6000  # steps of a run
FINE = 2.0**-4  # rotation of a fine step over a gap of 2^-b
ROWS = 6144  # of fine steps


@dataclass(frozen=True)
class Rounded:
    """``runs`` rows; ``product`` is eta lambda."""

    stored: str
    product: float
    energy: float
    dimension: int
    seed: int
    runs: int = 8
    stochastic: bool = True
    alignment: float = 0.0
    told: float = 1.0  # the energy that the law is told, over the energy that acts
    fineness: float = FINE

    @property
    def bits(self) -> int:
        """Significant bits."""
        return FORMATS[self.stored][0]

    @property
    def label(self) -> str:
        """Enough to repeat it."""
        return f"{self.stored} d={self.dimension} eta lambda={self.product:.3g} G={self.energy:.3g} seed={self.seed}"

    def known(self, **shares: float) -> dict[Any, Any]:
        """What the formulas are told."""
        return {eta: STEP_SIZE, lam: self.product / STEP_SIZE, G: self.energy * self.told, BITS: self.bits, A: 1.0,
                S1: shares.get("first", 0.0), S2: shares.get("second", 0.0)}  # fmt: skip


def draw(rng: np.random.Generator, effort: str) -> Sequence[Rounded]:
    """Both formats."""
    return [
        Rounded(stored, float(np.exp(rng.uniform(*np.log(PRODUCTS[stored])))), float(np.exp(rng.uniform(-3, 3))),
                int(rng.integers(12, 20)), int(rng.integers(2**31)))
        for stored in STORED for _ in range(1 if effort == "quick" else 8)
    ]  # fmt: skip


def _fourth(formulas: Formulas, k: Rounded, heat: float) -> float:
    """The claimed fourth power of the norm, for one share of heat of both roundings; energies go with it."""
    return k.energy * k.told / float(value(formulas["energy"], k.known(first=heat, second=heat)))


def settle(k: Rounded) -> Trajectory:
    """From where B6 has the norm in exact arithmetic."""
    start = (STEP_SIZE**2 * k.energy / (k.product * (2 - k.product))) ** 0.25
    energies = np.full((k.runs, min(int(2 * RELAXED / k.product), LONGEST)), k.energy)
    return drive(start, energies, STEP_SIZE, k.product / STEP_SIZE, dimension=k.dimension, alignment=k.alignment, seed=k.seed, path=True,
                 optimizer=Optimizer(stored=k.stored, stochastic=k.stochastic))  # fmt: skip


def bounds(formulas: Formulas, k: Rounded) -> tuple[tuple[float, float], tuple[float, float]]:
    """How far ``E r^2/E r^-2`` is below the least claimed, and above the most; each with its interval, over itself.

    Errors of rounding make the squared norm wander, linearly and with mean 0; of a steady norm the rest
    makes up for that, and both are taken away.
    """
    run = settle(k)
    half = run.path.shape[1] // 2
    u, squares = run.path[:, half:], run.squared_norms[:, half:]
    exact = (1 - k.product) * u[:, :-1] - STEP_SIZE * run.gradients[:, half:]
    wander = squares[:, -1] - squares[:, 0] - 2 * np.einsum("rkd,rkd->r", exact, u[:, 1:] - exact)
    noise = wander / (squares.shape[1] - 1) / (k.product * (2 - k.product)) if k.stochastic and k.product > 4.0**-k.bits else 0.0
    left_out = np.exp(-4 * RELAXED) * 4.0**-k.bits / k.product  # of the start, which is between the bounds
    shares = (0.0, float(value(formulas["share"], {BITS: k.bits})))
    found = []
    for heat, sign in zip(shares, (-1, 1), strict=True):
        off = squares[:, :-1].mean(axis=1) - _fourth(formulas, k, heat) * (1 / squares[:, :-1]).mean(axis=1) + noise
        mean, width = mean_within(sign * off / squares.mean())
        found.append((at_most(float(mean), 0.0), float(width) + left_out))
    return found[0], found[1]


def _share(formulas: Formulas, k: Rounded) -> tuple[float, float]:
    """Numbers half way between the two least mantissas: each is stored half a gap away. Off by two half gaps over the number."""
    y = np.full((8, 64), 1 + 2.0**-k.bits)
    found = Between(k.stored, 0.0, 64, k.seed).stored_as(y)
    claim = float(value(formulas["share"], {BITS: k.bits}))
    return relative(float(np.mean((found - y) ** 2 / y**2)), claim), 2.0 ** (2 - k.bits)


def _gaps(x: Floats, bits: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Spacing about numbers, and whether they are more than two of them away from a power of 2."""
    mantissa, exponent = np.frexp(np.abs(x))
    return np.ldexp(1.0, exponent - bits), (mantissa > 0.5 + 2.0 ** (1 - bits)) & (mantissa < 1 - 2.0 ** (1 - bits))


def _stepped(k: Rounded, products: Floats | float, size: float, steps: Sequence[float] = (0.0, 1.0)) -> tuple[Floats, Floats, Floats]:
    """Stored rows, their gradients, and the rows after one step of a rotation of ``size``; (ROWS, d) each."""
    run = drive(1.0, np.full((ROWS, 2), k.energy), size / np.sqrt(k.energy), np.asarray(products) * np.sqrt(k.energy) / size,
                dimension=8, seed=k.seed, path=True,
                optimizer=Optimizer(stored=k.stored, stochastic=k.stochastic, schedule=steps))  # fmt: skip
    return run.path[:, 1], run.gradients[:, 1], run.path[:, 2]


def _recursion(formulas: Formulas, k: Rounded) -> list[tuple[float, float]]:
    """One rounding at a time: decay without a gradient, and a step without decay; in units of the heat claimed.

    The share of heat is that of each row, ``f (1 - f) h^2`` by where the numbers lie; errors enter the square linearly with mean 0,
    which is taken away.
    """
    rate, found = 2.0**-4, []
    for product, size, name in ((float(2 * k.product), 1e-30, "first"), (0.0, rate, "second")):
        u, g, after = _stepped(k, product, size)
        step_size = size / np.sqrt(k.energy)
        exact = (1 - product) * u - step_size * g
        gap = np.ldexp(1.0, np.frexp(exact)[1] - k.bits)
        part = exact / gap - np.floor(exact / gap)
        squares = np.sum(exact**2, axis=1)
        heat = np.sum(part * (1 - part) * gap**2, axis=1) / squares
        before = np.sum(u**2, axis=1)
        known: dict[Any, Any] = {A: before, eta: step_size, lam: product / step_size, S1: 0.0, S2: 0.0,
                                 G: before * np.sum(g**2, axis=1), **{{"first": S1, "second": S2}[name]: heat}}  # fmt: skip
        claim = value(formulas["next_squared_norm"], known)
        off = np.sum(after**2, axis=1) - 2 * np.sum(exact * (after - exact), axis=1) - claim
        mean, width = mean_within(off / np.mean(heat * squares))
        found.append((equal(float(mean), 0.0), float(width) + _rounded(u, after) / float(np.mean(heat * squares))))
    return found


def _rounded(before: Floats, after: Floats) -> float:
    """Of a squared norm after a step, as `rounding.step` counts: the heat of rounding in binary64."""
    return float(gamma(8 * before.shape[1] + 60)) * float(np.max(np.sum(before**2 + after**2, axis=1)))


def fine(formulas: Formulas, k: Rounded, at_rest: bool) -> tuple[float, float]:
    """A step below a gap everywhere, less the claim, in units of the step's heat; with ``at_rest`` at the decay that keeps the norm.

    Rows near a power of 2, or with a larger step, are left out before the step is made. The linear part as in `_recursion`.
    """
    size = k.fineness * 2.0**-k.bits
    u, g, after = _stepped(k, size, size)
    step_size, (gap, inside) = size / np.sqrt(k.energy), _gaps(u, k.bits)
    s = np.abs(g)
    before, lengths = np.sum(u**2, axis=1), np.sqrt(np.sum(u**2, axis=1) * np.sum(g**2, axis=1))
    kept = np.all(inside & ((step_size * s <= gap) | (k.fineness > FINE)), axis=1)
    known: dict[Any, Any] = {A: before, eta: step_size, G: lengths**2, THETA: np.sum(gap * np.abs(u), axis=1) / before,
                             PHI: np.sum(gap * s, axis=1) / lengths, lam: 1.0}  # fmt: skip
    product = np.full(ROWS, size)
    if at_rest:
        product = np.clip(np.abs(value(formulas["fine_square"], known)) * step_size / before, 0, 2.0 ** (-k.bits - 1))
        _, _, after = _stepped(k, product, size)
    exact = (1 - product)[:, None] * u - step_size * g
    known[lam] = product / step_size
    claim = value(formulas["fine_square" if at_rest else "fine_next"], known)
    off = np.sum(after**2, axis=1) - 2 * np.sum(exact * (after - exact), axis=1) - claim
    heat = step_size * np.sum(gap * s, axis=1) + product * np.sum(gap * np.abs(u), axis=1)
    mean, width = mean_within(off[kept] / np.mean(heat[kept]))
    return equal(float(mean), 0.0), float(width) + _rounded(u, after) / float(np.mean(heat[kept]))


def check(formulas: Formulas, settings: Sequence[Rounded]) -> tuple[Measurement, ...]:
    """Share, recursion, both bounds of the equilibrium; squares of coordinates, rows and rows at rest under fine moves."""
    rows: dict[str, list[tuple[float, float]]] = {}
    for k in settings:
        decay, step = _recursion(formulas, k)
        least, most = bounds(formulas, k)
        for what, pair in (
            ("largest share of heat", _share(formulas, k)), ("squared norm after decay", decay), ("squared norm after a step", step),
            ("norm at equilibrium, below exact arithmetic's", least), ("norm at equilibrium, above the bound", most),
            ("squared norm after a fine step", fine(formulas, k, False)),
            ("squared norm at rest under fine steps", fine(formulas, k, True)),
        ):  # fmt: skip
            rows.setdefault(what, []).append(pair)
    labels = [k.label for k in settings]
    betweens = [Between(k.stored, 0.3, 128, k.seed) for k in settings]
    return (
        *(measurement(what, listed([d for d, _ in pairs]), np.array([b for _, b in pairs]), labels) for what, pairs in rows.items()),
        against("square of a coordinate", [square(formulas, b) for b in betweens], labels),
    )


def _ordinary(seed: int) -> Rounded:
    return Rounded("bfloat16", 1e-3, 1.0, 16, seed)


Drop = Callable[[Formulas, int], NumericWitness]


def _witness(words: str, above: bool, **changed: Any) -> Drop:
    """One side of the equilibrium."""

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        measured = []
        for k in (_ordinary(seed), replace(_ordinary(seed), **changed)):
            deviation, width = bounds(formulas, k)[int(above)]
            measured.append(measurement("norm at equilibrium", listed([deviation]), width, [k.label]))
        return NumericWitness(words, *measured)

    return drop


def _within(formulas: Formulas, seed: int) -> NumericWitness:
    measured = []
    for k in (_ordinary(seed), replace(_ordinary(seed), fineness=16.0)):
        deviation, width = fine(formulas, k, False)
        measured.append(measurement("squared norm after a fine step", listed([deviation]), width, [k.label]))
    return NumericWitness("steps of several gaps", *measured)


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("gradients with a radial part, always inwards", False, alignment=0.4),
    "stochastic": _witness("rounding to nearest: decay never acts", True, stochastic=False),
    "normal": _witness("subnormal numbers of float16", True, stored="float16", energy=1e-22),
    "constant-energy": _witness("an energy twice as large as the law is told", True, told=0.5),
    "decay-outweighs-rounding": _witness("eta lambda of half of 4^-b", True, product=2.0**-17),
    "within-gap": _within,
})  # fmt: skip

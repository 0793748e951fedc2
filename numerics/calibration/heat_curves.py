"""Heat against concentration: the mean gradient energy ``E|g~|^2`` of a row whose positives are von Mises-Fisher about it.

Definitions only: means of the losses' own gradients over draws, or over the density by quadrature. Whoever has a formula for the
heat (the ledger's C3 and C3a, `derivations.heat.curves`) makes a curve of it with `curve_of_heats`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import PchipInterpolator
from scipy.optimize import isotonic_regression

from numerics import validation
from numerics.calibration.von_mises_fisher import LARGEST, mean_square_sine
from numerics.lookup.rows import uniform_directions, von_mises_fisher
from numerics.simulation.steps import evaluate
from numerics.validation import Floats, InvalidInput

_DRAWS_AT_ONCE = 2**22  # numbers of one array of candidates
GRID = tuple(float(x) for x in np.geomspace(0.05, 1e4, 64))


@dataclass(frozen=True)
class HeatCurve:
    """``heats`` (n,), falling strictly, at ``concentrations`` (n,), rising, both above 0; between them monotone cubics of logarithms.

    Raises ``InvalidInput`` where heat does not fall: it then has no inverse.
    """

    concentrations: tuple[float, ...]
    heats: tuple[float, ...]

    def __post_init__(self) -> None:
        kappa = validation.table("concentrations", self.concentrations, (None,))
        heat = validation.table("heats", self.heats, (len(kappa),))
        if len(kappa) < 2 or kappa[0] <= 0 or np.any(np.diff(kappa) <= 0):
            raise InvalidInput(f"concentrations = {self.concentrations!r} must be 2 or more, above 0, each above the one before")
        if heat[-1] <= 0 or np.any(np.diff(heat) >= 0):
            raise InvalidInput(f"heats = {self.heats!r} must be above 0, each below the one before")

    def heat(self, concentrations: ArrayLike) -> Floats:
        """At concentrations within the curve's (others are taken at its nearest end)."""
        kappa = validation.real("concentrations", concentrations).astype(float)
        inside = np.clip(kappa, self.concentrations[0], self.concentrations[-1])
        return np.exp(self._forward(np.log(inside)))

    def concentration(self, heats: ArrayLike) -> Floats:
        """Where the heat is this; beyond the curve's ends, the end. A heat of 0 or below has the largest concentration."""
        heat = validation.real("heats", heats).astype(float)
        inside = np.clip(heat, self.heats[-1], self.heats[0])
        ends = [inside >= self.heats[0], inside <= self.heats[-1]]
        return np.select(ends, [self.concentrations[0], self.concentrations[-1]], np.exp(self._backward(np.log(inside))))

    @cached_property
    def _forward(self) -> PchipInterpolator:
        return PchipInterpolator(np.log(self.concentrations), np.log(self.heats))

    @cached_property
    def _backward(self) -> PchipInterpolator:
        return PchipInterpolator(np.log(self.heats[::-1]), np.log(self.concentrations[::-1]))


def curve_of_heats(concentrations: ArrayLike, heats: ArrayLike) -> HeatCurve:
    """A curve through heats that somebody else has: (n,) each."""
    kappa, heat = (np.asarray(x, dtype=float).ravel() for x in (concentrations, heats))
    return HeatCurve(tuple(map(float, kappa)), tuple(map(float, heat)))


def linear_curve(dimension: int, temperature: float, concentrations: Sequence[float] = GRID) -> HeatCurve:
    """Of the loss ``-cos/temperature`` against one positive: ``E[1 - t^2]/temperature^2``, by quadrature."""
    tau = validation.number("temperature", temperature, least=1e-6, most=1e6)
    return curve_of_heats(concentrations, mean_square_sine(dimension, concentrations) / tau**2)


def infonce_curve(
    dimension: int, temperature: float, negatives: int, *, concentrations: Sequence[float] = GRID, draws: int = 4096, seed: int = 0,
) -> HeatCurve:  # fmt: skip
    """Of InfoNCE with a positive about the row and uniform negatives: the mean over ``draws`` gradients at each concentration.

    Its relative standard error is about ``1/sqrt(draws)``. Every concentration has the same draws of the negatives; the means are
    made monotone by isotonic regression.
    """
    tau = validation.number("temperature", temperature, least=1e-6, most=1e6)
    dimension = validation.integer("dimension", dimension, 2)
    negatives, draws = validation.integer("negatives", negatives, 1), validation.integer("draws", draws, 2)
    kappa = validation.table("concentrations", concentrations, (None,))
    if kappa.min() <= 0 or kappa.max() > LARGEST:
        raise InvalidInput(f"concentrations from {kappa.min():g} to {kappa.max():g} must be above 0 and at most {LARGEST:g}")
    totals = np.zeros(len(kappa))
    at_once = max(1, min(draws, _DRAWS_AT_ONCE // (dimension * (negatives + 1))))
    row = np.eye(1, dimension)[0]
    for first in range(0, draws, at_once):
        rows = np.tile(row, (min(at_once, draws - first), 1))
        away = uniform_directions(len(rows) * negatives, dimension, seed=seed, first_row=first * negatives, threads=None)
        pool = np.empty((len(rows), negatives + 1, dimension))
        pool[:, 1:] = away.reshape(len(rows), negatives, dimension)
        for i, concentration in enumerate(kappa):
            pool[:, 0] = von_mises_fisher(rows, concentration, seed=seed, first_row=first, threads=None)
            totals[i] += np.sum(evaluate("infonce", rows, pool, tau).gradients ** 2)
    return _falling(kappa, totals / draws)


def _falling(concentrations: Floats, heats: Floats) -> HeatCurve:
    """Isotonic regression; of concentrations that are pooled to one heat the middle is kept."""
    smooth = isotonic_regression(heats, increasing=False).x
    levels, at = np.unique(-smooth, return_inverse=True)
    middle = np.exp([np.mean(np.log(concentrations[at == i])) for i in range(len(levels))])
    if len(levels) < 2:
        raise InvalidInput(f"heat does not fall over concentrations from {concentrations[0]:g} to {concentrations[-1]:g}: take more draws")
    return curve_of_heats(middle, -levels)

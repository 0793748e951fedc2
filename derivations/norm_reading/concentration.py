"""Concentration read from a norm and a count of visits: a method, not a measurement; evidence for laws must not use it.

C5 says what a visit adds to ``z = r^4`` of a lookup row under SGD, and at what rate decay takes it away. Solved for the heat G with
the last norm, the count and the length of the run, that is C7 without decay and C5's equilibrium in the long run; `HeatCurve`
then makes a concentration of the heat (C3, or C3a for InfoNCE).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from derivations.evidence.formulas import value
from numerics import validation
from numerics.calibration.heat_curves import HeatCurve
from numerics.validation import Floats, InvalidInput
from theory.catalogue import catalogue
from theory.laws.imprint.frequency_exponents import N
from theory.notation import G, eta, lam

DECAYS = ("none", "dense", "lazy")


def energies(
    norms: ArrayLike, visits: ArrayLike, *, step_size: float, weight_decay: float = 0.0, decay: str = "none", steps: float = 0,
    initial_norm: float = 0.0,
) -> Floats:  # fmt: skip
    """The heat G (n,) that took rows from ``initial_norm`` to ``norms`` in ``visits`` gradient steps.

    ``decay``: ``none``; ``dense``: rows shrink at each of ``steps`` steps; ``lazy``: only where they are visited. NaN for rows without
    visits. Norms below what the start has decayed to have an energy below 0: noise, or another training.
    """
    r = validation.table("norms", norms, (None,), least=0.0)
    n = validation.per_row("visits", visits, len(r), least=0.0)
    rate_of_learning = validation.number("step_size", step_size, above=0.0)
    added, fall = _rates(rate_of_learning)
    rate = fall * _decay(decay, weight_decay, steps, rate_of_learning)
    acted = rate * (np.full(len(r), float(steps)) if decay == "dense" else n)
    left = validation.number("initial_norm", initial_norm, least=0.0) ** 4 * np.exp(-acted)
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.where(acted > 0, acted / -np.expm1(-acted), 1.0)
        return np.where(n > 0, (r**4 - left) / (added * n) * lost, np.nan)


def _rates(step_size: float) -> tuple[float, float]:
    """What a visit adds to r^4, a unit of heat, and the rate a step at which decay takes it away, a unit of lambda: C5's."""
    c5 = catalogue()["C5"].formulas
    added = value(sp.diff(c5["sgd_growth"], N) / G, {eta: step_size})
    return float(added), float(value(c5["sgd_rate"] * eta / lam, {eta: step_size}))


def _decay(kind: str, weight_decay: float, steps: float, step_size: float) -> float:
    """Checked lambda; 0 if there is no decay."""
    if kind not in DECAYS:
        raise InvalidInput(f"decay = {kind!r} must be one of {', '.join(DECAYS)}")
    lam = validation.number("weight_decay", weight_decay, least=0.0, most=1 / step_size)
    if (kind == "none") != (lam == 0):
        raise InvalidInput(f"weight_decay = {lam} must be {'0' if kind == 'none' else 'above 0'} for decay = {kind!r}")
    if kind == "dense":
        validation.number("steps", steps, above=0.0)
    return lam


class ConcentrationFromNorm(TransformerMixin, BaseEstimator):
    """Concentrations of lookup rows from X (n, 2), columns norm and number of visits.

    ``curve``: heat against concentration, of the loss the rows were trained with; the rest as for `energies`. `transform` gives
    (n, 1). A row that was never visited says nothing: it gets the geometric mean over the rows of `fit`, ``unseen_``. Estimates end
    where the curve ends; ``clipped_`` is the share of rows of `fit` that do.
    """

    def __init__(
        self, curve: HeatCurve | None = None, *, step_size: float = 0.05, weight_decay: float = 0.0, decay: str = "none", steps: float = 0,
        initial_norm: float = 0.0,
    ) -> None:  # fmt: skip
        self.curve = curve
        self.step_size = step_size
        self.weight_decay = weight_decay
        self.decay = decay
        self.steps = steps
        self.initial_norm = initial_norm

    def fit(self, X: ArrayLike, y: Any = None) -> ConcentrationFromNorm:
        """Checks the arguments, and learns what unvisited rows get. Raises ``InvalidInput``."""
        if not isinstance(self.curve, HeatCurve):
            raise InvalidInput(f"curve = {self.curve!r} must be a HeatCurve, such as linear_curve(dimension, temperature)")
        found = self._estimates(validate_data(self, X, dtype=np.float64))
        seen = np.isfinite(found)
        if not np.any(seen):
            raise InvalidInput("visits are all 0: no row says anything")
        self.unseen_ = float(np.exp(np.mean(np.log(found[seen]))))
        ends = (self.curve.concentrations[0], self.curve.concentrations[-1])
        self.clipped_ = float(np.mean(np.isin(found[seen], ends)))
        return self

    def transform(self, X: ArrayLike) -> Floats:
        """(n, 1)."""
        check_is_fitted(self, "unseen_")
        found = self._estimates(validate_data(self, X, dtype=np.float64, reset=False))
        return np.where(np.isfinite(found), found, self.unseen_)[:, None]

    def get_feature_names_out(self, input_features: Any = None) -> Any:
        """Of the one column."""
        return np.array(["concentration"], dtype=object)

    def _estimates(self, x: Floats) -> Floats:
        assert isinstance(self.curve, HeatCurve)
        if x.shape[1] != 2:
            raise InvalidInput(f"X has shape {x.shape}, must have 2 columns: norms and visits")
        heat = energies(
            x[:, 0], x[:, 1], step_size=self.step_size, weight_decay=self.weight_decay, decay=self.decay, steps=self.steps,
            initial_norm=self.initial_norm,
        )  # fmt: skip
        found = np.full(len(x), np.nan)
        seen = np.isfinite(heat)
        if np.any(seen):
            found[seen] = self.curve.concentration(heat[seen])
        return found

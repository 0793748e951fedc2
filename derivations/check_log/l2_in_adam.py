"""L2 inside Adam without momentum, or inside RMSProp that has settled, which is the same step: B12f's equilibrium.

B12f supposes that gradient and embedding are spread evenly over the coordinates. The gradient's evenness is measured, from the one
coordinate a row that is logged; the embedding's matters by its own share of the scale, lambda^2 r^4 beside G, and no more.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.check_log.by_coordinate import epsilon_leaves
from derivations.check_log.equilibrium import LEVEL, Level, judged, rates
from derivations.check_log.finding import Finding, Ledger
from derivations.check_log.settled import Window
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.laws.dynamics import l2_in_adam_is_not_decoupled_decay as l2
from theory.laws.dynamics.adam_norm_grows_by_dimension import DIM
from theory.notation import G, eta, lam

MISSING = "B12f supposes gradients that are even over coordinates, and the column that would tell, coordinate_gradient, is not in the log"
HALVINGS = 200  # of an interval in the logarithm: more than a number has digits


def equilibrium(w: Window, ledger: Ledger) -> tuple[Finding, Level | None]:
    """E r^2 is that at which a step of the measured energy keeps the norm."""
    of, own = w.of, w.of.log["coordinate_gradient"]
    if np.isnan(own[w.index]).any():
        return LEVEL.silent(MISSING), None
    squares, energies = w.mean(of.before), w.mean(of.energy)
    d = of.dimension[w.first]

    def star(energy: Floats) -> Floats:
        return at_rest(w, ledger, energy, np.broadcast_to(d.reshape((-1,) + (1,) * (energy.ndim - 1)), energy.shape))

    found, width = w.interval(lambda square, energy: np.log(square / star(energy)), squares, energies)
    start, lag = w.unsettled(squares, 2, energies)
    left = epsilon_leaves(w, ledger)
    parts = {
        f"blocks differ by {width:.2g}": width, f"the start is not forgotten ({start:.2g})": start,
        f"the energy changes faster than the norm can follow ({lag:.2g})": lag, "beta_2 is finite": 1 - of.setting.second_momentum,
        f"epsilon takes {100 * (1 - left):.2g} % off": abs(float(np.log(left))),
        "gradients are not even over coordinates": _uneven(w), "the embedding's own part of the scale may be uneven": _own(w, ledger),
    }  # fmt: skip
    mean = energies.mean(axis=1)
    level = Level(w.first, np.sqrt(squares.mean(axis=1)), np.sqrt(star(mean)), w.memory, float("nan"), w.length)
    return judged(w, found, parts, 2), level


def at_rest(w: Window, ledger: Ledger, energy: Floats, d: Floats) -> Floats:
    """The r^2 whose energy is this one: `energy_at_equilibrium` solved, above the r^2 at which it is 0, from where on it rises."""
    formula = ledger["B12f"]["energy_at_equilibrium"]
    known: dict[Any, Any] = {**rates(w), DIM: d}
    low = known[eta] ** 2 * d / 4
    high = low.copy()
    while np.any(short := value(formula, {**known, l2.A: high}) < energy):
        high = np.where(short, 2 * high, high)
    low, high = np.log(low), np.log(high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = value(formula, {**known, l2.A: np.exp(middle)}) > energy
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray(np.exp(low))


def _uneven(w: Window) -> float:
    """Mean over rows of how far the mean square of their one coordinate is from an even share; chance is counted with it."""
    of = w.of
    one = w.mean(of.log["coordinate_gradient"] ** 2).mean(axis=1)
    share = w.mean(of.gradient**2).mean(axis=1) / of.dimension[w.first]
    with np.errstate(divide="ignore"):
        return float(np.mean(np.abs(np.log(one / share))))


def _own(w: Window, ledger: Ledger) -> float:
    """What the scale would lose without decay's part of it, relatively."""
    of = w.of
    known: dict[Any, Any] = {l2.A: w.mean(of.before).mean(axis=1), G: w.mean(of.energy).mean(axis=1), DIM: of.dimension[w.first]}
    formula = ledger["B12f"]["second_moment"]
    return float(np.mean(np.log(value(formula, {**known, **rates(w)}) / value(formula, {**known, lam: 0.0}))))

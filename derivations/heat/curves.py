"""Heat against concentration as the ledger has it, for `numerics.calibration`: C3 for a linear loss, C3a for InfoNCE."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derivations.evidence.formulas import value
from derivations.heat.infonce import infonce_heat
from numerics.calibration.heat_curves import GRID, HeatCurve, curve_of_heats
from numerics.calibration.von_mises_fisher import mean_cosine
from theory.laws.imprint.specific_rows_are_short import FORMULAS, KAPPA, A, D, T
from theory.notation import tau

LARGEST = 2000.0  # beyond, a positive is so near that its few angles are no smooth integrand


def linear_loss_curve(dimension: int, temperature: float, concentrations: Sequence[float] = GRID) -> HeatCurve:
    """C3: the heat of ``-cos/temperature`` at the dispersion of a von Mises-Fisher positive."""
    kappa = np.asarray(concentrations, dtype=float)
    dispersion = value(FORMULAS["dispersion"], {D: float(dimension), KAPPA: kappa, A: mean_cosine(dimension, kappa)})
    return curve_of_heats(kappa, value(FORMULAS["sample_heat"], {T: np.sqrt(1 - dispersion), tau: temperature}))


def infonce_loss_curve(
    dimension: int, temperature: float, negatives: int, concentrations: Sequence[float] | None = None
) -> HeatCurve:
    """C3a: the heat of InfoNCE, its softmax saturating, with uniform negatives; concentrations up to 2000 by default."""
    kappa = [k for k in GRID if k <= LARGEST] if concentrations is None else list(concentrations)
    return curve_of_heats(kappa, [infonce_heat(dimension, k, temperature, negatives)[0] for k in kappa])

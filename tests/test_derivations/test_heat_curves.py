"""The ledger's curves of heat against those that `numerics` has by draws and by quadrature, and a table trained by InfoNCE read by one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from derivations.heat.curves import infonce_loss_curve, linear_loss_curve
from derivations.heat.infonce import infonce_heat
from numerics.calibration.heat_curves import GRID, infonce_curve, linear_curve


def test_the_linear_curve_is_that_of_the_quadrature() -> None:
    for d in (3, 16, 256):
        law, mine = linear_loss_curve(d, 0.3), linear_curve(d, 0.3)
        assert law.concentrations == mine.concentrations
        assert np.allclose(law.heats, mine.heats, rtol=1e-9)


def test_the_infonce_curve_falls_with_concentration_and_is_the_integral_between_its_nodes() -> None:
    curve = infonce_loss_curve(16, 0.2, 8)
    assert np.all(np.diff(curve.heats) < 0)
    for kappa in (1.7, 21.0, 333.0):
        heat, bound = infonce_heat(16, kappa, 0.2, 8)
        # between nodes 21 % apart a cubic in the logarithms errs by less than a percent of the step between them
        near = [abs(np.diff(np.log(curve.heats)))[np.searchsorted(curve.concentrations, kappa) - 1]]
        assert abs(np.log(curve.heat(kappa) / heat)) < 0.01 * near[0] + bound


def test_draws_agree_with_the_integral() -> None:
    grid = [1.0, 4.0, 16.0, 64.0]
    law, drawn = infonce_loss_curve(12, 0.5, 4, grid), infonce_curve(12, 0.5, 4, concentrations=grid, draws=20000)
    # energies lie in 0 .. (2/tau)^2: Hoeffding's bound of a mean of 20000 at 1e-9
    assert np.all(np.abs(np.array(law.heats) - drawn.heat(grid)) < 16 * np.sqrt(np.log(2e9) / 40000))


def test_a_row_trained_by_infonce_is_read_by_its_own_curve_and_not_by_the_linear_one() -> None:
    """Rows in mean equilibrium at the heat that draws of their own loss have: C3's correction is what the linear curve lacks."""
    pytest.importorskip("sklearn", reason="needs scikit-learn")
    from derivations.norm_reading.concentration import ConcentrationFromNorm
    from numerics.lookup.rows import uniform_directions, von_mises_fisher
    from numerics.simulation.steps import evaluate, step

    d, tau, negatives, rows, steps, rate, decay = 8, 0.5, 4, 48, 1500, 0.03, 0.03
    kappa = np.exp(np.random.default_rng(1).uniform(np.log(2), np.log(60), rows))
    u = uniform_directions(rows, d, seed=1)
    for k in range(steps):  # positives about where the row is
        unit = u / np.linalg.norm(u, axis=1, keepdims=True)
        pool = np.empty((rows, negatives + 1, d))
        pool[:, 0] = von_mises_fisher(unit, kappa, seed=2, first_row=k * rows)
        pool[:, 1:] = uniform_directions(rows * negatives, d, seed=3, first_row=k * rows * negatives).reshape(rows, negatives, d)
        u = step(u, evaluate("infonce", u, pool, tau, threads=1).gradients, rate, decay)
    x = np.stack([np.linalg.norm(u, axis=1), np.full(rows, float(steps))], axis=1)
    grid = [k for k in GRID if k <= 400]
    off = {}
    for name, curve in {"own": infonce_loss_curve(d, tau, negatives, grid), "linear": linear_loss_curve(d, tau, grid)}.items():
        reader = ConcentrationFromNorm(curve, step_size=rate, weight_decay=decay, decay="dense", steps=steps, initial_norm=1.0)
        off[name] = np.log(reader.fit_transform(x)[:, 0] / kappa)
        assert spearmanr(off[name] + np.log(kappa), kappa).statistic > 0.9
    error = np.std(off["own"], ddof=1) / np.sqrt(rows)
    assert abs(off["own"].mean()) < 5 * error
    assert off["linear"].mean() > 5 * error

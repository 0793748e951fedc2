"""Concentrations read from norms: the formula is the ledger's, curves are inverses, and a simulated table is read right."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from scipy.stats import spearmanr

pytest.importorskip("sklearn", reason="needs scikit-learn")
from sklearn.base import clone

from derivations.heat.infonce import infonce_heat
from derivations.norm_reading.concentration import ConcentrationFromNorm, energies
from numerics.calibration.heat_curves import HeatCurve, curve_of_heats, infonce_curve, linear_curve
from numerics.calibration.training import TEMPERATURE, Training, trained_norms
from numerics.calibration.worlds import draw_world
from numerics.validation import InvalidInput
from theory.laws.dynamics.decay_equilibrium import FORMULAS as EQUILIBRIUM
from theory.laws.imprint.norm_estimates_dispersion import FORMULAS as ESTIMATE
from theory.notation import G, eta, lam, n, r, r0, tau

EPS = np.finfo(float).eps


def test_without_decay_the_energy_is_the_ledgers_estimate() -> None:
    rng = np.random.default_rng(0)
    norms, visits = rng.uniform(1, 3, 20), rng.integers(1, 500, 20).astype(float)
    found = energies(norms, visits, step_size=0.03, initial_norm=0.9)
    # C7 gives the dispersion, which is tau^2 times the energy
    law = sp.lambdify((r, r0, tau, eta, n), ESTIMATE["estimate"])
    assert np.allclose(found, law(norms, 0.9, 1.0, 0.03, visits), rtol=20 * EPS)


def test_in_the_long_run_the_energy_is_that_of_the_ledgers_equilibrium() -> None:
    """C5 and B6: r^4 = eta p G/(2 lambda), up to eta lambda."""
    energy, step, decay = 0.7, 1e-3, 1e-2
    for kind, chance, steps in (("dense", 0.3, 1e8), ("lazy", 1.0, 0)):
        z = float(EQUILIBRIUM["equilibrium"].subs({eta: step, lam: decay, G: chance * energy}))
        found = energies([z**0.25], [chance * 1e8], step_size=step, weight_decay=decay, decay=kind, steps=steps, initial_norm=5.0)
        assert abs(found[0] / energy - 1) < step * decay


def test_between_both_ends_the_energy_follows_the_decaying_start() -> None:
    """Forward by the flow of z = r^4 in small steps, back by the formula."""
    step, decay, energy, chance, z = 0.01, 0.5, 1.3, 0.25, 0.3**4
    steps, fine = 100, 2000
    for _ in range(steps * fine):
        z += (2 * step**2 * chance * energy - 4 * step * decay * z) / fine
    found = energies([z**0.25], [steps * chance], step_size=step, weight_decay=decay, decay="dense", steps=steps, initial_norm=0.3)
    # ln (1 - h)^n is below -n h by n h^2/2 and less than n h^3/(1 - h): what Euler's method is off by on every exponential
    h, n_steps = 4 * step * decay / fine, steps * fine
    off = np.expm1(n_steps * h**2 * (0.5 + h / (1 - h)))
    left = 0.3**4 * np.exp(-n_steps * h)
    assert abs(found[0] / energy - 1) < off * (left + z) / (z - left) + n_steps * 4 * EPS


def test_a_curve_and_its_inverse() -> None:
    curve = linear_curve(16, 0.3)
    kappa = np.geomspace(0.06, 9000, 50)
    assert np.allclose(curve.concentration(curve.heat(kappa)), kappa, rtol=2e-3)  # two cubics, of nodes 21 % apart
    assert curve.concentration([1e9, -1.0]).tolist() == [curve.concentrations[0], curve.concentrations[-1]]
    with pytest.raises(InvalidInput, match="each below the one before"):
        curve_of_heats([1, 2, 3], [3, 2, 2])
    with pytest.raises(InvalidInput, match="concentrations"):
        HeatCurve((1.0,), (1.0,))


def test_the_curve_of_infonce_by_draws_is_the_ledgers_integral() -> None:
    """Means of 4096 energies against C3a's integral: within 5 standard errors, each at most the mean over sqrt(draws) of its spread."""
    grid = (2.0, 8.0, 32.0, 128.0)
    curve = infonce_curve(8, 0.5, 6, concentrations=grid, draws=20000, seed=3)
    law = [infonce_heat(8, k, 0.5, 6)[0] for k in grid]
    # energies are from 0 to (2/tau)^2 = 16: Hoeffding's bound at 1e-9 of a mean of so many
    bound = 16 * np.sqrt(np.log(2e9) / (2 * 20000))
    assert np.all(np.abs(curve.heat(grid) - law) < bound)
    assert np.allclose(curve.heat(grid), law, rtol=0.05)
    assert not np.allclose(curve.heat(grid), linear_curve(8, 0.5, grid).heat(grid), rtol=0.2)


WORLD = draw_world(64, 8, levels=2, seed=1)
KEPT = Training(about_row=True, steps=6000, step_size=0.02)


def _reader(**changed: object) -> ConcentrationFromNorm:
    given = {"step_size": 0.02, "weight_decay": 0.01, "decay": "dense", "steps": 6000, "initial_norm": 1.0, **changed}
    return ConcentrationFromNorm(linear_curve(8, TEMPERATURE), **given)  # type: ignore[arg-type]


def test_a_simulated_table_is_read_right_and_a_wrong_reading_is_seen() -> None:
    trained = trained_norms(WORLD, KEPT, seed=2)
    x = np.stack([trained.norms, trained.visits], axis=1)
    # the noise floor (C7): r^4 has a relative deviation below sqrt(2 eta lambda/p); a concentration's is about as large
    floor = np.sqrt(2 * 0.02 * 0.01 / (WORLD.priors / WORLD.priors.max()))
    off = {}
    for name, changed in {"right": {}, "half the rate": {"step_size": 0.01}, "no decay": {"decay": "none", "weight_decay": 0.0}}.items():
        found = _reader(**changed).fit_transform(x)[:, 0]
        off[name] = np.abs(np.log(found / WORLD.concentrations)) / floor
    assert off["right"].max() < 6
    assert np.median(off["half the rate"]) > 6
    assert np.median(off["no decay"]) > 6
    read = _reader().fit_transform(x)[:, 0]
    assert spearmanr(read, WORLD.concentrations).statistic > -spearmanr(trained.norms, WORLD.concentrations).statistic


def test_conventions_and_rows_that_say_nothing() -> None:
    x = np.array([[1.1, 100.0], [1.2, 50.0], [0.9, 0.0], [0.1, 70.0]])
    fitted = _reader().fit(x)
    found = fitted.transform(x)
    assert found.shape == (4, 1)
    assert found[2, 0] == fitted.unseen_
    assert found[3, 0] == fitted.curve.concentrations[-1]  # shorter than its start has decayed to
    assert fitted.get_feature_names_out().tolist() == ["concentration"]
    again = clone(fitted)
    assert again.get_params()["steps"] == 6000
    assert np.array_equal(again.fit(x).transform(x), found)
    with pytest.raises(InvalidInput, match="curve = None"):
        ConcentrationFromNorm().fit(x)
    with pytest.raises(InvalidInput, match="2 columns"):
        _reader().fit(x[:, :1])
    with pytest.raises(InvalidInput, match="visits are all 0"):
        _reader().fit(x[2:3])
    with pytest.raises(InvalidInput, match="weight_decay = 0"):
        _reader(weight_decay=0.0).fit(x)
    with pytest.raises(InvalidInput, match="decay = 'some'"):
        _reader(decay="some").fit(x)

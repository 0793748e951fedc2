"""What the modules that all evidence shares must do, each given as a module so that a mutant of it can be asked too.

Bounds are pinned at one shape (d = 7, n = 5): the numbers below are the docstrings' counts of roundings, added up by
hand. A bound that is loosened by a factor or an exponent is another number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp
from scipy.optimize import brentq
from scipy.special import ive

from derivations.evidence.settings import Batch
from theory.notation import u, v
from theory.vectors import Norm, unit

HALF_ULP = np.finfo(float).eps / 2  # unit roundoff, rounding to nearest
D, N = 7, 5
TAU, R = np.array([0.25, 2.0]), np.array([0.5, 3.0])


def close(found: Any, wanted: Any, relative: float = 1e-12) -> None:
    np.testing.assert_allclose(found, wanted, rtol=relative, atol=0)


def g(count: int) -> float:
    """Higham's bound of that many roundings."""
    return float(count * HALF_ULP / (1 - count * HALF_ULP))


def check_rounding(m: Any) -> None:
    assert m.UNIT == HALF_ULP
    close(m.gamma(1), HALF_ULP)
    close(m.gamma(2.0**50), 1 / 7)  # an eighth over seven eighths
    both = (("infonce", np.array([8.0, 1.0]), 1 / TAU), ("cosine_regression", np.array([2.0, 2.0]), 0 * TAU))
    for loss, slopes, inverse in both:
        close(m.slope_sum(loss, TAU), slopes)
        close(m.radial(loss, TAU, D), g(51) * slopes)
        close(m.gradient(loss, TAU, R, D, N), 2 * (4 * g(22) * inverse + g(71)) * slopes / R)
        terms = slopes * (2 * inverse + 4) / R**2
        close(m.hessian(loss, TAU, R, D, N), 4 * (4 * g(22) * inverse + g(103)) * terms)
    close(m.step(np.array([3.0]), 5.0, 11.0, 17.0, 0.5, D), g(116) * (5 + 11 + 17 + 3))


def errors_with(slopes: list[float], ratio: float) -> np.ndarray:
    """Errors of which each is ``ratio**slope`` times smaller than the one before."""
    return np.array([[ratio ** -sum(slopes[:i]) for i in range(len(slopes) + 1)]])


def check_order(m: Any) -> None:
    assert 0.4 <= m.DISCRIMINATES < 0.5, "two orders that are 1 apart overlap from 1/2 on"
    for p in (1.0, 2.0, 4.0):
        found, spread = m.fitted(errors_with([p, p, p], 2.0))
        np.testing.assert_allclose((found[0], spread[0]), (p, 0), atol=1e-12)
    found, spread = m.fitted(errors_with([1.0, 1.5, 1.75], 2.0))
    close((found[0], spread[0]), (2.0, 0.75))
    found, spread = m.fitted(errors_with([1.0, 1.5, 1.75], 3.0), 3.0)
    close((found[0], spread[0]), (1.875, 0.375))
    for ratio, amplified in ((2.0, 8 / np.log(2)), (3.0, 4 / np.log(3))):
        last = ratio**-6
        close(m.fitted(errors_with([2.0, 2.0, 2.0], ratio), ratio, noise=1e-9 * last)[1], 1e-9 * amplified)
    assert np.isnan(m.fitted(np.array([[1.0, 0.5, 0.25, -0.1]]))[0]).all()
    values = np.array([[1.0, 2.0, 2.75]])
    close([x[0] for x in m.extrapolated(values)], (3.5, 1.25))
    close([x[0] for x in m.extrapolated(values, 3.0)], (3.125, 1.375))
    close([x[0] for x in m.extrapolated(-values)], (-3.5, 1.25))
    close(m.extrapolated(np.array([0.0, 1.0, 5.0, 7.0])), (9.0, 7 / 4 + 2))  # the last halving moved the limit by nothing
    close(m.extrapolated(np.array([0.0, 1.0, 5.0, 7.0]), 3.0), (8.0, 1.0 + 2))
    close(m.extrapolated(values[0]), (3.5, 1.25))  # of any number of axes the last is the ladder's
    close(m.fitted(errors_with([1.0, 1.5, 1.75], 2.0)[0]), (2.0, 0.75))


def check_above(m: Any) -> None:
    """What is below 0 is 0; a NaN stays, and fails."""
    assert (m.above(-1.0), m.above(0.0), m.above(2.0)) == (0.0, 0.0, 2.0)
    assert np.isnan(m.above(float("nan")))
    assert m.single("x", m.above(float("nan")), 1.0, "nan").verdict == "fails"


def check_comparison(m: Any) -> None:
    check_above(m)
    found = m.measurement("x", np.array([1.0, 2.0]), 1.5, ("a", "b"))
    assert (found.what, found.labels, found.verdict, found.settings, found.worst) == ("x", ("a", "b"), "fails", 2, 1)
    assert found.bounds.tolist() == [1.5, 1.5]
    assert m.measurement("x", np.array([1.0, 2.0]), 1.5, ("a", "b"), [True, False]).verdict == "holds"
    assert m.measurement("x", np.array([1.0, 2.0]), 1.5, ("a", "b"), [False, False]).verdict == "vacuous"
    one = m.single("y", 3.0, 2.0, "c")
    assert (one.what, one.deviations.tolist(), one.bounds.tolist(), one.labels, one.verdict) == ("y", [3.0], [2.0], ("c",), "fails")
    batches = [Batch(2, 1, np.ones(rows), np.ones(rows), np.arange(1.0, rows + 1), seed) for rows, seed in ((2, 0), (3, 1))]
    every = m.over_batches("z", batches, lambda b: (b.norms, 2.5))
    assert (every.deviations.tolist(), every.settings, every.verdict) == ([1, 2, 1, 2, 3], 5, "fails")
    assert every.bounds.tolist() == [2.5] * 5
    assert every.labels == batches[0].labels() + batches[1].labels()
    some = m.over_batches("z", batches, lambda b: (b.norms, 2.5 + 0 * b.norms, b.norms < 3))
    assert (some.settings, some.verdict) == (4, "holds")
    none = m.over_batches("z", [], lambda _: ())
    assert (len(none.deviations), len(none.bounds), none.verdict) == (0, 0, "vacuous")


def check_slopes(m: Any) -> None:
    h, r = 2.0**-20, 1.25
    noise = g(14)  # of a cosine in three dimensions
    assert (h, r, 1.5) == (m.STEP, m.RADIUS, m.SCALE)
    close(m.COSINE_ROUNDING, noise)
    x, w = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    f = m.cosine_with(w)
    close((f(w), f(-3 * w), f(x + w)), (1, -1, np.sqrt(0.5)))
    smooth, bent = (m._slopes(k, r * x, x + w, 1 / r) for k in (f, lambda at: abs(f(at))))
    close(smooth.bounds, 2.5 * h / r**2 + 2 * noise / h + g(60) / r)
    np.testing.assert_allclose(bent.deviations, (h / r**2, 2 / r), rtol=1e-4, atol=noise / h)
    assert (smooth.verdict, bent.verdict, m._slopes(f, r * x, x + w, 1.0001 / r).verdict) == ("holds", "fails", "fails")
    smooth, bent = (m._second_differences(k, r * x, x + w, 2 / r**2) for k in (lambda at: f(at) ** 2, lambda at: f(at) * abs(f(at))))
    rounded = 2 * (2 * noise * 1.1 * h / r + noise**2) / h**2
    close(smooth.bounds, 5 * h / r**3 + rounded + g(60) / r**2)
    np.testing.assert_allclose(bent.deviations, (4 * h / r**3, 4 / r**2), rtol=1e-4, atol=rounded)
    assert (smooth.verdict, bent.verdict) == ("holds", "fails")
    assert m._second_differences(lambda at: f(at) ** 2, r * x, x + w, 2.001 / r**2).verdict == "fails"
    assert [label.split(", ")[-1] for label in smooth.labels] == ["ahead", "behind"]
    lifted = m._slopes(lambda at: 3 + f(at), r * x, x + w, 1 / r), m._second_differences(lambda at: 3 + f(at) ** 2, r * x, x + w, 2 / r**2)
    assert max(np.max(found.deviations) for found in lifted) < 0.01, "what a function is at the place itself does not matter"
    for seed in (0, 1, 2):
        a, b = m.right_angle(seed)
        np.testing.assert_allclose((len(a), a @ a, b @ b, a @ b), (3, 1, 1, 0), atol=1e-14)
        for factor, scale in ((sp.Integer(1), 1.0), (sp.Rational(3, 2), 1.5)):
            gradient = (1 / (factor * Norm(u))) * unit(v)
            witness = m.differentiable_witness(lambda _, gradient=gradient: gradient, scale)({}, seed)
            assert witness.bites
            if scale == 1:
                plain = m.differentiable_witness(lambda _, gradient=gradient: gradient)({}, seed)
                assert plain.kept.deviations.tolist() == witness.kept.deviations.tolist()
            close(witness.dropped.deviations[1], 2 / (scale * r), 1e-4)
            assert m.differentiable_witness(lambda _, gradient=gradient: gradient, 2 * scale)({}, seed).kept.verdict == "fails"
        curved = m.twice_differentiable_witness(lambda _: 2 / (sp.Rational(3, 2) * Norm(u)) ** 2)({}, seed)
        assert curved.bites
        close(curved.dropped.deviations[1], 4 / (1.5 * r) ** 2, 1e-4)


def mode(dimension: int, concentration: float) -> float:
    """Where ``(d - 2) log sin + concentration cos`` has the derivative 0: times sin, which is positive."""
    return float(brentq(lambda a: (dimension - 2) * np.cos(a) - concentration * np.sin(a) ** 2, 0.0, np.pi))


def check_cosines(m: Any) -> None:
    for d, kappa, tilt, nodes in ((3, 4.0, 0.0, 48), (16, 30.0, 0.0, 48), (64, 0.0, 0.0, 40), (256, 6.0, 40.0, 64), (200, 500.0, 90.0, 64)):
        at = m.cosines(d, kappa, nodes, tilt)
        width = 12 / np.sqrt(d - 2 + max(kappa - tilt, 0.0))
        low, high = max(0.0, mode(d, kappa + tilt) - width), min(np.pi, mode(d, kappa - tilt) + width)
        y, weights = np.polynomial.legendre.leggauss(nodes)
        angles = low + (high - low) * (y + 1) / 2
        np.testing.assert_allclose(at.cosines, np.cos(angles), rtol=0, atol=1e-13)
        pull, room = kappa * np.cos(angles), (d - 2) * np.log(np.sin(angles))
        most = np.max(pull + room)
        density = weights * np.exp(pull + room - most)
        close(at.probabilities, density / density.sum(), 1e-10)
        counted = nodes + 8 + 4 * (np.abs(pull) + np.abs(room) + abs(most))
        close(at.rounding, counted * HALF_ULP / (1 - counted * HALF_ULP))
        mean = ive(d / 2, kappa) / ive(d / 2 - 1, kappa) if kappa else 0.0
        np.testing.assert_allclose(at.probabilities @ at.cosines, mean, rtol=0, atol=1e-9)
    whole = m.cosines(2, 0.0, 24)  # even without a mode
    np.testing.assert_allclose((whole.probabilities @ whole.cosines, whole.probabilities @ whole.cosines**2), (0, 0.5), atol=1e-12)


CHECKS: Mapping[str, Callable[[Any], None]] = {
    "rounding": check_rounding, "order": check_order, "comparison": check_comparison, "slopes": check_slopes,
    "cosines": check_cosines,
}  # fmt: skip

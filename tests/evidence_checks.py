"""What the modules that all evidence shares must do, each given as a module so that a mutant of it can be asked too.

Bounds are pinned at one shape (d = 7, n = 5): the numbers below are the docstrings' counts of roundings, added up by
hand. A bound that is loosened by a factor or an exponent is another number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from derivations.evidence.settings import Batch

HALF_ULP = np.finfo(float).eps / 2  # unit roundoff, rounding to nearest
D, N = 7, 5
TAU, R = np.array([0.25, 2.0]), np.array([0.5, 3.0])


def close(found: Any, wanted: Any) -> None:
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=0)


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
    close(m.extrapolated(values[0]), (3.5, 1.25))  # of any number of axes the last is the ladder's
    close(m.fitted(errors_with([1.0, 1.5, 1.75], 2.0)[0]), (2.0, 0.75))


def check_comparison(m: Any) -> None:
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
    h, w = 2.0**-20, np.array([0.0, 1.0, 0.0])
    assert h == m.STEP
    u = np.array([1.0, 0.0, 0.0])
    cosine = m.cosine_with(w)
    close((cosine(w), cosine(-3 * w), cosine(u + w)), (1, -1, np.sqrt(0.5)))
    curved = m.kink(u, w, lambda x: 1 + 2 * float(x @ w) ** 2)
    bent = m.kink(u, w, lambda x: 1 + 5 * float(x @ w) + 3 * abs(float(x @ w)))
    close(curved.bounds, 4 * h + 8 * HALF_ULP / h)
    np.testing.assert_allclose(curved.deviations, 4 * h, atol=4 * HALF_ULP / h)
    close(bent.deviations, 6)
    assert (curved.verdict, bent.verdict) == ("holds", "fails")
    steep, torn = (m.jump(f, u, w) for f in (lambda x: 1 + 4 * float(x @ w), lambda x: float(np.sign(x @ w))))
    close((steep.deviations[0], steep.bounds[0], torn.deviations[0]), (8 * h, 8 * h, 2))
    assert (steep.verdict, torn.verdict) == ("holds", "fails")
    for seed in (0, 1, 2):
        a, b = m.right_angle(seed)
        np.testing.assert_allclose((len(a), a @ a, b @ b, a @ b), (3, 1, 1, 0), atol=1e-14)
        witness = m.differentiable_witness(None, seed)
        assert witness.bites
        np.testing.assert_allclose((witness.kept.deviations[0], witness.dropped.deviations[0]), (2 * h, 2), rtol=1e-6)


CHECKS: Mapping[str, Callable[[Any], None]] = {
    "rounding": check_rounding, "order": check_order, "comparison": check_comparison, "slopes": check_slopes,
}  # fmt: skip

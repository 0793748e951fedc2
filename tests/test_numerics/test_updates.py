"""Update rules against their papers, written a second time with whole vectors; gradients that persist; what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaln, hyp2f1

from derivations.evidence import replicates
from numerics import updates
from numerics.simulation.optimizers import FORMATS, Optimizer
from numerics.simulation.steps import InvalidInput, descend, drive

D, K = 6, 9
B1, B2, EPS, RATE, DECAY = 0.8, 0.95, 1e-3, 0.05, 0.3
OPTIONS = {"momentum": B1, "second_momentum": B2, "epsilon": EPS, "threshold": 0.7, "accumulator": 0.5}


def projected(u, g, s, delta=0.7):
    """Heo et al. 2021: the step without its radial part, and the share of decay, where u and g are nearly orthogonal."""
    if abs(u @ g) / (np.linalg.norm(u) * np.linalg.norm(g)) < delta / np.sqrt(len(u)):
        return s - u * (u @ s) / (u @ u), 0.1
    return s, 1.0


def sgd(gradients, us):
    return gradients[-1], 1.0


def heavy_ball(gradients, us):
    return sum(B1**age * g for age, g in enumerate(gradients[::-1])), 1.0


def nesterov(gradients, us):
    return gradients[-1] + B1 * heavy_ball(gradients, us)[0], 1.0


def normalized_sgd(gradients, us):
    return gradients[-1] / np.linalg.norm(gradients[-1]), 1.0


def clipped_sgd(gradients, us):
    return gradients[-1] * min(1.0, 0.7 / np.linalg.norm(gradients[-1])), 1.0


def adagrad_norm(gradients, us):
    return gradients[-1] / np.sqrt(0.25 + sum(g @ g for g in gradients)), 1.0


def wngrad(gradients, us):
    b = 0.5
    for g in gradients:
        b = b + g @ g / b
    return gradients[-1] / b, 1.0


def mean(values, beta):
    return (1 - beta) * sum(beta**age * x for age, x in enumerate(values[::-1]))


def rmsprop(gradients, us):
    return gradients[-1] / (np.sqrt(mean([g**2 for g in gradients], B2)) + EPS), 1.0


def adam(gradients, us):
    count = len(gradients)
    first = mean(gradients, B1) / (1 - B1**count)
    second = mean([g**2 for g in gradients], B2) / (1 - B2**count)
    return first / (np.sqrt(second) + EPS), 1.0


def lion(gradients, us):
    before = mean(gradients[:-1], B2) if len(gradients) > 1 else 0.0
    return np.sign(B1 * before + (1 - B1) * gradients[-1]), 1.0


def sign_sgd(gradients, us):
    return np.sign(gradients[-1]), 1.0


def sgdp(gradients, us):
    s, share = projected(us[-1], gradients[-1], heavy_ball(gradients, us)[0])
    return s, share / (1 - B1)


def adamp(gradients, us):
    return projected(us[-1], gradients[-1], adam(gradients, us)[0])


def riemannian_sgd(gradients, us):
    u, g = us[-1], gradients[-1]
    return g - u * (u @ g) / (u @ u), 1.0


RULES = [sgd, heavy_ball, nesterov, normalized_sgd, clipped_sgd, adagrad_norm, wngrad, rmsprop, adam, lion, sign_sgd, sgdp,
         adamp, riemannian_sgd]  # fmt: skip


def test_every_rule_is_written_here_a_second_time():
    assert [rule.name for rule in updates.RULES] == [rule.__name__ for rule in RULES]


@pytest.mark.parametrize("coupled", [False, True])
@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.__name__)
def test_a_run_follows_its_rule_step_by_step(rule, coupled):
    schedule = np.linspace(1.0, 0.2, K)
    optimizer = Optimizer(rule.__name__, coupled=coupled, schedule=schedule, **OPTIONS)
    energies = np.random.default_rng(1).uniform(0.2, 2.0, (3, K))
    run = drive(1.3, energies, RATE, DECAY, dimension=D, alignment=0.3, optimizer=optimizer, path=True, seed=4)
    for row in range(3):
        us, seen = [run.path[row, 0]], []
        for k in range(K):
            u = us[-1]
            seen.append(run.gradients[row, k] + (DECAY * u if coupled else 0.0))
            s, share = rule(seen, us)
            rate = RATE * schedule[k]
            moved = (1.0 if coupled else 1 - share * rate * DECAY) * u - rate * s
            if rule is riemannian_sgd:
                moved *= np.linalg.norm(u) / np.linalg.norm(moved)
            us.append(moved)
            # a step rounds d + 30 times at most for the rules above; every step before it does so too
            np.testing.assert_allclose(run.path[row, k + 1], moved, rtol=0, atol=(k + 1) * 40 * 2.0**-53 * 5)
            np.testing.assert_allclose(run.drifts[row, k], -u @ s, rtol=0, atol=1e-12)
            np.testing.assert_allclose(run.heats[row, k], (u @ u) * (s @ s), rtol=1e-11)
        # D products and sums, in the simulator's order and in this one
        np.testing.assert_allclose(run.squared_norms[row], np.sum(run.path[row] ** 2, axis=1), rtol=2 * D * 2.0**-53, atol=0)


def test_a_dense_row_without_a_gradient_keeps_moving_and_a_lazy_one_stands_still():
    energies = np.ones((4, 200))
    dense, lazy = (
        drive(1.0, energies, 0.01, 0.1, dimension=4, optimizer=Optimizer("heavy_ball", lazy=lazy), visits=0.3, path=True)
        for lazy in (False, True)
    )
    assert np.array_equal(dense.visits, lazy.visits)
    away = lazy.visits[0] == 0
    assert 0.3 * 800 - 6 * np.sqrt(800 * 0.21) < lazy.visits.sum() < 0.3 * 800 + 6 * np.sqrt(800 * 0.21)
    assert np.array_equal(lazy.path[0, 1:][away], lazy.path[0, :-1][away])
    assert not lazy.gradients[0][away].any()
    assert not dense.gradients[0][away].any()
    still = np.all(dense.path[0, 1:] == dense.path[0, :-1], axis=1)
    first = int(np.argmax(dense.visits[0]))
    assert not still[first:].any()
    assert np.all(dense.squared_norms[0, :first] > dense.squared_norms[0, 1 : first + 1]), "decay acts before the first visit"
    never = drive(1.0, energies, 0.01, 0.1, dimension=4, visits=0.0)
    np.testing.assert_allclose(never.squared_norms[:, -1], 0.999**400, rtol=1e-12)


def test_visits_of_a_loss_leave_the_same_trace():
    u, v = np.random.default_rng(0).standard_normal((2, 5, 3, 4))
    run = descend("infonce", u[:, 0], v, 0.5, 0.1, steps=50, visits=0.5, optimizer=Optimizer(lazy=True), path=True, seed=2)
    assert 0 < run.visits.sum() < 250
    assert np.array_equal(run.energies > 0, run.visits > 0)


def test_persistence_is_the_correlation_of_successive_gradients():
    d, steps = 400, 3000
    for q in (0.0, 0.5, 0.9):
        run = drive(1.0, np.ones((1, steps)), 1e-9, dimension=d, persistence=q, path=True, seed=7)
        t = run.gradients[0]
        lag = np.sum(t[1:] * t[:-1], axis=1)
        # cosines of d-dimensional AR(1) vectors: variance (1 - q^2)^2/d around about q, whose mean is off by O(1/d)
        assert abs(lag.mean() - q) < 6 / np.sqrt(d * steps) * (1 + q) / (1 - q) + 2 / d
        assert np.max(np.abs(np.sum(t * run.path[0, :-1], axis=1))) < 1e-12
    same = drive(1.0, np.ones((1, 5)), 1e-9, dimension=d, persistence=1.0, path=True).gradients[0]
    assert np.min(same @ same.T) > 1 - 1e-6


def mean_cosine(correlation, n):
    """Of two Gaussian vectors of n independent entries, entry i of one correlated with entry i of the other (mean 0 known).

    The mean of a sample correlation coefficient (Hotelling 1953), with n in the place of one less than the sample.
    """
    shape = 2 / n * np.exp(2 * (gammaln((n + 1) / 2) - gammaln(n / 2)))
    return shape * correlation * hyp2f1(0.5, 0.5, n / 2 + 1, correlation**2)


@pytest.mark.parametrize("q", [0.0, 0.3, 0.6, 0.9])
def test_the_noise_is_stationary_from_its_first_step(q):
    """Between steps k and l the AR(1) vectors are correlated by q^|k - l| at once, not only when it has forgotten its start."""
    d, rows = 24, 2000
    run = drive(np.ones(rows), np.ones((rows, 4)), 1e-30, dimension=d, persistence=q, path=True, seed=11)
    assert np.all(run.path == run.path[:, :1]), "no row moves, so all tangents lie in the same d - 1 dimensions"
    for k, late in ((0, 1), (1, 2), (2, 3), (0, 2), (0, 3)):
        cosines = np.sum(run.gradients[:, k] * run.gradients[:, late], axis=1)
        found, half = replicates.mean(cosines)
        # unit vectors that are rounded, and their sums of products
        assert abs(found - mean_cosine(q ** (late - k), d - 1)) <= half + (5 * d + 40) * 2.0**-53


def test_what_is_too_large_for_a_format_leaves_its_range():
    with pytest.raises(ArithmeticError, match="out of range at step 0"):
        descend("infonce", np.full((1, 2), 1e5), np.eye(2)[None], 1.0, 1e-9, steps=1, optimizer=Optimizer(stored="float16"))
    assert FORMATS["float16"][2] == float(np.finfo(np.float16).max)


@pytest.mark.parametrize(("options", "message"), [
    ({"rule": "adamax"}, "rule = 'adamax' must be one of sgd, heavy_ball"),
    ({"momentum": 1.0}, "momentum = 1 must be below 1"),
    ({"second_momentum": -0.1}, "second_momentum = -0.1 must be at least 0"),
    ({"epsilon": np.nan}, "epsilon = nan must be finite"),
    ({"threshold": 0.0}, "threshold = 0 must be above 0"),
    ({"rule": "wngrad", "accumulator": 0.0}, "accumulator = 0 must be above 0"),
    ({"momentum": np.nan}, "momentum = nan must be finite"),
    ({"momentum": "0.9"}, "momentum has dtype .*, must be real numbers"),
    ({"accumulator": -1.0}, "accumulator = -1 must be at least 0"),
    ({"schedule": [[1.0]]}, r"schedule has shape \(1, 1\), must have shape \(any\)"),
    ({"schedule": [1.0, np.inf]}, r"schedule\[1\] = inf must be finite"),
    ({"lazy": "no"}, "lazy = 'no' must be True or False"),
    ({"coupled": 1}, "coupled = 1 must be True or False"),
    ({"stochastic": None}, "stochastic = None must be True or False"),
    ({"stored": ["float16"]}, r"stored = \['float16'\] must be one of float64, bfloat16"),
    ({"schedule": -np.ones(5)}, r"schedule\[0\] = -1 must be at least 0"),
    ({"stored": "float8"}, "stored = 'float8' must be one of float64, bfloat16"),
])  # fmt: skip
def test_a_bad_optimizer_is_refused_when_it_is_made_with_name_value_and_bound(options, message):
    with pytest.raises(InvalidInput, match=message):
        Optimizer(**options)


def test_a_schedule_of_another_length_is_refused_when_the_run_is_known():
    with pytest.raises(InvalidInput, match=r"schedule has shape \(3,\), must have shape \(5\)"):
        drive(1.0, np.ones((1, 5)), 0.1, dimension=3, optimizer=Optimizer(schedule=np.ones(3)))


@pytest.mark.parametrize(("options", "message"), [
    ({"visits": 1.5}, "visits = 1.5 must be at most 1"), ({"persistence": -0.1}, "persistence = -0.1 must be at least 0"),
    ({"path": True, "stride": 5}, "stride = 5 must be 1 to keep the path"),
])  # fmt: skip
def test_a_bad_run_is_refused_with_name_value_and_bound(options, message):
    with pytest.raises(InvalidInput, match=message):
        drive(1.0, np.ones((1, 5)), 0.1, dimension=3, **options)


@pytest.mark.parametrize("rule", [rule.name for rule in updates.RULES])
@pytest.mark.parametrize("persistence", [0.0, 1.0])
def test_a_lazy_row_begins_at_its_first_visit_whenever_that_is(rule, persistence):
    """WNGrad took b from step 0, and gradients that persist their direction; rows that were first visited later got neither."""
    run = drive(1.0, np.ones((16, 12)), 0.1, dimension=5, visits=0.4, persistence=persistence, seed=4, optimizer=Optimizer(rule, lazy=True))
    first = np.argmax(run.visits > 0, axis=1)
    assert (first > 0).sum() > 4
    at = np.arange(16), first
    assert np.all(np.isfinite(run.squared_norms))
    assert np.all(np.abs(run.radial) <= 1e-13)
    assert np.all(np.isclose(run.energies[at], 1.0))
    assert np.all(run.heats[at] > 0.01), "the first visit moves nothing"

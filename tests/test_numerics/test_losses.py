"""Losses against their definitions at 80 digits, within rounding bounds derived from the arithmetic.

The bounds are first order in e = 2^-53 and are written below as multiples of e. Norms and cosines: a prepared
vector carries ALPHA = d/2 + 2 (d products summed, a root, a division), a cosine 2 d + 4. An exponent of the
softmax carries twice that over the temperature and 4 roundings, its exponential 2 more; a probability twice
that. The differences of 80-digit losses are right to 1e-40 (first) and 1e-30 (second) of the loss, at least.
"""

from __future__ import annotations

from dataclasses import dataclass

import mpmath as mp
import numpy as np
import pytest

from numerics import losses
from numerics.arithmetic.lanes import WIDTH
from numerics.simulation.steps import candidate_gradients, cosines, evaluate, hessian_vector

E = 2.0**-53
NAMES = tuple(loss.name for loss in losses.LOSSES)  # all of them: one without a definition here fails
WITHOUT_TEMPERATURE: dict[str, float] = {}  # loss: the scale of its exponents


@dataclass(frozen=True)
class Setting:
    loss: str
    u: np.ndarray
    v: np.ndarray
    x: np.ndarray
    temperature: float


def settings(count: int, seed: int) -> list[Setting]:
    rng = np.random.default_rng(seed)
    drawn = []
    for i in range(count):
        d, n = int(rng.integers(2, 17)), int(rng.integers(1, 9))
        u, x, v = rng.normal(size=d), rng.normal(size=d), rng.normal(size=(n, d))
        u *= 10 ** rng.uniform(-3, 3) / np.linalg.norm(u)
        v *= 10 ** rng.uniform(-3, 3, size=(n, 1)) / np.linalg.norm(v, axis=1, keepdims=True)
        drawn.append(Setting(NAMES[i % len(NAMES)], u, v, x, float(10 ** rng.uniform(-2, 1))))
    return drawn


def exact(s: Setting, u: list[mp.mpf], v: list[list[mp.mpf]]) -> tuple[mp.mpf, list[mp.mpf]]:
    """The loss by its definition, and the sizes |dL/ds_j| of its slopes."""
    if s.loss == "dot_product_infonce":
        scores = [mp.fdot(u, w) for w in v]
    else:
        scores = [mp.fdot(u, w) / mp.sqrt(mp.fdot(u, u) * mp.fdot(w, w)) for w in v]
    if s.loss == "cosine_regression":
        return mp.fsum(2 - 2 * c for c in scores) / len(v), [mp.mpf(2) / len(v)] * len(v)
    if s.loss not in ("infonce", "dot_product_infonce"):
        raise NotImplementedError(f"the definition of {s.loss} goes here")
    t = mp.mpf(s.temperature)
    weights = [mp.exp((c - max(scores)) / t) for c in scores]
    total = mp.fsum(weights)
    slopes = [mp.fsum(weights[1:]) / total / t] + [w / total / t for w in weights[1:]]
    return mp.log(total) + (max(scores) - scores[0]) / t, slopes


def loss_at(s: Setting, shift: dict[int, mp.mpf], along: float | mp.mpf = 0, j: int = -1) -> mp.mpf:
    """The loss with entries of u (or of candidate j) shifted, and u moved by ``along`` times x."""
    u = [mp.mpf(a) + along * mp.mpf(b) for a, b in zip(s.u, s.x, strict=True)]
    v = [[mp.mpf(a) for a in w] for w in s.v]
    target = u if j < 0 else v[j]
    for i, h in shift.items():
        target[i] += h
    return exact(s, u, v)[0]


def exact_gradient(s: Setting, j: int = -1) -> np.ndarray:
    """Central differences with 80 digits: right to more than 30."""
    h = mp.mpf(10) ** -24
    size = range(len(s.u))
    return np.array([float((loss_at(s, {i: h}, j=j) - loss_at(s, {i: -h}, j=j)) / (2 * h)) for i in size])


def exact_hessian_vector(s: Setting) -> np.ndarray:
    h = mp.mpf(10) ** -24

    def mixed(i: int) -> mp.mpf:
        corners = [(a, b, a * b) for a in (1, -1) for b in (1, -1)]
        return mp.fsum(sign * loss_at(s, {i: b * h}, along=a * h) for a, b, sign in corners) / (4 * h * h)

    return np.array([float(mixed(i)) for i in range(len(s.u))])


@dataclass(frozen=True)
class Bounds:
    """Allowed errors, in length."""

    value: float
    gradient: float
    candidates: np.ndarray
    hessian_vector: float


def bounds(s: Setting) -> Bounds:
    n, d = s.v.shape
    value, slopes = exact(s, [mp.mpf(a) for a in s.u], [[mp.mpf(a) for a in w] for w in s.v])
    q = np.array([float(a) for a in slopes])
    by_cosine = s.loss != "dot_product_infonce"
    temperature = WITHOUT_TEMPERATURE.get(s.loss, s.temperature)
    r, lengths = np.linalg.norm(s.u), np.linalg.norm(s.v, axis=1)
    alpha, score = (d / 2 + 2, 2 * d + 4.0) if by_cosine else (0.0, float(d))
    b = np.ones(n) if by_cosine else lengths  # lengths of the prepared candidates
    a, size = (1.0, 1.0) if by_cosine else (r, r * lengths.max())
    # slopes, relatively
    exponent = 0.0 if s.loss == "cosine_regression" else (2 * score + 4) * size / temperature
    slope = 1.0 if s.loss == "cosine_regression" else 2 * exponent + 2 * n + 7
    w = float(q @ b)
    cotangent = slope + alpha + n + 1
    project = 2 * d + 8 + alpha + 1 if by_cosine else 0.0
    scale = r if by_cosine else 1.0
    gradient = (cotangent + project) * w / scale
    candidates = (slope + alpha + 1 + project) * q * a / (lengths if by_cosine else 1.0)
    loss = 2 * exponent + 2 * score + 4 * n + 8 + 4 * abs(float(value))
    # tangents: t of u, ds of scores, dq of slopes, dcot of the cotangent
    t = np.linalg.norm(s.x) / scale
    tangent = d + 3 * alpha + 5 if by_cosine else 0.0
    moved = d + alpha + tangent
    spread = 0.0 if s.loss == "cosine_regression" else float(q.sum() * t * b.max() / temperature)
    m = 4 * spread * b.max()
    dcot = spread * b.max() * (6 * slope + 4 * moved + 3 * n + 26) + (alpha + n + 1) * m
    product = dcot
    if by_cosine:
        turn = (d + tangent + cotangent) * t * w + (d + alpha) * m + dcot + (t * w + m)
        pulls = (2 * d + 3 * alpha + 2 * cotangent + tangent + project + 3) * w * t
        product = (dcot + turn + alpha * m + pulls + (alpha + 5) * (2 * m + 3 * w * t)) / scale
    first, second = 1e-40 * (1 + abs(float(value))), 1e-30 * (1 + abs(float(value)))
    slack = 1.01 * E  # the terms of second order are below a hundredth
    return Bounds(
        slack * loss, slack * gradient + first, slack * candidates + first, slack * product + second
    )


@pytest.fixture(autouse=True)
def _eighty_digits():
    with mp.workdps(80):
        yield


@pytest.mark.parametrize("s", settings(36, 1), ids=lambda s: s.loss)
def test_values_and_gradients_match_the_definition_within_the_rounding_bound(s):
    got, allowed = evaluate(s.loss, s.u[None], s.v[None], s.temperature), bounds(s)
    assert abs(got.values[0] - float(loss_at(s, {}))) <= allowed.value
    assert np.linalg.norm(got.gradients[0] - exact_gradient(s)) <= allowed.gradient


@pytest.mark.parametrize("s", settings(18, 2), ids=lambda s: s.loss)
def test_gradients_of_the_candidates_match_the_definition(s):
    got, allowed = candidate_gradients(s.loss, s.u[None], s.v[None], s.temperature)[0], bounds(s)
    for j in {0, len(s.v) - 1}:
        assert np.linalg.norm(got[j] - exact_gradient(s, j)) <= allowed.candidates[j]


@pytest.mark.parametrize("s", settings(24, 3), ids=lambda s: s.loss)
def test_hessian_times_vector_matches_the_definition(s):
    got = hessian_vector(s.loss, s.u[None], s.x[None], s.v[None], s.temperature)[0]
    assert np.linalg.norm(got - exact_hessian_vector(s)) <= bounds(s).hessian_vector


def several(seed: int, loss: str) -> list[Setting]:
    """Settings with a gradient to speak of: a bound that is no more than a thousandth of it."""
    kept = [s for s in settings(45, seed) if s.loss == loss and len(s.v) > 1]
    return [s for s in kept if bounds(s).gradient < 1e-3 * np.linalg.norm(exact_gradient(s))]


@pytest.mark.parametrize("loss", ["cosine_regression", "infonce"])
def test_a_gradient_without_the_projection_or_with_a_wrong_sign_breaks_the_bound(loss):
    chosen = several(4, loss)
    assert len(chosen) >= 4
    for s in chosen:
        got = evaluate(s.loss, s.u[None], s.v[None], s.temperature).gradients[0]
        truth, allowed = exact_gradient(s), bounds(s).gradient
        unit = s.u / np.linalg.norm(s.u)
        unprojected = got + 1e-6 * np.linalg.norm(got) * unit
        assert np.linalg.norm(got - truth) <= allowed
        for broken in (unprojected, -got, got * (1 + 1e-6)):
            assert np.linalg.norm(broken - truth) > allowed


def test_a_hessian_that_forgets_the_change_of_length_breaks_the_bound():
    chosen = [s for s in settings(60, 5) if s.loss == "infonce" and len(s.v) > 1 and s.temperature > 0.1]
    assert len(chosen) >= 4
    for s in chosen:
        got = hessian_vector(s.loss, s.u[None], s.x[None], s.v[None], s.temperature)[0]
        g = evaluate(s.loss, s.u[None], s.v[None], s.temperature).gradients[0]
        forgotten = got + g * (s.u @ s.x) / (s.u @ s.u)
        assert np.linalg.norm(forgotten - exact_hessian_vector(s)) > bounds(s).hessian_vector


def test_cosines_are_inner_products_of_directions():
    rng = np.random.default_rng(6)
    u, v = rng.normal(size=(5, 7)) * 1e3, rng.normal(size=(5, 4, 7)) * 1e-3
    norms = np.linalg.norm(u, axis=1)[:, None] * np.linalg.norm(v, axis=2)
    # each side: d roundings of each of three sums, halved for the two under roots, and the divisions
    assert np.max(np.abs(cosines(u, v) - np.einsum("rd,rnd->rn", u, v) / norms)) <= 2 * (2 * 7 + 5) * E


def test_one_candidate_leaves_infonce_no_choice_and_exactly_no_gradient():
    got = evaluate("infonce", [[3.0, 4.0]], [[[1.0, 0.0]]], 0.01)
    assert got.values[0] == 0.0
    assert not got.gradients.any()


def test_a_loss_that_is_certain_keeps_its_relative_accuracy():
    u, v = np.array([1.0, 0.0]), np.array([[1.0, 0.0], [0.0, 1.0]])
    got = evaluate("infonce", u[None], v[None], 0.01)
    assert got.values[0] == pytest.approx(np.exp(-100.0), rel=1e-13)
    assert got.gradients[0, 1] == pytest.approx(100 * np.exp(-100.0), rel=1e-13)


@pytest.mark.parametrize("place", range(len(losses.LOSSES)))
def test_the_code_of_a_loss_leads_to_its_own_functions(place):
    loss, n = losses.LOSSES[place], 5
    scores, tangents = np.random.default_rng(place).uniform(-1, 1, size=(2, n))
    mine, chosen = np.empty((2, n)), np.empty((2, n))
    assert losses.value(place, scores, 0.3) == loss.value(scores, 0.3)
    loss.slopes(scores, 0.3, mine[0])
    losses.slopes(place, scores, 0.3, chosen[0])
    loss.slope_tangents(scores, tangents, 0.3, mine[0], mine[1])
    losses.slope_tangents(place, scores, tangents, 0.3, mine[0], chosen[1])
    assert np.array_equal(mine, chosen)


def test_every_loss_has_its_own_name_and_code():
    assert [losses.code(loss.name) for loss in losses.LOSSES] == list(range(len(losses.LOSSES)))
    assert set(NAMES) <= {loss.name for loss in losses.LOSSES}


@pytest.mark.parametrize("kind", [np.float64, np.float32], ids=lambda k: k.__name__)
@pytest.mark.parametrize("place", range(len(losses.LOSSES)))
def test_slopes_of_eight_rows_are_those_of_each(place, kind):
    """Sums of 7 terms in another order, exponentials and quotients: 20 roundings on slopes of at most 2 / t."""
    rng = np.random.default_rng(place)
    scores, temperatures = rng.uniform(-1, 1, (7, WIDTH)).astype(kind), rng.uniform(0.05, 2, WIDTH).astype(kind)
    found, row = np.empty_like(scores), np.empty(7, kind)
    losses.lane_slopes(place, scores, temperatures, found)
    for lane in range(WIDTH):
        losses.slopes(place, np.ascontiguousarray(scores[:, lane]), temperatures[lane], row)
        # an exponent (s_j - s_best) / t is rounded twice, and its error is that of the term
        assert np.max(np.abs(found[:, lane] - row)) <= np.finfo(kind).eps * (20 + 4 / temperatures[lane]) * 2 / temperatures[lane]

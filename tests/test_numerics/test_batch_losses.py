"""Batch losses against their definitions at 50 digits, in every vector and learned scalar, and what they refuse.

The bounds: a cosine is off by gamma(2 d + 8), which moves a logit by ``scale * stretch`` times that and a probability
by twice as much, relatively; sums over a row and the pulling back add what is counted below. ``stretch`` is how much
steeper than its cosine a logit is at most (ArcFace near angle 0), ``size`` the sum of all slopes at most.
"""

from __future__ import annotations

from dataclasses import dataclass

import mpmath as mp
import numpy as np
import pytest

from numerics.batch_losses import BATCH_LOSSES
from numerics.batch_losses.evaluate import evaluate_batch
from numerics.validation import InvalidInput
from tests.test_numerics.batch_definitions import OF_COSINES, angle, circle, matrix

E = 2.0**-53
NAMES = tuple(BATCH_LOSSES)
H = mp.mpf(10) ** -17


@dataclass(frozen=True)
class Setting:
    loss: str
    rows: np.ndarray
    columns: np.ndarray | None
    targets: np.ndarray
    scale: float
    bias: float
    margin: float

    def evaluate(self):
        return evaluate_batch(
            self.loss, self.rows, self.columns, self.targets, scale=self.scale, bias=self.bias, margin=self.margin
        )


def setting(loss: str, seed: int) -> Setting:
    rng = np.random.default_rng([seed, NAMES.index(loss)])
    d, b = 4, 4
    k = b if loss in ("clip", "angle") or BATCH_LOSSES[loss].shared else 5
    lengths = 10 ** rng.uniform(-3, 3, size=(b + k, 1))
    vectors = rng.normal(size=(b + k, d))
    vectors *= lengths / np.linalg.norm(vectors, axis=1, keepdims=True)
    rows, columns = vectors[:b], None if BATCH_LOSSES[loss].shared else vectors[b:]
    targets = np.zeros((b, k))
    if loss == "angle":
        np.fill_diagonal(targets, rng.integers(0, 3, size=b))
    elif loss == "supcon":
        targets = np.kron(np.eye(2), np.ones((2, 2))) - np.eye(b)
    elif loss == "nt_xent":
        targets = np.eye(b)[[1, 0, 3, 2]]
    elif loss in ("infonce", "clip", "cosface", "arcface"):
        targets[np.arange(b), rng.permutation(k)[:b]] = 1
    else:
        targets[:, :2] = 1
    return Setting(loss, rows, columns, targets, float(10 ** rng.uniform(-1, 2)), float(rng.uniform(-10, 1)), float(rng.uniform(0.1, 0.5)))


def exact(s: Setting, rows, columns, log_scale=None, bias=None, held=None):
    scale = mp.mpf(s.scale) if log_scale is None else mp.mpf(s.scale) * mp.exp(log_scale)
    b, m = mp.mpf(s.bias) + (bias or 0), mp.mpf(s.margin)
    if s.loss == "angle":
        return angle(rows, columns, s.targets, scale)
    c = matrix(rows, rows if columns is None else columns)
    definition = circle(held) if s.loss == "circle" else OF_COSINES[s.loss]
    return definition(c, s.targets, scale, b, m)


def lifted(a):
    return None if a is None else [[mp.mpf(x) for x in v] for v in a]


def exact_gradients(s: Setting):
    rows, columns = lifted(s.rows), lifted(s.columns)
    held = matrix(rows, columns) if s.loss == "circle" else None
    found = []
    for side in (rows, columns):
        if side is None:
            continue
        g = np.zeros((len(side), len(side[0])))
        for i, v in enumerate(side):
            h = H * mp.sqrt(mp.fdot(v, v))
            for k in range(len(v)):
                kept, ends = v[k], []
                for sign in (1, -1):
                    v[k] = kept + sign * h
                    ends.append(exact(s, rows, columns, held=held))
                v[k] = kept
                g[i, k] = float((ends[0] - ends[1]) / (2 * h))
        found.append(g)
    return found


def allowed(s: Setting, found) -> float:
    """Of ``|u|`` times the error of a gradient in ``u``."""
    b, k = found.similarities.shape
    d, steep = s.rows.shape[1], 1.0
    if s.loss == "arcface":
        c = found.similarities[s.targets > 0]
        steep = float(np.max(1 / np.sqrt(1 - c**2) ** 3))  # of the logit and of its slope
    if s.loss == "circle":
        steep = 3 + 2 * s.margin
    size = {"siglip": s.scale * k, "cosine_triplet": 2, "cosine_regression": 2, "alignment": 2}.get(s.loss, 3 * s.scale * steep)
    sensitivity = 0.0 if s.loss in ("cosine_triplet", "cosine_regression", "alignment") else 4 * s.scale * steep + 4
    exponent = 4 * s.scale * steep + abs(s.bias)
    counted = (2 * d + 8) * sensitivity + 3 * d + 4 * (b + k) + 60 + 8 * exponent
    return 2 * E * counted * size


@pytest.fixture(autouse=True)
def _fifty_digits():
    with mp.workdps(50):
        yield


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("loss", NAMES)
def test_values_and_gradients_in_every_vector_match_the_definition(loss, seed):
    s = setting(loss, seed)
    got = s.evaluate()
    rows, columns = lifted(s.rows), lifted(s.columns)
    held = matrix(rows, columns) if loss == "circle" else None
    truth = float(exact(s, rows, columns, held=held))
    assert abs(got.value - truth) <= allowed(s, got) + 4 * E * abs(truth)
    sides = exact_gradients(s)
    assert len(sides) == (1 if BATCH_LOSSES[loss].shared else 2)
    for vectors, mine, true in zip((s.rows, s.columns), (got.rows, got.columns), sides, strict=False):
        scaled = np.linalg.norm(mine - true, axis=1) * np.linalg.norm(vectors, axis=1)
        assert np.max(scaled) <= allowed(s, got)
        assert np.max(np.linalg.norm(true, axis=1) * np.linalg.norm(vectors, axis=1)) > 100 * allowed(s, got)


@pytest.mark.parametrize("loss", ["infonce", "clip", "siglip"])
def test_slopes_in_learned_scalars_match_the_definition(loss):
    s = setting(loss, 4)
    got, rows, columns = s.evaluate(), lifted(s.rows), lifted(s.columns)
    by_scale = (exact(s, rows, columns, log_scale=H) - exact(s, rows, columns, log_scale=-H)) / (2 * H)
    by_bias = (exact(s, rows, columns, bias=H) - exact(s, rows, columns, bias=-H)) / (2 * H)
    assert abs(got.by_log_scale - float(by_scale)) <= allowed(s, got)
    assert abs(got.by_bias - float(by_bias)) <= allowed(s, got)


@pytest.mark.parametrize("loss", NAMES)
def test_a_loss_that_overflows_nowhere_stays_finite_at_a_large_scale(loss):
    s = setting(loss, 5)
    got = evaluate_batch(loss, s.rows, s.columns, s.targets, scale=1e4, bias=-100.0, margin=0.2)
    assert np.isfinite(got.value)
    assert np.all(np.isfinite(got.rows))
    assert np.all(np.isfinite(got.columns))


def test_a_triplet_at_and_behind_its_hinge_has_no_slope():
    u, positive, negative = [[1.0, 0.0]], [3.0, 0.0], [0.0, 2.0]
    for margin in (1.0, 0.5):  # c_+ - c_- = 1
        got = evaluate_batch("cosine_triplet", u, [positive, negative], [[1, 0]], margin=margin)
        assert (got.value, np.count_nonzero(got.slopes)) == (0.0, 0)
    assert evaluate_batch("cosine_triplet", u, [positive, negative], [[1, 0]], margin=1.5).value == 0.5


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("length", [2.0, -2.0])
@pytest.mark.parametrize("axis", [(1.0, 0.0), (0.6, 0.8)])  # the one makes 0 times infinity, the other infinity less infinity
def test_arcface_at_angle_0_has_no_finite_slope_and_at_pi_takes_its_other_branch(axis, length):
    own, across = np.multiply(axis, length), [-axis[1], axis[0]]
    got = evaluate_batch("arcface", [axis], [own, across], [[1, 0]], scale=4.0, margin=0.5)
    assert abs(got.similarities[0, 0]) == 1.0
    assert np.isfinite(got.value)
    assert np.isfinite(got.slopes[0, 0]) == (length < 0)
    assert np.all(np.isfinite(got.rows)) == (length < 0)


def test_a_pair_at_similarity_0_has_no_slope_in_angle():
    turned_away = [1.0, 1.0]  # turned by 45 degrees it is orthogonal to (1, 0)
    got = evaluate_batch("angle", [[1.0, 0.0], [0.0, 1.0]], [turned_away, [0.3, 1.0]], [[1, 0], [0, 2]], scale=2.0)
    assert abs(got.similarities[0, 0]) < 1e-16
    assert got.slopes[0, 0] == 0 or abs(got.similarities[0, 0]) > 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"loss": "hinge"}, "loss"),
        ({"columns": None}, "columns"),
        ({"scale": 0.0}, "scale"),
        ({"targets": [[1.0]]}, "targets"),
        ({"similarity": "euclid"}, "similarity"),
        ({"epsilon": -1.0}, "epsilon"),
        ({"loss": "nt_xent"}, "columns"),
        ({"rows": [[0.0, 0.0]]}, "rows"),
        ({"loss": "angle"}, "columns"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change, words):
    call = {"loss": "infonce", "rows": [[1.0, 2.0]], "columns": [[1.0, 0.0], [0.0, 1.0]], "targets": [[1, 0]]} | change
    with pytest.raises(InvalidInput, match=words):
        evaluate_batch(**call)

"""Losses that see a length, against their definitions at 50 digits, and what they refuse.

Sums over d products, a root and a quotient for each cosine, exponentials of logits up to ``scale``: 8 d + 40 roundings
at the most of sizes named below, of which an exponential makes ``scale`` times as many.
"""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from numerics.losses.norm_losses import NORM_LOSSES, Shape, evaluate_norm_loss
from numerics.validation import InvalidInput

E = 2.0**-53


def norm(a):
    return mp.sqrt(mp.fdot(a, a))


def definition(loss, u, v, s):
    """Each loss as its source writes it, with angles."""
    if loss == "euclidean":
        return norm([a - b for a, b in zip(u, v[0], strict=True)]) ** 2
    if loss == "hyperbolic":
        return mp.cosh(mp.acosh(mp.sqrt(1 + mp.fdot(u, u)) * mp.sqrt(1 + mp.fdot(v[0], v[0])) - mp.fdot(u, v[0])))
    cosines = [mp.fdot(u, w) / (norm(u) * norm(w)) for w in v]
    if loss == "l2_penalty":
        return 2 - 2 * cosines[0] + mp.mpf(s.weight_decay) * mp.fdot(u, u) / 2
    r, scale = norm(u), mp.mpf(s.scale)
    own = scale * mp.cos(mp.acos(cosines[0]) + mp.mpf(s.offset) + mp.mpf(s.rate) * r)
    rest = mp.fsum(mp.exp(scale * c) for c in cosines[1:])
    return mp.log(1 + rest * mp.exp(-own)) + mp.mpf(s.regularizer) * (r / mp.mpf(s.upper) ** 2 + 1 / r)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("loss", NORM_LOSSES)
def test_values_and_gradients_match_the_definition(loss, seed):
    rng = np.random.default_rng([seed, NORM_LOSSES.index(loss)])
    d, r = 5, float(10 ** rng.uniform(-1, 0.5))
    u, v = rng.normal(size=d), rng.normal(size=(4, d))
    u *= r / np.linalg.norm(u)
    if loss == "magface" and u @ v[0] < 0:
        v[0] = -v[0]
    s = Shape(*rng.uniform(0.1, 0.4, size=1), *rng.uniform(1, 20, size=1), *rng.uniform(0.1, 0.2, size=3), 2.0)
    value, gradient = evaluate_norm_loss(loss, u, v, s)
    with mp.workdps(50):
        lifted, others, h, exact = [mp.mpf(a) for a in u], [[mp.mpf(a) for a in w] for w in v], mp.mpf(10) ** -17, []
        truth = float(definition(loss, lifted, others, s))
        for i in range(d):
            ends = [definition(loss, [a + sign * h * (k == i) for k, a in enumerate(lifted)], others, s) for sign in (1, -1)]
            exact.append(float((ends[0] - ends[1]) / (2 * h)))
    c = u @ v[0] / r / np.linalg.norm(v[0])
    size = r + 1 / r + (s.scale / np.sqrt(1 - c**2)) / r + s.regularizer / r**2 + np.linalg.norm(v[0]) * (1 + r) ** 2
    allowed = E * (8 * d + 40) * (1 + 8 * s.scale / (1 - c**2)) * size
    assert np.linalg.norm(gradient - exact) <= allowed
    assert np.linalg.norm(exact) > 100 * allowed
    assert abs(value - truth) <= allowed * (1 + r) + 8 * E * abs(truth)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (("hinge", [1.0, 0.0], [[1.0, 0.0]]), "loss"),
        (("euclidean", [0.0, 0.0], [[1.0, 0.0]]), "embedding"),
        (("euclidean", [1.0, 0.0], [[1.0, 0.0, 0.0]]), "candidates"),
        (("magface", [1.0, 0.0], [[-1.0, 0.1], [1.0, 1.0]]), "candidates"),
        (("magface", [1.0, 0.0], [[1.0, 0.1], [1.0, 1.0]], Shape(scale=float("nan"))), "scale"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(call, words):
    with pytest.raises(InvalidInput, match=words):
        evaluate_norm_loss(*call)

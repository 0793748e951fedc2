"""Encoders against their definition at 50 digits, weight by weight, and what they refuse."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

from numerics.encoders.networks import evaluate_network
from numerics.validation import InvalidInput
from tests.test_numerics.batch_definitions import infonce, matrix

E = 2.0**-53
WIDTHS = (3, 8, 9, 4)


def forward(weights, biases, x, activation, last, epsilon):
    h = x
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        h = [[mp.fdot(row, v) + s for row, s in zip(w, b, strict=True)] for v in h]
        if i < len(weights) - 1:
            h = [[max(a, mp.mpf(0)) ** (2 if activation == "relu_squared" else 1) for a in v] for v in h]
    if last == "layernorm":
        out = []
        for v in h:
            mean = mp.fsum(v) / len(v)
            s = mp.sqrt(mp.fsum((a - mean) ** 2 for a in v) / len(v) + epsilon)
            out.append([(a - mean) / s for a in v])
        return out
    return [[a / mp.sqrt(mp.fdot(v, v)) for a in v] for v in h] if last == "normalize" else h


@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize(
    ("activation", "last"), [("relu", "linear"), ("relu_squared", "linear"), ("relu", "layernorm"), ("relu", "normalize")]
)
def test_gradients_in_every_weight_match_the_definition(activation, last, biased):
    rng = np.random.default_rng([len(activation), len(last), biased])
    weights = [rng.normal(size=shape) for shape in zip(WIDTHS[1:], WIDTHS[:-1], strict=True)]
    biases = [0.3 * rng.normal(size=w) * biased for w in WIDTHS[1:]]
    x, v, targets = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), np.eye(2, 3)
    got = evaluate_network(
        "infonce", weights, x, v, targets, biases=biases, activation=activation, last=last, epsilon=0.01, scale=3.0
    )
    with mp.workdps(50):
        h, lift = mp.mpf(10) ** -17, lambda a: [[mp.mpf(b) for b in row] for row in np.atleast_2d(a)]
        exact_weights, columns = [lift(w) for w in weights], lift(v)
        shifts = [lift(b)[0] for b in biases]

        def loss():
            out = forward(exact_weights, shifts, lift(x), activation, last, mp.mpf(0.01))
            return infonce(matrix(out, columns), targets, mp.mpf(3), None, None)

        assert abs(got.value - float(loss())) <= 400 * E
        for w, mine in zip(exact_weights, got.weights, strict=True):
            exact = np.empty_like(mine)
            for i, j in np.ndindex(mine.shape):
                kept, ends = w[i][j], []
                for sign in (1, -1):
                    w[i][j] = kept + sign * h
                    ends.append(loss())
                w[i][j] = kept
                exact[i, j] = float((ends[0] - ends[1]) / (2 * h))
            # some 40 roundings a layer of parts no larger than the product of all norms, over the embedding's own
            size = np.prod([np.linalg.norm(m) + 1 for m in weights]) ** 2 * (1 + np.linalg.norm(x)) ** 4
            assert np.max(np.abs(mine - exact)) <= E * 120 * size
            assert np.max(np.abs(mine - exact)) <= 1e-12 * np.max(np.abs(exact)) + 1e-300 or np.max(np.abs(exact)) < 1e-9


def test_layernorm_without_affine_part_and_normalize_leave_one_length():
    rng = np.random.default_rng(3)
    for last, length in (("layernorm", 3.0), ("normalize", 1.0)):
        w, x, v = (rng.normal(size=shape) for shape in ((9, 4), (6, 4), (7, 9)))
        got = evaluate_network("infonce", [w], x, v, np.eye(6, 7), last=last)
        assert np.max(np.abs(np.linalg.norm(got.embeddings, axis=1) - length)) <= 40 * E


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weights": []}, "weights"),
        ({"weights": [[[1.0, 0.0]]]}, "weights"),
        ({"activation": "tanh"}, "activation"),
        ({"last": "batchnorm"}, "last"),
        ({"epsilon": -1.0}, "epsilon"),
        ({"biases": [[1.0]]}, "biases"),
        ({"inputs": [1.0]}, "inputs"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change, words):
    call = {
        "loss": "infonce", "weights": [np.eye(3)], "inputs": np.ones((1, 3)), "columns": np.eye(3), "targets": np.eye(1, 3),
    } | change  # fmt: skip
    with pytest.raises(InvalidInput, match=words):
        evaluate_network(**call)

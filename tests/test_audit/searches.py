"""Queries for documents of known lengths, in which what a norm tells of being right is known: nothing, or an effect of its own."""

from __future__ import annotations

import numpy as np

from derivations.audit.asked import Asked, Known
from numerics.rankings import Relevance
from tests.test_audit.worlds import Floats, directions

SHAPES = ("linear", "cubic", "step", "band", "interaction", "clustered")
DOCUMENTS, QUERIES, DIMENSION = 150, 700, 12


def shape(kind: str, length: Floats, other: Floats) -> Floats:
    """(N,): what both the norm and being right follow."""
    z = (np.log(length) - 4.5) / 0.9
    return {
        "linear": -z, "cubic": z**3 / 3 - z, "step": 2.0 * (length > 150), "band": 2.0 * ((length > 60) & (length < 140)),
        "interaction": z * other, "clustered": -z,
    }[kind]  # fmt: skip


def search(kind: str, seed: int, *, own: float = 0.0) -> Asked:
    """Queries are noisy copies of their document: the less noise, the more often its best match is right.

    The noise follows the `shape`, which the log norm follows as well, with a part of its own that the noise follows by ``own``; under
    ``clustered`` the noise of each document has a large part of its own, which its norm does not know.
    """
    rng = np.random.default_rng([seed, SHAPES.index(kind)])
    length = np.ceil(np.exp(4.5 + 0.9 * rng.standard_normal(DOCUMENTS)))
    other = rng.standard_normal(DOCUMENTS)
    followed, free = shape(kind, length, other), rng.standard_normal(DOCUMENTS)
    units = directions(rng, DOCUMENTS, DIMENSION)
    norms = np.exp(0.3 * followed + 0.15 * free)
    wanted = rng.integers(0, DOCUMENTS, QUERIES)
    apart = (1.0 if kind == "clustered" else 0.0) * rng.standard_normal(DOCUMENTS)
    noise = np.exp(-0.4 * followed - own * free + apart)[wanted]
    queries = units[wanted] + 0.9 * noise[:, None] * rng.standard_normal((QUERIES, DIMENSION)) / np.sqrt(DIMENSION)
    known = Known({"tokens": length, "other": other}, ("tokens",))
    return Asked(queries, units * norms[:, None], Relevance(np.arange(QUERIES), wanted), "float64", known)

"""Drawn settings made into batches for every loss in use: vectors, targets, and the values of each theory's symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp

from derivations.evidence import Floats, Measurement
from derivations.evidence.batches import Case, Known
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import deviation, listed
from derivations.evidence.settings import DIMENSIONS, NORMS, STEP_SIZES, TEMPERATURES, Batch, log_uniform
from numerics.batch_losses.evaluate import BatchGradients, evaluate_batch
from theory.losses import (
    Loss,
    alignment,
    angle,
    arcface,
    circle,
    clip,
    cosface,
    cosine_regression,
    cosine_triplet,
    in_batch,
    infonce,
    infonce_learned_temperature,
    nt_xent,
    siglip,
    supcon,
    uniformity,
)
from theory.notation import n, tau

MOST = 16  # vectors beside the embedding: whole batches are quadratic in it


def draw(rng: np.random.Generator, effort: str) -> Sequence[Batch]:
    """Batches of vectors over all dimensions, temperatures and norms, of the sizes that the builders use."""
    rows, groups = (2, 6) if effort == "quick" else (6, 24)
    dimensions = [*DIMENSIONS, *(int(np.rint(d)) for d in log_uniform(rng, DIMENSIONS, groups - 2))]
    return [
        Batch(d, int(rng.integers(4, MOST + 1)), log_uniform(rng, TEMPERATURES, rows), log_uniform(rng, STEP_SIZES, rows),
              log_uniform(rng, NORMS, rows), int(rng.integers(2**31)))
        for d in dimensions
    ]  # fmt: skip


def cases(batch: Batch, names: tuple[str, ...]) -> Iterator[Case]:
    """The losses named, at every row of a batch that has vectors enough."""
    for row, (x, pool) in enumerate(zip(batch.embeddings(), batch.pool(), strict=True)):
        others = pool[:MOST]
        if len(others) < 4:
            continue
        vectors = np.concatenate([x[None], others[: len(others) // 2 * 2]])
        rng = np.random.default_rng([batch.seed, row, 41])
        label = batch.labels()[row]
        for name in names:
            yield _BUILDERS[name](vectors, float(1 / batch.temperatures[row]), rng, label)


def _scale(symbol: sp.Symbol, scale: float, size: int) -> Known:
    return {symbol: 1 / scale if symbol == tau else scale, n: float(size)}


def _against_candidates(loss: Loss, kernel: str, symbols: Callable[[float, float, int], Known], size: Callable[[float], float],
                        margin: float = 0.0) -> Callable[..., Case]:  # fmt: skip
    """One row: the embedding, its positive first, all others negative."""

    def build(vectors: Floats, scale: float, _rng: np.random.Generator, label: str) -> Case:
        columns = vectors[1:]
        targets = np.zeros((1, len(columns)))
        targets[0, 0] = 1
        first, other = list(loss.slopes)
        return Case(loss, kernel, vectors[:1], columns, targets, {"scale": scale, "margin": margin}, {first: 0, other: np.s_[1:]},
                    lambda _: symbols(scale, margin, len(columns) - 1), size(scale), 4 * scale + 4,
                    label=f"{loss.name} {label}")  # fmt: skip

    return build


def _both_sides(vectors: Floats, scale: float, _rng: np.random.Generator, label: str) -> Case:
    half = (len(vectors) - 1) // 2
    rows, columns = vectors[: half + 1], np.concatenate([vectors[half + 1 :], vectors[1:2] + vectors[-1:]])
    b = len(rows)

    def known(found: BatchGradients) -> Known:
        others = np.sum(np.exp(found.similarities[1:] * scale), axis=0)
        return {tau: 1 / scale, n: float(b - 1), in_batch.OTHERS_OF_POSITIVE: others[0], in_batch.OTHERS: others[1:]}

    return Case(clip.LOSS, "clip", rows, columns, np.eye(b), {"scale": scale}, {"positive": 0, "negative": np.s_[1:]}, known,
                (b + 2) / (2 * b) * scale, 4 * scale + 4, label=f"clip {label}")  # fmt: skip


def _without(similarities: Floats, scale: float) -> Floats:
    """What items other than ``u`` add to the rows of a batch with itself."""
    e = np.exp(scale * similarities)
    np.fill_diagonal(e, 0.0)
    return np.asarray(np.sum(e[:, 1:], axis=1))


def _views(vectors: Floats, scale: float, _rng: np.random.Generator, label: str) -> Case:
    rows = vectors[: len(vectors) // 2 * 2]
    b = len(rows)
    partner = np.arange(b) ^ 1

    def known(found: BatchGradients) -> Known:
        others = _without(found.similarities, scale)
        return {tau: 1 / scale, n: float(b - 2), in_batch.OTHERS_OF_POSITIVE: others[1], in_batch.OTHERS: others[2:]}

    return Case(nt_xent.LOSS, "nt_xent", rows, None, np.eye(b)[partner], {"scale": scale}, {"positive": 1, "negative": np.s_[2:]}, known,
                (b + 1) / b * scale, 4 * scale + 4, label=f"nt_xent {label}")  # fmt: skip


def _classes(vectors: Floats, scale: float, rng: np.random.Generator, label: str) -> Case:
    b = len(vectors)
    m = int(rng.integers(1, b - 3))
    kind = (np.arange(b) > m + 1).astype(float)
    targets = (kind[:, None] == kind[None, :]) - np.eye(b)

    def known(found: BatchGradients) -> Known:
        others = _without(found.similarities, scale)
        return {tau: 1 / scale, n: float(b - m - 2), supcon.m: float(m), in_batch.OTHERS_OF_POSITIVE: others[1],
                supcon.POSITIVE_OTHERS: others[2 : m + 2], supcon.NEGATIVE_OTHERS: others[m + 2 :]}  # fmt: skip

    return Case(supcon.LOSS, "supcon", vectors, None, targets, {"scale": scale},
                {"first": 1, "positive": np.s_[2 : m + 2], "negative": np.s_[m + 2 :]}, known, (b + 3) / b * scale, 4 * scale + 4,
                label=f"supcon {label}")  # fmt: skip


def _sigmoid(vectors: Floats, scale: float, rng: np.random.Generator, label: str) -> Case:
    bias, columns = float(rng.uniform(-10, 1)), vectors[1:]
    targets = np.zeros((1, len(columns)))
    targets[0, 0] = 1
    known: Known = {infonce_learned_temperature.LOG_SCALE: np.log(scale), siglip.BIAS: bias, n: float(len(columns) - 1)}
    return Case(siglip.LOSS, "siglip", vectors[:1], columns, targets, {"scale": scale, "bias": bias},
                {"positive": 0, "negative": np.s_[1:]}, lambda _: dict(known), len(columns) * scale, 4 * scale + 24,
                share=1 / len(columns), label=f"siglip {label}")  # fmt: skip


def _triplet(vectors: Floats, _scale: float, _rng: np.random.Generator, label: str) -> Case:
    """The margin opens the hinge: 2.5 is more than two cosines can differ."""
    targets, known = np.array([[1.0, 0.0]]), {cosine_triplet.MARGIN: 2.5}
    return Case(cosine_triplet.LOSS, "cosine_triplet", vectors[:1], vectors[1:3], targets, {"margin": 2.5},
                {"positive": 0, "negative": 1}, lambda _: dict(known), 2.0, 4.0, label=f"cosine_triplet {label}")  # fmt: skip


def _angular(vectors: Floats, scale: float, rng: np.random.Generator, label: str) -> Case:
    margin = float(rng.uniform(0.1, 0.5))
    case = _against_candidates(arcface.LOSS, "arcface", _arcface_symbols, lambda s: s, margin)(vectors, scale, rng, label)
    sine = np.sqrt(max(1e-30, 1 - case.evaluate().similarities[0, 0] ** 2))
    return replace(case, size=scale * (1 + 1 / sine), exponent=4 * scale / sine**2 + 4, memory={})


def _arcface_symbols(scale: float, margin: float, size: int) -> Known:
    return {cosface.SCALE: scale, arcface.MARGIN: margin, n: float(size)}


def _circle(vectors: Floats, scale: float, rng: np.random.Generator, label: str) -> Case:
    margin, columns = float(rng.uniform(0.1, 0.5)), vectors[1:]
    m = int(rng.integers(1, len(columns) - 1))
    targets = (np.arange(len(columns)) < m).astype(float)[None]

    def known(found: BatchGradients) -> Known:
        s = found.similarities[0]
        near, far = np.maximum(0, 1 + margin - s[:m]), np.maximum(0, s[m:] + margin)
        return {circle.SCALE: scale, circle.MARGIN: margin, n: float(len(columns) - m), supcon.m: float(m),
                circle.POSITIVE_WEIGHT: near, circle.NEGATIVE_WEIGHT: far}  # fmt: skip

    return Case(circle.LOSS, "circle", vectors[:1], columns, targets, {"scale": scale, "margin": margin},
                {"positive": np.s_[:m], "negative": np.s_[m:]}, known, (3 + 2 * margin) * scale, 20 * scale + 4,
                label=f"circle {label}")  # fmt: skip


def _pairs(vectors: Floats, scale: float, rng: np.random.Generator, label: str) -> Case:
    """Partners are turned back where that makes their similarity with their row negative."""
    if vectors.shape[1] % 2:
        vectors = np.pad(vectors, ((0, 0), (0, 1)))
    half = len(vectors) // 2
    rows, columns = vectors[:half], vectors[half : 2 * half].copy()
    gold = rng.permutation(half).astype(float)
    first = evaluate_batch("angle", rows, columns, np.diag(gold), scale=scale).similarities
    columns *= np.where(np.diag(first) < 0, -1.0, 1.0)[:, None]

    def known(found: BatchGradients) -> Known:
        s = np.sqrt(2.0) * np.diag(found.similarities)
        less, more = gold < gold[0], gold > gold[0]
        rest = gold[1:, None] < gold[None, 1:]
        return {tau: 1 / scale, angle.LESS_ALIKE: np.sum(np.exp(scale * s[less])), angle.MORE_ALIKE: np.sum(np.exp(-scale * s[more])),
                angle.REST: np.sum(np.where(rest, np.exp(scale * (s[1:, None] - s[None, 1:])), 0.0))}  # fmt: skip

    return Case(angle.LOSS, "angle", rows, columns, np.diag(gold), {"scale": scale}, {"partner": 0}, known,
                np.sqrt(2) * scale, 6 * scale + 4, label=f"angle {label}")  # fmt: skip


def _regression(vectors: Floats, _scale: float, _rng: np.random.Generator, label: str) -> Case:
    k = len(vectors) - 1
    return Case(cosine_regression.LOSS, "cosine_regression", vectors[:1], vectors[1:], np.ones((1, k)), {}, {"target": np.s_[:]},
                lambda _: {n: float(k)}, 2.0, 4.0, label=f"cosine_regression {label}")  # fmt: skip


def _alignment(vectors: Floats, _scale: float, _rng: np.random.Generator, label: str) -> Case:
    half = len(vectors) // 2
    return Case(alignment.LOSS, "alignment", vectors[:half], vectors[half : 2 * half], np.eye(half), {}, {"positive": 0},
                lambda _: {n: float(half)}, 2.0, 4.0, label=f"alignment {label}")  # fmt: skip


def _uniform(vectors: Floats, scale: float, _rng: np.random.Generator, label: str) -> Case:
    b = len(vectors)

    def known(found: BatchGradients) -> Known:
        pairs = np.triu(np.ones((b, b), dtype=bool), 1)
        pairs[0] = False
        others = np.sum(np.exp(-scale * (2 - 2 * found.similarities))[pairs])
        return {uniformity.SHARPNESS: scale, uniformity.OTHERS: others, n: float(b - 1)}

    return Case(uniformity.LOSS, "uniformity", vectors, None, np.zeros((b, b)), {"scale": scale}, {"other": np.s_[1:]}, known,
                2 * scale, 8 * scale + 4, label=f"uniformity {label}")  # fmt: skip


_BUILDERS: Mapping[str, Callable[..., Case]] = {
    "infonce": _against_candidates(infonce.LOSS, "infonce", lambda s, _, k: _scale(tau, s, k), lambda s: 2 * s),
    "infonce_learned_temperature": _against_candidates(
        infonce_learned_temperature.LOSS, "infonce",
        lambda s, _, k: {infonce_learned_temperature.LOG_SCALE: np.log(s), n: float(k)}, lambda s: 2 * s),
    "nt_xent": _views, "clip": _both_sides, "supcon": _classes,
    "cosface": _against_candidates(cosface.LOSS, "cosface",
                                   lambda s, m, k: {cosface.SCALE: s, cosface.MARGIN: m, n: float(k)}, lambda s: 2 * s, 0.35),
    "arcface": _angular, "cosine_triplet": _triplet, "circle": _circle,
    "siglip": _sigmoid, "angle": _pairs, "cosine_regression": _regression, "alignment": _alignment, "uniformity": _uniform,
}  # fmt: skip


Compare = Callable[..., tuple[Any, ...]]  # of a case: deviation, bound and, third, whether it applies


def over_cases(what: str, batches: Sequence[Batch], names: tuple[str, ...], compare: Compare) -> Measurement:
    """A comparison at every case of these losses; where a loss has no gradient there is nothing to compare."""
    every = [case for batch in batches for case in cases(batch, names)]
    found = [compare(case) if case.smooth(case.evaluate()) else (deviation(0.0, np.nan, np.nan), 1.0, False) for case in every]
    applies = [row[2] if len(row) > 2 else True for row in found]
    deviations, bounds = listed([row[0] for row in found]), np.array([row[1] for row in found], dtype=float)
    return measurement(what, deviations, bounds, [case.label for case in every], applies)

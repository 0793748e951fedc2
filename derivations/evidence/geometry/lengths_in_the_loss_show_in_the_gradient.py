"""A8c measured: ``<u, g>`` of distances, of an L2 penalty and of MagFace against the formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.batches import Known, number
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import equal, listed
from derivations.evidence.settings import Batch, draw, log_uniform, ordinary
from numerics.batch_losses.evaluate import evaluate_batch
from numerics.losses.norm_losses import Shape, evaluate_norm_loss
from theory.claims import Formulas
from theory.losses.cosface import SCALE
from theory.losses.distances import OFFSET, RATE, UPPER, WEIGHT
from theory.notation import candidates, lam, n, positive_candidate, u, v
from theory.vectors import Cosine, Norm

MOST = 16  # candidates
FLAT = 1e-2  # sine of the angle to the own prototype, from which on MagFace is compared
SCALARS = ((0.1, 1.0), (0.05, 0.2), (0.05, 0.2), (0.5, 2.0), (1.0, 4.0))  # decay, offset, rate, regularizer, upper
REACH = (0.1, 5.0)  # norms: margins grow with them


def _draws(batch: Batch) -> list[tuple[Floats, Floats, Shape]]:
    """Embeddings and candidates of moderate lengths, with scalars of their own."""
    rng = np.random.default_rng([batch.seed, 47])
    found = []
    for x, pool, tau in zip(batch.embeddings(), batch.pool()[:, :MOST], batch.temperatures, strict=True):
        x, pool = x / np.linalg.norm(x), pool / np.linalg.norm(pool, axis=1, keepdims=True)
        if x @ pool[0] < 0:
            pool[0] = -pool[0]
        x, pool = x * log_uniform(rng, REACH, 1), pool * log_uniform(rng, REACH, len(pool))[:, None]
        decay, offset, rate, regularizer, upper = (float(rng.uniform(*ends)) for ends in SCALARS)
        shape = Shape(decay, float(min(1 / tau, 64)), offset, rate, regularizer, upper)
        found.append((x, pool, shape))
    return found


def _known(x: Floats, pool: Floats, s: Shape) -> Known:
    norms = np.linalg.norm(pool, axis=1)
    c = pool @ x / norms / np.linalg.norm(x)
    first = {Cosine(u, w): c[0] for w in (v, positive_candidate)}
    rest = {Cosine(u, candidates.member(candidates.index)): c[1:], n: float(len(c) - 1)}
    return {**first, **rest, Norm(u): np.linalg.norm(x), Norm(v): norms[0],
            lam: s.weight_decay, SCALE: s.scale, OFFSET: s.offset, RATE: s.rate, WEIGHT: s.regularizer, UPPER: s.upper}  # fmt: skip


def _size(x: Floats, pool: Floats, s: Shape, sine: float) -> float:
    """Sizes of the parts of ``<u, g>``, times how much an exponential of the scale or a quotient by the sine costs."""
    r, other = float(np.linalg.norm(x)), float(np.linalg.norm(pool[0]))
    plain = (r + other) ** 2 + r * (1 + other) + 4 + s.weight_decay * r**2 + s.regularizer * (r / s.upper**2 + 1 / r)
    return plain + s.scale * (1 + 1 / sine) * (1 + s.rate * r) * (1 + 8 * s.scale / sine**2)


def _radial(formulas: Formulas, batch: Batch, name: str, **change: Any) -> tuple[Floats, Floats, Floats]:
    """``change`` alters the scalars that the kernel sees, not those of the claim."""
    deviations, bounds, applies = [], [], []
    for x, pool, shape in _draws(batch):
        c = float(pool[0] @ x / np.linalg.norm(pool[0]) / np.linalg.norm(x))
        sine = float(np.sqrt(max(1 - c**2, FLAT**2)))
        _, g = evaluate_norm_loss(name, x, pool, replace(shape, **change))
        deviations.append(equal(float(x @ g), float(number(formulas[name], _known(x, pool, shape)))))
        bounds.append(float(rounding.gamma(12 * len(x) + 4 * len(pool) + 100)) * _size(x, pool, shape, sine))
        applies.append(name != "magface" or 1 - c**2 > FLAT**2)
    return listed(deviations), np.array(bounds), np.array(applies)


NAMES = {"euclidean": "Euclidean distance", "hyperbolic": "hyperbolic distance", "l2_penalty": "L2 penalty", "magface": "MagFace"}


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """All four."""
    several = [b for b in batches if b.candidates > 1]
    return tuple(
        over_batches(f"<u, grad L>, {words}", several, lambda b, name=name: _radial(formulas, b, name))
        for name, words in NAMES.items()
    )


def _on_directions(formulas: Formulas, batch: Batch, name: str) -> tuple[Floats, Floats, Floats]:
    """The distance of directions, ``2 - 2 cos`` or, on a sphere of radius 1, ``2 - cos``: the gradient of a cosine."""
    deviations = []
    for x, pool, shape in _draws(batch):
        g = evaluate_batch("alignment", x[None], pool[:1], [[1.0]]).rows[0] * (1.0 if name == "euclidean" else 0.5)
        deviations.append(equal(float(x @ g), float(number(formulas[name], _known(x, pool, shape)))))
    _, bounds, applies = _radial(formulas, batch, name)
    return listed(deviations), bounds, applies


def _witness(name: str, words: str, **change: Any) -> Any:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        what, batch = f"<u, grad L>, {NAMES[name]}", [ordinary(seed)]
        kept = over_batches(what, batch, lambda b: _radial(formulas, b, name))
        other = (lambda b: _radial(formulas, b, name, **change)) if change else (lambda b: _on_directions(formulas, b, name))
        return NumericWitness(words, kept, over_batches(what, batch, other))

    return drop


EVIDENCE = Evidence(draw, check, {
    "vectors-not-normalised": _witness("euclidean", "the distance of directions"),
    "radius-is-free": _witness("hyperbolic", "points on a sphere about the origin"),
    "penalty-in-the-loss": _witness("l2_penalty", "no penalty in the loss", weight_decay=0.0),
    "margin-sees-the-norm": _witness("magface", "a fixed margin and no regulariser", rate=0.0, regularizer=0.0),
})  # fmt: skip

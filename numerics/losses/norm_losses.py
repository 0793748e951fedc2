"""Losses that see the length of an embedding: one embedding against candidates, value and gradient in the embedding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.validation import InvalidInput, number, vectors

Floats = NDArray[np.float64]
NORM_LOSSES = ("euclidean", "hyperbolic", "l2_penalty", "magface")


@dataclass(frozen=True)
class Shape:
    """Scalars of the losses, as their sources have them.

    ``weight_decay`` of the penalty; ``scale`` of the logits; the margin ``offset + rate |u|`` (an angle);
    ``regularizer`` times ``|u|/upper^2 + 1/|u|``.
    """

    weight_decay: float = 0.1
    scale: float = 1.0
    offset: float = 0.1
    rate: float = 0.1
    regularizer: float = 1.0
    upper: float = 2.0


def evaluate_norm_loss(loss: str, embedding: ArrayLike, candidates: ArrayLike, shape: Shape | None = None) -> tuple[float, Floats]:
    """Value and gradient (d,) in ``embedding`` (d,); ``candidates`` (n, d), of which distances and penalty use the first.

    euclidean: ``|u - v|^2``. hyperbolic: cosh of the distance in the Lorentz model, u and v the space parts.
    l2_penalty: ``|u^ - v^|^2 + weight_decay/2 |u|^2``. magface: Meng et al., CVPR 2021, the first candidate being the
    prototype of the own class, at angles below pi less the margin. Raises ``InvalidInput``.
    """
    if loss not in NORM_LOSSES:
        raise InvalidInput(f"loss = {loss!r} must be one of {', '.join(NORM_LOSSES)}")
    u = vectors("embedding", np.asarray(embedding)[None], (1, None))[0]
    v = vectors("candidates", candidates, (None, len(u)))
    s = shape or Shape()
    for name in s.__dataclass_fields__:
        number(name, getattr(s, name))
    if loss == "euclidean":
        return float((u - v[0]) @ (u - v[0])), 2 * (u - v[0])
    if loss == "hyperbolic":
        time, other = np.sqrt(1 + u @ u), np.sqrt(1 + v[0] @ v[0])
        return float(time * other - u @ v[0]), u / time * other - v[0]
    if loss == "l2_penalty":
        return _penalty(u, v[0], s)
    return _magface(u, v, s)


def _penalty(u: Floats, v: Floats, s: Shape) -> tuple[float, Floats]:
    r = np.linalg.norm(u)
    direction, target = u / r, v / np.linalg.norm(v)
    c = direction @ target
    return float(2 - 2 * c + s.weight_decay * r**2 / 2), -2 * (target - c * direction) / r + s.weight_decay * u


def _magface(u: Floats, v: Floats, s: Shape) -> tuple[float, Floats]:
    r = np.linalg.norm(u)
    direction, prototypes = u / r, v / np.linalg.norm(v, axis=1, keepdims=True)
    cosines, margin = prototypes @ direction, s.offset + s.rate * r
    c = cosines[0]
    sine = np.sqrt(max((1 - c) * (1 + c), 0.0))
    if c <= -np.cos(margin):
        raise InvalidInput(f"candidates[0] is at an angle of cosine {c:g}, must be below pi - margin = {np.pi - margin:g}")
    logits = s.scale * cosines
    logits[0] = s.scale * (c * np.cos(margin) - sine * np.sin(margin))
    below = logits - logits.max()
    weights = np.exp(below)
    errors = weights / weights.sum()
    errors[0] -= 1.0
    slopes = s.scale * errors
    by_margin = slopes[0] * (-sine * np.cos(margin) - c * np.sin(margin))
    slopes[0] *= np.cos(margin) + c * np.sin(margin) / sine
    pull = slopes @ (prototypes - cosines[:, None] * direction) / r
    radial = by_margin * s.rate + s.regularizer * (1 / s.upper**2 - 1 / r**2)
    value = np.log(weights.sum()) - below[0] + s.regularizer * (r / s.upper**2 + 1 / r)
    return float(value), pull + radial * direction

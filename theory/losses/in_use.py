"""All losses in use (THEORY A7), in the groups of the laws that answer for them."""

from __future__ import annotations

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
    infonce,
    infonce_learned_temperature,
    nt_xent,
    siglip,
    supcon,
    uniformity,
)

SOFTMAX: tuple[Loss, ...] = (infonce.LOSS, infonce_learned_temperature.LOSS, nt_xent.LOSS, clip.LOSS, supcon.LOSS)
MARGIN: tuple[Loss, ...] = (cosface.LOSS, arcface.LOSS, cosine_triplet.LOSS, circle.LOSS)
PAIR: tuple[Loss, ...] = (siglip.LOSS, angle.LOSS, cosine_regression.LOSS, alignment.LOSS, uniformity.LOSS)
IN_USE = (*SOFTMAX, *MARGIN, *PAIR)

"""The losses of a batch, one a file: values and slopes in a matrix of similarities. Their surface is `numerics.batch_losses.evaluate`."""

from __future__ import annotations

from numerics.batch_losses import (
    alignment,
    angle,
    arcface,
    circle,
    clip,
    cosface,
    cosine_regression,
    cosine_triplet,
    infonce,
    nt_xent,
    siglip,
    supcon,
    uniformity,
)
from numerics.batch_losses.definition import BatchLoss, Scalars, Slopes

__all__ = ["BATCH_LOSSES", "BatchLoss", "Scalars", "Slopes"]

BATCH_LOSSES: dict[str, BatchLoss] = {
    module.LOSS.name: module.LOSS
    for module in (
        infonce, nt_xent, clip, supcon, siglip, cosine_triplet, cosface, arcface, circle, angle, cosine_regression,
        alignment, uniformity,
    )
}  # fmt: skip

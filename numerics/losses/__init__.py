"""The losses that can be simulated. To add one: write its file, name it in LOSSES and in both branches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from numerics.compilation.compiled import inner
from numerics.losses import cosine_regression, dot_product_infonce, infonce, softmax
from numerics.losses.definition import Loss
from numerics.validation import InvalidInput

Floats = NDArray[np.float64]
LOSSES: tuple[Loss, ...] = (
    cosine_regression.LOSS,
    infonce.LOSS,
    dot_product_infonce.LOSS,
)


def code(name: str) -> int:
    """The place of the loss ``name`` in LOSSES, by which kernels know it. Raises ``InvalidInput``."""
    for place, loss in enumerate(LOSSES):
        if loss.name == name:
            return place
    raise InvalidInput(f"loss = {name!r} must be one of {', '.join(loss.name for loss in LOSSES)}")


# Written out, branch by branch: numba gives generated closures of one name the same symbol, and two kernels
# that were cached by different processes may then call each other's.


@inner
def value(place: int, scores: Floats, temperature: float) -> float:
    """``value`` of the loss at that place."""
    if place == 0:
        return cosine_regression.value(scores, temperature)
    return softmax.value(scores, temperature)


@inner
def slopes(place: int, scores: Floats, temperature: float, out: Floats) -> None:
    """``slopes`` of the loss at that place."""
    if place == 0:
        cosine_regression.slopes(scores, temperature, out)
    else:
        softmax.slopes(scores, temperature, out)


@inner
def lane_slopes(place: int, scores: Floats, temperatures: Floats, out: Floats) -> None:
    """``lane_slopes`` of the loss at that place."""
    if place == 0:
        cosine_regression.lane_slopes(scores, temperatures, out)
    else:
        softmax.lane_slopes(scores, temperatures, out)


@inner
def slope_tangents(
    place: int, scores: Floats, tangents: Floats, temperature: float, slopes: Floats, out: Floats
) -> None:
    """``slope_tangents`` of the loss at that place."""
    if place == 0:
        cosine_regression.slope_tangents(scores, tangents, temperature, slopes, out)
    else:
        softmax.slope_tangents(scores, tangents, temperature, slopes, out)

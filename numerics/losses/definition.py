"""What a loss is made of."""

from __future__ import annotations

from typing import Any, NamedTuple


class Loss(NamedTuple):
    """A loss of the similarities s_0 .. s_{m-1} of one embedding with its candidates.

    ``value(scores, temperature)`` is L; ``slopes(scores, temperature, out)`` fills out_j = dL/ds_j, ``lane_slopes`` those of
    eight rows (`numerics.arithmetic.lanes`). ``slope_tangents(scores, tangents,
    temperature, slopes, out)`` fills the derivative of the slopes when the scores move by ``tangents``. Both
    are `numerics.compilation.compiled.inner` functions. ``positives`` is how many leading candidates every batch keeps.
    """

    name: str
    similarity: int
    positives: int
    value: Any
    slopes: Any
    lane_slopes: Any
    slope_tangents: Any

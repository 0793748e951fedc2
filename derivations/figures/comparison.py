"""What a figure compares: values seen in simulation, what the ledger says of them and allows, and what a broken variant says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derivations.evidence import Floats


@dataclass(frozen=True)
class Compared:
    """One curve of a figure; all (points,), in one unit but ``x``.

    What is seen ought to lie between ``low`` and ``high``, which are the prediction and its bound. ``broken`` is what a wrong
    variant predicts.
    """

    name: str
    x: Floats
    observed: Floats
    predicted: Floats
    low: Floats
    high: Floats
    broken: Floats

    def __post_init__(self) -> None:
        for array in (self.x, self.observed, self.predicted, self.low, self.high, self.broken):
            array.flags.writeable = False

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which points are as the ledger says; a NaN is not."""
        return (self.low <= self.observed) & (self.observed <= self.high)

    @property
    def broken_inside(self) -> NDArray[np.bool_]:
        """Which points the broken variant would explain, were it allowed as much to either side."""
        shift = self.broken - self.predicted
        return (self.low + shift <= self.observed) & (self.observed <= self.high + shift)

"""Explicit Runge-Kutta methods as data: a tableau and the order that it declares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Integrator:
    """Stage i: time t + h nodes_i, state y + h sum_j<i stages_ij k_j; the step is h sum_i weights_i k_i.

    ``order``: the error at a fixed time falls as the step to this power, for smooth right-hand sides.
    """

    name: str
    order: int
    nodes: tuple[float, ...]
    stages: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]

    def arrays(self) -> tuple[Floats, Floats, Floats]:
        """Nodes (s,), the strictly lower triangular stages (s, s) and weights (s,), for the kernels."""
        size = len(self.weights)
        stages = np.zeros((size, size))
        for i, row in enumerate(self.stages):
            stages[i, : len(row)] = row
        return np.array(self.nodes), stages, np.array(self.weights)


EULER = Integrator("Euler", 1, (0.0,), ((),), (1.0,))
MIDPOINT = Integrator("midpoint", 2, (0.0, 1 / 2), ((), (1 / 2,)), (0.0, 1.0))
HEUN3 = Integrator(
    "Heun, third order", 3, (0.0, 1 / 3, 2 / 3), ((), (1 / 3,), (0.0, 2 / 3)), (1 / 4, 0.0, 3 / 4)
)
RK4 = Integrator(
    "classical Runge-Kutta",
    4,
    (0.0, 1 / 2, 1 / 2, 1.0),
    ((), (1 / 2,), (0.0, 1 / 2), (0.0, 0.0, 1.0)),
    (1 / 6, 1 / 3, 1 / 3, 1 / 6),
)
# Dormand and Prince, "A family of embedded Runge-Kutta formulae", J. Comput. Appl. Math. 6 (1980).
DOPRI5 = Integrator(
    "Dormand-Prince",
    5,
    (0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0),
    (
        (),
        (1 / 5,),
        (3 / 40, 9 / 40),
        (44 / 45, -56 / 15, 32 / 9),
        (19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729),
        (9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656),
    ),
    (35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84),
)

INTEGRATORS = (EULER, MIDPOINT, HEUN3, RK4, DOPRI5)

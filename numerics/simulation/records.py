"""What simulations return: frozen records of read-only arrays. R rows, d dimensions, n candidates."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class _ReadOnly:
    def __post_init__(self) -> None:
        for part in fields(self):  # type: ignore[arg-type]
            getattr(self, part.name).flags.writeable = False


def _nothing() -> Floats:
    """Stands for what a record was made without."""
    return np.empty((0, 0))


@dataclass(frozen=True)
class Evaluation(_ReadOnly):
    """A loss and its gradient in u at R settings."""

    values: Floats  # (R,)
    gradients: Floats  # (R, d)


@dataclass(frozen=True)
class Trajectory(_ReadOnly):
    """R runs of ``steps`` steps, K = steps / stride slots of ``stride`` steps each.

    Measurements of a slot are sums over its steps in order, in float64 (with stride 1: the measurement of the step).
    Rounding, for each step and to first order in the unit roundoff e = 2^-53, or 2^-24 for runs in float32
    (derivations in `numerics.kernels.record`); u, g, u' are the vectors as stored:

    - ``squared_norms``: d e |u|^2. ``radial``: d e |u| |g|.
    - ``energies``: (6 d + 30) e |u|^2 |g| |tangential g|.
    - ``rotations``: (4 d + 16) e min(|u' - u|, |u'|) / |u'| + 4 e angle.
    - u' itself: in length e (|u'| + |eta g| + [lambda > 0] (2 + eta lambda) |u|), in float32 |eta g| twice, for eta is
      rounded too.
    - ``drifts``: d e |u| |s|; ``heats``: (2 d + 4) e times itself; s is what the rule made of the gradient.
    - <u, g> of a loss of cosines without lag, 0 but for rounding: (2 d + 10) e sum_j |dL/dcos_j|, so at most
      2 (cosine regression) or 2 / temperature (InfoNCE) times that; of `drive`: (1.5 d + 10) e sqrt(energy).
    """

    squared_norms: Floats  # (R, K + 1) |u|^2 at steps 0, stride, 2 stride, ...
    energies: Floats  # (R, K) |u_k|^2 |tangential part of g_k at u_k|^2
    radial: Floats  # (R, K) <u_k, g_k>
    rotations: Floats  # (R, K) the angle between u_k and u_{k+1}, radians
    embeddings: Floats  # (R, d) the last ones
    drifts: Floats = field(default_factory=_nothing)  # (R, K) -<u_k, s_k>, where u' = keep u - step_size s
    heats: Floats = field(default_factory=_nothing)  # (R, K) |u_k|^2 |s_k|^2
    visits: Floats = field(default_factory=_nothing)  # (R, K) how many of the slot's steps visited the row
    path: Floats = field(default_factory=_nothing)  # (R, K + 1, d) u_0 .. u_K, or (R, 0, 0) where it was not asked for
    gradients: Floats = field(default_factory=_nothing)  # (R, K, d) the loss's, taken where the step is taken from, or (R, 0, 0)


@dataclass(frozen=True)
class Flow(_ReadOnly):
    """R gradient flows. ``path_energies`` is the integral over time of |grad L|^2."""

    times: Floats  # (R, steps + 1)
    squared_norms: Floats  # (R, steps + 1)
    path_energies: Floats  # (R,)
    embeddings: Floats  # (R, d) the last ones


@dataclass(frozen=True)
class ScalarFlow(_ReadOnly):
    """R solutions of the scalar equation of the norm."""

    times: Floats  # (R, steps + 1)
    norms: Floats  # (R, steps + 1)

"""The von Mises-Fisher distribution on the sphere in d dimensions: density prop. to ``exp(concentration <mean direction, x>)``.

Its mean cosine is ``A_d = I_{d/2}/I_{d/2-1}`` and its normaliser has ``I_{d/2-1}`` (Mardia and Jupp, *Directional Statistics*, 2000,
ch. 9 and 10). Both come from ratios of Bessel functions by recurrence, for any d: SciPy's own underflow from d = 128 on. d is
from 2, concentrations (any shape) from 0 to 1e8. All functions raise ``InvalidInput``.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import i0e

from numerics import validation
from numerics.kernels import bessel
from numerics.validation import Floats

LARGEST = 1e8  # beyond, 1 - cosine is lost in rounding
MOST_DIMENSIONS = 2**20
_NODES = 200  # of Gauss and Legendre, for the mean over the angle
_WIDTHS = 12  # on either side of the mode, in units of 1/sqrt(d - 2 + concentration): the mass beyond is below 1e-30
_ROUNDS = 60  # of Newton's method; it takes about 6


def mean_cosine(dimension: int, concentrations: ArrayLike) -> Floats:
    """``A_d(concentration)``, the mean of <mean direction, x>: from 0 at 0 to 1."""
    kappa = _checked(concentrations)
    return kappa * _ratios(dimension, kappa)[..., 0]


def log_normaliser(dimension: int, concentrations: ArrayLike) -> Floats:
    """``ln C_d``, with ``C_d exp(concentration t)`` the density with respect to the surface of the unit sphere."""
    kappa = _checked(concentrations)
    d = _dimension(dimension)
    # I_s at s = 0 or 1/2 over its power of kappa, then up by ratios
    with np.errstate(divide="ignore", invalid="ignore"):
        half = np.where(kappa > 0, -np.expm1(-2 * kappa) / (2 * kappa), 1.0)
    base = np.log(i0e(kappa)) if d % 2 == 0 else np.log(half) + 0.5 * math.log(2 / math.pi)
    return -(d / 2) * math.log(2 * math.pi) - (base + kappa + _ratios(d, kappa)[..., 1])


def concentration_of_mean_cosine(dimension: int, means: ArrayLike) -> Floats:
    """The inverse of `mean_cosine`, for means from 0 to below 1, by Newton's method: the maximum-likelihood estimate."""
    d, wanted = _dimension(dimension), validation.real("means", means).astype(float)
    largest = float(mean_cosine(d, LARGEST))
    if not np.all((wanted >= 0) & (wanted <= largest)):
        worst = wanted[~((wanted >= 0) & (wanted <= largest))].flat[0]
        raise validation.InvalidInput(f"means has {worst:g}, must be between 0 and {largest!r}")
    kappa = np.minimum(wanted * (d - wanted**2) / (1 - wanted**2), LARGEST)  # Banerjee et al., JMLR 2005
    for _ in range(_ROUNDS):
        found = mean_cosine(d, kappa)
        # A' = 1 - A^2 - (d - 1) A/kappa, 1/d at 0
        slope = 1 - found**2 - (d - 1) * np.where(kappa > 0, found / np.where(kappa > 0, kappa, 1), 1 / d)
        step = (wanted - found) / np.maximum(slope, np.finfo(float).tiny)
        after = np.clip(kappa + step, kappa / 2, np.minimum(2 * kappa + 1, LARGEST))
        done = np.all(np.abs(after - kappa) <= 4 * np.finfo(float).eps * kappa)
        kappa = after
        if done:
            break
    return kappa


def mean_square_sine(dimension: int, concentrations: ArrayLike) -> Floats:
    """The mean of ``1 - t^2``, t the cosine with the mean direction, by quadrature over the angle's density."""
    d, kappa = _dimension(dimension), _checked(concentrations)
    return np.reshape([_mean_square_sine(d, float(k)) for k in kappa.ravel()], kappa.shape)


def _mean_square_sine(dimension: int, concentration: float) -> float:
    """Angles have density prop. to ``sin^(d-2) exp(concentration cos)``; it is taken within reach of its mode."""
    y, w = _legendre()
    half = (dimension - 2) / 2
    mode = math.acos(concentration / (half + math.hypot(half, concentration))) if half or concentration else math.pi / 2
    width = _WIDTHS / math.sqrt(max(dimension - 2, 1) + concentration)
    low, high = max(0.0, mode - width), min(math.pi, mode + width)
    angle = low + (high - low) * (y + 1) / 2
    # 1 - cos as 2 sin^2(angle/2): near 0 the difference would cancel
    exponent = -2 * concentration * np.sin(angle / 2) ** 2 + (dimension - 2) * np.log(np.sin(angle))
    density = w * np.exp(exponent - exponent.max())
    return float(density @ np.sin(angle) ** 2 / density.sum())


@lru_cache(maxsize=1)
def _legendre() -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(_NODES)


def _ratios(dimension: int, kappa: Floats) -> Floats:
    """`numerics.kernels.bessel.ratios` at order d/2 - 1, (..., 2)."""
    flat = np.ascontiguousarray(kappa.ravel())
    out = np.empty((len(flat), 2))
    if len(flat):
        bessel.ratios(len(flat), 1, _dimension(dimension) / 2 - 1, flat, out)
    return out.reshape(*kappa.shape, 2)


def _dimension(value: int) -> int:
    return validation.integer("dimension", value, 2, MOST_DIMENSIONS)


def _checked(value: ArrayLike) -> Floats:
    kappa = validation.real("concentrations", value).astype(float)
    if wrong := kappa[~((kappa >= 0) & (kappa <= LARGEST))].size:
        worst = kappa[~((kappa >= 0) & (kappa <= LARGEST))].flat[0]
        raise validation.InvalidInput(f"concentrations has {wrong} out of bounds, such as {worst:g}: must be between 0 and {LARGEST:g}")
    return kappa

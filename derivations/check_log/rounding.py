"""How far a log may be off a law that is exact: the formats of embeddings, gradients and measurements, each rounding counted."""

from __future__ import annotations

import numpy as np

from derivations.check_log.records import Records
from derivations.evidence import Floats
from numerics.simulation.optimizers import FORMATS

# What an optimiser rounds in a step, each time relative to |u| + eta |g| at most: eta and lambda as numbers of its format, lambda u,
# its sum with g, the product with eta, the difference; or eta, 1 - eta lambda, two products and the difference.
ROUNDINGS = 8


def unit(name: str) -> float:
    """Half the spacing of numbers, relatively."""
    return float(2.0 ** -(FORMATS[name][0] or 53))


def of_steps(of: Records) -> str:
    """The coarser of the formats that an embedding and a learning rate are kept in: what a step is rounded to."""
    return max(of.setting.precision, of.setting.rate_format, key=unit)


def smallest(name: str) -> float:
    """Half the spacing of subnormal numbers."""
    bits, least, _ = FORMATS[name]
    return float(2.0 ** (least - bits - 1)) if bits else 2.0**-1075


def gamma(count: Floats | float, name: str) -> Floats:
    """Relative error of ``count`` roundings; infinite where so many say nothing any more."""
    sum_of = np.asarray(count * unit(name))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sum_of < 1, sum_of / (1 - sum_of), np.inf)


def radial(of: Records) -> Floats:
    """Bound of ``|<u, g>|`` of a gradient that is tangential but for rounding.

    Projection, length, inner product and preparation round 3 d + 30 times (`derivations.evidence.rounding.radial`), gradients of
    ``terms`` places in the batch are added up, all relative to the length of the pulled-back slopes; the measurement sums d products.
    """
    made = gamma(3 * of.dimension + 30 + of.setting.terms, of.setting.arithmetic) * of.slopes
    return np.asarray(made + gamma(of.dimension + 8, of.setting.measured_in) * of.gradient * of.norm)


def size(of: Records) -> Floats:
    """A length that bounds those of what a step of SGD is made from: ``(1 + eta lambda)|u| + eta |g|``."""
    return np.asarray((1 + of.product) * of.norm + of.eta * of.gradient)


def stored(of: Records, length: Floats) -> Floats:
    """Bound of the length by which a step made from vectors of this ``length`` misses, by formats of embedding and learning rate."""
    least = ROUNDINGS * smallest(of.setting.precision) * np.sqrt(of.dimension)
    return np.asarray(gamma(ROUNDINGS, of_steps(of)) * length + least)


def measured(of: Records, square: Floats) -> Floats:
    """Bound of what summing and the formula add: 8 d + 60 roundings of terms that are together at most ``square``."""
    return np.asarray(gamma(8 * of.dimension + 60, of.setting.measured_in) * square)


def step(of: Records) -> Floats:
    """Bound of ``|u'|^2`` after a step of SGD against its recursion: measurement, the radial leftover, storage."""
    moved = stored(of, size(of))
    leftover = 2 * of.eta * (1 + of.product) * radial(of)
    return np.asarray(measured(of, size(of) ** 2 + of.after) + leftover + 2 * np.sqrt(of.after) * moved + moved**2)

"""Deviations that remember what deviates from what, so that a comparison can be drawn and not only judged.

`equal`, `relative`, `at_most` and `at_least` give arrays of deviations, to the bit those that ``np.abs(observed - predicted)`` and
its like give, and keep both sides beside them. Indexing, joining and broadcasting keep them too; any arithmetic forgets them, as a
function of a deviation is one of nothing in particular. What is judged are the deviations alone (`derivations.evidence.Measurement`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.evidence import Floats, Measurement

EQUAL, AT_LEAST, AT_MOST = SIDES = ("equal", "at least", "at most")


@dataclass(frozen=True)
class Sides:
    """What was observed and what is predicted, of the shape of the deviations, ``unit`` being a deviation of 1 in their unit.

    ``side``: whether what is observed ought to be ``equal`` to what is predicted, ``at least`` or ``at most`` that.
    """

    observed: Floats
    predicted: Floats
    unit: Floats
    side: str = EQUAL

    def each(self, change: Callable[[Floats], Any]) -> Sides:
        """The same change of every array."""
        observed, predicted, unit = (np.asarray(change(x)) for x in (self.observed, self.predicted, self.unit))
        return Sides(observed, predicted, unit, self.side)


class Deviations(np.ndarray[Any, np.dtype[np.float64]]):
    """An array of deviations with its `Sides`; views and results of arithmetic have none."""

    sides: Sides | None = None

    def __getitem__(self, key: Any) -> Any:
        taken = super().__getitem__(key)
        return taken if self.sides is None else _with(taken, self.sides.each(lambda x: x[key]))

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        result = super().__array_function__(func, types, args, kwargs)
        return _with(result, _carried(func, args, kwargs)) if func in _CARRIED else result


_CARRIED = (np.concatenate, np.stack, np.atleast_1d, np.atleast_2d, np.broadcast_to, np.reshape)


def _carried(func: Any, args: Any, kwargs: Any) -> Sides | None:
    """What the function makes of the sides of all arrays that it is given; nothing if one has none, or another ``side``."""
    joins = isinstance(args[0], list | tuple)
    found = [sides_of(x) for x in (args[0] if joins else args[:1])]
    if any(x is None for x in found) or len({x.side for x in found if x}) != 1:
        return None
    columns = ([getattr(x, name) for x in found] for name in ("observed", "predicted", "unit"))
    observed, predicted, unit = (func(column if joins else column[0], *args[1:], **kwargs) for column in columns)
    return Sides(observed, predicted, unit, found[0].side if found[0] else EQUAL)


def _with(deviations: Any, sides: Sides | None) -> Any:
    made = np.asarray(deviations, dtype=float).view(Deviations)
    made.sides = sides
    return made


def sides_of(deviations: Any) -> Sides | None:
    """What an array of deviations remembers, if it does."""
    return deviations.sides if isinstance(deviations, Deviations) else None


def remembered(m: Measurement) -> Any:
    """The deviations of a measurement, with both sides where it has them."""
    if m.observed is None or m.predicted is None or m.unit is None:
        return m.deviations
    return deviation(m.deviations, m.observed, m.predicted, m.unit, m.side)


def deviation(deviations: Any, observed: Any, predicted: Any, unit: Any = 1.0, side: str = EQUAL) -> Any:
    """Deviations that were worked out otherwise, with both sides: numbers or arrays, broadcast to the deviations' shape.

    The result is an array, of no dimension for a number. ``unit`` is what a deviation of 1 is in the unit of both sides.
    """
    shape = np.shape(deviations)
    with np.errstate(invalid="ignore"):
        of, to, scale = (np.broadcast_to(np.asarray(x, dtype=float), shape) for x in (observed, predicted, np.abs(unit)))
    return _with(deviations, Sides(of, to, scale, side))


def equal(observed: Any, predicted: Any) -> Any:
    """``|observed - predicted|``."""
    return deviation(np.abs(observed - predicted), observed, predicted)


def relative(observed: Any, predicted: Any) -> Any:
    """``|observed/predicted - 1|``."""
    return deviation(np.abs(observed / predicted - 1), observed, predicted, predicted)


def at_most(observed: Any, predicted: Any) -> Any:
    """How far what is observed is above what is predicted; a NaN stays one."""
    return deviation(np.maximum(observed - predicted, 0.0), observed, predicted, side=AT_MOST)


def at_least(observed: Any, predicted: Any) -> Any:
    """How far what is observed is below what is predicted; a NaN stays one."""
    return deviation(np.maximum(predicted - observed, 0.0), observed, predicted, side=AT_LEAST)


def within(observed: Any, low: Any, high: Any) -> Any:
    """How far what is observed is outside of an interval; what is predicted is the nearest point of it."""
    return deviation(np.maximum(0, np.maximum(low - observed, observed - high)), observed, np.minimum(np.maximum(observed, low), high))


def times(deviations: Any, factor: Any) -> Any:
    """Deviations times a factor."""
    sides = sides_of(deviations)
    made = np.asarray(deviations) * factor
    return made if sides is None else deviation(made, sides.observed, sides.predicted, sides.unit / factor, sides.side)


def over(deviations: Any, size: Any) -> Any:
    """Deviations in units of ``size``."""
    sides = sides_of(deviations)
    made = np.asarray(deviations) / size
    return made if sides is None else deviation(made, sides.observed, sides.predicted, sides.unit * size, sides.side)


def largest(deviations: Any, axis: int | None = None) -> Any:
    """The largest deviation, over all or along an axis; a NaN is larger than anything."""
    if axis is None:
        flat = np.reshape(deviations, -1)
        return flat[int(np.argmax(flat))]
    rows = np.moveaxis(np.asarray(deviations), axis, -1)
    place = np.argmax(rows, axis=-1)[..., None]
    taken = np.take_along_axis(rows, place, -1)[..., 0]
    sides = sides_of(deviations)
    if sides is None:
        return taken
    return _with(taken, sides.each(lambda x: np.take_along_axis(np.moveaxis(x, axis, -1), place, -1)[..., 0]))


def listed(found: Any) -> Any:
    """Deviations of single settings, numbers or arrays of no dimension, as one array."""
    return np.stack(found) if len(found) else np.zeros(0)

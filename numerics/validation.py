"""Checks of public arguments: each once, and an error names the argument, its value and its bound."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# |u|^4 and |u|^-4 stay far inside the range of float64 for norms between these.
SMALLEST_NORM = 1e-75
LARGEST_NORM = 1e75
# the same for both precisions that simulators compute in
NORMS = {"float64": (SMALLEST_NORM, LARGEST_NORM), "float32": (1e-9, 1e9)}
MOST_ENTRIES = 2**28  # of one array: 2 GiB


class InvalidInput(ValueError):
    """An argument is out of its bounds; the message gives its name, its value and the bound."""


class OutOfRange(ArithmeticError):
    """A run on valid arguments left the range in which its arithmetic means something; ``norm`` is where it went, if known."""

    def __init__(self, message: str, norm: float = math.nan) -> None:
        super().__init__(message)
        self.norm = norm


def integer(name: str, value: object, least: int, most: int = 2**62) -> int:
    """``value`` as an int between ``least`` and ``most``; booleans and floats are refused."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise InvalidInput(f"{name} = {value!r} must be an integer")
    if not least <= int(value) <= most:
        raise InvalidInput(f"{name} = {value} must be between {least} and {most}")
    return int(value)


def number(
    name: str, value: object, *, above: float = -math.inf, least: float = -math.inf, most: float = math.inf
) -> float:
    """``value`` as a finite float with ``above`` < value, ``least`` <= value <= ``most``."""
    entries = real(name, value)  # type: ignore[arg-type]
    if entries.ndim:
        raise InvalidInput(f"{name} has shape {entries.shape}, must be one number")
    _within(name, entries, above, least, most)
    return float(entries)


def per_row(
    name: str,
    value: ArrayLike,
    rows: int,
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    most: float = math.inf,
) -> Floats:
    """``value``, one number or ``rows`` of them, as an array (rows,) of finite floats within the bounds."""
    entries = real(name, value)
    if entries.shape not in ((), (rows,)):
        raise InvalidInput(f"{name} has shape {entries.shape}, must be one number or have shape ({rows},)")
    _within(name, entries, above, least, most)
    return writable(np.broadcast_to(entries, (rows,)))


def table(name: str, value: ArrayLike, shape: Sequence[int | None], *, least: float = -math.inf) -> Floats:
    """``value`` as a contiguous array of finite floats of this ``shape``; None is any length from 1."""
    entries = real(name, value)
    fits = len(entries.shape) == len(shape) and all(
        have >= 1 if want is None else have == want for have, want in zip(entries.shape, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if want is None else str(want) for want in shape)
        raise InvalidInput(f"{name} has shape {entries.shape}, must have shape ({wanted}) and not be empty")
    size(name, *entries.shape)
    _within(name, entries, -math.inf, least, math.inf)
    return writable(entries)


def flag(name: str, value: object) -> bool:
    """``value`` as a bool; text, such as "no", and numbers are none."""
    if not isinstance(value, bool | np.bool_):
        raise InvalidInput(f"{name} = {value!r} must be True or False")
    return bool(value)


def precision(value: object) -> str:
    """``value`` if it is a key of NORMS."""
    if value not in NORMS:
        raise InvalidInput(f"precision = {value!r} must be one of {', '.join(NORMS)}")
    return str(value)


def vectors(name: str, value: ArrayLike, shape: Sequence[int | None], kept: str = "float64") -> Floats:
    """A ``table`` of vectors (its last axis), none zero: norms within NORMS of the precision they are ``kept`` in."""
    entries, (smallest, largest) = table(name, value, shape), NORMS[kept]
    with np.errstate(over="ignore"):
        norms = np.linalg.norm(entries, axis=-1)
    outside = ~((norms >= smallest) & (norms <= largest))
    if np.any(outside):
        at = tuple(int(i) for i in np.argwhere(outside)[0])
        raise InvalidInput(
            f"{name}[{_place(at)}] has norm {norms[at]:g}, "
            f"must be between {smallest:g} and {largest:g}"
        )
    return entries


def size(name: str, *lengths: int) -> None:
    """Refuse an array of more than MOST_ENTRIES entries before it is allocated."""
    entries = math.prod(lengths)
    if entries > MOST_ENTRIES:
        raise InvalidInput(f"{name} needs {entries} entries, must be at most {MOST_ENTRIES}")


def real(name: str, value: ArrayLike) -> NDArray[np.generic]:
    """``value`` as an array of real numbers, not yet converted."""
    try:
        entries = np.asarray(value)
    except ValueError as ragged:
        raise InvalidInput(f"{name} = {value!r} must be an array of numbers") from ragged
    if entries.dtype.kind not in "iuf":
        raise InvalidInput(f"{name} has dtype {entries.dtype}, must be real numbers")
    return entries


def writable(entries: NDArray[np.generic]) -> Floats:
    """Contiguous writable float64: the one layout the kernels are compiled for. Copies only where it must."""
    return np.require(entries, np.float64, ["C", "A", "W"])


def _within(name: str, entries: NDArray[np.generic], above: float, least: float, most: float) -> None:
    values = entries.astype(np.float64)
    for wrong, bound in (
        (~np.isfinite(values), "finite"),
        (~(values > above) & (above > -math.inf), f"above {above:g}"),
        (values < least, f"at least {least:g}"),
        (values > most, _at_most(most)),
    ):
        if np.any(wrong):
            at = tuple(int(i) for i in np.argwhere(wrong)[0])
            where = f"{name}[{_place(at)}]" if at else name
            raise InvalidInput(f"{where} = {float(values[at]):g} must be {bound}")


def _at_most(most: float) -> str:
    """In words: the largest number below a whole one is told by that one."""
    above = float(np.nextafter(most, math.inf))
    return f"below {above:g}" if above.is_integer() and not most.is_integer() else f"at most {most:g}"


def _place(at: tuple[int, ...]) -> str:
    return ", ".join(map(str, at))

"""What is null in a column of lists, in arrays of numbers: a NaN of its own, so that it can be told from one that the file has."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Quiet NaNs, by bytes an entry, whose payload says NULL. NaN that arithmetic makes has none; one with this payload counts as null.
_BITS: dict[int, Any] = {2: np.uint16(0x7E4E), 4: np.uint32(0x7FCE554C), 8: np.uint64(0x7FF84E554C4C0000)}


def set_null(entries: NDArray[Any], where: NDArray[np.bool_]) -> None:
    """Entries of float16, float32 or float64, or rows of them, become null."""
    bits = _BITS[entries.itemsize]
    entries.view(bits.dtype)[where] = bits


def has_null(rows: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows (n, d) have an entry that is null; int8 has none."""
    bits = _BITS.get(rows.itemsize)
    return np.zeros(len(rows), np.bool_) if bits is None else np.any(rows.view(bits.dtype) == bits, axis=1)

"""What may be read as embeddings, in whatever format: a table of numbers, neither empty nor with rows beyond all use."""

from __future__ import annotations

import re
from pathlib import Path

from numerics.embedding_files.regular_file import quoted, refused

MOST_DIMENSIONS = 2**20
SUPPORTED = "float16, bfloat16, float32, float64 or int8"
# whole numbers without a sign are no embeddings yet
UNSIGNED = (
    "; codes of eight bits without a sign stand for other numbers: write (code - zero point) * scale as float32, and packed bits (binary"
    " quantisation) unpacked, though no length is left in these"
)

WHOLE = (
    "; whole numbers of other sizes than int8 are not read: if they are codes, write (code - zero point) * scale as float32, if they are"
    " the numbers themselves, numpy.asarray(values, numpy.float32), or float64 above 2^24"
)


def advice(kind: str) -> str:
    """What to do about a type of whole numbers, by the name that NumPy, Arrow or safetensors have for it; else nothing."""
    name = kind.lower().removeprefix(">").removeprefix("<")
    if name in ("uint8", "u8", "u1", "bool"):
        return UNSIGNED
    return WHOLE if re.fullmatch(r"u?int(8|16|32|64)|[ui](8|16|32|64)", name) and name not in ("int8", "i8") else ""


def table_shape(shape: tuple[int, ...], path: Path) -> tuple[int, int]:
    """Rows and dimension; raises ``InvalidInput`` where it is no table, or an empty one, or has rows too long to be embeddings."""
    if len(shape) != 2:
        raise refused(path, f"holds an array of shape {quoted(shape)}; embeddings have shape (rows, dimension)")
    rows, dimension = shape
    if rows == 0 or dimension == 0:
        raise refused(path, f"holds an array of shape {shape}, which is empty")
    if dimension > MOST_DIMENSIONS:
        raise refused(path, f"has embeddings of {dimension} entries; they must have at most {MOST_DIMENSIONS}")
    return rows, dimension

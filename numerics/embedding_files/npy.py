"""NumPy's format: a header, then one array. Arrays of objects are pickles, which are never read."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from numerics.embedding_files.acceptable import SUPPORTED, advice, table_shape
from numerics.embedding_files.regular_file import Argument, RegularFile, one_line, quoted, refused
from numerics.embedding_files.sources import InColumns, InRows, Segment, Source

MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 10_000  # of characters, as NumPy's own limit: headers are parsed, and a long one could exhaust the parser
_PRECISIONS = {("f", 2): "float16", ("f", 4): "float32", ("f", 8): "float64", ("i", 1): "int8"}


@dataclass(frozen=True)
class Header:
    """What a header says, and how many bytes it takes."""

    shape: tuple[int, ...]
    columns: bool
    dtype: Any
    size: int

    @property
    def array_bytes(self) -> int:
        """Of the array that follows."""
        entries = 1
        for length in self.shape:
            entries *= length
        return entries * self.dtype.itemsize


def read_header(start: bytes, path: Path) -> Header:
    """The header at the ``start`` of a file or member, of which more than the longest header is enough."""
    if start[:6] != MAGIC:
        raise refused(path, "holds no NumPy array: it does not begin as one")
    version, width = tuple(start[6:8]), 2 if start[6:7] == b"\x01" else 4
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise refused(path, f"has a NumPy header of version {'.'.join(map(str, version))}; 1.0, 2.0 and 3.0 are known")
    length = int.from_bytes(start[8 : 8 + width], "little")
    if length > _LONGEST_HEADER:
        raise refused(path, f"has a NumPy header of {length} bytes; it must be at most {_LONGEST_HEADER}")
    stream: BinaryIO = io.BytesIO(start[8:])
    parse = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    try:
        # version 3.0 is 2.0 with names of fields in UTF-8, and an array with fields is refused
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a header written by Python 2, which is read
            shape, columns, dtype = parse(stream, max_header_size=_LONGEST_HEADER)
    except Exception as error:  # Python's tokeniser, parser and NumPy's dtype each have their own, as the text will have it
        raise refused(path, f"has a NumPy header that cannot be read: {one_line(error)}") from error
    if any(length < 0 for length in shape):
        raise refused(path, f"has a shape with a negative length: {quoted(shape)}")
    return Header(tuple(int(length) for length in shape), bool(columns), dtype, 8 + width + length)


def header_bytes() -> int:
    """As many bytes as a header can have that is read."""
    return 12 + _LONGEST_HEADER


def precision_of(dtype: Any, path: Path, meant: str | None) -> str:
    """The precision of a dtype; ``meant`` is what bytes without a meaning are."""
    kind, size = dtype.kind, dtype.itemsize
    if meant is not None:
        if meant != "bfloat16":
            raise refused(path, f"cannot be read with precision = {meant!r}: it can only be said to be 'bfloat16'")
        if (kind, size) in (("V", 2), ("u", 2), ("i", 2)) and dtype.names is None:
            return meant
        raise refused(path, f"holds {_named(dtype)}, which cannot be bfloat16")
    found = _PRECISIONS.get((kind, size))
    if found is not None:
        return found
    if kind == "O":
        raise refused(path, "holds Python objects, which are stored as a pickle and never read; it must hold " + SUPPORTED)
    two_bytes = (kind, size) in (("V", 2), ("u", 2))
    hint: tuple[str, ...] = ("; if it was saved from bfloat16, say ", Argument("precision='bfloat16'")) if two_bytes else ()
    hint = (*hint, advice(dtype.name))
    raise refused(path, f"holds {_named(dtype)}; it must hold {SUPPORTED}", *hint)


def _named(dtype: Any) -> str:
    return f"entries of dtype {quoted(str(dtype))}"


def placed(header: Header, file: RegularFile, offset: int, meant: str | None) -> Source:
    """The source of an array that begins at byte ``offset`` of the file, after its header."""
    rows, dimension = table_shape(header.shape, file.path)
    precision = precision_of(header.dtype, file.path, meant)
    swapped = not header.dtype.isnative
    if header.columns and dimension > 1 and rows > 1:
        return InColumns(rows, dimension, precision, file, offset, swapped)
    return InRows(rows, dimension, precision, file, (Segment(0, offset),), swapped)


def opened(file: RegularFile, meant: str | None) -> Source:
    """The source of a ``.npy`` file."""
    header = read_header(file.read(0, header_bytes()), file.path)
    table_shape(header.shape, file.path)
    precision_of(header.dtype, file.path, meant)
    found, promised = file.size - header.size, header.array_bytes
    if found < promised:
        raise refused(file.path, f"is truncated: an array of shape {header.shape} takes {promised} bytes, and {found} are there")
    if found > promised:
        raise refused(file.path, f"has {found - promised} bytes after its array of shape {header.shape}; one file must hold one array")
    return placed(header, file, header.size, meant)

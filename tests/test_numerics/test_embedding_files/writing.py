"""Embeddings written by other libraries, in every format that is read, and exact bounds for their norms."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
from safetensors.numpy import save_file

Table = np.ndarray
PRECISIONS = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float32": np.float32, "float64": np.float64}
UNIT = Fraction(1, 2**53)
SUBNORMAL = Fraction(1, 2**1074)


def lists(table: Table, kind: str = "list") -> Any:
    """A column of lists: "list", "large_list" or "fixed_size_list"."""
    rows, dimension = table.shape
    flat = pa.array(np.ascontiguousarray(table).reshape(-1))
    if kind == "fixed_size_list":
        return pa.FixedSizeListArray.from_arrays(flat, dimension)
    wide = kind == "large_list"
    offsets = pa.array(np.arange(rows + 1) * dimension, pa.int64() if wide else pa.int32())
    return (pa.LargeListArray if wide else pa.ListArray).from_arrays(offsets, flat)


def arrow_table(table: Table, kind: str = "list") -> Any:
    """With a column of row numbers in front and a nested one behind."""
    numbers = pa.array(np.arange(len(table)))
    nested = pa.StructArray.from_arrays([numbers, numbers], ["a", "b"])
    return pa.table({"row": numbers, "the.vector": lists(table, kind), "nested": nested})


def _npy(version: tuple[int, int]) -> Callable[[Path, Table], None]:
    def write(path: Path, table: Table) -> None:
        with path.open("wb") as stream:
            np.lib.format.write_array(stream, table, version=version)

    return write


def _ipc(new: Any, compression: str | None) -> Callable[[Path, Table], None]:
    def write(path: Path, table: Table) -> None:
        whole = arrow_table(table, "fixed_size_list")
        with new(str(path), whole.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
            writer.write_table(whole.slice(0, 1))
            writer.write_table(whole.slice(1), max_chunksize=7)

    return write


def _parquet(kind: str, **options: Any) -> Callable[[Path, Table], None]:
    return lambda path, table: pq.write_table(arrow_table(table, kind), path, row_group_size=11, **options)


def _feather(compression: str) -> Callable[[Path, Table], None]:
    return lambda path, table: feather.write_feather(arrow_table(table), str(path), compression=compression, chunksize=5)


# by name: how it is written, and what has to be said to read it; those with bfloat16 come first
WITH_BFLOAT16: dict[str, tuple[str, Callable[[Path, Table], None]]] = {
    "npy": (".npy", _npy((1, 0))),
    "npy of version 2": (".npy", _npy((2, 0))),
    "npy of version 3": (".npy", _npy((3, 0))),
    "npy in columns": (".npy", lambda path, table: np.save(path, np.asfortranarray(table))),
    "npz stored": (".npz", lambda path, table: np.savez(path, rows=table)),
    "npz stored in columns": (".npz", lambda path, table: np.savez(path, rows=np.asfortranarray(table))),
    "npz deflated": (".npz", lambda path, table: np.savez_compressed(path, rows=table)),
    "npz deflated in columns": (".npz", lambda path, table: np.savez_compressed(path, rows=np.asfortranarray(table))),
    "safetensors": (".safetensors", lambda path, table: save_file({"rows": np.ascontiguousarray(table)}, path)),
}
SWAPPED = [name for name in WITH_BFLOAT16 if name.startswith("np")]  # formats with either order of bytes
WITHOUT_BFLOAT16: dict[str, tuple[str, Callable[[Path, Table], None]]] = {
    "parquet of lists": (".parquet", _parquet("list")),
    "parquet of large lists": (".parquet", _parquet("large_list", use_dictionary=False, compression="zstd")),
    "parquet of lists of one size": (".parquet", _parquet("fixed_size_list", compression="none")),
    "feather": (".feather", _feather("uncompressed")),
    "feather, lz4": (".feather", _feather("lz4")),
    "arrow file": (".arrow", _ipc(pa.ipc.new_file, None)),
    "arrow file, zstd": (".arrow", _ipc(pa.ipc.new_file, "zstd")),
    "arrow stream": (".arrows", _ipc(pa.ipc.new_stream, None)),
    "arrow stream, lz4": (".arrows", _ipc(pa.ipc.new_stream, "lz4")),
}
WRITERS = WITH_BFLOAT16 | WITHOUT_BFLOAT16


def written(folder: Path, name: str, table: Table) -> tuple[Path, dict[str, Any]]:
    """The file, and what `open_embeddings` has to be told."""
    suffix, write = WRITERS[name]
    path = folder / f"embeddings{suffix}"
    write(path, table)
    return path, {"precision": "bfloat16"} if table.dtype == ml_dtypes.bfloat16 and suffix in (".npy", ".npz") else {}


def within(norms: Any, table: Table) -> bool:
    """Whether each norm is within (d + 3) units of roundoff of the exact one, decided in fractions."""
    relative = (table.shape[1] + 3) * UNIT
    for norm, row in zip(norms, table.astype(np.float64).tolist(), strict=True):
        square = sum(Fraction(x) ** 2 for x in row)
        low = max(Fraction(0), (Fraction(float(norm)) - SUBNORMAL) / (1 + relative))
        high = (Fraction(float(norm)) + SUBNORMAL) / (1 - relative)
        if not low**2 <= square <= high**2:
            return False
    return True

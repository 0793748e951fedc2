"""The files that are measured, written by the libraries of their formats, and how these read them again."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PRECISIONS = ("float16", "bfloat16", "float32")
_DISTINCT = 2**14  # rows; those of a large file repeat them


def embeddings(precision: str, size: int, dimension: int) -> NDArray[Any]:
    """About ``size`` bytes of normal entries; bfloat16 as that of ml_dtypes."""
    import ml_dtypes

    dtype = np.dtype(ml_dtypes.bfloat16 if precision == "bfloat16" else precision)
    rows = max(1, size // (dimension * dtype.itemsize))
    some = np.random.default_rng(0).standard_normal((min(rows, _DISTINCT), dimension)).astype(dtype)
    return np.resize(some, (rows, dimension))


def save_safetensors(path: Path, table: NDArray[Any]) -> None:
    """One tensor."""
    from safetensors.numpy import save_file

    save_file({"embeddings": table}, path)


def save_parquet(path: Path, table: NDArray[Any]) -> Callable[[Path], object]:
    """A column of lists under pyarrow's own settings; returned is what only decodes it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    offsets = pa.array(np.arange(len(table) + 1, dtype=np.int32) * np.int32(table.shape[1]))
    column = pa.ListArray.from_arrays(offsets, pa.array(table.reshape(-1)))
    pq.write_table(pa.table({"embeddings": column}), path, row_group_size=max(1, len(table) // 8))

    def decode(path: Path) -> int:
        file = pq.ParquetFile(path, buffer_size=2**20, pre_buffer=False)
        return sum(batch.num_rows for batch in file.iter_batches(4096, use_threads=False))

    return decode


def save_npz(path: Path, table: NDArray[Any]) -> Callable[[Path], object]:
    """One deflated array; returned is what only inflates it."""
    np.savez_compressed(path, embeddings=table)

    def inflate(path: Path) -> int:
        done = 0
        with zipfile.ZipFile(path) as archive, archive.open("embeddings.npy") as stream:
            while data := stream.read(2**21):
                done += len(data)
        return done

    return inflate

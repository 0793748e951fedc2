"""What an opened file of embeddings is, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.embedding_files.sources import Block, Fresh, Group, Source, as_float64
from numerics.validation import InvalidInput, integer, size

BLOCK_BYTES = 2**21  # of a block, about: stays in a core's own cache between reading and computing
MOST_BLOCK_BYTES = 2**30


@dataclass(frozen=True)
class EmbeddingFile:
    """Embeddings in a file: ``rows`` vectors of ``dimension`` entries.

    ``format`` is "npy", "npz", "parquet", "arrow" or "safetensors"; ``precision`` "float16", "bfloat16", "float32", "float64"
    or "int8" (whole numbers), that of the entries as stored; ``name`` is the column or tensor, where the format has names. The file stays
    open for as long as this object lives, and is never in memory as a whole.
    """

    path: Path
    format: str
    name: str | None
    source: Source = field(repr=False)

    @property
    def rows(self) -> int:
        """How many embeddings."""
        return self.source.rows

    @property
    def dimension(self) -> int:
        """Entries of an embedding."""
        return self.source.dimension

    @property
    def precision(self) -> str:
        """Of the entries."""
        return self.source.precision

    def blocks(self, rows_per_block: int | None = None) -> Iterator[Block]:
        """All rows in order in arrays (n, d) with n at most ``rows_per_block`` (None: about 2 MiB), in native bytes.

        The dtype is that of the precision; of bfloat16 it is uint16, the bits, which ``.view(ml_dtypes.bfloat16)`` or
        `as_float64` make numbers. What is null in Parquet and Arrow is NaN, for which a block of int8 becomes float32. Blocks of
        Parquet, Arrow and compressed files may end earlier, where a group of the file does.
        Raises ``InvalidInput`` where the file breaks off or its rows are not what its header says; after the last block also where
        an array has not the checksum that .npz gives of it, for which one that is stored uncompressed is read once more.
        """
        scratch = Fresh()
        for group in self.groups(rows_per_block):
            yield from group.blocks(scratch)
        self.source.check(lambda: False)

    def groups(self, rows_per_block: int | None = None) -> Iterator[Group]:
        """`blocks` not yet read, for threads to read; see `numerics.embedding_files.sources`."""
        return self.source.groups(self._rows(rows_per_block))

    def take(self, indices: ArrayLike) -> NDArray[np.float64]:
        """The rows ``indices`` (n,), from 0, in any order and repeated if need be, as float64 (n, d).

        Compressed, Parquet and column-wise files are read up to the last of them. Raises ``InvalidInput`` for an index that
        is no row, or for more than 2 GiB of result. The checksum of an array that .npz stores
        uncompressed is not compared, being of all of it: `blocks` and `scan_norms` do that.
        """
        wanted = self._indices(indices)
        size(f"rows of {self.path}", len(wanted), self.dimension)
        result = np.empty((len(wanted), self.dimension))
        distinct, places = np.unique(wanted, return_inverse=True)
        order = np.argsort(places, kind="stable")
        ends = np.searchsorted(places[order], np.arange(len(distinct) + 1))
        for first, block in self.source.parts(distinct, self._rows(None)):
            low, high = np.searchsorted(distinct, [first, first + len(block)])
            into = order[ends[low] : ends[high]]
            result[into] = as_float64(block[wanted[into] - first], self.precision)
        return result

    def _indices(self, indices: ArrayLike) -> NDArray[np.int64]:
        wanted = np.asarray(indices)
        if wanted.ndim != 1 or (wanted.dtype.kind not in "iu" and len(wanted)):
            raise InvalidInput(f"indices have shape {wanted.shape} and dtype {wanted.dtype}, must be whole numbers of shape (n,)")
        outside = np.flatnonzero((wanted < 0) | (wanted >= self.rows))
        if len(outside):
            at = int(outside[0])
            raise InvalidInput(f"indices[{at}] = {wanted[at]} must be between 0 and {self.rows - 1}, the rows of {self.path}")
        return wanted.astype(np.int64)

    def _rows(self, rows_per_block: int | None) -> int:
        """Checked; None: as many as fill a block."""
        row_bytes = self.source.row_bytes
        if rows_per_block is None:
            return max(1, BLOCK_BYTES // row_bytes)
        return integer("rows_per_block", rows_per_block, 1, max(1, MOST_BLOCK_BYTES // row_bytes))

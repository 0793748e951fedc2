"""Memory does not grow with the file: 9 bytes a row for the result, and a few blocks."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

import numerics
from numerics.embedding_files import open_embeddings, scan_norms
from numerics.embedding_files.definition import BLOCK_BYTES
from tests.test_numerics.test_embedding_files.writing import arrow_table, written

ROWS, DIMENSION, THREADS = 20_000, 512, 2
PARQUET = """
import sys, pyarrow
from numerics.embedding_files import open_embeddings, scan_norms
scan = scan_norms(open_embeddings(sys.argv[1]), threads=2)
print(len(scan.norms), pyarrow.default_memory_pool().max_memory())
"""


@pytest.fixture(scope="module")
def table():
    return np.random.default_rng(0).standard_normal((ROWS, DIMENSION)).astype(np.float32)  # 40 MB


@pytest.mark.parametrize(
    "name", ["npy", "npy in columns", "npz stored", "npz deflated", "npz deflated in columns", "safetensors", "arrow stream"]
)
def test_a_scan_takes_a_few_blocks_whatever_the_file(tmp_path, table, name):
    small, _ = written(tmp_path, name, table[:2])
    scan_norms(open_embeddings(small))  # compiled
    path, _ = written(tmp_path, name, table)
    tracemalloc.start()
    try:
        scan_norms(open_embeddings(path), threads=THREADS)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # of each thread a block, the one before and what is inflated of it; sums, and a byte a row to count
    sums = 16 * DIMENSION * (path.stat().st_size // BLOCK_BYTES + 2)
    places = 200 * (ROWS // 7) if name == "arrow stream" else 0  # batches of 7 rows
    assert peak <= 10 * ROWS + THREADS * 6 * BLOCK_BYTES + sums + places
    assert peak < path.stat().st_size / 2


def test_a_row_group_of_parquet_is_decoded_by_pages(tmp_path, table):
    pq.write_table(arrow_table(table), tmp_path / "a.parquet", row_group_size=ROWS, use_dictionary=False)
    done = subprocess.run(
        [sys.executable, "-c", PARQUET, str(tmp_path / "a.parquet")], cwd=Path(numerics.__file__).parents[1], capture_output=True,
        text=True, timeout=120, check=True,
    )  # fmt: skip
    rows, peak = map(int, done.stdout.split())
    assert rows == ROWS
    assert peak < (tmp_path / "a.parquet").stat().st_size / 2

"""Blocks are of the size that is stated, and nothing that is read depends on it; what bounds a reading place is exact."""

from __future__ import annotations

import struct

import numpy as np
import pyarrow as pa
import pytest

from numerics.embedding_files import open_embeddings, scan_norms
from numerics.embedding_files.arrow import _offset
from numerics.embedding_files.sources import Scratch
from numerics.validation import InvalidInput
from tests.test_numerics.test_embedding_files.writing import WRITERS, written

TWO_MIB = 2 * 1024 * 1024


@pytest.mark.parametrize("name", ["npy", "npy in columns", "npz stored", "npz deflated", "npz deflated in columns", "safetensors"])
def test_blocks_fill_two_mebibytes_and_no_more(tmp_path, name):
    table = np.random.default_rng(1).standard_normal((9000, 150)).astype(np.float32)  # 5.4 MB, and no whole number of blocks
    path, _ = written(tmp_path, name, table)
    blocks = list(open_embeddings(path).blocks())
    assert [len(block) for block in blocks] == [TWO_MIB // 600, TWO_MIB // 600, 9000 - 2 * (TWO_MIB // 600)]
    assert np.array_equal(np.concatenate(blocks), table)


def test_a_row_longer_than_a_block_is_a_block(tmp_path):
    table = np.ones((3, TWO_MIB // 4 + 1), np.float32)
    np.save(tmp_path / "a.npy", table)
    assert [block.shape for block in open_embeddings(tmp_path / "a.npy").blocks()] == [(1, table.shape[1])] * 3


def test_a_block_that_is_asked_for_is_of_a_gibibyte_at_most(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((3, 2)))
    file = open_embeddings(tmp_path / "a.npy")
    most = 1024**3 // 16
    assert [len(block) for block in file.blocks(most)] == [3]
    with pytest.raises(InvalidInput, match=f"rows_per_block = {most + 1} .* {most}"):
        list(file.blocks(most + 1))


@pytest.mark.parametrize("name", WRITERS)
def test_rows_and_norms_do_not_depend_on_the_size_of_blocks(tmp_path, monkeypatch, name):
    table = np.random.default_rng(2).standard_normal((40, 6)).astype(np.float32)
    table[3], table[17] = np.nan, 0
    path, said = written(tmp_path, name, table)
    file = open_embeddings(path, column="the.vector" if path.suffix in (".parquet", ".feather", ".arrow", ".arrows") else None, **said)
    for rows in (1, 3, 7, 39, 40, 41):
        blocks = list(file.blocks(rows))
        assert max(map(len, blocks)) <= rows
        assert np.array_equal(np.concatenate(blocks), table, equal_nan=True)
        groups = [block.copy() for group in file.groups(rows) for block in group.blocks(Scratch())]
        assert np.array_equal(np.concatenate(groups), table, equal_nan=True)
    whole = scan_norms(file, limit=1.0)
    for size in (1, 24, 7 * 24, 39 * 24):
        monkeypatch.setattr("numerics.embedding_files.definition.BLOCK_BYTES", size)
        found = scan_norms(file, limit=1.0)
        assert np.array_equal(found.norms, whole.norms, equal_nan=True)
        assert (found.counts, found.first_rows) == (whole.counts, whole.first_rows)
        np.testing.assert_allclose(found.mean, whole.mean, rtol=0, atol=41 * 2.0**-53 * np.nanmax(np.abs(table)))
        assert np.array_equal(file.take([39, 0, 20, 20]), table[[39, 0, 20, 20]].astype(np.float64))


def test_numbers_lie_in_the_file_only_where_all_of_them_do():
    mapped = pa.py_buffer(bytes(64))
    part = mapped.slice(0, 48)

    def flat(start, length, offset):
        return pa.Array.from_buffers(pa.float32(), length, [None, mapped.slice(start)], offset=offset)

    assert _offset(mapped, flat(16, 4, 0)) == 16
    assert _offset(mapped, flat(16, 4, 3)) == 28  # numbers that are skipped come first
    assert _offset(part, flat(16, 8, 0)) == 16  # to the last byte
    assert _offset(part, flat(16, 9, 0)) is None
    assert _offset(part, flat(16, 8, 1)) is None
    assert _offset(mapped.slice(32), flat(16, 4, 0)) is None  # in front of it
    assert _offset(mapped.slice(32), flat(16, 4, 4)) == 0


@pytest.mark.parametrize("bytes_missing", [1, 4, 12, 21])
def test_an_archive_that_ends_within_its_last_record_is_truncated(tmp_path, bytes_missing):
    np.savez(tmp_path / "a.npz", v=np.ones((3, 4)))
    whole = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(whole[:-bytes_missing])
    with pytest.raises(InvalidInput, match="is truncated"):
        open_embeddings(tmp_path / "a.npz")


def test_the_end_of_an_archive_is_found_behind_the_longest_comment(tmp_path):
    """A comment has 65535 bytes at most, and what it says is none of the directory."""
    table = np.arange(12.0).reshape(3, 4)
    np.savez(tmp_path / "a.npz", v=table)
    data = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(data[:-2] + struct.pack("<H", 65535) + b"a" * 65535)
    assert np.array_equal(next(open_embeddings(tmp_path / "a.npz").blocks()), table)
    np.savez(tmp_path / "large.npz", v=np.ones((3000, 4)))  # longer than the part in which the end is looked for
    assert open_embeddings(tmp_path / "large.npz").rows == 3000


def test_a_stored_member_longer_than_the_file_is_refused_before_it_is_read(tmp_path):
    """Header and directory agree on more rows than there are bytes."""
    np.savez(tmp_path / "a.npz", v=np.ones((3000, 4)))
    data = (tmp_path / "a.npz").read_bytes()
    here, said = (struct.pack("<2I", *[128 + rows * 32] * 2) for rows in (3000, 9000))
    assert data.count(here) == 1  # in the directory; the member in front has them in its extra field
    (tmp_path / "a.npz").write_bytes(data.replace(b"(3000, 4)", b"(9000, 4)").replace(here, said))
    with pytest.raises(InvalidInput, match=r"is truncated: member 'v\.npy' does not lie within it"):
        open_embeddings(tmp_path / "a.npz")

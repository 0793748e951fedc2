"""Edges that only crafted files meet: directories of archives, places of members, groups of Parquet, ends of messages."""

from __future__ import annotations

import struct
import zipfile

import numpy as np
import pyarrow.parquet as pq
import pytest

from numerics.embedding_files import as_float64, open_embeddings, scan_norms
from numerics.embedding_files.regular_file import listed, one_line
from numerics.validation import InvalidInput
from tests.test_numerics.test_embedding_files.writing import arrow_table

ROWS = np.random.default_rng(9).standard_normal((7, 5)).astype(np.float32)


def refused(path, words, **told):
    with pytest.raises(InvalidInput, match=words):
        scan_norms(open_embeddings(path, **told))


@pytest.mark.parametrize(("named", "moved"), [(104, 0), (0, 0), (104, 8)])
def test_a_large_directory_is_known_wherever_its_record_lies(tmp_path, named, moved):
    """The end says 46 bytes, the record of large archives 2^31: where the locator points, or in front of it."""
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 1, 1, 46, 0, 0)
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, 2**31, 0)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, named, 1)
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04" + bytes(100) + record + bytes(moved) + locator + end)
    refused(tmp_path / "a.npz", "has a directory of 2147483648 bytes; it must be at most 1048576")


def test_a_member_that_is_said_to_begin_too_late_is_refused(tmp_path):
    np.savez(tmp_path / "a.npz", v=ROWS)
    data = bytearray((tmp_path / "a.npz").read_bytes())
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        beside = len(data) - (30 + len("v.npy") + archive.getinfo("v.npy").file_size)
    struct.pack_into("<H", data, 28, beside)  # the longest extra field with which the member still ends with the file
    (tmp_path / "a.npz").write_bytes(data)
    with pytest.raises(InvalidInput):
        scan_norms(open_embeddings(tmp_path / "a.npz"))
    struct.pack_into("<H", data, 28, beside + 1)
    (tmp_path / "a.npz").write_bytes(data)
    with pytest.raises(InvalidInput):
        open_embeddings(tmp_path / "a.npz")


def test_groups_of_parquet_that_are_joined_neither_overlap_nor_leave_rows_out(tmp_path):
    table = np.arange(3 * 30_000, dtype=np.float32).reshape(-1, 3)
    for size in (9000, 5000, 29_999):
        pq.write_table(arrow_table(table), tmp_path / "a.parquet", row_group_size=size)
        assert np.array_equal(np.concatenate(list(open_embeddings(tmp_path / "a.parquet").blocks())), table)


@pytest.mark.parametrize("shape", [(2, 5), (5, 2), (2, 2), (3, 3)])
def test_small_tables_in_columns_are_read(tmp_path, shape):
    table = np.asfortranarray(np.arange(1.0, 1 + shape[0] * shape[1]).reshape(shape))
    np.save(tmp_path / "a.npy", table)
    np.savez_compressed(tmp_path / "a.npz", v=table)
    for name in ("a.npy", "a.npz"):
        assert np.array_equal(np.concatenate(list(open_embeddings(tmp_path / name).blocks())), table)


@pytest.mark.parametrize("kind", ["<i2", "<u2", ">u2", "V2"])
def test_any_two_bytes_can_be_said_to_be_bfloat16(tmp_path, kind):
    bits = (ROWS.view(np.uint32) >> 16).astype(np.uint16)
    np.save(tmp_path / "a.npy", bits.astype(kind) if kind != "V2" else bits.view("V2"))
    file = open_embeddings(tmp_path / "a.npy", precision="bfloat16")
    assert np.array_equal(np.concatenate([as_float64(b, file.precision) for b in file.blocks()]), as_float64(bits, "bfloat16"))
    refused(tmp_path / "a.npy", "it must hold" if kind == "<i2" else "if it was saved from bfloat16, say precision='bfloat16'")


def test_five_bad_rows_are_named_unless_another_number_is_asked_for(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((8, 2)))
    file = open_embeddings(tmp_path / "a.npy")
    assert scan_norms(file, limit=1.0).first_rows[3] == (0, 1, 2, 3, 4)
    assert scan_norms(file, limit=1.0, named=0).first_rows[3] == ()


def test_a_file_of_one_byte_is_not_empty(tmp_path):
    (tmp_path / "a.npy").write_bytes(b"x")
    refused(tmp_path / "a.npy", "is named .npy and does not begin as")


def test_long_messages_and_lists_are_cut_and_short_ones_are_whole():
    assert one_line(ValueError("a\n b")) == "a b"
    assert one_line(ValueError("x" * 300)) == "x" * 300
    assert one_line(ValueError("x" * 301)) == "x" * 300 + "..."
    assert one_line(ValueError()) == "ValueError"
    assert listed([str(i) for i in range(20)]).endswith("18, 19")
    assert listed([str(i) for i in range(21)]).endswith("18, 19 and 1 more")

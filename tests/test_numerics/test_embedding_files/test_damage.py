"""Files that are not whole: checksums of archives, tensors that do not cover their file; and advice about whole numbers."""

from __future__ import annotations

import json
import struct
import threading
import zipfile

import numpy as np
import pytest
from safetensors import SafetensorError
from safetensors.numpy import load_file

from numerics.embedding_files import open_embeddings, scan_norms
from numerics.validation import InvalidInput

ROWS = np.random.default_rng(0).standard_normal((300, 20)).astype(np.float32)  # longer than what is read of a header


def flipped(path, place):
    """Two bits of two bytes of the array, whose numbers stay finite."""
    data = bytearray(path.read_bytes())
    start = data.index(b"\x93NUMPY") + 128
    for at in (start + place, start + place + 9):
        data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed], ids=["stored", "deflated"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_archive_that_is_whole_is_read(tmp_path, save, order, threads):
    save(tmp_path / "a.npz", first=ROWS[:2], rows=np.asarray(ROWS, order=order))
    found = scan_norms(open_embeddings(tmp_path / "a.npz", tensor="rows"), threads=threads)
    assert np.allclose(found.norms, np.linalg.norm(ROWS.astype(np.float64), axis=1), rtol=1e-12)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("place", [0, 12_000, ROWS.nbytes - 10])
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_stored_array_with_bytes_changed_does_not_have_its_checksum(tmp_path, order, place, threads):
    path = tmp_path / "a.npz"
    np.savez(path, rows=np.asarray(ROWS, order=order))
    flipped(path, place)
    with pytest.raises(zipfile.BadZipFile, match="Bad CRC-32"):  # as NumPy finds
        np.load(path)["rows"]
    with pytest.raises(InvalidInput, match=r"has a member 'rows\.npy' whose CRC-32 is .* does not match .*: the file is damaged") as error:
        scan_norms(open_embeddings(path), threads=threads)
    assert str(error.value).startswith(str(path))


def test_the_checksum_of_another_array_of_the_archive_is_not_compared(tmp_path):
    np.savez(tmp_path / "a.npz", bad=ROWS, good=ROWS)
    flipped(tmp_path / "a.npz", 12_000)
    assert scan_norms(open_embeddings(tmp_path / "a.npz", tensor="good")).excluded == 0
    with pytest.raises(InvalidInput, match=r"'bad\.npy' whose CRC-32"):
        scan_norms(open_embeddings(tmp_path / "a.npz", tensor="bad"))


def test_the_comparison_ends_when_it_is_stopped(tmp_path):
    np.savez(tmp_path / "a.npz", rows=ROWS)
    flipped(tmp_path / "a.npz", 12_000)
    check, stop = open_embeddings(tmp_path / "a.npz").source.check, threading.Event()
    stop.set()
    check(stop.is_set)
    stop.clear()
    with pytest.raises(InvalidInput, match="is damaged"):
        check(stop.is_set)


def safetensors(path, tensors, data):
    """Tensors of float32 by name: their shape, and from where to where they are said to lie."""
    header = {name: {"dtype": "F32", "shape": shape, "data_offsets": place} for name, shape, *place in tensors}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


TABLE = ROWS[:10, :4]  # of 160 bytes


@pytest.mark.parametrize(("tensors", "more", "words"), [
    ([("x", [10, 4], 0, 160)], 8, "has 8 bytes after its last tensor, which belong to none"),
    ([("x", [10, 4], 8, 168)], 8, "has tensor 'x' from byte 8 of its data, which leaves 8 bytes that belong to no tensor after its header"),
    ([("x", [5, 4], 0, 80), ("y", [5, 4], 88, 168)], 8, "byte 88 of its data, which leaves 8 bytes that belong to no tensor after 'x'"),
    ([("x", [5, 4], 0, 80), ("y", [5, 4], 80 - 8, 160 - 8)], -8, "has tensor 'y' from byte 72 of its data, which overlaps 'x'"),
], ids=["a tail", "a gap in front", "a gap between", "an overlap"])  # fmt: skip
def test_tensors_have_to_cover_their_file(tmp_path, tensors, more, words):
    path, data = tmp_path / "a.safetensors", TABLE.tobytes()
    safetensors(path, tensors, data[:more] if more < 0 else data + bytes(more))
    with pytest.raises(SafetensorError):  # as the library of the format finds
        load_file(path)
    with pytest.raises(InvalidInput) as error:
        open_embeddings(path, tensor="x")
    assert words in str(error.value)


def test_tensors_that_cover_their_file_are_read_in_any_order_of_the_header(tmp_path):
    safetensors(tmp_path / "a.safetensors", [("y", [5, 4], 80, 160), ("none", [0, 4], 80, 80), ("x", [5, 4], 0, 80)], TABLE.tobytes())
    assert set(load_file(tmp_path / "a.safetensors")) == {"x", "y", "none"}
    assert np.array_equal(next(open_embeddings(tmp_path / "a.safetensors", tensor="y").blocks()), TABLE[5:])


WHOLE, UNSIGNED = "whole numbers of other sizes than int8 are not read", "codes of eight bits without a sign"


def to_npy(path, table):
    np.save(path, table)


def to_parquet(path, table):
    pa, pq = pytest.importorskip("pyarrow", reason="Parquet needs pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"v": pa.array(table.tolist(), pa.list_(pa.from_numpy_dtype(table.dtype)))}), path)


def to_safetensors(path, table):
    from safetensors.numpy import save_file

    save_file({"x": table}, path)


@pytest.mark.parametrize(("suffix", "write"), [(".npy", to_npy), (".parquet", to_parquet), (".safetensors", to_safetensors)])
@pytest.mark.parametrize(("kind", "words"), [
    ("int16", WHOLE), ("int32", WHOLE), ("int64", WHOLE), ("uint16", WHOLE), ("uint32", WHOLE), ("uint64", WHOLE), ("uint8", UNSIGNED),
])  # fmt: skip
def test_whole_numbers_are_refused_with_what_to_do(tmp_path, suffix, write, kind, words):
    path = tmp_path / f"a{suffix}"
    write(path, np.arange(12, dtype=kind).reshape(4, 3))
    with pytest.raises(InvalidInput) as error:
        open_embeddings(path)
    assert words in str(error.value)
    assert (UNSIGNED in str(error.value)) == (words == UNSIGNED)
    assert "(code - zero point) * scale as float32" in str(error.value)


@pytest.mark.parametrize("order", ["C", "F"])
def test_blocks_that_are_read_to_the_end_have_their_checksum_and_rows_that_are_sought_need_none(tmp_path, order):
    np.savez(tmp_path / "a.npz", rows=np.asarray(ROWS, order=order))
    whole = open_embeddings(tmp_path / "a.npz")
    np.testing.assert_array_equal(np.concatenate(list(whole.blocks(100))), ROWS)
    flipped(tmp_path / "a.npz", 12_000)
    file = open_embeddings(tmp_path / "a.npz")
    found = []
    with pytest.raises(InvalidInput, match="is damaged"):
        found.extend(file.blocks(100))
    assert sum(map(len, found)) == len(ROWS)
    np.testing.assert_array_equal(file.take([5]), ROWS[5:6].astype(np.float64))

"""Truncated, mislabelled, empty and adversarial files: one clear error each, and no memory for what they promise."""

from __future__ import annotations

import io
import json
import os
import random
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.embedding_files import open_covariates, open_embeddings, scan_norms
from numerics.embedding_files.definition import BLOCK_BYTES
from numerics.validation import InvalidInput
from tests.test_numerics.test_embedding_files.writing import WRITERS, written

ROWS = np.random.default_rng(0).standard_normal((60, 5)).astype(np.float32)
LITTLE = 2**22  # bytes: far less than what the files below promise


@pytest.fixture(scope="module", autouse=True)
def _compiled(tmp_path_factory):
    """To compile takes memory of its own."""
    path = tmp_path_factory.mktemp("file") / "a.npy"
    np.save(path, ROWS)
    scan_norms(open_embeddings(path))


def refused(path, *words, most=LITTLE, **told):
    """The one error, which takes little memory, has one line and begins with the path."""
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput) as error:
            scan_norms(open_embeddings(path, **told))
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()
    message = str(error.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    assert len(message) < len(str(path)) + 700
    for each in words:
        assert each in message, message


def npy(header: str | bytes, data: bytes = b"", version=(1, 0)) -> bytes:
    text = header.encode("latin1") if isinstance(header, str) else header
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H" if version == (1, 0) else "<I", len(text)) + text + data


def described(shape: str, descr: str = "'<f4'", order: str = "False") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n"


NPY = {
    "far more rows than bytes": (npy(described(f"({10**18}, 128)"), bytes(512)), ("is truncated", f"takes {512 * 10**18} bytes")),
    "a negative length": (npy(described("(-4, 5)")), ("negative",)),
    "two negative lengths": (npy(described("(-4, -5)"), bytes(80)), ("negative",)),
    "one axis": (npy(described("(20,)"), bytes(80)), ("(20,)", "(rows, dimension)")),
    "three axes": (npy(described("(2, 2, 5)"), bytes(80)), ("(2, 2, 5)", "(rows, dimension)")),
    "no axis": (npy(described("()"), bytes(4)), ("shape", "(rows, dimension)")),
    "no rows": (npy(described("(0, 5)")), ("is empty",)),
    "no entries": (npy(described("(5, 0)")), ("is empty",)),
    "no entries of very many": (npy(described("(1000000000000000000, 0)")), ("is empty",)),
    "rows that are far too long": (npy(described("(1, 1048577)"), bytes(4 * 1048577)), ("1048577 entries", "at most 1048576")),
    "whole numbers": (npy(described("(2, 2)", "'<i4'"), bytes(16)), ("int32", "float16, bfloat16, float32, float64 or int8")),
    "codes without a sign": (npy(described("(2, 2)", "'|u1'"), bytes(4)), ("uint8", "(code - zero point) * scale", "packed bits")),
    "complex numbers": (npy(described("(2, 2)", "'<c8'"), bytes(32)), ("complex64",)),
    "long doubles": (npy(described("(2, 2)", "'<f16'"), bytes(64)), ("dtype",)),
    "words": (npy(described("(2, 2)", "'<U4'"), bytes(64)), ("<U4",)),
    "Python objects": (npy(described("(2, 2)", "'|O'"), bytes(64)), ("pickle", "never read")),
    "fields": (npy(described("(2, 2)", "[('a', '<f4')]"), bytes(16)), ("dtype",)),
    "a header without a shape": (npy("{'descr': '<f4'}"), ("header that cannot be read",)),
    "a header that is a program": (npy("__import__('os').system('true')"), ("header that cannot be read",)),
    "a header that is nested": (npy("(" * 2000), ("header that cannot be read",)),
    "a header that is no text": (npy(b"\xff\x00" * 40), ("header that cannot be read",)),
    "a header of another version": (npy(described("(2, 2)"), bytes(16), (9, 9)), ("version 9.9",)),
    "a header of a gigabyte": (b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**30), ("header of 1073741824 bytes", "at most 10000")),
    "a header that ends": (npy(described("(2, 2)"))[:40], ("header that cannot be read",)),
    "an array that ends": (npy(described("(60, 5)"), ROWS.tobytes()[:-1]), ("is truncated", "takes 1200 bytes, and 1199")),
    "something after the array": (npy(described("(60, 5)"), ROWS.tobytes() + b"x"), ("1 bytes after its array",)),
    "six bytes": (b"\x93NUMPY", ("NumPy header",)),
    "nothing": (b"", ("is empty",)),
    "something else": (b"hello, world, this is text", ("is named .npy and does not begin as",)),
}


@pytest.mark.parametrize("name", list(NPY))
def test_a_numpy_file_with(tmp_path, name):
    data, words = NPY[name]
    (tmp_path / "a.npy").write_bytes(data)
    refused(tmp_path / "a.npy", *words)


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95, 0.999])
def test_a_file_that_breaks_off_is_refused(tmp_path, name, share):
    path, _ = written(tmp_path, name, ROWS)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    if name.startswith("arrow stream") and share > 0.99:
        pytest.skip("of a stream only the mark at the end is missing, without which it may end")
    refused(path)


@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize("suffix", [".npy", ".npz", ".parquet", ".arrow", ".safetensors"])
def test_a_file_that_is_named_as_another_format_is_refused(tmp_path, name, suffix):
    path, told = written(tmp_path, name, ROWS)
    same = {path.suffix, ".arrow"} if path.suffix in (".arrow", ".arrows", ".feather") else {path.suffix}
    other = path.rename(tmp_path / f"b{suffix}")
    if suffix in same:
        assert open_embeddings(other, **told).rows == 60
    else:
        refused(other, f"is named {suffix} and holds", "it is mislabelled")


@pytest.mark.parametrize(("suffix", "words"), [
    (".csv", "is text in columns (CSV); embeddings are read from"), ("", "is of no format that is read"), (".npz", "does not begin as"),
    (".parquet", "does not begin as"), (".feather", "does not begin as"), (".safetensors", "does not begin as"),
    (".json", "JSON header that cannot"),
])  # fmt: skip
def test_text_is_no_file_of_embeddings(tmp_path, suffix, words):
    (tmp_path / f"a{suffix}").write_text("a,b\n1,2\n" * 10)
    refused(tmp_path / f"a{suffix}", words)


@pytest.mark.parametrize("open_file", [open_embeddings, open_covariates])
def test_what_is_no_regular_file_is_refused(tmp_path, open_file):
    os.mkfifo(tmp_path / "pipe.npy")  # which would wait for a writer
    for path, words in (
        (tmp_path, "is a directory"), (tmp_path / "pipe.npy", "is a pipe or device"), (Path("/dev/zero"), "is a pipe or device"),
        (tmp_path / "none.npy", "No such file"), (tmp_path / "a\0b.npy", "cannot be read"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as error:
            open_file(path)
        assert words in str(error.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    np.save(tmp_path / "a.npy", ROWS)
    (tmp_path / "a.npy").chmod(stat.S_IWUSR)
    refused(tmp_path / "a.npy", "cannot be read: Permission denied")


def archive(path, *members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as target:
        for name, data in members:
            target.writestr(name, data)


def saved(table):
    stream = io.BytesIO()
    np.save(stream, table, allow_pickle=True)
    return stream.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", [name for name in NPY if name not in ("something else", "six bytes", "nothing")])
def test_an_archive_with_an_array_with(tmp_path, name, method):
    archive(tmp_path / "a.npz", ("x.npy", NPY[name][0]), method=method)
    refused(tmp_path / "a.npz")


def test_an_array_longer_or_shorter_than_the_archive_says_is_refused(tmp_path):
    for length in (100, 10_000_000_000):
        archive(tmp_path / "a.npz", ("x.npy", npy(described(f"({length}, 5)"), bytes(1200))))
        refused(tmp_path / "a.npz", "takes", "bytes with its header")


def test_a_bomb_of_zeros_ends_at_its_first_blocks(tmp_path):
    # 400 MB that deflate to 400 kB: read block by block, and all of it zeros
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as target, target.open("x.npy", "w") as stream:
        stream.write(npy(described("(800000, 128)")))
        for _ in range(100):
            stream.write(bytes(800_000 * 128 * 4 // 100))
    refused(tmp_path / "a.npz", "with norm zero", most=9 * 800_000 + 6 * BLOCK_BYTES)  # a block, the one before, and what is inflated of it


def test_an_archive_of_more_rows_than_can_be_kept_is_refused_before_it_is_read(tmp_path):
    data = npy(described(f"({2**29}, 1)"))
    archive(tmp_path / "a.npz", ("x.npy", data))
    raw = (tmp_path / "a.npz").read_bytes()
    size = struct.pack("<I", len(data) + 2**31)  # what a real bomb says of itself
    place = raw.index(b"PK\x01\x02")
    (tmp_path / "a.npz").write_bytes(raw[: place + 24] + size + raw[place + 28 :])
    with pytest.raises(InvalidInput, match="must be at most 268435456"):
        scan_norms(open_embeddings(tmp_path / "a.npz"))


def directory_of(count: int, large: bool) -> bytes:
    """An archive whose directory says that it takes ``count`` bytes."""
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 1, 1, 0xFFFFFFFF if large else count, 0, 0)
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, count, 0)
    return b"PK\x03\x04" + bytes(100) + (record + b"PK\x06\x07" + struct.pack("<IQI", 0, 104, 1) if large else b"") + end


@pytest.mark.parametrize("large", [False, True])
def test_an_archive_with_a_huge_directory_is_refused(tmp_path, large):
    (tmp_path / "a.npz").write_bytes(directory_of(2**31, large))
    refused(tmp_path / "a.npz", "has a directory of", "must be at most 1048576")


def test_what_an_archive_may_not_hold_is_named(tmp_path):
    path = tmp_path / "a.npz"
    archive(path, ("data.pkl", b"x"))
    refused(path, "looks like a checkpoint of PyTorch")
    archive(path, ("readme", b"x"))
    refused(path, "is an archive without arrays")
    archive(path)
    refused(path, "is an archive without arrays")
    archive(path, ("x.npy", saved(ROWS)), method=zipfile.ZIP_LZMA)
    refused(path, "compressed by lzma; it must be stored or deflated")
    archive(path, ("x.npy", npy(described("(1, 1)", "'|O'"), b"x")))
    refused(path)
    with pytest.warns(UserWarning, match="Duplicate"):
        archive(path, ("x.npy", saved(ROWS)), ("x.npy", saved(ROWS)))
    refused(path, "two arrays of one name")
    archive(path, ("x.npy", saved(ROWS)))
    data = bytearray(path.read_bytes())
    for place in (6, data.index(b"PK\x01\x02") + 8):
        data[place] |= 1
    path.write_bytes(data)
    refused(path, "encrypted")


def test_a_damaged_archive_is_known_by_its_checksum(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", x=ROWS)
    data = bytearray((tmp_path / "a.npz").read_bytes())
    for place in (14, data.index(b"PK\x01\x02") + 16):
        data[place] ^= 1
    (tmp_path / "a.npz").write_bytes(data)
    refused(tmp_path / "a.npz", "CRC")


def safetensors(header, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(shape, begin=0, end=None, dtype="F32"):
    return {"x": {"dtype": dtype, "shape": shape, "data_offsets": [begin, 4 * int(np.prod(shape)) if end is None else end]}}


SAFETENSORS = {
    "a header of 2^62 bytes": (struct.pack("<Q", 2**62) + b"{", ("does not begin as",)),
    "a header that ends": (safetensors(tensor([2, 2]), length=10**6), ("does not begin as",)),
    "a header that is no JSON": (safetensors(b"{not json"), ("JSON header that cannot be read",)),
    "a header that is nested": (safetensors(b'{"a":' * 10**5), ("JSON header that cannot be read",)),
    "a name twice": (safetensors(b'{"x": {}, "x": {}}'), ("a name occurs twice",)),
    "a tensor beyond the end": (safetensors(tensor([60, 5]), bytes(1199)), ("is truncated", "ends at byte")),
    "more rows than bytes": (safetensors(tensor([10**18, 5], end=400), bytes(400)), ("400 bytes for tensor 'x'",)),
    "a negative length": (safetensors(tensor([-4, -5]), bytes(80)), ("dtype, shape and data_offsets",)),
    "a length that is no number": (safetensors({"x": {"dtype": "F32", "shape": ["2", True], "data_offsets": [0, 8]}}), ("data_offsets",)),
    "offsets in the wrong order": (safetensors(tensor([2, 2], 16, 0), bytes(16)), ("data_offsets",)),
    "an entry that is no object": (safetensors({"x": [1, 2]}), ("data_offsets",)),
    "whole numbers": (safetensors(tensor([2, 2], end=16, dtype="I32"), bytes(16)), ("type 'I32'", "float16, bfloat16")),
    "codes without a sign": (safetensors(tensor([2, 2], end=4, dtype="U8"), bytes(4)), ("type 'U8'", "zero point")),
    "a type of eight bits": (safetensors(tensor([2, 2], end=4, dtype="F8_E4M3"), bytes(4)), ("F8_E4M3",)),
    "one axis": (safetensors(tensor([20]), bytes(80)), ("(20,)",)),
    "no rows": (safetensors(tensor([0, 5])), ("is empty",)),
    "no tensors": (safetensors({"__metadata__": {"a": "b"}}), ("has no tensors",)),
}


@pytest.mark.parametrize("name", list(SAFETENSORS))
def test_a_safetensors_file_with(tmp_path, name):
    data, words = SAFETENSORS[name]
    (tmp_path / "a.safetensors").write_bytes(data)
    with pytest.raises(InvalidInput) as error:
        scan_norms(open_embeddings(tmp_path / "a.safetensors"))
    assert "\n" not in str(error.value)
    for each in words:
        assert each in str(error.value)


@pytest.mark.parametrize("content", ["[]", "{}", '{"weight_map": {}}', '{"weight_map": {"a": 1}}', '{"weight_map": 3}', "null"])
def test_json_that_is_no_index_is_refused(tmp_path, content):
    (tmp_path / "a.index.json").write_text(content)
    refused(tmp_path / "a.index.json")


def test_names_out_of_a_file_do_not_reach_the_terminal_as_they_are(tmp_path):
    evil = "\x1b[31m" + "x" * 10_000 + "\n"
    np.savez(tmp_path / "a.npz", **{evil: ROWS, "b": ROWS})
    refused(tmp_path / "a.npz", r"'\x1b[31mxxx")
    (tmp_path / "a.safetensors").write_bytes(safetensors({evil: 3}))
    refused(tmp_path / "a.safetensors", r"'\x1b[31mxxx")


def test_a_sparse_file_of_a_terabyte_ends_at_its_first_blocks(tmp_path):
    with (tmp_path / "a.npy").open("wb") as stream:
        stream.write(npy(described("(100000000, 2500)")))
        try:
            stream.truncate(stream.tell() + 10**12)
        except OSError:
            pytest.skip("this file system has no files of a terabyte")
    file = open_embeddings(tmp_path / "a.npy")
    assert (file.rows, file.dimension) == (10**8, 2500)
    with pytest.raises(InvalidInput, match="with norm zero"):
        scan_norms(file, limit=1e-5)


@given(st.sampled_from(sorted(WRITERS)), st.integers(0, 2**32), st.booleans())
def test_a_file_with_bytes_changed_is_read_or_refused(tmp_path_factory, name, seed, cut):
    path, _ = written(tmp_path_factory.mktemp("file"), name, ROWS)
    data, rng = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(rng.randint(1, 4)):
        data[rng.randrange(len(data))] = rng.choice((0, 127, 255, rng.randrange(256)))
    path.write_bytes(data[: rng.randrange(1, len(data))] if cut else data)
    for use in (lambda: scan_norms(open_embeddings(path), limit=1.0), lambda: open_covariates(path)):
        said = what_is_said(use)
        assert said is None or (said.startswith(str(path)) and "\n" not in said)


def what_is_said(use):
    """The error, if it is the one that a bad file may have."""
    try:
        use()
    except InvalidInput as error:
        return str(error)
    return None


@pytest.mark.parametrize("suffix", [".safetensors", ".parquet", ".arrow"])
def test_a_file_of_ones_alone_is_of_no_format(suffix, tmp_path):
    path = tmp_path / f"ones{suffix}"
    path.write_bytes(b"\xff" * 100)
    with pytest.raises(InvalidInput, match=f"is named {suffix} and does not begin as") as error:
        open_embeddings(path)
    assert "mislabelled" not in str(error.value)

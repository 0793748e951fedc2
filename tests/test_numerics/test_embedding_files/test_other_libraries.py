"""What other libraries write: read as it is meant, or one clear error that says what to do; nothing is unpickled."""

from __future__ import annotations

import io
import struct
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import save

from numerics.embedding_files import as_float64, open_covariates, open_embeddings, scan_norms
from numerics.validation import InvalidInput

ROWS = np.random.default_rng(8).standard_normal((500, 6)).astype(np.float32)


def numbers(path, **told):
    file = open_embeddings(path, **told)
    assert scan_norms(file).norms == pytest.approx(np.linalg.norm(ROWS.astype(np.float64), axis=1), rel=1e-15)
    return np.concatenate([as_float64(block, file.precision) for block in file.blocks(77)])


def refused(path, *words, **told):
    with pytest.raises(InvalidInput) as error:
        scan_norms(open_embeddings(path, **told))
    said = str(error.value)
    assert said.startswith(str(path))
    assert "\n" not in said
    for each in words:
        assert each in said, said


def test_pandas_columns_of_arrays_are_read(tmp_path):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame({"word": ["w"] * 500, "vector": list(ROWS)}, index=np.arange(500) * 3)
    frame.to_parquet(tmp_path / "a.parquet")
    frame.reset_index(drop=True).to_feather(tmp_path / "a.feather")
    for name in ("a.parquet", "a.feather"):
        assert np.array_equal(numbers(tmp_path / name), ROWS)
    pandas.DataFrame(ROWS, columns=list("abcdef")).to_parquet(tmp_path / "wide.parquet")
    refused(tmp_path / "wide.parquet", "no column of lists", "entries in a column each", "write one column of lists")
    frame.to_pickle(tmp_path / "a.npy")
    refused(tmp_path / "a.npy", "Python pickle", "never read")
    frame.drop(columns="vector").assign(n=1.5).to_csv(tmp_path / "a.csv", sep=";", decimal=",")
    with pytest.raises(InvalidInput, match="separated by semicolons"):
        open_covariates(tmp_path / "a.csv")


def test_polars_lists_and_arrays_are_read(tmp_path):
    polars = pytest.importorskip("polars", reason="polars is not installed")
    for name, kind in (("list", polars.List(polars.Float32)), ("array", polars.Array(polars.Float32, 6))):
        frame = polars.DataFrame({"word": ["w"] * 500, "vector": ROWS.tolist()}, schema={"word": polars.String, "vector": kind})
        frame.write_parquet(tmp_path / f"{name}.parquet", row_group_size=70)
        frame.write_ipc(tmp_path / f"{name}.arrow")
        frame.write_ipc(tmp_path / f"{name}-zstd.arrow", compression="zstd")
        frame.write_ipc_stream(tmp_path / f"{name}.arrows")
        for suffix in (".parquet", ".arrow", "-zstd.arrow", ".arrows"):
            assert np.array_equal(numbers(tmp_path / f"{name}{suffix}"), ROWS)
    polars.DataFrame({"word": ["a", "b"], "kind": ["x", "x"], "n": [1, None]}).with_columns(
        polars.col("kind").cast(polars.Categorical)
    ).write_parquet(tmp_path / "c.parquet")
    found = open_covariates(tmp_path / "c.parquet")
    assert found.columns["kind"].tolist() == ["x", "x"]
    assert found.missing == {"word": 0, "kind": 0, "n": 1}


def test_chunks_of_other_lengths_are_one_column(tmp_path):
    flat = pa.list_(pa.float32(), 6)
    parts = [pa.array(list(ROWS[a:b]), flat) for a, b in ((0, 1), (1, 1), (1, 300), (300, 500))]
    table = pa.table({"v": pa.chunked_array(parts)})
    pq.write_table(table, tmp_path / "a.parquet")
    with pa.ipc.new_file(str(tmp_path / "a.arrow"), table.schema) as writer:
        writer.write_table(table)
    for name in ("a.parquet", "a.arrow"):
        assert np.array_equal(numbers(tmp_path / name), ROWS)


@pytest.mark.parametrize("column", [
    pa.DictionaryArray.from_arrays(pa.array([0, 0, 1]), pa.array(["a", "b"])),
    pa.array([[None, None], [1.0, 2.0]], pa.list_(pa.float32())), pa.array([None, None], pa.list_(pa.float32())),
    pa.array([[[1.0, 2.0]], [[3.0, 4.0]]]), pa.array([[], [1.0]], pa.list_(pa.float32())), pa.nulls(3),
    pa.array([{"x": [1.0]}, {"x": [2.0]}]), pa.array([[("a", 1.0)]], pa.map_(pa.string(), pa.float32())),
    pa.array([b"12345678"] * 3, pa.binary(8)), pa.array([[1, 2], [3, 4]], pa.list_(pa.uint8())),
    pa.array([[1, 2], [3, 4]], pa.list_(pa.int64())), pa.array([["1", "2"]]), pa.array([[True, False]]),
], ids=lambda column: str(column.type))  # fmt: skip
def test_columns_that_are_no_vectors_are_one_error(tmp_path, column):
    table = pa.table({"v": column})
    pq.write_table(table, tmp_path / "a.parquet")
    feather.write_feather(table, str(tmp_path / "a.feather"))
    for name in ("a.parquet", "a.feather"):
        refused(tmp_path / name)
        refused(tmp_path / name, column="v")


def stored(table, **how):
    stream = io.BytesIO()
    np.save(stream, table, **how)
    return stream.getvalue()


class Alarm:
    """What a pickle could do."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('unpickled')",))


ARRAYS = {
    "objects": (np.array([[Alarm(), Alarm()]], object), ("pickle", "never read")),
    "a structure": (np.zeros((3, 2), [("x", "<f4"), ("y", "<f4")]), ("dtype",)),
    "a structure of vectors": (np.zeros(3, [("id", "<i4"), ("v", "<f4", 6)]), ("(rows, dimension)",)),
    "dates": (np.zeros((3, 2), "datetime64[s]"), ("datetime64",)),
    "words": (np.full((3, 2), "a"), ("<U1",)), "bytes": (np.full((3, 2), b"a"), ("|S1",)),
    "truth": (np.ones((3, 2), bool), ("bool",)), "complex numbers": (np.ones((3, 2), np.complex128), ("complex128",)),
    "whole numbers": (np.ones((3, 2), ">i8"), ("i8",)), "one axis": (np.ones(6), ("(6,)",)),
}  # fmt: skip


@pytest.mark.parametrize("name", list(ARRAYS))
def test_arrays_that_are_no_vectors_are_one_error(tmp_path, name):
    table, words = ARRAYS[name]
    (tmp_path / "a.npy").write_bytes(stored(table, allow_pickle=True))
    refused(tmp_path / "a.npy", *words)
    for write in (np.savez, np.savez_compressed):
        write(tmp_path / "a.npz", v=table)
        refused(tmp_path / "a.npz", *words)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("kind", ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8"])
def test_either_layout_in_either_order_of_bytes_has_the_same_norms(tmp_path, order, kind):
    table = np.asarray(ROWS.astype(np.float16), kind, order=order)
    exact = np.linalg.norm(ROWS.astype(np.float16).astype(np.float64), axis=1)
    np.save(tmp_path / "a.npy", table)
    np.savez(tmp_path / "a.npz", v=table)
    np.savez_compressed(tmp_path / "b.npz", v=table)
    for name in ("a.npy", "a.npz", "b.npz"):
        assert scan_norms(open_embeddings(tmp_path / name)).norms == pytest.approx(exact, rel=1e-15)


def test_a_safetensors_header_of_many_tensors_is_read_and_one_of_wrong_lengths_refused(tmp_path):
    path = tmp_path / "a.safetensors"
    data = save({f"t{i}": np.ones((2, 2), np.float32) for i in range(3000)} | {"v": ROWS})
    path.write_bytes(data)
    assert np.array_equal(numbers(path, tensor="v"), ROWS)
    refused(path, "3001 tensors", "and 2981 more")
    for length in (0, 1, len(data) - 8, len(data), 2**63):
        path.write_bytes(struct.pack("<Q", length) + data[8:])
        refused(path, tensor="v")


def test_a_member_that_lies_of_its_size_takes_no_memory_for_it(tmp_path):
    header = stored(np.ones((2, 2), np.float32))[:128].replace(b"(2, 2)", b"(2147483647, 1)".ljust(6))[:128]
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("v.npy", header)
    refused(tmp_path / "a.npz")

"""Columns of lists: slices are what they show; nulls and lists of other lengths are told with their row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from numerics.embedding_files import open_embeddings, scan_norms
from numerics.validation import InvalidInput
from tests.test_numerics.test_embedding_files.writing import lists

ROWS = np.random.default_rng(0).standard_normal((300, 3)).astype(np.float32)


def to_parquet(path, table):
    pq.write_table(table, path, row_group_size=40)


def to_feather(path, table):
    feather.write_feather(table, str(path), compression="uncompressed", chunksize=40)


def to_lz4(path, table):
    feather.write_feather(table, str(path), compression="lz4", chunksize=40)


def to_stream(path, table):
    with pa.ipc.new_stream(str(path), table.schema) as writer:
        writer.write_table(table, 40)


WAYS = [(".parquet", to_parquet), (".feather", to_feather), (".feather", to_lz4), (".arrows", to_stream)]
ways = pytest.mark.parametrize(("suffix", "write"), WAYS, ids=lambda value: getattr(value, "__name__", value))


def scanned(path):
    return scan_norms(open_embeddings(path))


def rows(*, null=None, inside=None, short=None, kind=None):
    """The rows as Python lists with one thing wrong at one row."""
    found = [list(map(float, row)) for row in ROWS]
    if null is not None:
        found[null] = None
    if inside is not None:
        found[inside][1] = None
    if short is not None:
        found[short] = found[short][:2]
    return pa.table({"v": pa.array(found, kind or pa.list_(pa.float32()))})


@ways
@pytest.mark.parametrize("kind", ["list", "large_list", "fixed_size_list"])
@pytest.mark.parametrize(("begin", "count"), [(0, 300), (7, 100), (40, 80), (299, 1)])
def test_a_slice_is_written_and_read_as_what_it_shows(tmp_path, suffix, write, kind, begin, count):
    write(tmp_path / f"a{suffix}", pa.table({"v": lists(ROWS, kind)}).slice(begin, count))
    file = open_embeddings(tmp_path / f"a{suffix}")
    assert np.array_equal(np.concatenate(list(file.blocks(11))), ROWS[begin : begin + count])


@ways
@pytest.mark.parametrize("row", [0, 1, 45, 299])
@pytest.mark.parametrize("kind", [pa.list_(pa.float32()), pa.large_list(pa.float32()), pa.list_(pa.float32(), 3)], ids=str)
def test_a_missing_embedding_is_told_with_its_row(tmp_path, suffix, write, row, kind):
    write(tmp_path / f"a{suffix}", rows(null=row, kind=kind))
    with pytest.raises(InvalidInput, match=f"has no embedding in row {row}: it is null"):
        scanned(tmp_path / f"a{suffix}")


@ways
@pytest.mark.parametrize("row", [0, 1, 45, 299])
@pytest.mark.parametrize("kind", [pa.list_(pa.float32()), pa.list_(pa.float32(), 3)], ids=str)
def test_a_missing_entry_is_told_with_its_row(tmp_path, suffix, write, row, kind):
    write(tmp_path / f"a{suffix}", rows(inside=row, kind=kind))
    with pytest.raises(InvalidInput, match=f"has a null in row {row}, at entry 1"):
        scanned(tmp_path / f"a{suffix}")


@ways
@pytest.mark.parametrize("row", [1, 45, 299])
def test_a_row_of_another_length_is_told(tmp_path, suffix, write, row):
    write(tmp_path / f"a{suffix}", rows(short=row))
    with pytest.raises(InvalidInput, match=f"is ragged: row {row} has 2 numbers where the first has 3"):
        scanned(tmp_path / f"a{suffix}")


@ways
def test_a_first_row_of_another_length_is_told_by_the_second(tmp_path, suffix, write):
    write(tmp_path / f"a{suffix}", rows(short=0))
    with pytest.raises(InvalidInput, match="is ragged: row 1 has 3 numbers where the first has 2"):
        scanned(tmp_path / f"a{suffix}")


@ways
@pytest.mark.parametrize(("column", "words"), [
    (pa.array([[1, 2], [3, 4]], pa.list_(pa.int16())), "int16"),
    (pa.array([[[1.0]], [[2.0]]]), "list<"),
    (pa.array([["a"], ["b"]]), "string"),
    (pa.array([1.0, 2.0]), "double"),
    (pa.array(["a", "b"]).dictionary_encode(), "dictionary"),
    (pa.array([{"a": 1.0}, {"a": 2.0}]), "struct"),
], ids=["int16", "nested", "words", "numbers", "dictionary", "struct"])  # fmt: skip
def test_a_column_of_something_else_is_named_with_its_type(tmp_path, suffix, write, column, words):
    write(tmp_path / f"a{suffix}", pa.table({"v": column}))
    for told in ({}, {"column": "v"}):
        with pytest.raises(InvalidInput, match=f"'v'.*{words}"):
            open_embeddings(tmp_path / f"a{suffix}", **told)


@ways
def test_a_table_without_rows_is_refused(tmp_path, suffix, write):
    write(tmp_path / f"a{suffix}", rows().slice(0, 0))
    with pytest.raises(InvalidInput, match="has no rows"):
        open_embeddings(tmp_path / f"a{suffix}")


@ways
def test_lists_of_nothing_are_refused(tmp_path, suffix, write):
    write(tmp_path / f"a{suffix}", pa.table({"v": pa.array([[], []], pa.list_(pa.float32()))}))
    with pytest.raises(InvalidInput, match="which is empty"):
        open_embeddings(tmp_path / f"a{suffix}")


@ways
def test_a_file_of_many_groups_of_few_rows_is_read(tmp_path, suffix, write):
    del write
    path, table = tmp_path / f"a{suffix}", pa.table({"v": lists(ROWS)})
    if suffix == ".parquet":
        pq.write_table(table, path, row_group_size=1)
    else:
        feather.write_feather(table, str(path.with_suffix(".feather")), compression="uncompressed", chunksize=1)
        path = path.with_suffix(".feather")
    assert np.array_equal(np.concatenate(list(open_embeddings(path).blocks())), ROWS)


def test_tensors_of_one_shape_are_lists(tmp_path):
    kind = pa.fixed_shape_tensor(pa.float32(), [3])
    table = pa.table({"v": pa.ExtensionArray.from_storage(kind, lists(ROWS, "fixed_size_list"))})
    to_parquet(tmp_path / "a.parquet", table)
    to_feather(tmp_path / "a.feather", table)
    for name in ("a.parquet", "a.feather"):
        assert np.array_equal(np.concatenate(list(open_embeddings(tmp_path / name).blocks())), ROWS)


def test_without_pyarrow_one_line_says_how_to_get_it(tmp_path, monkeypatch):
    to_parquet(tmp_path / "a.parquet", rows())
    np.save(tmp_path / "a.npy", ROWS)

    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(InvalidInput, match=r"need pyarrow, which is in the extra audit: pip install"):
        open_embeddings(tmp_path / "a.parquet")
    assert open_embeddings(tmp_path / "a.npy").rows == 300

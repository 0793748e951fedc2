"""Columns of lists: slices are what they show; what is null is NaN, and lists of other lengths are told with their row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from numerics.embedding_files import NAN, NULL, open_embeddings, scan_norms
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


def rows(*, null=None, short=None):
    """The rows as Python lists with one thing wrong at one row."""
    found = [list(map(float, row)) for row in ROWS]
    if null is not None:
        found[null] = None
    if short is not None:
        found[short] = found[short][:2]
    return pa.table({"v": pa.array(found, pa.list_(pa.float32()))})


@ways
@pytest.mark.parametrize("kind", ["list", "large_list", "fixed_size_list"])
@pytest.mark.parametrize(("begin", "count"), [(0, 300), (7, 100), (40, 80), (299, 1)])
def test_a_slice_is_written_and_read_as_what_it_shows(tmp_path, suffix, write, kind, begin, count):
    write(tmp_path / f"a{suffix}", pa.table({"v": lists(ROWS, kind)}).slice(begin, count))
    file = open_embeddings(tmp_path / f"a{suffix}")
    assert np.array_equal(np.concatenate(list(file.blocks(11))), ROWS[begin : begin + count])


KINDS = [pa.list_, pa.large_list, lambda entries: pa.list_(entries, 3)]
ENTRIES = {"halffloat": np.float16, "float": np.float32, "double": np.float64, "int8": np.int8}
PLACES = ([0], [1, 44], [39, 40, 41], [299], list(range(45)))  # groups have 40 rows


def with_nulls(path, write, kind, null, entry):
    """Whole numbers as ``kind``, of which rows ``null`` are null, or their entry 1 (``entry``); and what is to be read."""
    table = np.random.default_rng(1).integers(1, 100, (300, 3)).astype(ENTRIES[str(kind.value_type)])
    found, expected = table.tolist(), table.astype(np.float64)
    for row in null:
        if entry:
            found[row][1], expected[row, 1] = None, np.nan
        else:
            found[row], expected[row] = None, np.nan
    write(path, pa.table({"v": pa.array(found, kind)}))
    return expected


@ways
@pytest.mark.parametrize("null", PLACES, ids=lambda rows: f"{rows[0]}-{rows[-1]}")
@pytest.mark.parametrize("entry", [False, True], ids=["rows", "entries"])
@pytest.mark.parametrize("entries", [pa.float16(), pa.float32(), pa.float64(), pa.int8()], ids=str)
def test_what_is_null_is_left_out_like_nan(tmp_path, suffix, write, entries, entry, null):
    for i, kind in enumerate(KINDS):
        path = tmp_path / f"{i}{suffix}"
        expected = with_nulls(path, write, kind(entries), null, entry)
        file = open_embeddings(path)
        found = scan_norms(file, limit=len(null) / 300, named=300)
        good = ~np.isin(np.arange(300), null)
        assert found.counts[NULL] == len(null) == found.excluded
        assert found.first_rows[NULL] == tuple(null)
        assert np.allclose(found.norms[good], np.linalg.norm(expected[good], axis=1), rtol=1e-15 * 6)
        assert np.array_equal(found.mean, expected[good].mean(axis=0))  # sums of whole numbers are exact
        assert np.array_equal(file.take(np.arange(300)), expected, equal_nan=True)
        if len(null) > 1:
            with pytest.raises(InvalidInput, match=rf" with null \({null[0]}, .*at most 0\.00333333 of all"):
                scan_norms(file, limit=1 / 300, named=2, threads=1)


@ways
@pytest.mark.parametrize("kind", KINDS)
def test_a_slice_with_nulls_is_what_it_shows(tmp_path, suffix, write, kind):
    found = [None if i % 50 == 3 else [i, None if i % 50 == 8 else 1, 2] for i in range(300)]
    table = pa.table({"v": pa.array(found, kind(pa.float32()))}).slice(47, 61)
    write(tmp_path / f"a{suffix}", table)
    assert scan_norms(open_embeddings(tmp_path / f"a{suffix}"), limit=1).first_rows[NULL] == (6, 11, 56)


@ways
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("entries", [pa.float16(), pa.float32(), pa.int8()], ids=str)
def test_nothing_but_nulls_is_refused(tmp_path, suffix, write, kind, entries):
    write(tmp_path / f"a{suffix}", pa.table({"v": pa.array([None] * 90, kind(entries))}))
    with pytest.raises(InvalidInput, match=r"has no embedding: all its 90 rows are null|has too many rows .* null"):
        scanned(tmp_path / f"a{suffix}")


@ways
def test_a_row_of_another_length_is_told_beside_nulls(tmp_path, suffix, write):
    found = rows(null=3, short=17)
    write(tmp_path / f"a{suffix}", found)
    with pytest.raises(InvalidInput, match="is ragged: row 17 has 2 numbers where the first has 3"):
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


@ways
@pytest.mark.parametrize("entries", [pa.float16(), pa.float32(), pa.float64()], ids=str)
def test_what_is_null_and_what_is_nan_are_told_apart(tmp_path, suffix, write, entries):
    rows = [[np.float16(i % 7 + 1), np.float16(2)] for i in range(90)]
    rows[5], rows[17], rows[40], rows[88] = None, [np.float16("nan"), np.float16(1)], [None, np.float16("nan")], None
    write(tmp_path / f"a{suffix}", pa.table({"v": pa.array(rows, pa.list_(entries))}))
    found = scan_norms(open_embeddings(tmp_path / f"a{suffix}"), limit=1)
    assert found.first_rows[NULL] == (5, 40, 88)
    assert found.first_rows[NAN] == (17,)
    assert np.isnan(found.norms[[5, 17, 40, 88]]).all()
    assert found.excluded == 4
    with pytest.raises(InvalidInput, match=r"1 with NaN \(17\); 3 with null \(5, 40, 88\)"):
        scan_norms(open_embeddings(tmp_path / f"a{suffix}"), limit=0.04)

"""Covariates: numbers, words and what is missing, the same from every format."""

from __future__ import annotations

import csv
import datetime
import math
import shutil
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.embedding_files import open_covariates, open_embeddings
from numerics.validation import InvalidInput

NAN = math.nan


def of(tmp_path, text, name="c.csv"):
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_covariates(tmp_path / name)


def refused(tmp_path, text, words, name="c.csv"):
    with pytest.raises(InvalidInput, match=words) as error:
        of(tmp_path, text, name)
    assert str(error.value).startswith(str(tmp_path / name))
    assert "\n" not in str(error.value)


def test_numbers_are_float64_and_words_are_str(tmp_path):
    found = of(tmp_path, "word,count,share,day,old,code\nthe,12,0.5,2020-01-02,True,007\n\"a, b\",3,-1e-3,,no,8\n")
    assert (found.rows, found.format, found.skipped) == (2, "csv", {})
    assert list(found.columns) == ["word", "count", "share", "day", "old", "code"]
    assert found.columns["word"].tolist() == ["the", "a, b"]
    assert found.columns["count"].tolist() == [12.0, 3.0]
    assert found.columns["share"].tolist() == [0.5, -1e-3]
    assert found.columns["day"].tolist() == ["2020-01-02", ""]
    assert found.columns["old"].tolist() == ["True", "no"]
    assert found.columns["code"].tolist() == [7.0, 8.0]
    assert {name: column.dtype for name, column in found.columns.items() if column.dtype != object}.keys() == {"count", "share", "code"}
    assert all(isinstance(entry, str) for entry in found.columns["word"])


@pytest.mark.parametrize("spelling", ["", "NA", "NaN", "nan", "null", "N/A"])
def test_missing_numbers_are_nan_and_counted(tmp_path, spelling):
    found = of(tmp_path, f"a,b\n1,x\n{spelling},\n3,y\n")
    assert np.array_equal(found.columns["a"], [1.0, NAN, 3.0], equal_nan=True)
    assert found.columns["b"].tolist() == ["x", "", "y"]
    assert found.missing == {"a": 1, "b": 1}


def test_a_cell_far_down_that_is_no_number_is_missing_and_told(tmp_path):
    rows = 3_000_000  # more bytes than are parsed at a time
    found = of(tmp_path, "a,b\n" + "1234567,1\n" * rows + "x,2.5\n")
    assert np.array_equal(found.columns["a"][-2:], [1234567, NAN], equal_nan=True)
    assert found.unreadable["a"].first == ((rows, rows + 2, "x"),)
    assert found.columns["b"][-2:].tolist() == [1.0, 2.5]
    assert found.rows == rows + 1


@pytest.mark.parametrize("text", ["a\n1\n\n3\n", "a,b\n1,2\n\n3,4\n"])
def test_an_empty_line_is_a_row(tmp_path, text):
    found = of(tmp_path, text)  # were it left out, all rows after it would be those of other embeddings
    assert np.array_equal(found.columns["a"], [1.0, NAN, 3.0], equal_nan=True)


def test_bytes_that_are_no_text_are_no_column_and_this_is_said(tmp_path):
    assert of(tmp_path, b"a,b\n\xff\xfe,2\n").skipped == {"a": "of type binary, bytes that are no UTF-8; save the file as UTF-8"}


def test_tabs_separate_in_files_that_say_so(tmp_path):
    assert of(tmp_path, "a\tb,c\n1\t2\n", "c.tsv").columns["b,c"].tolist() == [2.0]


@pytest.mark.parametrize("name", ["c.csv", "covariates.txt", "covariates"])
def test_text_is_csv_whatever_its_name(tmp_path, name):
    assert of(tmp_path, b"\xef\xbb\xbfa,b\r\n1,2\r\n", name).columns["a"].tolist() == [1.0]


@pytest.mark.parametrize(("text", "words"), [
    ("a,b,a\n1,2,3\n", "two columns named 'a'"),
    ("a,,b\n1,2,3\n", "a column without a name"),
    ("1,2\n3,4\n", "the number '1' where its header"),
    ("the,12\nof,3\n", "the number '12' where its header"),
    ("a,b\n1,2\n3\n", "Row #3.*[Ee]xpected 2 columns, got 1"),
    ("a,b\n1,2\n3,4,5\n", "Row #3.*[Ee]xpected 2 columns, got 3"),
    ("a,b\n", "has no rows"),
    ("", "is empty"),
    (b"\xff\xfea\x00,\x00", "cannot be read"),
    ("a,b\n\"1,2\n" + "x" * 100, "cannot be read|has no rows"),
])  # fmt: skip
def test_bad_csv_is_refused_in_one_line(tmp_path, text, words):
    refused(tmp_path, text, words)


def table():
    return pa.table({
        "count": pa.array([1, None, 3], pa.int32()), "share": pa.array([0.5, 1.5, None], pa.float16()),
        "price": pa.array([1, 2, None], pa.decimal128(5, 2)),
        "word": ["a", "b", None], "group": pa.array(["x", None, "x"]).dictionary_encode(), "old": [True, False, None],
        "day": pa.array([datetime.date(2020, 1, 2), None, datetime.date(1970, 1, 1)]), "none": pa.nulls(3),
        "vector": [[1.0], [2.0], [3.0]], "bytes": [b"a", b"b", b"c"],
    })  # fmt: skip


def test_parquet_and_arrow_give_the_same(tmp_path):
    pq.write_table(table(), tmp_path / "a.parquet", row_group_size=2)
    feather.write_feather(table(), str(tmp_path / "a.feather"), chunksize=2)
    with pa.ipc.new_stream(str(tmp_path / "a.arrows"), table().schema) as writer:
        writer.write_table(table())
    for name in ("a.parquet", "a.feather", "a.arrows"):
        found = open_covariates(tmp_path / name)
        expected = {"count": [1, NAN, 3], "share": [0.5, 1.5, NAN], "price": [1, 2, NAN], "none": [NAN] * 3}
        assert list(found.columns) == ["count", "share", "price", "word", "group", "old", "day", "none"]
        assert all(np.array_equal(found.columns[key], value, equal_nan=True) for key, value in expected.items())
        assert found.columns["word"].tolist() == ["a", "b", ""]
        assert found.columns["group"].tolist() == ["x", "", "x"]
        assert np.array_equal(found.columns["old"], [1, 0, NAN], equal_nan=True)
        assert found.columns["day"].tolist() == ["2020-01-02", "", "1970-01-01"]
        assert found.missing == {"count": 1, "share": 1, "price": 1, "word": 1, "group": 1, "old": 1, "day": 1, "none": 3}
        assert list(found.skipped) == ["vector", "bytes"]


def test_embeddings_and_covariates_can_be_in_one_file(tmp_path):
    pq.write_table(table(), tmp_path / "a.parquet")
    assert open_embeddings(tmp_path / "a.parquet").rows == open_covariates(tmp_path / "a.parquet").rows == 3
    np.savez(tmp_path / "a.npz", rows=np.ones((3, 2)), count=np.arange(3))
    assert open_embeddings(tmp_path / "a.npz", tensor="rows").rows == open_covariates(tmp_path / "a.npz").rows == 3


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_arrays_of_an_archive_are_columns(tmp_path, write):
    write(
        tmp_path / "a.npz", count=np.arange(3, dtype=">i4"), word=np.array(["a", "", "ccc"]), old=np.array([True, False, True]),
        share=np.array([0.5, NAN, 1], np.float16), vector=np.ones((3, 2)), thing=np.array([{}] * 3), z=np.ones(3, np.complex64),
    )  # fmt: skip
    found = open_covariates(tmp_path / "a.npz")
    assert found.columns["count"].tolist() == [0.0, 1.0, 2.0]
    assert found.columns["word"].tolist() == ["a", "", "ccc"]
    assert found.columns["old"].tolist() == [1.0, 0.0, 1.0]
    assert found.missing == {"count": 0, "word": 1, "old": 0, "share": 1}
    assert set(found.skipped) == {"vector", "thing", "z"}


def test_arrays_of_different_lengths_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.arange(3), b=np.arange(4))
    with pytest.raises(InvalidInput, match="different lengths: 'a' 3, 'b' 4"):
        open_covariates(tmp_path / "a.npz")


def test_files_without_covariates_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.ones((3, 2)))
    with pytest.raises(InvalidInput, match=r"no column of numbers or words: 'a' is an array of shape \(3, 2\)"):
        open_covariates(tmp_path / "a.npz")
    pq.write_table(table().select(["vector"]), tmp_path / "a.parquet")
    with pytest.raises(InvalidInput, match="no column of numbers or words: 'vector' is of type list<"):
        open_covariates(tmp_path / "a.parquet")
    np.save(tmp_path / "a.npy", np.ones(3))
    with pytest.raises(InvalidInput, match="covariates are read from CSV"):
        open_covariates(tmp_path / "a.npy")


def test_mislabelled_and_truncated_files_are_refused(tmp_path):
    pq.write_table(table(), tmp_path / "a.parquet")
    shutil.copy(tmp_path / "a.parquet", tmp_path / "a.csv")
    with pytest.raises(InvalidInput, match=r"is named \.csv and holds Parquet: it is mislabelled"):
        open_covariates(tmp_path / "a.csv")
    (tmp_path / "a.parquet").write_bytes((tmp_path / "a.csv").read_bytes()[:-20])
    with pytest.raises(InvalidInput, match="cannot be read"):
        open_covariates(tmp_path / "a.parquet")


@pytest.mark.parametrize("write", [pq.write_table, lambda table, path: feather.write_feather(table, str(path))])
def test_two_columns_of_one_name_are_refused(tmp_path, write):
    twice = pa.Table.from_arrays([pa.array([1.0]), pa.array([2.0])], names=["a", "a"])
    path = tmp_path / ("a.parquet" if write is pq.write_table else "a.feather")
    write(twice, path)
    with pytest.raises(InvalidInput, match="two columns named 'a'"):
        open_covariates(path)


@given(
    st.lists(st.floats(allow_nan=False), min_size=1, max_size=30),
    st.data(),
)
def test_what_the_csv_module_writes_is_read_again(tmp_path_factory, numbers, data):
    texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8)
    words = data.draw(st.lists(texts, min_size=len(numbers), max_size=len(numbers)))
    path = tmp_path_factory.mktemp("file") / "c.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerows([("number", "word"), *zip(numbers, ["w" + word for word in words], strict=True)])
    found = open_covariates(path)
    assert found.columns["number"].tolist() == numbers
    assert found.columns["word"].tolist() == ["w" + word for word in words]


def numbers_but(bad, rows=300, name="count"):
    """A column of numbers with other cells, by row."""
    return f"word,{name}\n" + "".join(f"w,{bad.get(i, i)}\n" for i in range(rows))


def test_a_few_cells_that_are_no_numbers_are_missing_and_told_by_their_line(tmp_path):
    found = of(tmp_path, numbers_but({7: "unknown", 9: " +3 ", 11: "n.d."}))
    assert np.isnan(found.columns["count"][[7, 11]]).all()
    assert found.columns["count"][[0, 8, 9]].tolist() == [0.0, 8.0, 3.0]
    assert found.missing["count"] == 2
    assert str(found.unreadable["count"]) == "2 of 300 cells are no numbers: 'unknown' in row 7 (line 9), 'n.d.' in row 11 (line 13)"
    assert found.doubtful == {}


def test_more_cells_than_the_limit_leave_a_column_words_and_this_is_told(tmp_path):
    bad = dict.fromkeys(range(0, 300, 50), "unknown")
    found = of(tmp_path, numbers_but(bad))
    assert found.columns["count"].dtype == object
    assert found.unreadable == {}
    assert str(found.doubtful["count"]).startswith("6 of 300 cells are no numbers: 'unknown' in row 0 (line 2), ")
    assert str(found.doubtful["count"]).endswith(", ...")
    assert open_covariates(tmp_path / "c.csv", limit=0.02).unreadable["count"].count == 6
    assert open_covariates(tmp_path / "c.csv", limit=0.0199).columns["count"].dtype == object
    with pytest.raises(InvalidInput, match="limit = 2"):
        open_covariates(tmp_path / "c.csv", limit=2)


def test_words_of_which_half_are_numbers_are_words_without_doubt(tmp_path):
    found = of(tmp_path, "a\n1\nx\n2\ny\n")
    assert found.columns["a"].tolist() == ["1", "x", "2", "y"]
    assert (found.unreadable, found.doubtful) == ({}, {})


def test_lines_are_not_told_where_a_cell_has_several(tmp_path):
    found = of(tmp_path, 'a,b\n"x\ny",1\n' + "z,2\n" * 200 + "z,-\n")
    assert found.unreadable["b"].first == ((201, None, "-"),)
    assert of(tmp_path, "a,b\nx,1\n" + "z,2\n" * 200 + "z,-").unreadable["b"].first == ((201, 203, "-"),)


def test_cells_of_text_in_other_formats_are_judged_alike(tmp_path):
    pq.write_table(pa.table({"n": [*map(str, range(200)), "x"]}), tmp_path / "a.parquet")
    found = open_covariates(tmp_path / "a.parquet")
    assert found.columns["n"][-2] == 199.0
    assert found.unreadable["n"].first == ((200, None, "x"),)


@pytest.mark.parametrize("cell", ["1,234", "0,5", "1.234,5", "-1,234,567.0"])
def test_numbers_with_commas_are_refused_with_their_place(tmp_path, cell):
    refused(tmp_path, f'a,b\n1,"{cell}"\n2,3\n', f"1 numbers with a comma in column 'b', such as '{cell}' in row 0 .line 2.: a comma of")
    assert of(tmp_path, f'a,b\n1,"{cell}"\n2,x\n3,y\n').columns["b"].tolist() == [cell, "x", "y"]  # of words it is a word


@pytest.mark.parametrize(("text", "name", "words"), [
    ("a;b\n1;2\n", "c.csv", "is separated by semicolons, where a file with this name must have commas: write it with commas"),
    ("a\tb\n1\t2\n", "c.csv", "is separated by tabs, where a file with this name must have commas: name it .tsv"),
    ("a|b\n1|2\n", "c.csv", "separated by vertical bars"),
    ("a,b\n1,2\n", "c.tsv", "is separated by commas, where a file with this name must have tabs: name it .csv"),
    ("a,b\n1,2\n".encode("utf-16"), "c.csv", "UTF-16, .* save it as CSV in UTF-8"),
    ("a,b\n1,234,5\n", "c.csv", "Expected 2 columns, got 3.*a cell with commas in it needs quotation marks"),
])  # fmt: skip
def test_slips_of_spreadsheets_are_told_with_what_to_do(tmp_path, text, name, words):
    refused(tmp_path, text, words, name)


def test_one_column_with_a_semicolon_in_its_name_is_read(tmp_path):
    assert of(tmp_path, "a;b\n1\n").columns["a;b"].tolist() == [1.0]


@pytest.mark.parametrize(("start", "words"), [
    (b"\x1f\x8b\x08", "gzip; unpack it"), (b"\x28\xb5\x2f\xfd", "zstd; unpack it"), (b"BZh9", "bzip2"), (b"\xfd7zXZ\0", "xz"),
    (b"\x89HDF\r\n", "HDF5"), (b"GGUF", "GGUF"), (b"\x80\x04\x95", "pickle, which could run any program and is never read"),
])  # fmt: skip
@pytest.mark.parametrize("open_file", [open_embeddings, open_covariates])
def test_formats_that_are_not_read_are_told_with_what_to_do(tmp_path, start, words, open_file):
    for name in ("a", "a.npy", "a.csv.gz"):
        (tmp_path / name).write_bytes(start + bytes(100))
        with pytest.raises(InvalidInput, match=words):
            open_file(tmp_path / name)


def test_a_workbook_is_told_from_an_archive_of_arrays(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as book:
        book.writestr("xl/workbook.xml", "")
    with pytest.raises(InvalidInput, match="workbook of Excel: save the sheet as CSV"):
        open_covariates(tmp_path / "a.xlsx")


def test_a_number_beyond_float64_is_told_and_no_infinity(tmp_path):
    refused(tmp_path, "count,x\n1,2\n1e400,3\n", r"a number beyond float64 in column 'count': '1e400' in row 1 \(line 3\)")
    refused(tmp_path, ",x\n0,2\n1,3\n", "without a name in its header.*index=False")
    (tmp_path / "b.csv").write_text("count,x\n1,2\ninf,3\n-Infinity,4\n")
    assert open_covariates(tmp_path / "b.csv").columns["count"].tolist() == [1, np.inf, -np.inf]

"""What may be wrong with files and arguments: one line with the name, status 2, nothing written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations.__main__ import main
from tests.test_audit.worlds import answer, audited, directions, embeddings, refused, table, words

ROWS = 200


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    rng = np.random.default_rng(1)
    vectors = directions(rng, ROWS, 8) * np.exp(0.3 * rng.standard_normal(ROWS))[:, None]
    return embeddings(tmp_path / "v.npy", vectors), table(tmp_path / "c.csv", {**words(rng, ROWS), "word": ["w"] * ROWS})


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def mislabelled(path: Path) -> None:
    path.write_bytes(b"PAR1" + path.read_bytes()[4:])


def text(path: Path) -> None:
    path.write_bytes(b"not an array at all, whatever its name may say")


def nan_heavy(path: Path) -> None:
    vectors = np.load(path)
    vectors[::3, 2] = np.nan
    np.save(path, vectors)


def one_axis(path: Path) -> None:
    np.save(path, np.arange(9.0))


def pickled(path: Path) -> None:
    np.save(path, np.array([{}, {}], dtype=object), allow_pickle=True)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def endless(path: Path) -> None:
    """A header that promises more rows than a machine can hold."""
    head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000000, 8), }"
    head += b" " * (117 - len(head)) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + b"\0" * 64)


@pytest.mark.parametrize("spoil", [truncated, mislabelled, text, nan_heavy, one_axis, pickled, empty, endless], ids=lambda f: f.__name__)
@pytest.mark.parametrize("role", ["embeddings", "--control", "--queries", "--documents"])
def test_bad_embeddings_are_one_error_and_nothing_is_written(
    tmp_path: Path, capsys: Any, files: tuple[Path, Path], spoil: Callable[[Path], None], role: str
) -> None:
    good, _ = files
    bad = tmp_path / "bad.npy"
    bad.write_bytes(good.read_bytes())
    spoil(bad)
    pairs = table(tmp_path / "r.csv", {"query": range(20), "document": range(20)})
    retrieval = {"--queries": good, "--relevance": pairs} if role in ("--queries", "--documents") else {}
    flags = {**retrieval, **({} if role == "embeddings" else {role: bad})}
    arguments = [x for flag in flags.items() for x in flag]
    out = tmp_path / "out"
    assert "bad.npy" in refused(capsys, bad if role == "embeddings" else good, *arguments, "--out", out)
    assert not out.exists() or list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--group", "topic"], "--group needs --covariates FILE"),
        (["--frequency", "x"], "--frequency needs --covariates FILE"),
        (["--documents", "v.npy"], "--documents needs --queries FILE"),
        (["--relevance", "r.csv"], "--relevance needs --queries FILE"),
        (["--optimizer", "magic"], "--optimizer = 'magic' must be one of sgd"),
        (["--decay", "much"], "--decay = 'much' must be one of none, dense, lazy"),
        (["--loss", "x"], "--loss = 'x' must be one of infonce"),
        (["--column", "x"], "--column has no meaning for"),
        (["--level", "0.5"], "'0.5' must be a level above 0.5 and at most 0.9999"),
        (["--covariates", "nowhere.csv"], "nowhere.csv cannot be read: No such file"),
    ],
)
def test_bad_arguments_are_one_error(capsys: Any, files: tuple[Path, Path], arguments: list[str], words: str) -> None:
    assert words in refused(capsys, files[0], *arguments)


def test_covariates_that_do_not_fit_are_one_error(tmp_path: Path, capsys: Any, files: tuple[Path, Path]) -> None:
    file = files[0]
    assert "c.csv: topic is missing in 1 rows, the first of them 7" in refused(
        capsys, file, "--group", "topic", "--covariates",
        table(tmp_path / "c.csv", {"x": range(ROWS), "topic": ["" if i == 7 else "ab"[i % 2] for i in range(ROWS)]}),
    )  # fmt: skip
    assert "few.csv (--covariates) has 3 rows, must have one for each of the 200 embeddings of" in refused(
        capsys, file, "--covariates", table(tmp_path / "few.csv", {"x": range(3)})
    )
    ragged = tmp_path / "ragged.csv"
    ragged.write_text("a,b\n1,2\n3\n", encoding="utf-8")
    assert "ragged.csv" in refused(capsys, file, "--covariates", ragged)
    assert "two columns" in refused(capsys, file, "--covariates", _twice(tmp_path))


def _twice(folder: Path) -> Path:
    path = folder / "twice.csv"
    path.write_text("a,a\n" + "1,2\n" * ROWS, encoding="utf-8")
    return path


def test_what_is_left_out_is_counted_and_said(tmp_path: Path, capsys: Any) -> None:
    rng = np.random.default_rng(2)
    vectors = directions(rng, ROWS, 8) * np.exp(0.3 * rng.standard_normal(ROWS))[:, None]
    vectors[5, 1], vectors[6, 0], vectors[9] = np.nan, np.inf, 0.0
    columns: dict[str, Any] = {**words(rng, ROWS), "seven": [7] * ROWS, "nothing": [None] * ROWS, "word": ["w"] * ROWS}
    columns["depth"][11] = np.nan
    file, covariates = embeddings(tmp_path / "v.npy", vectors), table(tmp_path / "c.csv", columns)
    assert main(["audit", str(file), "--covariates", str(covariates), "--bad-rows", "0.05", "--json", "--resamples", "400"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert "nothing has no value in 200 of 200 rows" in err
    assert err.count("\n") == 1  # not of a single blank cell
    assert found["source"]["excluded"] == {"NaN": 1, "infinite": 1, "zero norm": 1}
    assert found["source"]["examples"] == {"NaN": [5], "infinite": [6], "zero norm": [9]}
    assert found["unused"] == {"word": "text, the same in every row"}
    by_name = {a["covariate"]: a for a in found["associations"]}
    assert by_name["depth"]["missing"] == 4
    assert by_name["seven"]["raw"]["reason"] == "the covariate is constant"
    assert by_name["nothing"]["raw"]["value"] == "nan"
    assert set(by_name["count"]["controls"]) == {"depth", "polysemy", "tokens"}  # neither of those that say nothing
    assert main(["audit", str(file), "--covariates", str(covariates), "--bad-rows", "0.05"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    for words_of_it in ("1 row left out: NaN (5)", "word (text, the same in every row)",
                        "depth: 4 rows without a value or a norm are left out", "seven: no correlation, the covariate is constant",
                        "nothing: no correlation",
                        "count: controlled on the 196 of 197 rows that have every control"):  # fmt: skip
        assert words_of_it in page
    assert "at most 0.001 of all (--bad-rows)" in refused(capsys, file, "--bad-rows", "0.001")


def test_confounders_alone_can_be_given(capsys: Any, files: tuple[Path, Path]) -> None:
    file, covariates = files
    found = audited(capsys, file, "--covariates", covariates, "--confounder", "depth", "--given", "confounders")
    controls = {a["covariate"]: set(a["controls"]) for a in found["associations"]}
    assert controls == {"count": {"depth", "tokens"}, "depth": {"tokens"}, "polysemy": {"depth", "tokens"}, "tokens": {"depth"}}


def test_a_group_of_numbers_is_as_good_as_one_of_words(tmp_path: Path, capsys: Any, files: tuple[Path, Path]) -> None:
    rng = np.random.default_rng(3)
    x, topic = rng.standard_normal(ROWS), rng.integers(0, 20, ROWS)
    made = []
    for name, column in (("words", [f"t{i:02d}" for i in topic]), ("numbers", topic)):
        covariates = table(tmp_path / f"{name}.csv", {"x": x, "topic": column})
        made.append(audited(capsys, files[0], "--covariates", covariates, "--group", "topic")["associations"][0])
    assert made[0]["controlled"]["value"] == made[1]["controlled"]["value"]
    assert made[0]["controlled"]["clusters"] == made[1]["controlled"]["clusters"] == 20
    assert made[0]["controls"] == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs permissions that root does not mind")
def test_a_folder_that_cannot_be_written_is_said_before_any_work(tmp_path: Path, capsys: Any, files: tuple[Path, Path]) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert "--out" in refused(capsys, files[0], "--out", closed)


def test_out_that_is_a_file_is_refused(capsys: Any, files: tuple[Path, Path]) -> None:
    before = files[1].read_bytes()
    assert "is a file, must be a directory" in refused(capsys, files[0], "--out", files[1])
    assert files[1].read_bytes() == before


@pytest.mark.parametrize("flag", ["", "--control"])
def test_fewer_than_two_rows_with_a_norm_are_named_with_their_file(tmp_path: Path, capsys: Any, flag: str) -> None:
    one, none = embeddings(tmp_path / "one.npy", np.ones((1, 4))), embeddings(tmp_path / "none.npy", np.zeros((9, 4)))
    good = embeddings(tmp_path / "good.npy", np.random.default_rng(0).standard_normal((9, 4)))
    if not flag:
        assert "one.npy must have at least 2 rows with a norm; of its 1 it has 1" in refused(capsys, one)
    said = refused(capsys, *([good, flag, none] if flag else [none]), "--bad-rows", "1")
    assert "none.npy must have at least 2 rows with a norm; of its 9 it has 0 (9 with zero norm)" in said


def test_errors_of_files_name_the_flags_that_mend_them(tmp_path: Path, capsys: Any, files: tuple[Path, Path]) -> None:
    two = tmp_path / "two.npz"
    np.savez(two, a=np.ones((3, 2)), b=np.ones((3, 2)))
    assert "choose one of them with --tensor: 'a', 'b'" in refused(capsys, two)
    bits = embeddings(tmp_path / "bits.npy", np.ones((3, 2), np.uint16))
    assert "if it was saved from bfloat16, say --bfloat16" in refused(capsys, bits)
    assert "at most 0.01 of all (--bad-rows)" in refused(capsys, embeddings(tmp_path / "zeros.npy", np.zeros((5, 4))))
    few = embeddings(tmp_path / "few.npy", np.ones((5, 8)))
    assert "few.npy (--control) has 5 rows, must have as many as" in refused(capsys, files[0], "--control", few)


def counts(folder: Path, bad: int) -> Path:
    cells = ["unknown" if i < bad else i % 37 + 1 for i in range(ROWS)]
    return table(folder / "c.csv", {"count": cells, "depth": [i % 7 for i in range(ROWS)], "word": ["w"] * ROWS})


@pytest.mark.parametrize(("bad", "words"), [
    (1, "c.csv: count: 1 of 200 cells are no numbers: 'unknown' in row 0 (line 2); taken as missing"),
    (3, "c.csv: count is not used: text: 3 of 200 cells are no numbers: 'unknown' in row 0 (line 2), 'unknown' in row 1 (line 3),"),
])  # fmt: skip
def test_cells_that_are_no_numbers_are_told_whatever_is_asked_for(
    tmp_path: Path, capsys: Any, files: tuple[Path, Path], bad: int, words: str
) -> None:
    for shown in ("--quiet", "--json"):
        assert main(["audit", str(files[0]), "--covariates", str(counts(tmp_path, bad)), "--resamples", "200", shown]) == 0
        out, err = capsys.readouterr()
        assert err.startswith("normlaw audit: warning: ")
        assert words in err
        assert err.count("\n") == 1
        if shown == "--json":
            found = json.loads(out)
            assert words in found["warnings"][0]
            assert [u["count"] for u in found["unreadable"].values()] == ([1] if bad == 1 else [])
            assert [a["missing"] for a in found["associations"] if a["covariate"] == "count"] == ([1] if bad == 1 else [])


def test_a_column_that_is_named_for_a_role_must_be_of_numbers(tmp_path: Path, capsys: Any, files: tuple[Path, Path]) -> None:
    said = refused(capsys, files[0], "--covariates", counts(tmp_path, 3), "--frequency", "count")
    assert "--frequency = 'count' must be a column of numbers, such as depth; it is text: 3 of 200 cells are no numbers" in said
    bytes_of_latin = tmp_path / "latin.csv"
    bytes_of_latin.write_bytes(b"topic,x\n" + b"caf\xe9,1\n" * ROWS)
    said = refused(capsys, files[0], "--covariates", bytes_of_latin, "--group", "topic")
    assert "--group = 'topic' must be a column of words or numbers; it is of type binary, bytes that are no UTF-8" in said


def test_two_equal_rows_are_constant(tmp_path: Path, capsys: Any) -> None:
    found = audited(capsys, embeddings(tmp_path / "v.npy", np.ones((2, 4))))
    assert answer(found, "Is there a norm signal").startswith("none: ")


def test_rows_that_are_null_are_called_so(tmp_path: Path, capsys: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(2)
    rows: list[Any] = list(directions(rng, 60, 8) * np.exp(0.3 * rng.standard_normal(60))[:, None])
    rows[3], rows[8] = None, np.full(8, np.nan)
    column = pa.array([None if r is None else r.tolist() for r in rows], pa.list_(pa.float32()))
    pq.write_table(pa.table({"v": column}), tmp_path / "v.parquet")
    assert main(["audit", str(tmp_path / "v.parquet"), "--bad-rows", "0.05", "--json"]) == 0
    source = json.loads(capsys.readouterr().out)["source"]
    assert source["excluded"] == {"NaN": 1, "null": 1, "infinite": 0, "zero norm": 0}
    assert source["examples"] == {"NaN": [8], "null": [3]}
    assert main(["audit", str(tmp_path / "v.parquet"), "--bad-rows", "0.05"]) == 0
    assert "null (3)" in " ".join(capsys.readouterr().out.split())

"""Norms and moments against exact arithmetic, whatever the format, the blocks and the threads."""

from __future__ import annotations

import math
import threading
import time
from fractions import Fraction
from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from numerics.embedding_files import FINE, INFINITE, NAN, NULL, ZERO, as_float64, definition, open_embeddings, scan, scan_norms
from numerics.embedding_files.sources import Group
from numerics.kernels import embedding_rows
from numerics.validation import InvalidInput
from tests.test_numerics.test_embedding_files.writing import PRECISIONS, UNIT, WITH_BFLOAT16, WRITERS, within, written

EXPONENTS = {"float16": (-24, 15), "bfloat16": (-133, 126), "float32": (-149, 126), "float64": (-1074, 1020)}
SPECIAL = {"nan": NAN, "infinity": INFINITE, "both": NAN, "zero": ZERO}


def drawn(precision, rows, dimension, seed, bad=()):
    """Rows of every size that the precision has, some entries far smaller than others; ``bad``: rows to spoil, and how."""
    rng = np.random.default_rng(seed)
    low, high = EXPONENTS[precision]
    exponents = rng.integers(low, high + 1, (rows, 1)) - rng.integers(0, 12, (rows, dimension))
    with np.errstate(under="ignore"):
        table = np.ldexp(rng.choice([-1.0, 1.0], (rows, dimension)) * rng.uniform(1, 2, (rows, dimension)), exponents)
        table = table.astype(PRECISIONS[precision])
    for row, kind in bad:
        place = rng.integers(dimension, size=2)
        if kind == "zero":
            table[row] = -0.0
        elif kind == "both":
            table[row, place[0]] = math.inf
            table[row, place[1]] = math.nan
        else:
            table[row, place[0]] = math.nan if kind == "nan" else -math.inf
    return table


def status_of(table):
    wide = table.astype(np.float64)
    found = np.where(np.all(wide == 0, axis=1), ZERO, FINE)
    found = np.where(np.any(np.isinf(wide), axis=1), INFINITE, found)
    return np.where(np.any(np.isnan(wide), axis=1), NAN, found)


settings = st.tuples(
    st.sampled_from(sorted(WRITERS)), st.sampled_from(sorted(PRECISIONS)), st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32),
    st.integers(1, 2000), st.integers(1, 4), st.lists(st.tuples(st.integers(0, 39), st.sampled_from(sorted(SPECIAL))), max_size=6),
)  # fmt: skip


@given(settings)
@example(("npy", "float16", 9, 3, 0, 7, 2, [(3, "nan"), (4, "infinity"), (8, "both"), (0, "zero")]))
@example(("npy in columns", "bfloat16", 9, 3, 0, 1, 3, [(8, "nan")]))
@example(("npz deflated", "float64", 12, 5, 1, 40, 2, []))
@example(("arrow file", "float64", 40, 2, 1, 40, 2, [(39, "zero")]))
@example(("parquet of lists", "float16", 40, 2, 1, 40, 2, [(11, "zero")]))
def test_norms_are_exact_to_rounding_and_bad_rows_are_told(tmp_path_factory, setting):
    name, precision, rows, dimension, seed, block_bytes, threads, bad = setting
    if precision == "bfloat16" and name not in WITH_BFLOAT16:
        precision = "float32"
    table = drawn(precision, rows, dimension, seed, [(row, kind) for row, kind in bad if row < rows])
    path, told = written(tmp_path_factory.mktemp("file"), name, table)
    file = open_embeddings(path, **told)
    assert (file.rows, file.dimension, file.precision) == (rows, dimension, precision)
    with mock.patch.object(definition, "BLOCK_BYTES", block_bytes):
        found = scan_norms(file, threads=threads, limit=1.0, named=2)
        again = scan_norms(file, threads=threads % 4 + 1, limit=1.0)
    expected = status_of(table)
    fine = expected == FINE
    assert np.array_equal(found.status, expected)
    assert within(found.norms[fine], table[fine])
    assert np.all(np.isnan(found.norms[~fine]))
    assert found.counts == {kind: int(np.sum(expected == kind)) for kind in (FINE, NAN, NULL, INFINITE, ZERO)}
    assert found.first_rows == {kind: tuple(np.flatnonzero(expected == kind)[:2]) for kind in (NAN, NULL, INFINITE, ZERO)}
    assert found.excluded == rows - np.sum(fine)
    for ours, other in ((found.norms, again.norms), (found.mean, again.mean), (found.second_moments, again.second_moments)):
        assert ours.tobytes() == other.tobytes()  # whatever the threads
    moments_agree(found, table[fine])


def moments_agree(found, fine):
    """Means and second moments by coordinate against exact sums, where float64 has them."""
    count = len(fine)
    for j, column in enumerate(fine.astype(np.float64).T.tolist()):
        if not count:
            assert math.isnan(found.mean[j])
            continue
        if max(map(abs, column)) < 1e150:
            magnitude = sum(abs(Fraction(x)) for x in column) / count
            exact = sum(map(Fraction, column)) / count
            assert abs(Fraction(found.mean[j]) - exact) <= (count + 1) * UNIT * magnitude + Fraction(count, 2**1074)
            square = sum(Fraction(x) ** 2 for x in column) / count
            assert abs(Fraction(found.second_moments[j]) - square) <= (count + 2) * UNIT * square + Fraction(count, 2**1074)


@given(
    st.sampled_from(sorted(WRITERS)), st.sampled_from(["float16", "float32", "float64"]), st.integers(1, 40), st.integers(1, 9), st.data(),
)  # fmt: skip
def test_blocks_and_single_rows_are_what_was_written(tmp_path_factory, name, precision, rows, dimension, data):
    table = drawn(precision, rows, dimension, 0)
    path, told = written(tmp_path_factory.mktemp("file"), name, table)
    file = open_embeddings(path, **told)
    size = data.draw(st.none() | st.integers(1, 50))
    blocks = list(file.blocks(size))
    assert np.array_equal(np.concatenate(blocks), table)
    assert all(block.dtype == table.dtype and len(block) <= (size or rows) for block in blocks)
    wanted = data.draw(st.lists(st.integers(0, rows - 1), max_size=20))
    with mock.patch.object(definition, "BLOCK_BYTES", data.draw(st.integers(1, 200))):
        taken = file.take(wanted)
    assert taken.dtype == np.float64
    assert np.array_equal(taken, table[wanted].astype(np.float64).reshape(-1, dimension))


def broken(table):
    """Norms as a careless reader has them, by what it does wrong."""
    wide, narrow, swapped = table.astype(np.float64), table, table.astype(table.dtype.newbyteorder()).view(table.dtype)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return {
            "sums in the precision of the entries": np.sqrt(np.sum(narrow * narrow, axis=1, dtype=narrow.dtype)).astype(np.float64),
            "sums in float32": np.sqrt(np.sum(narrow.astype(np.float32) ** 2, axis=1, dtype=np.float32)).astype(np.float64),
            "one row further": np.roll(np.linalg.norm(wide, axis=1), 1),
            "columns taken for rows": np.linalg.norm(wide.T.reshape(table.shape), axis=1),
            "bytes in the other order": np.linalg.norm(swapped.astype(np.float64), axis=1),
            "an entry left out": np.linalg.norm(wide[:, 1:], axis=1),
            "half a unit in the last place of float32": np.linalg.norm(wide, axis=1) * (1 + 2.0**-25),
        }


@pytest.mark.parametrize("name", list(broken(np.ones((2, 2), np.float16))))
@pytest.mark.parametrize("precision", ["float16", "float32"])
def test_careless_norms_are_beyond_the_bound(precision, name):
    table = np.random.default_rng(0).standard_normal((20, 16)).astype(PRECISIONS[precision])
    assert within(np.linalg.norm(table.astype(np.float64), axis=1), table)
    found = broken(table)[name]
    assert not np.all(np.isfinite(found)) or not within(found, table)


@pytest.mark.parametrize("scale", [1e200, 1e-200, 5e-324, 1e307, 1e-155])
def test_norms_whose_squares_leave_float64_are_right(tmp_path, scale):
    table = scale * np.array([[3.0, 4.0], [-1.0, 7.0], [0.0, 2.0], [12.0, 5.0]])
    np.save(tmp_path / "a.npy", table)
    found = scan_norms(open_embeddings(tmp_path / "a.npy"))
    assert within(found.norms, table)
    with np.errstate(over="ignore", under="ignore"):
        careless = np.sqrt(np.sum(table**2, axis=1))
    assert not np.all(np.isfinite(careless)) or not within(careless, table)


def test_without_its_second_pass_the_kernel_would_miss_the_bound(tmp_path):
    # squares that are rounded to 53 bits less than those of normal numbers have
    table = np.random.default_rng(0).uniform(1e-162, 1e-160, (50, 4))
    with np.errstate(under="ignore"):
        assert not within(np.sqrt(np.sum(table**2, axis=1)), table)
    np.save(tmp_path / "a.npy", table)
    assert within(scan_norms(open_embeddings(tmp_path / "a.npy")).norms, table)


def test_a_norm_beyond_float64_is_told_as_infinite(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[1.7e308, 1.7e308], [1.0, 0.0]]))
    found = scan_norms(open_embeddings(tmp_path / "a.npy"), limit=1.0)
    assert found.status.tolist() == [INFINITE, FINE]
    assert found.mean.tolist() == [1.0, 0.0]


def test_squares_beyond_float64_are_an_infinite_moment_and_not_a_wrong_one(tmp_path):
    np.save(tmp_path / "a.npy", np.array([[1e200, 1.0], [1e200, 3.0]]))
    found = scan_norms(open_embeddings(tmp_path / "a.npy"))
    assert found.mean.tolist() == [1e200, 2.0]
    assert found.second_moments.tolist() == [math.inf, 5.0]


def spoiled(folder, rows=200, bad=range(3, 200, 2)):
    table = np.ones((rows, 4), np.float16)
    table[list(bad)] = math.nan
    np.save(folder / "bad.npy", table)
    return open_embeddings(folder / "bad.npy")


def test_too_many_bad_rows_stop_the_scan_with_their_numbers(tmp_path):
    file = spoiled(tmp_path)
    with pytest.raises(InvalidInput) as error:
        scan_norms(file, named=3)
    words = str(error.value)
    assert "99 with NaN (3, 5, 7, ...)" in words
    assert "at most 0.01 of all (limit)" in words
    assert "\n" not in words
    assert scan_norms(file, limit=0.495).excluded == 99  # the limit is what may be, not what may not
    with pytest.raises(InvalidInput):
        scan_norms(file, limit=0.4949)


@pytest.mark.parametrize("threads", [1, 3])
def test_the_scan_stops_as_soon_as_there_are_too_many(tmp_path, threads):
    file, heard = spoiled(tmp_path), []
    with mock.patch.object(definition, "BLOCK_BYTES", 80), pytest.raises(InvalidInput) as error:  # ten rows a block
        scan_norms(file, limit=0.05, threads=threads, progress=heard.append)
    assert heard == [10, 20]  # 4 and 9 bad ones; with 14 the limit of 10 is passed
    assert "14 with NaN" in str(error.value)
    assert "first 30 of 200" in str(error.value)


def test_a_file_of_one_group_stops_within_it(tmp_path):
    table = np.zeros((200, 4), np.float32)
    np.savez_compressed(tmp_path / "a.npz", rows=table)  # which can only be read from its beginning
    words = "among its first 10 of 200, 10 with norm zero"
    with mock.patch.object(definition, "BLOCK_BYTES", 160), pytest.raises(InvalidInput, match=words):
        scan_norms(open_embeddings(tmp_path / "a.npz"))


def test_an_interruption_ends_a_long_group_within_a_block(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((10_000, 4), np.float32))
    file, read, interrupted = open_embeddings(tmp_path / "a.npy"), [], threading.Event()

    def long(_):
        for row in range(10, 10_000, 10):
            interrupted.wait(60)
            time.sleep(0.001)
            read.append(row)
            yield np.ones((10, 4), np.float32)

    def interrupt(_):
        interrupted.set()
        raise KeyboardInterrupt

    groups = [Group(0, 10, lambda _: iter([np.ones((10, 4), np.float32)])), *[Group(10, 9990, long)] * 3]
    with mock.patch.object(type(file), "groups", return_value=iter(groups)), pytest.raises(KeyboardInterrupt):
        scan_norms(file, threads=1, progress=interrupt)
    assert len(read) < 999


@pytest.mark.parametrize("name", ["npy", "npz deflated", "parquet of lists", "arrow stream, lz4"])
def test_progress_is_told_and_ends_with_all_rows(tmp_path, name):
    table = np.random.default_rng(0).standard_normal((40, 4)).astype(np.float32)
    path, _ = written(tmp_path, name, table)
    heard = []
    with mock.patch.object(definition, "BLOCK_BYTES", 100):
        scan_norms(open_embeddings(path), progress=heard.append)
    assert heard == sorted(set(heard))
    assert heard[-1] == 40


def test_an_interruption_ends_all_threads(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((10_000, 4), np.float32))
    before = threading.active_count()

    def interrupt(_):
        raise KeyboardInterrupt

    with mock.patch.object(definition, "BLOCK_BYTES", 16), pytest.raises(KeyboardInterrupt):
        scan_norms(open_embeddings(tmp_path / "a.npy"), threads=3, progress=interrupt)
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("name", "value"), [("limit", -0.1), ("limit", 1.5), ("limit", "x"), ("threads", 0), ("threads", 1.5), ("named", -1)]
)
def test_arguments_out_of_bounds_are_named(tmp_path, name, value):
    np.save(tmp_path / "a.npy", np.ones((2, 2)))
    with pytest.raises(InvalidInput, match=name):
        scan_norms(open_embeddings(tmp_path / "a.npy"), **{name: value})


@pytest.mark.parametrize("indices", [[-1], [3], [0.5], [[0]], ["a"], [True]])
def test_rows_that_are_none_are_refused(tmp_path, indices):
    np.save(tmp_path / "a.npy", np.ones((3, 2)))
    with pytest.raises(InvalidInput, match="indices"):
        open_embeddings(tmp_path / "a.npy").take(indices)


@pytest.mark.parametrize("rows", [0, -1, 2.0, 2**40])
def test_blocks_of_no_rows_or_of_far_too_many_are_refused(tmp_path, rows):
    np.save(tmp_path / "a.npy", np.ones((3, 2)))
    with pytest.raises(InvalidInput, match="rows_per_block"):
        list(open_embeddings(tmp_path / "a.npy").blocks(rows))


def test_more_rows_than_a_result_may_have_are_refused_before_it_is_made(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((3, 2)))
    file = open_embeddings(tmp_path / "a.npy")
    with mock.patch.object(type(file), "rows", 2**40), pytest.raises(InvalidInput, match="1099511627776 entries"):
        scan_norms(file)


def test_the_kernel_and_the_scan_name_the_same_kinds():
    assert {FINE, *scan.BAD} == {NULL, embedding_rows.FINE, embedding_rows.NAN, embedding_rows.INFINITE, embedding_rows.ZERO}
    assert len({FINE, NAN, INFINITE, ZERO}) == 4


def test_bits_of_bfloat16_are_numbers_again():
    bits = np.array([[0x3F80, 0xC000], [0x7F80, 0x0001]], np.uint16)
    assert as_float64(bits, "bfloat16").tolist() == [[1.0, -2.0], [math.inf, 2.0**-133]]

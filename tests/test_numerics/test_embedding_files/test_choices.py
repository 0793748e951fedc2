"""Which of several arrays is read, by which name, and what other libraries write that takes a word more."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import save_file

import numerics
from numerics.embedding_files import EmbeddingFile, as_float64, open_embeddings, scan_norms
from numerics.embedding_files.regular_file import RegularFile
from numerics.embedding_files.sources import Decoded, InColumns, InRows
from numerics.validation import InvalidInput
from tests.test_numerics.test_embedding_files.writing import SWAPPED, WRITERS, lists, written

ONE, OTHER = np.arange(1.0, 13.0, dtype=np.float32).reshape(4, 3), np.ones((5, 2), np.float16)


def numbers(file):
    return np.concatenate([as_float64(block, file.precision) for block in file.blocks()])


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_one_of_several_arrays_of_an_archive_is_chosen_by_name(tmp_path, write):
    write(tmp_path / "a.npz", one=ONE, other=OTHER, words=np.array(["a"]))
    with pytest.raises(InvalidInput, match="3 arrays; choose one of them with tensor: 'one', 'other', 'words'"):
        open_embeddings(tmp_path / "a.npz")
    with pytest.raises(InvalidInput, match="no array 'third'; it has 'one', 'other', 'words'"):
        open_embeddings(tmp_path / "a.npz", tensor="third")
    file = open_embeddings(tmp_path / "a.npz", tensor="other")
    assert (file.name, file.format) == ("other", "npz")
    assert np.array_equal(numbers(file), OTHER)
    assert np.array_equal(numbers(open_embeddings(tmp_path / "a.npz", tensor="one")), ONE)


def test_one_of_several_tensors_is_chosen_by_name(tmp_path):
    bias = np.ones(3, np.float32)
    save_file({"bias": bias, "emb.weight": ONE, "long": np.ones((2, 2, 2, 2), np.float16)}, tmp_path / "a.safetensors", {"format": "pt"})
    with pytest.raises(InvalidInput, match=r"3 tensors; .*'bias' \(F32 3\).*'emb.weight' \(F32 4 x 3\).*'long' \(F16 2 x 2 x 2 x ...\)"):
        open_embeddings(tmp_path / "a.safetensors")
    file = open_embeddings(tmp_path / "a.safetensors", tensor="emb.weight")
    assert (file.name, file.precision) == ("emb.weight", "float32")
    assert np.array_equal(numbers(file), ONE)
    with pytest.raises(InvalidInput, match=r"shape '?\(3,\)"):
        open_embeddings(tmp_path / "a.safetensors", tensor="bias")


def test_a_tensor_of_a_model_in_shards_is_found_in_its_file(tmp_path):
    save_file({"one": ONE}, tmp_path / "model-1.safetensors")
    save_file({"other": OTHER}, tmp_path / "model-2.safetensors")
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": {"one": "model-1.safetensors", "other": "model-2.safetensors"}}))
    assert np.array_equal(numbers(open_embeddings(index, tensor="other")), OTHER)
    with pytest.raises(InvalidInput, match="choose one of them with tensor: 'one', 'other'"):
        open_embeddings(index)
    with pytest.raises(InvalidInput, match="no tensor 'third'"):
        open_embeddings(index, tensor="third")
    (tmp_path / "model-2.safetensors").unlink()
    with pytest.raises(InvalidInput, match=r"model-2.safetensors cannot be read: No such file"):
        open_embeddings(index, tensor="other")


@pytest.mark.parametrize("place", ["../a.safetensors", "/etc/passwd", "..", "", "a/b", "a\\b", "a\0"])
def test_an_index_does_not_lead_out_of_its_folder(tmp_path, place):
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"one": place}}))
    with pytest.raises(InvalidInput, match="no name of a file beside it"):
        open_embeddings(index)


def test_one_of_several_columns_is_chosen_by_name(tmp_path):
    table = pa.table({"id": [1, 2, 3, 4], "a": lists(ONE), "b": lists(2 * ONE, "fixed_size_list"), "text": ["x", "y", "z", "w"]})
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(InvalidInput, match=r"2 columns of embeddings; choose one of them with column: 'a' \(list<element: float>\), 'b'"):
        open_embeddings(tmp_path / "a.parquet")
    for name, factor in (("a", 1), ("b", 2)):
        file = open_embeddings(tmp_path / "a.parquet", column=name)
        assert (file.name, file.format) == (name, "parquet")
        assert np.array_equal(numbers(file), factor * ONE)
    with pytest.raises(InvalidInput, match="no column 'c'; it has 'id', 'a', 'b', 'text'"):
        open_embeddings(tmp_path / "a.parquet", column="c")
    with pytest.raises(InvalidInput, match="column 'id' of type int64; it must hold lists of"):
        open_embeddings(tmp_path / "a.parquet", column="id")


def test_columns_that_only_their_paths_tell_apart_are_told_apart(tmp_path):
    nested = pa.StructArray.from_arrays([lists(ONE)], ["b"])
    pq.write_table(pa.table({"a": nested, "x": lists(2 * ONE)}), tmp_path / "a.parquet")
    assert np.array_equal(numbers(open_embeddings(tmp_path / "a.parquet")), 2 * ONE)
    pq.write_table(pa.table({"a": nested, "a.b": lists(2 * ONE)}), tmp_path / "b.parquet")
    with pytest.raises(InvalidInput, match="cannot be told apart"):
        open_embeddings(tmp_path / "b.parquet")


@pytest.mark.parametrize(("name", "told"), [
    ("npy", {"tensor": "a"}), ("npy", {"column": "a"}), ("safetensors", {"column": "a"}), ("safetensors", {"precision": "bfloat16"}),
    ("parquet of lists", {"tensor": "a"}), ("arrow file", {"precision": "bfloat16"}), ("npz stored", {"column": "a"}),
])  # fmt: skip
def test_a_choice_that_the_format_does_not_have_is_refused(tmp_path, name, told):
    path, _ = written(tmp_path, name, ONE)
    with pytest.raises(InvalidInput, match="has no meaning for"):
        open_embeddings(path, **told)


def test_bfloat16_of_numpy_files_has_to_be_said(tmp_path):
    table = ONE.astype(ml_dtypes.bfloat16)
    np.save(tmp_path / "a.npy", table)
    with pytest.raises(InvalidInput, match=r"dtype '\|V2'; .* if it was saved from bfloat16, say precision='bfloat16'"):
        open_embeddings(tmp_path / "a.npy")
    assert np.array_equal(numbers(open_embeddings(tmp_path / "a.npy", precision="bfloat16")), ONE)
    np.save(tmp_path / "a.npy", table.view(np.uint16).astype(">u2"))
    assert np.array_equal(numbers(open_embeddings(tmp_path / "a.npy", precision="bfloat16")), ONE)
    np.save(tmp_path / "a.npy", ONE)
    with pytest.raises(InvalidInput, match=r"float32.* cannot be bfloat16"):
        open_embeddings(tmp_path / "a.npy", precision="bfloat16")
    with pytest.raises(InvalidInput, match="can only be said to be 'bfloat16'"):
        open_embeddings(tmp_path / "a.npy", precision="float16")


@pytest.mark.parametrize("name", SWAPPED)
@pytest.mark.parametrize("dtype", [">f2", ">f4", ">f8", "<f2", "<f4", "<f8"])
def test_either_order_of_bytes_is_read(tmp_path, name, dtype):
    path, _ = written(tmp_path, name, ONE.astype(dtype))
    file = open_embeddings(path)
    assert np.array_equal(numbers(file), ONE)
    assert next(file.blocks()).dtype.isnative
    assert np.array_equal(scan_norms(file).norms, np.linalg.norm(ONE.astype(np.float64), axis=1))


SOURCES = {
    "npy": InRows, "npy in columns": InColumns, "npz stored": InRows, "npz stored in columns": InColumns, "npz deflated": Decoded,
    "npz deflated in columns": InColumns, "safetensors": InRows, "parquet of lists": Decoded, "feather": InRows, "arrow file": InRows,
    "arrow stream": InRows, "feather, lz4": Decoded, "arrow stream, lz4": Decoded, "arrow file, zstd": Decoded,
}  # fmt: skip


@pytest.mark.parametrize("name", list(SOURCES))
def test_plain_numbers_are_read_where_they_lie(tmp_path, name):
    path, _ = written(tmp_path, name, ONE)
    assert type(open_embeddings(path).source) is SOURCES[name]
    assert set(SOURCES) <= set(WRITERS)


@pytest.mark.parametrize("name", ["npy", "npz stored", "npz deflated", "safetensors", "parquet of lists", "arrow file"])
def test_the_name_of_a_file_need_not_say_its_format(tmp_path, name):
    path, _ = written(tmp_path, name, ONE)
    plain = shutil.move(path, tmp_path / "vectors")
    assert np.array_equal(numbers(open_embeddings(plain)), ONE)
    assert np.array_equal(numbers(open_embeddings(str(plain))), ONE)


def test_a_file_of_one_row_or_one_column_is_read(tmp_path):
    for table in (ONE[:1], ONE[:, :1], ONE[:1, :1]):
        for order in ("C", "F"):
            np.save(tmp_path / "a.npy", np.asarray(table, order=order))
            assert np.array_equal(numbers(open_embeddings(tmp_path / "a.npy")), table)


def test_a_file_that_another_takes_the_name_of_stays_the_same(tmp_path):
    np.save(tmp_path / "a.npy", ONE)
    file = open_embeddings(tmp_path / "a.npy")
    np.save(tmp_path / "b.npy", OTHER)
    (tmp_path / "b.npy").rename(tmp_path / "a.npy")
    assert np.array_equal(numbers(file), ONE)


def test_tensors_saved_by_pytorch_are_read(tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: it is in the extra bench")
    save = pytest.importorskip("safetensors.torch").save_file
    weights = torch.nn.Embedding(30, 7).weight.detach()
    for kind in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        save({"weight": weights.to(kind)}, tmp_path / "a.safetensors")
        file = open_embeddings(tmp_path / "a.safetensors")
        assert np.array_equal(numbers(file), weights.to(kind).double().numpy())
        assert f"torch.{file.precision}" == str(kind)


def test_a_checkpoint_of_pytorch_is_a_pickle_and_refused(tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: it is in the extra bench")
    torch.save({"weight": torch.ones(3, 2)}, tmp_path / "a.pt")
    with pytest.raises(InvalidInput, match="a checkpoint of PyTorch, which is a pickle and never read: save it as safetensors"):
        open_embeddings(tmp_path / "a.pt")


def test_plain_formats_need_no_library_of_other_formats(tmp_path):
    np.save(tmp_path / "a.npy", ONE)
    save_file({"one": ONE}, tmp_path / "a.safetensors")
    code = (
        "import sys; from numerics.embedding_files import open_embeddings, scan_norms\n"
        "for path in sys.argv[1:]: scan_norms(open_embeddings(path))\n"
        "print([name for name in ('pyarrow', 'safetensors', 'ml_dtypes', 'torch', 'sklearn', 'scipy.stats') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.npy"), str(tmp_path / "a.safetensors")], cwd=Path(numerics.__file__).parents[1],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("rows", "words"), [(3, "has 3 rows from row 0 on where it says that it has 4"), (5, "has more rows from row 0")])
def test_a_decoder_that_gives_other_rows_than_were_promised_is_found_out(tmp_path, rows, words):
    np.save(tmp_path / "a.npy", ONE)
    table, given = np.ones((rows, 3), np.float32), []

    def decode(_, rows_per_block):
        return iter(np.split(table, range(rows_per_block, rows, rows_per_block)))

    file = EmbeddingFile(tmp_path / "a.npy", "parquet", None, Decoded(4, 3, "float32", RegularFile(tmp_path / "a.npy"), (4,), decode))
    with pytest.raises(InvalidInput, match=words):
        given.extend(file.blocks(1))
    assert len(given) == min(rows, 4)  # what there is of too many is not given
    if rows == 3:
        with pytest.raises(InvalidInput, match=words):
            scan_norms(file)

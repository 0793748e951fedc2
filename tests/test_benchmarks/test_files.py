"""Files that are measured: what is timed did what it says, and wrong norms are no figure. No time is asserted."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks import files
from benchmarks.files import __main__ as large
from benchmarks.files.written import PRECISIONS, embeddings, save_npz, save_parquet, save_safetensors
from numerics.embedding_files import open_embeddings, scan_norms


def test_the_benchmark_of_files_gives_figures_for_every_precision_and_format():
    found = list(files.findings(1, lambda _: None, quick=True))
    names = [finding.name for finding in found]
    assert all(any(precision in name for name in names) for precision in PRECISIONS)
    told = ("Parquet", "deflated npz", "from disk", "over plain read", "processor time")
    assert all(any(each in name for name in names) for each in told)
    assert all(value > 0 for finding in found for value in finding.values)


def test_a_plain_read_reads_every_byte(tmp_path):
    (tmp_path / "a").write_bytes(bytes(5_000_001))
    assert files.plain_read(tmp_path / "a") == 5_000_001


@pytest.mark.parametrize("precision", PRECISIONS)
def test_files_are_of_the_size_and_precision_they_are_named_for(tmp_path, precision):
    save_safetensors(tmp_path / "a.safetensors", embeddings(precision, 2**16, 128))
    file = open_embeddings(tmp_path / "a.safetensors")
    assert (file.precision, file.dimension) == (precision, 128)
    assert file.rows == 2**16 // (128 * (4 if precision == "float32" else 2))


def test_decoders_that_are_timed_decode_everything(tmp_path):
    table = embeddings("float32", 2**16, 128)
    assert save_parquet(tmp_path / "a.parquet", table)(tmp_path / "a.parquet") == len(table)
    assert save_npz(tmp_path / "a.npz", table)(tmp_path / "a.npz") >= table.nbytes


def test_wrong_norms_are_an_error_and_not_a_figure(tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", embeddings("float32", 2**16, 128))
    files.checked(tmp_path / "a.npy")

    def slightly_off(file):
        found = scan_norms(file)
        found.norms[3] *= 1 + 2e-13
        return found

    monkeypatch.setattr(files, "scan_norms", slightly_off)
    with pytest.raises(ValueError, match=r"differ from NumPy's by 2e-13, and rounding allows"):
        files.checked(tmp_path / "a.npy")


def test_the_large_file_is_made_measured_and_deleted(tmp_path, capsys):
    assert large.main(["--rows", "5000", "--dimension", "16", "--repeats", "1", "--json", "--folder", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["rows"], found["dimension"]) == (5000, 16)
    assert found["bytes"] == 128 + 5000 * 16 * 2
    assert found["peak_mb"] >= found["peak_before_mb"] > 0
    assert all(len(found[how][name]) == 1 for how in ("cache", "disk") for name in ("plain_read", "scan", "ratios", "processor_ratios"))
    assert list(tmp_path.iterdir()) == []
    assert large.main(["--rows", "500", "--repeats", "1", "--folder", str(tmp_path)]) == 0
    assert "peak memory" in capsys.readouterr().out


def test_the_large_file_is_deleted_when_interrupted(tmp_path, monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(large, "_measured", interrupt)
    assert large.main(["--rows", "500", "--folder", str(tmp_path)]) == 130
    assert list(tmp_path.iterdir()) == []
    assert "the file is deleted" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, capsys):
    assert large.main(["--rows", "5", "--folder", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1

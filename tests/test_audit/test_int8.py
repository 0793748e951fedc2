"""int8 files of every format are read as whole numbers, and the page says what quantisation did to norms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from numerics.embedding_files import open_embeddings, scan_norms
from tests.test_audit.worlds import answer, audited, directions, embeddings, refused

ROWS = 400


def vectors() -> Any:
    rng = np.random.default_rng(5)
    return directions(rng, ROWS, 48) * np.exp(0.3 * rng.standard_normal(ROWS))[:, None]


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".safetensors", ".parquet", ".arrow"])
def test_int8_files_are_read_in_every_format(tmp_path: Path, suffix: str) -> None:
    codes = np.random.default_rng(4).integers(-128, 128, (300, 7)).astype(np.int8)
    codes[0] = -128
    file = open_embeddings(embeddings(tmp_path / f"v{suffix}", codes))
    assert file.precision == "int8"
    squares = np.sum(codes.astype(np.int64) ** 2, axis=1)
    assert np.array_equal(scan_norms(file).norms, np.sqrt(squares))
    assert np.array_equal(file.take([0, 299]), codes[[0, 299]])


def test_the_page_says_what_quantisation_did(tmp_path: Path, capsys: Any) -> None:
    table = vectors()
    one, each = np.max(np.abs(table)) / 127, np.max(np.abs(table), axis=1, keepdims=True) / 127
    found = audited(capsys, embeddings(tmp_path / "one.npy", np.rint(table / one).astype(np.int8)))
    assert answer(found, "Is there a norm signal").startswith("yes: norms vary by ")
    assert "entries are int8 codes: norms are lengths, in steps, only if" in answer(found, "Is there a norm signal")
    assert found["source"]["precision"] == "int8"
    assert found["signal"]["quantised"]["codes"] is True
    found = audited(capsys, embeddings(tmp_path / "each.npy", np.rint(table / each).astype(np.int8)))
    assert answer(found, "Is there a norm signal").startswith("none: each row was scaled by its own greatest entry")
    undone = (np.rint(table / each) * each).astype(np.float32)
    found = audited(capsys, embeddings(tmp_path / "undone.npy", undone))
    assert "up to 127, of a step of each row (quantised): lengths are kept to 0." in answer(found, "Is there a norm signal")


def test_codes_without_a_sign_are_refused_with_what_to_do(tmp_path: Path, capsys: Any) -> None:
    codes = np.zeros((9, 8), np.uint8)
    for suffix in (".npy", ".npz", ".safetensors", ".parquet", ".arrow"):
        assert "write (code - zero point) * scale as float32" in refused(capsys, embeddings(tmp_path / f"v{suffix}", codes))

"""Embeddings of many texts, written in parts, so that a run that was interrupted goes on where it was."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.encoder import Encoder
from derivations.files import write_whole
from derivations.terminal.progress import Tell
from numerics.validation import InvalidInput

PART = 1024  # texts


def embed(
    path: Path, texts: Sequence[str], lengths: NDArray[np.int64], encoder: Encoder, variant: str, seed: int, tell: Tell
) -> Path:
    """``path`` as a float32 ``.npy`` of one row a text, whole or not there; what an earlier run with the same texts and weights
    has done of it is taken over. ``lengths`` in tokens: texts of like length are encoded together."""
    key = key_of(texts, encoder.fingerprint(variant, seed))
    if is_of(path, key):
        return path
    parts = path.with_name(f".{path.name}.parts") / key
    parts.mkdir(parents=True, exist_ok=True)
    order = np.argsort(lengths, kind="stable")[::-1]  # the longest first, so that the time left is never underestimated
    chunks = [order[i : i + PART] for i in range(0, len(order), PART)]
    ready = False
    for i, chunk in enumerate(chunks):
        part = parts / f"{i:05d}.npy"
        if not part.is_file():
            if not ready:
                encoder.use(variant, seed)
                ready = True
            save_whole(part, _checked(encoder.encode([texts[j] for j in chunk]), len(chunk), encoder.dimension))
        tell((i + 1) / len(chunks), f"{path.name}: {min((i + 1) * PART, len(order))} of {len(order)} texts")
    rows = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    for i, chunk in enumerate(chunks):
        rows[chunk] = np.load(parts / f"{i:05d}.npy")
    discard(path)
    save_whole(path, rows)
    write_whole(_beside(path), key)
    shutil.rmtree(parts.parent)
    return path


def save_whole(path: Path, rows: NDArray[np.float32]) -> None:
    """Write an ``.npy`` file; an interruption leaves what was there before."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            np.save(file, rows)
        os.chmod(temporary, 0o644)  # mkstemp's 0600 is for secrets
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def is_of(path: Path, key: str) -> bool:
    """Whether the file is there and was made from the texts and weights of this key."""
    return path.is_file() and _beside(path).is_file() and _beside(path).read_text(encoding="utf-8") == key


def discard(path: Path) -> None:
    """Remove a file, and the key beside it first."""
    _beside(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.key")


def key_of(texts: Sequence[str], fingerprint: str) -> str:
    """What says that two runs would write the same rows."""
    digest = hashlib.sha256(f"{fingerprint}\0{PART}\0".encode())
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()[:32]


def _checked(rows: NDArray[np.float32], count: int, dimension: int) -> NDArray[np.float32]:
    if rows.shape != (count, dimension):
        raise InvalidInput(f"the model gave an array of shape {rows.shape} for {count} texts, must be ({count}, {dimension})")
    return rows

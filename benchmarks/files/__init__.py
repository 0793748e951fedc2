"""Files of embeddings: norms and moments of all rows, against a plain sequential read of the same file and the decoders of others.

A plain read is one thread that fills one buffer again and again, and looks at nothing. Rounds are interleaved; the file is in
the system's cache, or, "from disk", the system has been told to forget it before each run. Norms are compared with NumPy's
before a time counts.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.files.written import PRECISIONS, embeddings, save_npz, save_parquet, save_safetensors
from benchmarks.findings import Finding, Tell
from numerics.compilation.processors import processors
from numerics.embedding_files import as_float64, open_embeddings, scan_norms
from numerics.embedding_files.definition import BLOCK_BYTES

_DIMENSION = 128
_COMPARED = 4096  # rows
_UNIT = 2.0**-53


def findings(repeats: int, tell: Tell, *, quick: bool = False) -> Iterator[Finding]:
    """Plain numbers by precision, then what has to be decoded."""
    size = 2**20 if quick else 2**27
    with tempfile.TemporaryDirectory(prefix="normlaw-benchmark-") as folder:
        for precision in PRECISIONS:
            path = Path(folder) / f"{precision}.safetensors"
            save_safetensors(path, embeddings(precision, size, _DIMENSION))
            yield from _against_plain_read(path, precision, repeats, tell)
            path.unlink()
        for name, save in (("Parquet", save_parquet), ("deflated npz", save_npz)):
            path = Path(folder) / ("a.parquet" if name == "Parquet" else "a.npz")
            decode = save(path, embeddings("float32", size // 4, _DIMENSION))
            yield from _against_decoder(path, name, decode, repeats, tell)


def _against_plain_read(path: Path, precision: str, repeats: int, tell: Tell) -> Iterator[Finding]:
    checked(path)
    for how, forget in (("from the cache", False), ("from disk", True)):
        if forget and not hasattr(os, "posix_fadvise"):
            continue
        words = f"{precision}, {how}"
        rates = rounds(path, {"read": plain_read, "scan": scan}, repeats, f"files, {words}", tell, forget=forget)
        read, scanned = rates["read"], rates["scan"]
        yield Finding("files", f"plain read, {words}", read.speeds, "GB/s", f"{path.stat().st_size / 1e6:.0f} MB, one thread")
        yield Finding("files", f"norms and moments, {words}", scanned.speeds, "GB/s", f"{processors()} threads")
        yield Finding("files", f"norms and moments over plain read, {words}", over(scanned.speeds, read.speeds), "", "round by round")
        if not forget:
            note = "which whatever else the machine does does not change much"
            ratios = over(scanned.processor, read.processor)
            yield Finding("files", f"their processor time over that of a plain read, {words}", ratios, "", note)


def _against_decoder(path: Path, name: str, decode: Callable[[Path], object], repeats: int, tell: Tell) -> Iterator[Finding]:
    checked(path)
    rates = rounds(path, {"decode": decode, "scan": scan}, repeats, f"files, {name}", tell)
    size = f"{path.stat().st_size / 1e6:.0f} MB of the file"
    yield Finding("files", f"norms and moments, {name} of float32", rates["scan"].speeds, "GB/s", size)
    shares = over(rates["scan"].speeds, rates["decode"].speeds)
    yield Finding("files", f"norms and moments over decoding alone, {name}", shares, "", "by the library of the format, on one thread")


class Timed(NamedTuple):
    """By round: GB of the file a second, and seconds of all cores."""

    speeds: tuple[float, ...]
    processor: tuple[float, ...]


def over(ours: Sequence[float], others: Sequence[float]) -> tuple[float, ...]:
    """Ratios, round by round."""
    return tuple(a / b for a, b in zip(ours, others, strict=True))


def plain_read(path: Path) -> int:
    """All bytes of a file into one buffer, again and again; how many."""
    buffer, done = np.empty(BLOCK_BYTES, np.uint8), 0
    with path.open("rb", buffering=0) as stream:
        while count := stream.readinto(buffer.data):
            done += count
    return done


def scan(path: Path) -> object:
    """Ours, opening included."""
    return scan_norms(open_embeddings(path))


def checked(path: Path) -> None:
    """Raise ``ValueError`` if norms are not those of NumPy, each side being off by at most (d + 3) units of roundoff."""
    file = open_embeddings(path)
    rows = as_float64(next(file.blocks(_COMPARED)), file.precision)
    off = np.abs(scan_norms(file).norms[: len(rows)] / np.linalg.norm(rows, axis=1) - 1)
    bound = 2 * (file.dimension + 4) * _UNIT
    if not np.all(off <= bound):
        raise ValueError(f"norms of {path.name} differ from NumPy's by {np.nanmax(off):.3g}, and rounding allows {bound:.3g}")


def rounds(
    path: Path, runs: Mapping[str, Callable[[Path], object]], repeats: int, words: str, tell: Tell, *, forget: bool = False
) -> dict[str, Timed]:
    """How fast each run is, in turns."""
    size = path.stat().st_size / 1e9
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for number in range(repeats):
        tell(f"{words}, round {number + 1}")
        for name, run in runs.items():
            if forget:
                forgotten(path)
            began, used = time.perf_counter(), time.process_time()
            run(path)
            found[name].append((size / (time.perf_counter() - began), time.process_time() - used))
    return {name: Timed(*zip(*each, strict=True)) for name, each in found.items()}


def forgotten(path: Path) -> None:
    """Ask the system to keep nothing of a file in memory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)

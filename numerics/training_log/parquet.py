"""A log on disk: a folder of Parquet files, each written whole, so that a run that is killed leaves a log that can be read."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from numerics.training_log.columns import FIGURES, KEYS, METADATA
from numerics.validation import InvalidInput

PART, CLOSED = "part-{:06d}.parquet", b"normlaw-closed"
INSTALL = "training logs are Parquet, which needs pyarrow; it is in the extra audit, pip install 'normlaw[audit]'"


def library(name: str) -> Any:
    """``pyarrow`` or one of its modules; `InvalidInput` says how to install it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise InvalidInput(f"{INSTALL} ({error})") from error


def empty_folder(path: Path) -> Path:
    """The folder, made if missing; one that holds anything else than nothing is refused, so that no log is ever mixed or lost."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise InvalidInput(f"path = {str(path)!r} is not empty, must be a new folder for the log")
    except OSError as error:
        raise InvalidInput(f"path = {str(path)!r} cannot be written: {error.strerror or error}") from error
    return path


def write_part(folder: Path, number: int, columns: Mapping[str, Any], setting: str, *, closed: bool) -> None:
    """One file of a log: under another name first, then renamed. ``columns`` has one entry a record and column; None is null."""
    pa, pq = library("pyarrow"), library("pyarrow.parquet")
    count = len(columns["step"])
    arrays = {name: pa.array(columns[name], pa.int64()) for name in KEYS}
    arrays["parameter"] = pa.array(columns["parameter"], pa.string()).dictionary_encode()
    for name in FIGURES:
        values = columns[name]
        arrays[name] = pa.nulls(count, pa.float64()) if values is None else _with_nulls(pa, values)
    table = pa.table(arrays).replace_schema_metadata({METADATA: setting.encode(), CLOSED: b"1" if closed else b"0"})
    temporary = folder / f".{PART.format(number)}.{os.getpid()}"
    try:
        pq.write_table(table, temporary, compression="zstd")
        os.replace(temporary, folder / PART.format(number))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _with_nulls(pa: Any, values: Any) -> Any:
    """An array in which masked entries are null, and a NaN is a NaN."""
    mask = np.ma.getmaskarray(values)
    return pa.array(np.ma.getdata(values), pa.float64(), mask=mask if mask.any() else None, from_pandas=False)


def parts_of(path: Path) -> list[Path]:
    """The files of a log in order: of a folder, or the file itself; `InvalidInput` if one is missing."""
    if not path.exists():
        raise InvalidInput(f"LOG = {str(path)!r} does not exist, must be a folder that NormRecorder wrote, or a Parquet file")
    if path.is_file():
        return [path]
    found = sorted(path.glob("part-*.parquet"))
    if not found:
        raise InvalidInput(f"LOG = {str(path)!r} holds no part-*.parquet, must be a folder that NormRecorder wrote")
    for number, part in enumerate(found):
        if part.name != PART.format(number):
            raise InvalidInput(f"LOG = {str(path)!r} lacks {PART.format(number)}; the next file is {part.name}")
    return found

"""A log on disk: a folder of Parquet files, each written whole, so that a run that is killed leaves a log that can be read."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

from numerics.training_log.columns import FIGURES, KEYS, METADATA, RATES, Columns
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


def write_part(folder: Path, number: int, columns: Columns, setting: str, *, closed: bool) -> None:
    """One file of a log: under another name first, then renamed. What is not known is null, a NaN is a NaN."""
    pa, pq = library("pyarrow"), library("pyarrow.parquet")
    arrays = {name: pa.array(columns.keys[name], pa.int64()) for name in KEYS}
    arrays["parameter"] = pa.DictionaryArray.from_arrays(columns.parameter, pa.array(columns.names, pa.string()))
    for name in FIGURES:
        mask = ~columns.known[name] if name in columns.known else None
        arrays[name] = pa.array(columns.figures[name], pa.float64(), mask=mask, from_pandas=False)
    table = pa.table(arrays).replace_schema_metadata({METADATA: setting.encode(), CLOSED: b"1" if closed else b"0"})
    temporary = folder / f".{PART.format(number)}.{os.getpid()}"
    try:
        # Keys and rates repeat, figures do not: a dictionary of them would cost most of the time. Stronger compression than snappy
        # takes twice the time and saves a tenth of the space.
        pq.write_table(table, temporary, compression="snappy", use_dictionary=["parameter", *KEYS, *RATES], write_statistics=False)
        os.replace(temporary, folder / PART.format(number))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


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

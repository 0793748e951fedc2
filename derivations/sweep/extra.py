"""Libraries that only sweeps need, imported when they are used; what is missing is one line with the way to install it."""

from __future__ import annotations

import importlib
from typing import Any

from derivations.command_line.input_checks import UsageError

INSTALL = "it is in the extra sweep, pip install '.[sweep]' in the folder of the sources"


def pyarrow_parquet() -> Any:
    """``pyarrow.parquet``."""
    return _needed("pyarrow.parquet", "sweeps are written as Parquet, which needs pyarrow")


def distributed() -> Any:
    """``distributed``, Dask's."""
    return _needed("distributed", "--scheduler and --local-cluster need distributed")


def _needed(name: str, words: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UsageError(f"{words}; {INSTALL} ({error})") from error

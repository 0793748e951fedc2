"""pyarrow, which only Parquet, Arrow and CSV need, imported when one of them is read."""

from __future__ import annotations

import importlib
from typing import Any

from numerics.validation import InvalidInput


def pyarrow(module: str = "") -> Any:
    """``pyarrow``, or a ``module`` of it; where it is missing ``InvalidInput`` says how to install it."""
    try:
        return importlib.import_module(f"pyarrow.{module}" if module else "pyarrow")
    except ImportError as error:
        words = "Parquet, Arrow and CSV need pyarrow, which is in the extra audit: pip install '.[audit]' in the folder of the sources"
        raise InvalidInput(f"{words} ({error})") from error


def errors() -> tuple[type[BaseException], ...]:
    """What pyarrow raises on a bad file; errors of the system are ``OSError``."""
    return (pyarrow().ArrowException, ValueError, TypeError, KeyError, NotImplementedError, MemoryError, SystemError)

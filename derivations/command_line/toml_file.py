"""TOML files of a user: read whole, or one line that says what is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from derivations.command_line.input_checks import UsageError


def read_toml(flag: str, path: Path, largest: int) -> Mapping[str, Any]:
    """The document; raises `UsageError` with name, value and bound."""
    if not path.is_file():
        raise UsageError(f"{flag} = {str(path)!r} does not exist, must be a TOML file")
    try:
        raw = path.read_bytes()
        if len(raw) > largest:
            raise UsageError(f"{flag} = {str(path)!r} has {len(raw)} bytes; {largest} are read at most")
        return tomllib.loads(raw.decode())
    except OSError as error:
        raise UsageError(f"{flag} = {str(path)!r} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{flag} = {str(path)!r} is no TOML: {' '.join(str(error).splitlines())}") from error


def only(table: Mapping[str, Any], known: Collection[str], about: str) -> None:
    """Refuse keys that are not known."""
    if unknown := sorted(table.keys() - set(known)):
        raise UsageError(f"{about}: {unknown[0]!r} is not known; known are {', '.join(sorted(known))}")

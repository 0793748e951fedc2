"""What a result depends on beside its setting: versions of libraries, one hash of all sources that can have made it, the machine."""

from __future__ import annotations

import hashlib
import os
import platform
from functools import cache
from importlib import metadata
from pathlib import Path

from derivations.command_line.arguments import installed_version
from numerics.compilation.processors import model

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("theory/**/*.py", "numerics/**/*.py", "derivations/evidence/**/*.py", "derivations/sweep/laws/*.py",
           "derivations/sweep/axes.py", "derivations/sweep/cells.py", "derivations/sweep/cell_work.py")  # fmt: skip
LIBRARIES = ("numpy", "scipy", "numba", "sympy")


@cache
def source_stamp() -> str:
    """SHA-256 of the sources, sixteen digits of it."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def machine() -> dict[str, str | int]:
    """Where this process is: the last bits of a result can depend on the processor."""
    return {"processor": model(), "cores": os.cpu_count() or 1, "system": f"{platform.system()} {platform.machine()}"}


def versions() -> dict[str, str]:
    """By name; the same on every machine that may do a part of one sweep."""
    found = {name: metadata.version(name) for name in LIBRARIES}
    return {"python": platform.python_version(), **found, "normlaw": installed_version(), "source": source_stamp()}

"""What a measurement was taken on: processor, cores, versions, date."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from typing import Any

from numerics.compilation.processors import model, processors

LIBRARIES = ("numpy", "numba", "sympy", "python-flint", "jax", "jaxlib", "torch", "gensim")


def machine() -> dict[str, Any]:
    """For the report."""
    return {
        "cpu": model(),
        "cores": processors(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": dict(versions()),
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def versions() -> Mapping[str, str]:
    """Of the libraries that take part; those that are not installed are left out."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found

"""What a measurement was taken on: processor, cores, versions, date."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from numerics.processors import processors

LIBRARIES = ("numpy", "numba", "sympy", "python-flint", "jax", "jaxlib", "torch", "gensim")


def machine() -> dict[str, Any]:
    """For the report."""
    return {
        "cpu": cpu_model(),
        "cores": processors(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": dict(versions()),
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def cpu_model() -> str:
    """The name that the processor gives itself, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    said: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        said.setdefault(name.strip(), value.strip())
    words = said.get("model name", platform.machine())
    return f"{words} (family {said['cpu family']}, model {said['model']})" if {"cpu family", "model"} <= said.keys() else words


def versions() -> Mapping[str, str]:
    """Of the libraries that take part; those that are not installed are left out."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found

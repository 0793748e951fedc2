"""The versions that a log names."""

from __future__ import annotations

from importlib import metadata
from platform import python_version


def versions(*packages: str) -> dict[str, str]:
    """Python, this package, NumPy, and the packages named, as installed."""
    found = {"python": python_version()}
    for name in ("normlaw", "numpy", "pyarrow", *packages):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed as a package"
    return found

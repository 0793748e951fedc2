"""How many cores there are to use; imports nothing that takes time."""

from __future__ import annotations

import os


def processors() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

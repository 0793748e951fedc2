"""How many cores there are to use; imports nothing that takes time."""

from __future__ import annotations

import os


def processors() -> int:
    """Cores that this process may use; NORMLAW_THREADS, a whole number from 1, allows no more than that."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    allowed = os.environ.get("NORMLAW_THREADS", "")
    return min(cores, int(allowed)) if allowed.isdecimal() and int(allowed) else cores

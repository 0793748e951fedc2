"""Which processor this is and how many of its cores there are to use; imports nothing that takes time."""

from __future__ import annotations

import os


def processors() -> int:
    """Cores that this process may use; NORMLAW_THREADS, a whole number from 1, allows no more than that."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    allowed = os.environ.get("NORMLAW_THREADS", "")
    return min(cores, int(allowed)) if allowed.isdecimal() and int(allowed) else cores


def model() -> str:
    """The name that the processor gives itself, where the system tells."""
    import platform

    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    said: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        said.setdefault(name.strip(), value.strip())
    words = said.get("model name", platform.machine())
    return f"{words} (family {said['cpu family']}, model {said['model']})" if {"cpu family", "model"} <= said.keys() else words

"""Measurements that are no contest: a figure with its repeats, and what it was aimed at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Finding:
    """``values``: one a repeat, or what was worked out from them. ``target``: at most that (``least``: at least)."""

    benchmark: str
    name: str
    values: tuple[float, ...]
    unit: str
    note: str = ""
    target: float | None = None
    least: bool = False

    @property
    def value(self) -> float:
        """The median."""
        return median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the target is, where there is one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.least else self.value <= self.target

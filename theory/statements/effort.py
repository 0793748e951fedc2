"""How much is looked at for one statement, counted in parts, so that the answer does not depend on the machine."""

from __future__ import annotations

_MOST_EFFORT = 600_000  # parts that are looked at for one statement, at all places together


class Exhausted(Exception):
    """Enough has been looked at."""


class Effort:
    """How much may still be looked at."""

    def __init__(self) -> None:
        self.left = _MOST_EFFORT

    def spend(self, parts: int) -> None:
        """Count what was looked at; raises `Exhausted` when it was enough."""
        self.left -= parts
        if self.left < 0:
            raise Exhausted

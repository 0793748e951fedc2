"""Linear decay: ``1 - k/K``."""

from __future__ import annotations

from theory.schedules import K, k

FACTOR = 1 - k / K

"""Robbins and Monro (1951): ``1/(k + 1)``."""

from __future__ import annotations

from theory.schedules import k

FACTOR = 1 / (k + 1)

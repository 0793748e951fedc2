"""Inverse square root: ``(k + 1)^(-1/2)``."""

from __future__ import annotations

import sympy as sp

from theory.schedules import k

FACTOR = 1 / sp.sqrt(k + 1)

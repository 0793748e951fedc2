"""Linear warm-up over W steps, ``(k + 1)/W``, then constant (Goyal et al. 2017)."""

from __future__ import annotations

import sympy as sp

from theory.schedules import W, k

RISING = (k + 1) / W  # for k < W
FACTOR = sp.S.One  # afterwards

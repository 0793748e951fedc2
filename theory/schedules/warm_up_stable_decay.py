"""Warm-up, stable, decay (WSD; Hu et al. 2024): ``(k + 1)/W``, then 1, then ``1 - j/D`` at the j-th of the last D steps."""

from __future__ import annotations

import sympy as sp

from theory.schedules import D, W, k

RISING = (k + 1) / W  # for k < W
FACTOR = sp.S.One  # between
FALLING = 1 - k / D  # k counted from the beginning of the last D steps

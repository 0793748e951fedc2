"""Schedules of the learning rate, one a file: its factor at step k of K, k = 0 .. K - 1, as a share of the largest."""

from __future__ import annotations

import sympy as sp

k = sp.Symbol("k", nonnegative=True)  # steps taken
K = sp.Symbol("K", positive=True)  # steps in all
W = sp.Symbol("W", positive=True)  # steps of warm-up
D = sp.Symbol("D", positive=True)  # steps of the last decay

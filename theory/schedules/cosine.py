"""Cosine annealing without restarts: ``(1 + cos(pi k/K))/2`` (Loshchilov and Hutter 2017)."""

from __future__ import annotations

import sympy as sp

from theory.schedules import K, k

FACTOR = (1 + sp.cos(sp.pi * k / K)) / 2

"""Constant learning rate."""

from __future__ import annotations

import sympy as sp

FACTOR = sp.S.One

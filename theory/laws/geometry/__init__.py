"""Geometry of scale invariance (A)."""

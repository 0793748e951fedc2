"""Norm dynamics of a lookup row (B)."""

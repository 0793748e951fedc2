"""Compiled loops over independent rows: definitions only. The checked surface above them is `numerics.simulate`."""

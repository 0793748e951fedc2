"""Compiled loops over independent rows, definitions only; the checked surface is `numerics.simulation.steps`."""

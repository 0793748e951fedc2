"""Simulators of one embedding: steps of an optimiser, the gradient flow, the Itô equation; optimisers, schedules, records."""

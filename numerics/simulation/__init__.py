"""Simulators of one embedding: steps of an optimiser, the gradient flow, the Ito equation; optimisers, schedules, records."""

"""Lookup tables: single rows under random gradients, whole tables trained on pairs, two tables in expectation."""

"""Arithmetic in forms that vector instructions can run: sums over vectors, and elementary functions, each with its error bound."""

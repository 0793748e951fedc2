"""Broken variants of the laws of the chapter dynamics: one module a law, of the law's name."""

"""Broken variants of the laws of the chapter geometry: one module a law, of the law's name."""

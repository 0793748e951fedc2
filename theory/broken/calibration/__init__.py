"""Broken variants of the laws of the chapter calibration: one module a law, of the law's name."""

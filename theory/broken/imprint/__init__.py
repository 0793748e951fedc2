"""Broken variants of the laws of the chapter imprint: one module a law, of the law's name."""

"""How a sign of the map is said."""

from __future__ import annotations

SIGNS = {-1: "shorter", 0: "no effect", 1: "longer", None: "no claim"}

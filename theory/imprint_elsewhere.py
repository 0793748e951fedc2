"""Where the map of the imprint has no entry: which claims speak of it, and what they know of a row that every step visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import sympy as sp

from theory.catalogue import catalogue
from theory.imprint_map import regimes
from theory.laws.dynamics.projected_steps_still_grow import KEPT, H, S
from theory.notation import G

POINTERS: Mapping[object, tuple[str, ...]] = {  # by optimiser, and by optimiser and decay where that is another matter
    "lion": ("B12d",), "adagrad_norm": ("B10c",), "wngrad": ("B10c", "B11a"), "sgdp": ("B10e",), "adamp": ("B10e",),
    "adam_l2": ("B12f",), ("adam", "dense"): ("B12f", "C5b", "B12c"), ("adam", "lazy"): ("B12f", "C5b", "B12c"),
}  # fmt: skip
NAMESAKES: Mapping[object, str] = {  # of what was asked for, by the name under which the map has it
    ("adam", "dense"): "decoupled decay is adamw; decay in the gradient is adam_l2",
    ("adam", "lazy"): "decoupled decay is adamw; decay in the gradient is adam_l2",
    ("adamw", "none"): "without decay it is adam",
}
SHARED = ("C8a", "C8b", "C8c", "C9", "C12")  # of encoders that share weights between items
INVARIANT_ONLY = ("A8a", "A8b", "A8c", "C10")  # of losses that see a length


@dataclass(frozen=True)
class Known:
    """What a claim says of a row that every step visits: ``left = formula``, or ``<=``; ``power`` of the norm, if it is one."""

    label: str
    left: str  # LaTeX
    formula: sp.Expr
    power: int
    relation: str = "="

    @property
    def energy(self) -> sp.Expr | None:
        """The exponent of the norm in the energy, or, under SGDP, in the heat that stands for it; None where it is no power of one."""
        heat = next((x for x in (G, H) if self.formula.has(x)), None)
        hidden = self.relation != "=" or self.formula.has(S)
        return None if hidden else sp.S.Zero if heat is None else heat * sp.diff(self.formula, heat) / (self.power * self.formula)


@cache
def known(optimizer: str) -> tuple[Known, ...]:
    """Equilibria and growth at frequency 1, for optimisers that are not in the map."""
    b10c, b10e, six = (catalogue()[label].formulas for label in ("B10c", "B10e", "B12f"))
    grown, falls = r"r_K^2 - r_0^2", r"\lim_{k\to\infty} k\,r_k^2"
    found: dict[str, tuple[Known, ...]] = {
        "adagrad_norm": (Known("B10c", grown, b10c["adagrad_bound"], 2, "<="), Known("B10c", falls, b10c["adagrad_fall"], 2)),
        "wngrad": (Known("B10c", grown, b10c["wngrad_bound"], 2, "<="), Known("B10c", falls, b10c["wngrad_fall"], 2)),
        "sgdp": (Known("B10e", "r_*^4", b10e["rest_of_energy"].subs(KEPT, b10e["kept_sgdp"]), 4),),
        "adamp": (Known("B10e", "r_*^2", b10e["rest_of_length"].subs(KEPT, b10e["kept_adamp"]), 2),),
        "adam_l2": (Known("B12f", "r_*^6", six["sixth_power"], 6),),
    }
    return found.get(optimizer, ())


def see(optimizer: str | None, decay: str | None) -> tuple[str, ...]:
    """Labels of the claims that speak of an optimiser for which the map has no entry with this decay."""
    asked = POINTERS.get((optimizer, decay)) or POINTERS.get(optimizer)
    return asked or tuple(dict.fromkeys(label for r in regimes() if r.optimizer == optimizer for label in r.claims))


def names() -> tuple[str, ...]:
    """Optimisers of the map, and those of which claims speak."""
    return tuple(dict.fromkeys((*(r.optimizer for r in regimes()), *(name for name in POINTERS if isinstance(name, str)))))

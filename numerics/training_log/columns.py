"""The columns of a log, and the products of vectors that they are made from.

With u the embedding before a step, g its gradient, u' the embedding after it and s = u' - u:

======================  ==========================================================================
``step``                number of the step, from 0
``parameter``, ``row``  which table (or probe set), and which of its rows
``dimension``           d of that table
``norm``                |u|
``tangential_energy``   |u|^2 |g|^2 - <u, g>^2, the gradient energy G; null where no gradient is known
``radial``              <u, g>, signed; its square is the radial energy, in the unit of G
``learning_rate``       eta of this step
``decay``               lambda of this step, 0 without weight decay
``next_norm``           |u'|; this and what follows is null where the embedding after the step is not known
``along``               <u, s>
``step_square``         |s|^2
``against``             <g, s>; null also where no gradient is known
``coordinate``          u_i, for one coordinate a row: i is the row's number modulo d
``coordinate_gradient`` g_i; null where no gradient is known
``coordinate_move``     s_i; null where the embedding after the step is not known
======================  ==========================================================================

The last three tell rules apart that act coordinate by coordinate; logs of before they were recorded lack them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
KEYS = ("step", "row", "dimension")  # int64; parameter is text
RATES = ("learning_rate", "decay")
ALWAYS = ("norm", *RATES)
GRADIENT = ("tangential_energy", "radial")
AFTER = ("next_norm", "along", "step_square")
BOTH = ("against",)
COORDINATE = ("coordinate", "coordinate_gradient", "coordinate_move")  # not in logs of before they were recorded
FIGURES = ("norm", "tangential_energy", "radial", "learning_rate", "decay", "next_norm", "along", "step_square", "against", *COORDINATE)
VECTORS = 4  # u, g, u' and s
METADATA = b"normlaw-training-log"


def products(u: Floats, g: Floats | None, after: Floats | None, ids: NDArray[np.int64]) -> Floats:
    """Inner products (rows, 4, 5) of u, g, u' and s = u' - u, each (rows, d) in float64, with each other and with e_i; 0 where none."""
    zero = np.zeros_like(u)
    v = u if after is None else after
    stack = np.stack((u, zero if g is None else g, v, v - u), axis=1)
    own = np.take_along_axis(stack, (ids % u.shape[1])[:, None, None], axis=2)
    return np.concatenate((stack @ np.swapaxes(stack, 1, 2), own), axis=2)


def figures(gram: Any, gradient: bool, after: bool) -> dict[str, Floats | None]:
    """The columns that products (..., 4, 5) of u, g, u' and s make; None where they are not known."""
    p = np.asarray(gram, dtype=np.float64)
    uu, gg, ug = p[..., 0, 0], p[..., 1, 1], p[..., 0, 1]
    with np.errstate(invalid="ignore", over="ignore"):
        energy = np.where(uu * gg > ug**2, uu * gg - ug**2, 0.0) + 0.0 * (uu * gg)  # never below 0 by rounding; a NaN stays one
        found: dict[str, Floats | None] = {
            "norm": np.sqrt(uu),
            "tangential_energy": energy if gradient else None,
            "radial": ug if gradient else None,
            "next_norm": np.sqrt(p[..., 2, 2]) if after else None,
            "along": p[..., 0, 3] if after else None,
            "step_square": p[..., 3, 3] if after else None,
            "against": p[..., 1, 3] if after and gradient else None,
            "coordinate": p[..., 0, VECTORS],
            "coordinate_gradient": p[..., 1, VECTORS] if gradient else None,
            "coordinate_move": p[..., 3, VECTORS] if after else None,
        }
    return found


@dataclass(frozen=True)
class Columns:
    """Records (n,) on their way to a file: ``parameter`` holds indices of ``names``; a figure is None where it is not known."""

    names: tuple[str, ...]
    parameter: NDArray[np.int32]
    keys: dict[str, NDArray[np.int64]]
    figures: dict[str, Floats | None]
    known: dict[str, NDArray[np.bool_]] = field(default_factory=dict)  # where not all of a column is

    @classmethod
    def joined(cls, blocks: Sequence[Columns]) -> Columns:
        """One below the other."""
        if not blocks:
            nothing = np.zeros(0)
            return cls((), np.zeros(0, np.int32), {name: nothing.astype(np.int64) for name in KEYS}, dict.fromkeys(FIGURES, nothing))
        names = tuple(dict.fromkeys(b.names[0] for b in blocks))
        counts = [len(b.parameter) for b in blocks]
        parameter = np.repeat([names.index(b.names[0]) for b in blocks], counts).astype(np.int32)
        keys = {name: np.concatenate([b.keys[name] for b in blocks]) for name in KEYS}
        figures: dict[str, Floats | None] = {}
        known: dict[str, NDArray[np.bool_]] = {}
        for name in FIGURES:
            there = [b.figures[name] for b in blocks]
            figures[name] = np.concatenate([np.zeros(n) if x is None else x for x, n in zip(there, counts, strict=True)])
            if any(x is None for x in there):
                known[name] = np.repeat([x is not None for x in there], counts)
        return cls(names, parameter, keys, figures, known)

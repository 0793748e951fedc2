"""What is compared, as LaTeX for an axis, read off the words of a measurement where these say it."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import ArrayLike

_QUANTITIES: tuple[tuple[str, str], ...] = (  # the first that matches from the start
    (r"squared norm (after a (step|decaying|run|division)|at its|of a hot|after LayerNorm|below|outside)", r"\lVert u\rVert^2"),
    (r"squared norm at (equilibrium|rest, )|mean squared norm of (all|long)|settled squared norm", r"\lVert u\rVert^2"),
    (r"(final |settled )?fourth power|closed form where", r"\lVert u\rVert^4"),
    (r"norm without a visit", r"\lVert u\rVert"),
    (r"cosine of the rotation|rotation of SGDP", r"\cos\theta"),
    (r"(its )?rotation (of a step$|by the|after relaxing|against sqrt)", r"\theta\;\text{(rad)}"),
    (r"<u, grad", r"\langle u, \nabla_u L\rangle"),
    (r"<x, grad_x", r"\langle x, \nabla_x L\rangle"),
    (r"<W_l, grad L>", r"\langle W_\ell, \nabla_{W_\ell} L\rangle"),
    (r"\|u\| \|grad_u L\|", r"\lVert u\rVert\,\lVert\nabla_u L\rVert"),
    (r"u'H u", r"u^{\top} H u"),
    (r"sum of slopes", r"\sum_j \left|\partial L/\partial c_j\right|"),
    (r"sum of squares", r"\sum_k f_k^2"),
    (r"(the )?order of (?!growth)|.*: (order against|lack of order)", r"\text{order of convergence}"),
    (r"exponents? (of the norm in|in|beyond)", r"\text{exponent}"),
    (r"multiplier", r"\text{multiplier of a deviation}"),
    (r"Hill estimate", r"\text{tail exponent}"),
    (r"correlation of signs", r"\text{correlation of signs}"),
    (r"coordinates (that|off)", r"\text{number of coordinates}"),
    (r"number of hot steps", r"\text{number of hot steps}"),
    (r"embeddings .*bit by bit|embeddings (of a scaled|under)", r"\text{a coordinate of } u"),
    (r"scores (of|at|$)", r"\text{score}"),
    (r"effective learning rate", r"\eta/\lVert u\rVert^2"),
    (r"accumulator after", r"b"),
)


def quantity_of(what: str, predicted: ArrayLike | None) -> str:
    """LaTeX of the quantity that these words name; empty if none is known, or what is compared is a difference from 0.

    Where all predictions are 1, what is compared is a quantity over its prediction.
    """
    found = next((latex for words, latex in _QUANTITIES if re.match(words, what)), "")
    values = np.asarray(predicted, dtype=float)
    radial = found.startswith(r"\langle") or "number of" in found or "correlation" in found
    if predicted is None or not found or (not radial and np.all(values == 0)):
        return ""
    return rf"{found}\,/\,\text{{predicted}}" if np.all(values == 1) and "text" not in found else found

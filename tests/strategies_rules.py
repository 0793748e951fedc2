"""Hypothesis strategies for the laws of update rules: rows on gradients of prescribed energies."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from derivations.evidence.rules import ENERGIES, PRODUCTS, Rows
from tests.strategies import _column, _decades, dimensions, norms, rows, seeds, step_sizes


@st.composite
def driven(draw: st.DrawFn, steps: int) -> Rows:
    """One to three rows over all decades; energies constant, sparse or heavy-tailed about a level of their own."""
    size, rng = draw(rows), np.random.default_rng(draw(seeds))
    columns = [draw(_column(s, size)) for s in (norms, step_sizes, _decades(PRODUCTS))]
    levels = draw(_column(_decades(ENERGIES), size))[:, None]
    shape = draw(st.sampled_from(["constant", "varied", "heavy-tailed"]))
    spread = {"constant": 0.0, "varied": 0.5, "heavy-tailed": 2.0}[shape]
    return Rows(*columns, levels * np.exp(spread * rng.standard_normal((size, steps))), draw(dimensions), draw(seeds))

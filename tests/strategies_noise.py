"""Hypothesis strategies of optimisers on noise: dimensions, momenta, step sizes, energies, decays."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from derivations.evidence.noise import ENERGIES, Noise

MOMENTA = st.sampled_from([0.0, 0.3, 0.5, 0.8, 0.9, 0.95])


def _decades(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(math.log10(low), math.log10(high)).map(lambda e: 10.0**e)


def noises(products: tuple[float, float] | None = None, momenta: st.SearchStrategy[float] = MOMENTA) -> st.SearchStrategy[Noise]:
    """Settings of 8 to 24 dimensions, with eta lambda in ``products`` or 0."""
    return st.builds(
        Noise, st.integers(8, 24), momenta, _decades(1e-5, 1e1), _decades(*ENERGIES),
        _decades(*products) if products else st.just(0.0), st.integers(0, 2**31 - 1),
    )  # fmt: skip

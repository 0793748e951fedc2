"""Hypothesis strategies of optimisers on noise, and of embeddings kept in low precision."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from derivations.evidence.dynamics.dense_adam_counts_rare_visits import FORGETS, RATIOS, Visited
from derivations.evidence.dynamics.lion_equilibrium_by_arcsines import FARS, NEARS, Signs
from derivations.evidence.dynamics.lion_equilibrium_by_arcsines import PRODUCTS as LION_PRODUCTS
from derivations.evidence.dynamics.nearest_rounding_loses_small_steps import NORMS, STORED, Kept
from derivations.evidence.dynamics.nearest_rounding_stops_at_a_plateau import Even
from derivations.evidence.dynamics.stochastic_rounding_is_unbiased import Between
from derivations.evidence.dynamics.stochastic_rounding_lengthens_equilibria import PRODUCTS as ROUNDED_PRODUCTS
from derivations.evidence.dynamics.stochastic_rounding_lengthens_equilibria import Rounded
from derivations.evidence.noise import ENERGIES, Noise
from numerics.simulation.optimizers import FORMATS

MOMENTA = st.sampled_from([0.0, 0.3, 0.5, 0.8, 0.9, 0.95])


def _decades(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(math.log10(low), math.log10(high)).map(lambda e: 10.0**e)


def noises(products: tuple[float, float] | None = None, ratios: tuple[float, float] | None = None) -> st.SearchStrategy[Noise]:
    """Settings of 8 to 24 dimensions, with eta lambda in ``products`` or 0, epsilon in ``ratios`` or 0."""
    return st.builds(
        Noise, st.integers(8, 24), MOMENTA, _decades(1e-5, 1e1), _decades(*ENERGIES),
        _decades(*products) if products else st.just(0.0), st.integers(0, 2**31 - 1),
        st.just(0.0), _decades(*ratios) if ratios else st.just(0.0),
    )  # fmt: skip


def kept() -> st.SearchStrategy[Kept]:
    """One to three rows of 2 to 400 dimensions in any of the formats."""
    shares = st.floats(0.01, 0.999)
    rows = st.lists(st.tuples(_decades(*NORMS), shares), min_size=1, max_size=3).map(lambda pairs: np.array(pairs).T)
    return st.builds(
        lambda stored, columns, d, seed: Kept(stored, columns[0], columns[1], d, seed),
        st.sampled_from(STORED), rows, st.integers(2, 400), st.integers(0, 2**31 - 1),
    )  # fmt: skip


def betweens() -> st.SearchStrategy[Between]:
    """Numbers of any format anywhere between their neighbours."""
    return st.builds(Between, st.sampled_from(STORED), st.floats(0.0, 1.0), st.integers(2, 200), st.integers(0, 2**31 - 1))


def signs() -> st.SearchStrategy[Signs]:
    """Lion with the momenta, decays, energies and step sizes of its law."""
    return st.builds(
        Signs, st.sampled_from(NEARS), st.sampled_from(FARS), _decades(*LION_PRODUCTS), _decades(*ENERGIES), _decades(1e-5, 1.0),
        st.integers(32, 64), st.integers(0, 2**31 - 1),
    )  # fmt: skip


def visited() -> st.SearchStrategy[Visited]:
    """Rare and frequent visits."""
    return st.builds(Visited, st.floats(*FORGETS), _decades(*RATIOS), _decades(*ENERGIES), st.integers(0, 2**31 - 1))


def rounded() -> st.SearchStrategy[Rounded]:
    """Rows kept in half of the bits, with decays and energies of their law."""
    return st.sampled_from(list(ROUNDED_PRODUCTS)).flatmap(lambda stored: st.builds(
        Rounded, st.just(stored), _decades(*ROUNDED_PRODUCTS[stored]), _decades(0.05, 20.0), st.integers(8, 24),
        st.integers(0, 2**31 - 1),
    ))  # fmt: skip


def evens() -> st.SearchStrategy[Even]:
    """Even rows whose mantissa is away from powers of 2 by four gaps and more."""
    return st.sampled_from(["bfloat16", "float16"]).flatmap(lambda stored: st.builds(
        Even, st.just(stored), st.integers(2 ** (FORMATS[stored][0] - 1) + 4, 2 ** FORMATS[stored][0] - 4), st.integers(-3, 3),
        st.integers(2, 60), st.floats(0.01, 0.999), st.integers(0, 2**31 - 1),
    ))  # fmt: skip

"""Strategies for the laws of momentum, schedules and noise."""

from __future__ import annotations

from hypothesis import strategies as st

from derivations.evidence.dynamics.momentum_multiplies_the_energy import MOMENTUM, PERSISTENCE, Persistent
from tests.strategies import seeds

persistences = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(*PERSISTENCE))


def persistent() -> st.SearchStrategy[Persistent]:
    """White, persistent and between."""
    return st.builds(Persistent, st.floats(*MOMENTUM), persistences, seeds)

"""Strategies for the laws of momentum, schedules and noise."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from derivations.evidence import equilibria
from derivations.evidence.dynamics.momentum_multiplies_the_energy import MOMENTUM, PERSISTENCE, Persistent
from derivations.evidence.equilibria import Long
from tests.strategies import seeds

persistences = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(*PERSISTENCE))


def persistent() -> st.SearchStrategy[Persistent]:
    """White, persistent and between."""
    return st.builds(Persistent, st.floats(*MOMENTUM), persistences, seeds)


def long_runs(rule: str) -> st.SearchStrategy[Long]:
    """Either kind of decay, over the ranges that the law is measured on."""
    energies = st.floats(-3, 3).map(math.exp)
    return st.builds(
        Long, st.just(rule), st.sampled_from(["coupled", "decoupled"]), st.floats(*equilibria.MOMENTUM), st.floats(*equilibria.PRODUCTS),
        energies, seeds,
    )  # fmt: skip

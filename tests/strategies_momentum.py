"""Strategies for the laws of momentum, schedules and noise."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from derivations.evidence import equilibria
from derivations.evidence.dynamics import momentum_relaxes_with_its_decay as relaxing
from derivations.evidence.dynamics.momentum_multiplies_the_energy import MOMENTUM, PERSISTENCE, Persistent
from derivations.evidence.dynamics.schedule_counts_by_its_squares import KINDS, Scheduled
from derivations.evidence.dynamics.three_heats import RATIOS, Noisy
from derivations.evidence.equilibria import Long
from tests.strategies import dimensions, norms, rows, seeds, step_sizes

KINDS_OF_DECAY = ("coupled", "decoupled")
persistences = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(*PERSISTENCE))


def persistent() -> st.SearchStrategy[Persistent]:
    """White, persistent and between."""
    return st.builds(Persistent, st.floats(*MOMENTUM), persistences, seeds)


def long_runs(rule: str) -> st.SearchStrategy[Long]:
    """Either kind of decay, over the ranges that the law is measured on."""
    energies = st.floats(-3, 3).map(math.exp)
    return st.builds(
        Long, st.just(rule), st.sampled_from(KINDS_OF_DECAY), st.floats(*equilibria.MOMENTUM), st.floats(*equilibria.PRODUCTS),
        energies, seeds,
    )  # fmt: skip


@st.composite
def pairs(draw: st.DrawFn) -> relaxing.Pair:
    """Either rule with either kind of decay, over the ranges that relaxation is measured on."""
    beta, share = draw(st.floats(*relaxing.MOMENTUM)), draw(st.floats(*relaxing.PRODUCTS))
    rule, kind = draw(st.sampled_from(sorted(relaxing.RULES))), draw(st.sampled_from(KINDS_OF_DECAY))
    return relaxing.Pair(rule, kind, beta, share * (1 - beta) ** 2, math.exp(draw(st.floats(-3, 3))), draw(seeds))


@st.composite
def scheduled(draw: st.DrawFn) -> Scheduled:
    """Every kind of schedule, 1 to 300 steps."""
    size = draw(rows)
    drives = st.floats(-4, 1).map(lambda e: 10.0**e)
    columns = [np.array([draw(s) for _ in range(size)]) for s in (norms, step_sizes, drives)]
    return Scheduled(draw(st.sampled_from(KINDS)), *columns, draw(st.integers(1, 300)), draw(dimensions), draw(seeds))


def noisy() -> st.SearchStrategy[Noisy]:
    """A few targets and an embedding of any norm."""
    return st.builds(Noisy, st.integers(3, 16), st.integers(2, 6), norms, st.floats(*RATIOS), seeds)

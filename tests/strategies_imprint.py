"""Hypothesis strategies of the imprint's settings."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from derivations.evidence.imprint.ambiguous_labels_heat import Labels
from derivations.evidence.imprint.drift_heat_decay_equilibrium import ALIGNMENTS, PRODUCTS, Drifting
from derivations.evidence.imprint.drift_heat_equilibrium_has_three_regimes import Regime
from derivations.evidence.imprint.heat_is_dispersion import Positives
from derivations.evidence.imprint.infonce_heat_is_one_integral import BUDGET, Saturated
from derivations.evidence.imprint.norm_estimates_dispersion import Table
from derivations.evidence.imprint.rare_rows_have_heavy_tails import Rare
from derivations.evidence.imprint.specific_rows_are_short import Specific
from derivations.evidence.imprint.stationary_mean_exceeds_equilibrium import Noise
from tests.strategies import _column, _decades, dimensions, norms, rows, seeds, step_sizes


@st.composite
def drifting(draw: st.DrawFn) -> Drifting:
    """Drifts of either sign and none, norms, steps and decays over their decades."""
    size = draw(rows)
    columns = [draw(_column(s, size)) for s in (norms, step_sizes, _decades(PRODUCTS))]
    alignment = draw(st.one_of(st.just(0.0), st.floats(1e-6, ALIGNMENTS), st.floats(-ALIGNMENTS, -1e-6)))
    return Drifting(float(np.float64(alignment)), *columns, draw(dimensions), draw(seeds))


@st.composite
def noisy(draw: st.DrawFn) -> Noise:
    """One or two drifts of either sign, moderate decay, in 3 to 8 dimensions."""
    ratios = draw(st.lists(st.floats(-2, 2), min_size=1, max_size=2, unique=True))
    return Noise(tuple(map(float, ratios)), draw(st.floats(0.02, 0.04)), draw(step_sizes), draw(st.integers(3, 8)), draw(seeds))


@st.composite
def regimes(draw: st.DrawFn) -> Regime:
    """Drifts of 1.5 to 2 times V* in runs, to 1e9 times in floating point."""
    exponents = draw(st.lists(st.floats(0, 9), min_size=1, max_size=3))
    return Regime(draw(st.sampled_from([1.5, 1.7, 2.0])), np.array([*exponents, *np.linspace(3, 5, 40)]), draw(st.integers(0, 4)))




@st.composite
def positives(draw: st.DrawFn) -> Positives:
    """Any dimension to 64, concentrations over their decades, batches of 1 to 32."""
    return Positives(draw(st.integers(2, 64)), draw(_decades((0.1, 256.0))), draw(st.floats(0.1, 1)), draw(st.floats(0.2, 1.5)),
                     draw(st.integers(1, 32)), draw(seeds))  # fmt: skip


@st.composite
def labels(draw: st.DrawFn) -> Labels:
    """2 to 32 classes, orthonormal or not."""
    classes = draw(st.integers(2, 32))
    return Labels(draw(st.integers(classes + 1, 64)), classes, draw(_decades((0.1, 2.0))), draw(st.booleans()), draw(seeds))


@st.composite
def specific(draw: st.DrawFn) -> Specific:
    """Dimensions from 2 and concentrations over their decades."""
    return Specific(draw(st.integers(4, 128)), draw(_decades((0.5, 256.0))), draw(_decades((0.1, 2.0))), draw(seeds))


@st.composite
def saturated(draw: st.DrawFn) -> Saturated:
    """Dimensions from 3, concentrations over their decades, 1 to 16 negatives."""
    return Saturated(draw(st.integers(3, 64)), draw(_decades((0.1, 256.0))), draw(_decades((0.2, 2.0))), draw(st.integers(1, 16)),
                     draw(seeds), BUDGET // 4)  # fmt: skip


@st.composite
def rare(draw: st.DrawFn) -> Rare:
    """Visits 1.2 to 3.5 times as likely as decay is large."""
    q = draw(st.floats(0.02, 0.05))
    return Rare(q * draw(st.floats(1.2, 3.5)), q, draw(_decades((0.1, 10.0))), draw(seeds))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables in 4 to 16 dimensions."""
    return Table(draw(st.integers(4, 16)), draw(st.floats(0.3, 2)), draw(st.floats(0.1, 1)), draw(seeds))

"""Hypothesis strategies of shared encoders: small and wide ones, equal and very unequal inputs."""

from __future__ import annotations

from hypothesis import strategies as st

from derivations.evidence.encoding import ITEMS, LOSSES, SPREADS, WIDTHS, Encoding
from tests.strategies import seeds

widths = st.integers(*WIDTHS)


def encodings(layers: int) -> st.SearchStrategy[Encoding]:
    """Encoders with this many layers; what is random in them comes from their seed."""
    spreads = st.floats(*SPREADS)
    return st.builds(Encoding, st.just(layers), st.integers(*ITEMS), widths, widths, spreads, st.sampled_from(LOSSES), seeds)

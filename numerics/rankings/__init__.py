"""What norms do to rankings: exact search, hubs, two scores' lists side by side, and the exponent b of ``cos(q, d) |d|^b``."""

from numerics.rankings.agreement import Agreement, agreement
from numerics.rankings.exponent import NormExponent, Relevance, norm_exponent
from numerics.rankings.gain import discounted_gain
from numerics.rankings.hubs import Hubs, hubs, hubs_in
from numerics.rankings.search import Matches, best_matches

__all__ = [
    "Agreement", "Hubs", "Matches", "NormExponent", "Relevance", "agreement", "best_matches", "discounted_gain", "hubs", "hubs_in",
    "norm_exponent",
]  # fmt: skip

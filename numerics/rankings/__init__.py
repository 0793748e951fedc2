"""What norms do to rankings: exact search, hubs, and the exponent b of ``cos(q, d) |d|^b``."""

from numerics.rankings.exponent import NormExponent, Relevance, norm_exponent
from numerics.rankings.gain import discounted_gain
from numerics.rankings.hubs import Hubs, hubs
from numerics.rankings.search import Matches, best_matches

__all__ = ["Hubs", "Matches", "NormExponent", "Relevance", "best_matches", "discounted_gain", "hubs", "norm_exponent"]

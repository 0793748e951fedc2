"""Rank association of norms with covariates: `associate`, and the statistics it is made of."""

from numerics.association.associate import associate
from numerics.association.correlation import Undefined, partial_spearman, spearman
from numerics.association.exponents import power_law
from numerics.association.groups import SignCounts
from numerics.association.multiplicity import benjamini_hochberg, holm
from numerics.association.records import Association, Estimate

__all__ = [
    "Association", "Estimate", "SignCounts", "Undefined", "associate", "benjamini_hochberg", "holm", "partial_spearman",
    "power_law", "spearman",
]

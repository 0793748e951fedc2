"""The detector: is there a norm signal at all?"""

from numerics.norm_signal.detect import detect
from numerics.norm_signal.floors import coarsest_precision, floor, rounding_variation
from numerics.norm_signal.records import EqualNorms, Level, NormSignal, Outlier, Outliers, Quantised, ShortGroup, Untrained

__all__ = [
    "EqualNorms", "Level", "NormSignal", "Outlier", "Outliers", "Quantised", "ShortGroup", "Untrained", "coarsest_precision", "detect",
    "floor", "rounding_variation",
]

"""Norms as confidence: estimators in scikit-learn's manner, their scores, comparisons, and worlds whose truth is known.

Estimators need scikit-learn (the extra ``audit``), which is imported when one of them is asked for; worlds, scores and von
Mises-Fisher functions do not.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "von_mises_fisher": ("concentration_of_mean_cosine", "log_normaliser", "mean_cosine", "mean_square_sine"),
    "heat_curves": ("HeatCurve", "curve_of_heats", "infonce_curve", "linear_curve"),
    "posteriors": ("FixedTemperature", "ItemTemperature", "OneTemperature", "VonMisesFisherPosterior"),
    "confidence": ("LogisticConfidence", "match_features"),
    "abstention": ("Abstention",),
    "scores": ("area_under_risk_coverage", "area_under_roc", "brier", "calibration_error", "negative_log_likelihood"),
    "error_intervals": ("error_difference", "error_interval"),
    "comparison": ("Comparison", "compare"),
    "beyond_controls": ("Usefulness", "usefulness", "usefulness_of_each"),
    "worlds": ("World", "draw_world"),
    "training": ("Training", "trained_norms"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__

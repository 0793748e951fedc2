"""Broken variants of B9b: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants, Where
from theory.laws.dynamics.sums_of_squared_schedules import FALL, RISE
from theory.letters import COUNT
from theory.schedules import K

BROKEN: Variants = {
    "a constant counts half": {"constant": K / 2},
    "linear decay counts its integral": {"linear": K / 3},
    "linear decay is counted from 1": {"linear": (K - 1) * (2 * K - 1) / (6 * K)},
    "cosine counts its integral": {"cosine": 3 * K / 8},
    "cosine counts its mean": {"cosine": (K + 1) / 2},
    "warm-up counts half": {"ramp": (K + 1) / 2},
    "the share of linear decay is that of cosine": {"linear_share": sp.Rational(3, 8)},
    "the share of cosine is that of linear decay": {"cosine_share": sp.Rational(1, 3)},
    "a ramp counts nothing": {"stable_share": 1 - RISE - FALL},
    "only one ramp counts": {"stable_share": 1 - 2 * RISE / 3},
    "the least logarithm is doubled": {"square_root_least": 2 * sp.log(K + 1)},
    "the most logarithm lacks the first step": {"square_root_most": sp.log(K)},
    "1/k stops earlier": {"harmonic_most": sp.Rational(3, 2) - 1 / K},
    "1/k goes on": {"harmonic_most": 1 + sp.log(K)},
}

WHERE: Where = {K: COUNT}

SHOWN: Shown = {
    "constant": r"\sum_{k<K} 1",
    "linear": r"\sum_{k<K} \left(1 - \frac{k}{K}\right)^2",
    "ramp": r"\sum_{k<K} \left(\frac{k+1}{K}\right)^2",
    "square_root_least": r"\sum_{k<K} \frac{1}{k+1} \ge",
    "square_root_most": r"\sum_{k<K} \frac{1}{k+1} \le",
    "harmonic_most": r"\sum_{k<K} \frac{1}{(k+1)^2} \le",
}

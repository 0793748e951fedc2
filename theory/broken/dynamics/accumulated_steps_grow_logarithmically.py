"""Broken variants of B10c: what every check must catch."""

from __future__ import annotations

import sympy as sp

from theory.broken import Shown, Variants, Where
from theory.kernel import Interval
from theory.laws.dynamics.accumulated_steps_grow_logarithmically import KEPT, A, B, N
from theory.notation import G, eta, k, lam

BROKEN: Variants = {
    "the decay acts once": {"decay_factor": 1 - eta * lam},
    "AdaGrad grows by the accumulator": {"adagrad_growth": eta**2 * (1 - B / N)},
    "AdaGrad divides by the old accumulator": {"adagrad_growth": eta**2 * (N**2 / B**2 - 1)},
    "WNGrad grows as AdaGrad": {"wngrad_growth": eta**2 * (1 - B**2 / N**2)},
    "AdaGrad's bound is halved": {"adagrad_bound": eta**2 * sp.log(N / B)},
    "AdaGrad's bound is doubled": {"adagrad_bound": 4 * eta**2 * sp.log(N / B)},
    "WNGrad's bound is halved": {"wngrad_bound": eta**2 * sp.log(N / B) / 2},
    "AdaGrad falls as WNGrad": {"adagrad_fall": eta / (lam * (2 - eta * lam))},
    "AdaGrad falls as for small decay": {"adagrad_fall": eta / lam},
    "WNGrad falls as AdaGrad": {"wngrad_fall": 2 * eta / (lam * (2 - eta * lam))},
    "AdaGrad relaxes as SGD": {"adagrad_relaxation": 2 * KEPT - 1},
    "AdaGrad relaxes as WNGrad": {"adagrad_relaxation": KEPT - (1 - KEPT) * (2 * B / N - 1)},
    "WNGrad relaxes as AdaGrad": {"wngrad_relaxation": KEPT - (1 - KEPT) * B**2 / N**2},
    "the rotation is twice as wide": {"cos_rotation": 1 - 2 * eta * lam},
    "AdaGrad's accumulator is WNGrad's": {"adagrad_accumulator": G * k**2 / A},
    "WNGrad's accumulator is AdaGrad's": {"wngrad_accumulator": G * k**2 / (2 * A)},
}

WHERE: Where = {N: Interval(B, sp.oo, low_open=False)}  # an accumulator never falls

SHOWN: Shown = {
    "decay_factor": r"\rho",
    "adagrad_growth": r"\text{growth under AdaGrad}",
    "wngrad_growth": r"\text{growth under WNGrad}",
    "adagrad_bound": r"\text{growth under AdaGrad} \le",
    "wngrad_bound": r"\text{growth under WNGrad} \le",
    "adagrad_fall": r"\lim_{k\to\infty} k\,\lVert u_k\rVert^2 \text{ under AdaGrad}",
    "wngrad_fall": r"\lim_{k\to\infty} k\,\lVert u_k\rVert^2 \text{ under WNGrad}",
    "adagrad_accumulator": r"b_k^2 \text{ under AdaGrad, for large } k",
    "wngrad_accumulator": r"b_k^2 \text{ under WNGrad, for large } k",
}

"""What will norms mean? The ledger's conclusions for lookup rows, by optimiser and decay: exponents, signs, conditions.

Nothing is claimed here: every formula is put together from formulas of claims, which it names, and every exponent is the
logarithmic derivative of such a formula. What no claim covers has no entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp

from theory.catalogue import catalogue
from theory.laws.dynamics.dense_adam_counts_rare_visits import DIM as ADAM_DIM
from theory.laws.dynamics.dense_adam_counts_rare_visits import FORGET
from theory.laws.imprint.frequency_exponents import N, P
from theory.laws.imprint.frequency_exponents_of_adam import HEAT
from theory.momentum import BETA
from theory.notation import G, eta, k, lam, r0, z0

__all__ = [
    "ADAM_DIM",
    "BETA",
    "DECAYS",
    "ELSEWHERE",
    "EVERYTHING",
    "EXPONENTS",
    "FORGET",
    "NOTHING",
    "SIGNS",
    "N",
    "P",
    "Regime",
    "losses",
    "regimes",
]  # fmt: skip
DECAYS = ("none", "dense", "lazy")
RARE_VISITS = r"the gradient of a step without a visit is 0, visits are independent"
STEADY = r"$\beta_1 = 0$ (with momentum: C5b, measured only), $\epsilon = 0$, and $g_i^2$ is the same at every visit"
EVEN = "a gradient and its opposite are equally likely, whatever came before"
SIGNS = (
    "for the signs: positives are von Mises-Fisher about the row's direction, the loss is linear in the cosine or InfoNCE,"
    " candidates stand still (where both tables learn, concentration may warm a word first: C11b); labels are drawn anew at every visit"
)
ELSEWHERE = {  # what the ledger has no exponent in frequency for, and where it speaks of it
    "lion": ("B12d",), "clipped_sgd": ("B10b",), "adagrad_norm": ("B10c",), "wngrad": ("B10c", "B11a"), "sgdp": ("B10e",),
    "adamp": ("B10e",), "adam_l2": ("B12f",), "rmsprop": ("B12i",),
}  # fmt: skip
WHITE = "gradients are white in time: no step predicts the next"
SETTLED = {"dense": r"after several relaxation times, and visited often within one",
           "lazy": "after several relaxation times, counted in visits", "none": "once the start is outgrown"}  # fmt: skip


@dataclass(frozen=True)
class Regime:
    """One optimiser with one kind of decay. ``formula`` is ``r**power`` in ``p`` (frequency), ``n`` (visits), ``G``, rates.

    ``relaxation`` is the number of steps in which a deviation of ``r**power`` falls by a factor e, or None without decay.
    """

    optimizer: str
    decay: str
    formula: sp.Expr
    power: int
    relaxation: sp.Expr | None
    conditions: tuple[str, ...]
    claims: tuple[str, ...]

    def exponent(self, variable: sp.Symbol) -> sp.Expr:
        """``d ln r / d ln variable``; without decay for as many visits as it takes, ``n = p k``."""
        if not self.formula.has(variable, N):
            return sp.S.Zero
        grown = self.formula.subs({r0: 0, z0: 0}).subs(N, P * k)
        return sp.cancel(variable * sp.diff(grown, variable) / (self.power * grown))

    @property
    def exponent_in_frequency(self) -> sp.Expr:
        """The exponent of the norm at a frequency ``p``, which for dense Adam depends on it."""
        return self.exponent(P)

    @property
    def frequency(self) -> tuple[sp.Expr, sp.Expr]:
        """The exponent of the norm in frequency: of rare rows, and of frequent ones."""
        e = self.exponent(P)
        return (e, e) if not e.has(FORGET) else (sp.limit(e, P, 0), sp.limit(e, FORGET, 0))

    @property
    def energy(self) -> sp.Expr:
        """The exponent of the norm in the gradient energy."""
        return self.exponent(G)

    @property
    def specificity(self) -> int:
        """-1 if specific rows are short at equal frequency, as the norm feels heat, which is less; else 0.

        That it is less is proved of a loss linear in the cosine (C3), and of InfoNCE computed over a grid (C3a).
        """
        return -1 if self.energy > 0 else 0

    @property
    def uncertainty(self) -> int:
        """1 if rows with ambiguous labels, drawn anew at every visit, are long (C4); else 0."""
        return 1 if self.energy > 0 else 0

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Labels of the claims, those of the signs included."""
        signs = ("C2", "C3", "C3a", "C4", "C11", "C11b") if self.energy > 0 else ()
        return (*self.claims, *signs)

    @property
    def all_conditions(self) -> tuple[str, ...]:
        """Those of the norm, and those of the signs where there are any."""
        return (*self.conditions, *((SIGNS,) if self.energy > 0 else ()))


def _formulas(label: str) -> Mapping[str, Any]:
    return catalogue()[label].formulas


def _sgd(name: str, heat: sp.Expr, labels: tuple[str, ...], conditions: tuple[str, ...]) -> list[Regime]:
    """SGD and what acts like it with another heat."""
    found = []
    rate = _formulas("C5")["sgd_rate"] * eta  # of r^4, a step
    times = {"none": None, "dense": 1 / rate, "lazy": 1 / (rate * P)}
    for decay, formula in (("none", "sgd_growth"), ("dense", "sgd_dense"), ("lazy", "sgd_lazy")):
        expr = _formulas("C5")[formula].subs(G, heat)
        base = ("B5",) if decay == "none" else ("B6",)
        found.append(Regime(name, decay, expr, 4, times[decay], (*conditions, SETTLED[decay]), ("C5", *base, *labels)))
    return found


def _normalized() -> list[Regime]:
    found = []
    times = {"none": None, "dense": 1 / (2 * eta * lam), "lazy": 1 / (2 * eta * lam * P)}
    for decay, formula in (("none", "normalized_growth"), ("dense", "normalized_dense"), ("lazy", "normalized_lazy")):
        expr = _formulas("C5")[formula]
        found.append(Regime("normalized_sgd", decay, expr, 2, times[decay], (SETTLED[decay],), ("C5", "B10a")))
    return found


def _adam() -> list[Regime]:
    """Dense Adam by the lower end of its heat (B12g); lazy (sparse) Adam counts every visit alike."""
    c5b, dense = _formulas("C5b"), {HEAT: _formulas("B12g")["least_heat"]}
    rarely = (EVEN, RARE_VISITS, STEADY, "up to a factor of 1.13 where $p$ is near $1-\\beta_2$")
    usual = (WHITE, r"$\epsilon$ far below $\sqrt{G}/(r\sqrt d)$")
    two = 2 * eta * lam
    turning = r"$\eta\lambda \ll 1-\beta_2$"
    return [
        Regime("adam", "none", c5b["growth"].subs(dense), 2, None, (*rarely, SETTLED["none"]), ("C5b", "B12g", "B12e")),
        Regime("adamw", "dense", c5b["equilibrium"].subs(dense), 2, 1 / two, (*rarely, turning, SETTLED["dense"]),
               ("C5b", "B12c", "B12g", "B12e")),
        Regime("sparse_adam", "none", c5b["lazy_growth"], 2, None, (*usual, SETTLED["none"]), ("C5b", "B12b", "B12e")),
        Regime("sparse_adam", "lazy", c5b["lazy_equilibrium"], 2, 1 / (two * P), (*usual, SETTLED["lazy"]), ("C5b", "B12c", "B12e")),
    ]  # fmt: skip


def _riemannian() -> list[Regime]:
    return [Regime("riemannian_sgd", "none", r0**2, 2, None, ("steps are scaled back to the norm they start from",), ("B10d",))]


def _signs() -> list[Regime]:
    equilibrium, symmetric = _formulas("B12h")["equilibrium"], "noise that is symmetric in every coordinate"
    return [Regime("sign_sgd", "lazy", equilibrium, 2, 1 / (2 * eta * lam * P), (WHITE, symmetric, SETTLED["lazy"]), ("B12h",))]


@cache
def regimes() -> tuple[Regime, ...]:
    """Every optimiser and decay for which the ledger says how the norm depends on frequency; for others see `ELSEWHERE`."""
    momentum = G / (1 - BETA) ** 2
    sgd = (*_sgd("sgd", G, (), ()), *_sgd("heavy_ball", momentum, ("B8b", "B8d", "B8f"), (WHITE,)))
    return (*sgd, *_normalized(), *_adam(), *_signs(), *_riemannian())


NOTHING, EXPONENTS, EVERYTHING = "nothing", "exponents", "everything"


def losses() -> Mapping[str, str]:
    """Names of the losses that the ledger knows, and what the map says under each.

    ``nothing`` where a loss sees a length; ``exponents`` where it is scale-invariant, but no claim gives the signs of
    specificity and uncertainty; ``everything`` for InfoNCE, and cosine regression, which is linear in the cosine.
    """
    from theory.losses import dot_product_infonce
    from theory.losses.in_use import IN_USE

    known = {loss.name: EXPONENTS if loss.scale_invariant else NOTHING for loss in (*IN_USE, dot_product_infonce.LOSS)}
    return {**known, "infonce": EVERYTHING, "cosine_regression": EVERYTHING, "sgns": NOTHING}

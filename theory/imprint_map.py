"""What will norms mean? The ledger's conclusions for lookup rows, by optimiser and decay: exponents and their conditions.

Nothing is claimed here: every formula is put together from formulas of claims, which it names, and every exponent is the
logarithmic derivative of such a formula. What no claim covers has no entry (`theory.imprint_elsewhere` says who speaks of
it); what the loss decides is in `theory.imprint_signs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sympy as sp

from theory.catalogue import catalogue
from theory.laws.dynamics.clipped_steps_saturate import C as THRESHOLD
from theory.laws.dynamics.clipped_steps_saturate import K as HOT_STEPS
from theory.laws.dynamics.dense_adam_counts_rare_visits import DIM as ADAM_DIM
from theory.laws.dynamics.dense_adam_counts_rare_visits import FORGET
from theory.laws.dynamics.lion_equilibrium_by_arcsines import Q as LION_KEPT
from theory.laws.dynamics.lion_equilibrium_by_arcsines import T as SIGNS_AGREE
from theory.laws.imprint.frequency_exponents import N, P
from theory.laws.imprint.frequency_exponents_of_adam import HEAT
from theory.momentum import BETA
from theory.notation import G, eta, k, lam, r0, z0

__all__ = ["ADAM_DIM", "BETA", "DECAYS", "FORGET", "SIGNS_AGREE", "THRESHOLD", "N", "P", "Regime", "regimes"]
DECAYS = ("none", "dense", "lazy")
RARE_VISITS = r"the gradient of a step without a visit is 0, visits are independent"
NO_MOMENTUM = r"$\beta_1 = 0$ (with momentum: C5b, measured only)"
STEADY = r"$\epsilon = 0$, and $g_i^2$ is the same at every visit"
EVEN = "a gradient and its opposite are equally likely, whatever came before"
DECOUPLED = "decay is decoupled: it is not added to the gradient"
WHITE = "gradients are white in time: no step predicts the next"
LEADING = r"$\eta\lambda \ll 1$: to leading order in the decay, as in C5's limit $\eta \to 0$ at fixed $\eta G$"
LEADING_WITH_MOMENTUM = r"$\eta\lambda \ll 1-\beta$: to leading order in the decay"
SETTLED = {"dense": r"after several relaxation times, and visited often within one",
           "lazy": "after several relaxation times, counted in visits", "none": "once the start is outgrown"}  # fmt: skip


@dataclass(frozen=True)
class Regime:
    """One optimiser with one kind of decay. ``formula`` is ``r**power`` in ``p`` (frequency), ``n`` (visits), ``G``, rates.

    ``relaxation`` is the number of steps in which a deviation of ``r**power`` falls by a factor e, or None without decay.
    ``rows`` says which, where the law is not one for all of them: ``hot`` or ``cold``.
    """

    optimizer: str
    decay: str
    formula: sp.Expr
    power: int
    relaxation: sp.Expr | None
    conditions: tuple[str, ...]
    claims: tuple[str, ...]
    rows: str = ""

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


def _formulas(label: str) -> Mapping[str, Any]:
    return catalogue()[label].formulas


def _formula(label: str, name: str) -> Any:
    return _formulas(label)[name]


def _sgd(name: str, heat: sp.Expr, grown: tuple[str, ...], rests: tuple[str, ...], conditions: tuple[str, ...]) -> list[Regime]:
    """SGD and what acts like it with another heat; ``grown``, ``rests``: claims of that without decay, and with it."""
    found = []
    rate = _formulas("C5")["sgd_rate"] * eta  # of r^4, a step
    times = {"none": None, "dense": 1 / rate, "lazy": 1 / (rate * P)}
    leading = LEADING_WITH_MOMENTUM if heat.has(BETA) else LEADING
    for decay, formula in (("none", "sgd_growth"), ("dense", "sgd_dense"), ("lazy", "sgd_lazy")):
        expr = _formulas("C5")[formula].subs(G, heat)
        claims = ("C5", "B5", *grown) if decay == "none" else ("C5", "B6", *rests)
        supposed = (*conditions, *([] if decay == "none" else [leading]), SETTLED[decay])
        found.append(Regime(name, decay, expr, 4, times[decay], supposed, claims))
    return found


def _momentum() -> list[Regime]:
    """White gradients: heavy ball and Nesterov are SGD with another heat, however decay acts on the row."""
    ball, nesterov = _formula("B8b", "white"), (_formula("B8e", "step") / eta) ** 2
    settled = (WHITE, DECOUPLED)
    return [*_sgd("heavy_ball", G * ball, ("B8b",), ("B8b", "B8d", "B8f"), settled),
            *_sgd("nesterov", G * nesterov, ("B8e",), ("B8e", "B8f"), settled)]  # fmt: skip


def _times() -> dict[str, sp.Expr | None]:
    """Of a squared norm, in steps."""
    return {"none": None, "dense": 1 / (2 * eta * lam), "lazy": 1 / (2 * eta * lam * P)}


def _normalized() -> list[Regime]:
    found = []
    for decay, formula in (("none", "normalized_growth"), ("dense", "normalized_dense"), ("lazy", "normalized_lazy")):
        expr = _formulas("C5")[formula]
        found.append(Regime("normalized_sgd", decay, expr, 2, _times()[decay], (SETTLED[decay],), ("C5", "B10a")))
    return found


def _clipped() -> list[Regime]:
    """Hot rows, whose every step is clipped, take normalised steps of length ``eta C``; cold ones, of which none is, those of SGD."""
    hot, cold = r"hot: $\lVert g\rVert \ge C$ at every visit", r"cold: $\lVert g\rVert \le C$ at every visit"
    squares = {
        "none": _formula("B10b", "hot_run").subs(HOT_STEPS, N),
        "dense": THRESHOLD**2 * _formula("C5", "normalized_dense"),  # u/C takes normalised steps; p = 1 is B10b's
        "lazy": _formula("B10b", "hot_equilibrium"),
    }
    found = [Regime("clipped_sgd", decay, squares[decay], 2, _times()[decay], (hot, SETTLED[decay]), ("B10b", "C5"), "hot")
             for decay in DECAYS]  # fmt: skip
    return [*found, *(replace(r, rows="cold") for r in _sgd("clipped_sgd", G, ("B10b",), ("B10b",), (cold,)))]


def _adam() -> list[Regime]:
    """Dense Adam by the lower end of its heat (B12g); lazy (sparse) Adam counts every visit alike."""
    c5b, dense = _formulas("C5b"), {HEAT: _formulas("B12g")["least_heat"]}
    growth = c5b["growth"].subs(dense).subs(k, N / P)  # in visits, as everywhere in the map
    rarely = (EVEN, RARE_VISITS, STEADY, "up to a factor of 1.13 where $p$ is near $1-\\beta_2$")
    usual = (WHITE, r"$\epsilon$ far below $\sqrt{G}/(r\sqrt d)$",
             r"$g_i^2$ is steady over the memory of $v$; $\beta_1 = 0$, or $\eta\lambda \ll 1-\beta_1$")  # fmt: skip
    times, lazily = _times(), ("C5b", "B12c", "B12e")
    turning, at_visits = r"$\eta\lambda \ll 1-\beta_2$", "moments, too, fade at visits only (with dense moments and lazy decay: no claim)"
    started = r"$\beta$ of RMSProp is $\beta_2$; more than $1/(1-\beta)$ steps were made: the start, which nothing corrects, is outgrown"
    visited = r"$\beta$ of RMSProp is $\beta_2$; more than $1/(1-\beta)$ visits were made, and moments fade at visits only"
    return [
        Regime("adam", "none", growth, 2, None, (*rarely, NO_MOMENTUM, SETTLED["none"]), ("C5b", "B12g", "B12e")),
        Regime("adamw", "dense", c5b["equilibrium"].subs(dense), 2, times["dense"], (*rarely, NO_MOMENTUM, turning, SETTLED["dense"]),
               ("C5b", "B12c", "B12g", "B12e")),
        Regime("adamw", "lazy", c5b["lazy_equilibrium"], 2, times["lazy"], (*usual, at_visits, SETTLED["lazy"]), lazily),
        Regime("sparse_adam", "none", c5b["lazy_growth"], 2, None, (*usual, SETTLED["none"]), ("C5b", "B12b", "B12e")),
        Regime("sparse_adam", "lazy", c5b["lazy_equilibrium"], 2, times["lazy"], (*usual, SETTLED["lazy"]), lazily),
        Regime("rmsprop", "none", growth, 2, None, (*rarely, started, SETTLED["none"]), ("C5b", "B12g", "B12i")),
        Regime("rmsprop", "dense", c5b["equilibrium"].subs(dense), 2, times["dense"],
               (*rarely, started, DECOUPLED, turning, SETTLED["dense"]), ("C5b", "B12g", "B12i")),
        Regime("rmsprop", "lazy", _formula("B12i", "equilibrium"), 2, times["lazy"],
               (EVEN, STEADY, visited, DECOUPLED, SETTLED["lazy"]), ("B12i", "C5b")),
    ]  # fmt: skip


def _riemannian() -> list[Regime]:
    return [Regime("riemannian_sgd", "none", r0**2, 2, None, ("steps are scaled back to the norm they start from",), ("B10d",))]


def _signs() -> list[Regime]:
    """Steps of signs, lazily: a row's time is its visits, and at p = 1 the claims have its equilibrium."""
    symmetric, lazily = "noise that is symmetric in every coordinate", (_times()["lazy"],)
    at_visits = "momentum, too, fades at visits only"
    gaussian = "noise is Gaussian in every coordinate, of a steady variance"
    lion = _formula("B12d", "equilibrium").subs(1 - LION_KEPT**2, eta * lam * (2 - eta * lam)).subs(LION_KEPT, 1 - eta * lam)
    return [Regime("sign_sgd", "lazy", _formula("B12h", "equilibrium"), 2, *lazily, (WHITE, symmetric, SETTLED["lazy"]), ("B12h",)),
            Regime("lion", "lazy", lion, 2, *lazily, (WHITE, gaussian, at_visits, SETTLED["lazy"]), ("B12d",))]  # fmt: skip


@cache
def regimes() -> tuple[Regime, ...]:
    """Every optimiser and decay for which the ledger says how the norm depends on frequency."""
    return (*_sgd("sgd", G, (), (), ()), *_momentum(), *_normalized(), *_clipped(), *_adam(), *_signs(), *_riemannian())

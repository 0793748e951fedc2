"""The recursion of the squared norm that the ledger has for each rule, and the bound of its rounding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from derivations.evidence import Floats
from derivations.evidence.dynamics import heavy_ball_shadow_is_pythagorean, nesterov_turns_more
from derivations.evidence.dynamics.decaying_heavy_ball_shadows_sgd import Kept
from derivations.evidence.dynamics.decaying_heavy_ball_shadows_sgd import law_of as decaying_law
from derivations.evidence.formulas import value
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws.definition import Comparison, Ledger, worst
from derivations.sweep.laws.runs import CellRun, simulate
from theory.claims import Formulas
from theory.laws.dynamics.accumulated_steps_grow_logarithmically import B, N
from theory.laws.dynamics.clipped_steps_saturate import C
from theory.laws.dynamics.decay_equilibrium import RHO
from theory.laws.dynamics.decaying_heavy_ball_shadows_sgd import X
from theory.laws.dynamics.normalized_steps_grow_as_square_root import RHO as NORMALIZED_RHO
from theory.laws.dynamics.projected_steps_still_grow import BETA as PROJECTED_BETA
from theory.laws.dynamics.projected_steps_still_grow import KEPT, S
from theory.momentum import BETA
from theory.notation import G, eta, lam, r

Known = dict[Any, Any]
Claimed = tuple[Floats, Floats | float, Floats | float]  # the claim, what its own arithmetic adds to the bound, what is kept of u
MOMENTUM = {"heavy_ball": "B8a", "nesterov": "B8e"}
BY_SIGN = ("adam", "rmsprop", "lion", "sign_sgd")
DECAYED = "decay_factor"


def excuse(setting: Setting) -> str:
    """Why no claim has this rule's step, or nothing."""
    rule, decay = setting["optimizer"], setting["decay"]
    if rule in BY_SIGN:
        return "steps by coordinates are not tangential: their squared norm is claimed in the mean only (balance holds at every step)"
    if decay == "coupled" and rule != "sgd":
        return "decay that is added to the gradient changes what the rule makes of it; no claim has that step"
    if rule in MOMENTUM:
        return _momentum_excuse(setting)
    return "B10d is about the step without storage" if rule == "riemannian_sgd" and decay != "none" and _stored(setting) else ""


def _stored(setting: Setting) -> bool:
    return bool(setting["precision"] != "float64" or setting["arithmetic"] != "float64")


def _momentum_excuse(setting: Setting) -> str:
    if _stored(setting):
        return "a shadow adds up what rounding does to the embedding; its bound is counted for float64"
    if setting.get("lazy") and setting["visits"] < 1:
        return "momentum that fades at visits only; the shadow is claimed at every step"
    if setting["decay"] == "none":
        return ""
    if setting["optimizer"] == "nesterov":
        return "the shadow of Nesterov's steps is claimed without decay"
    return "" if 1 - setting["eta_lambda"] > setting["momentum"] else "B8c: what is kept must be above beta"


def _known(of: CellRun) -> Known:
    return {eta: of.step_size, lam: of.decay, r: np.sqrt(of.before), G: np.maximum(of.run.energies, 1e-300)}


def _sgd(f: Formulas, of: CellRun) -> Claimed:
    factor = value(f[DECAYED], _known(of))
    return value(f["next_squared_norm"], {**_known(of), RHO: factor}), 0.0, 1 - of.product


def _normalized(f: Formulas, of: CellRun) -> Claimed:
    factor = value(f[DECAYED], _known(of))
    moved = value(f["next_squared_norm"], {**_known(of), NORMALIZED_RHO: factor})
    return np.where(of.run.energies > 0, moved, factor * of.before), 0.0, 1 - of.product


def _clipped(f: Formulas, of: CellRun) -> Claimed:
    known = {**_known(of), C: of.setting["threshold"]}
    hot = np.sqrt(of.run.energies / of.before) > of.setting["threshold"]
    grown = np.where(hot, value(f["hot_growth"], known), value(f["cold_growth"], known))
    return value(f[DECAYED], known) * of.before + grown, 0.0, 1 - of.product


def accumulators(of: CellRun, kind: str) -> Floats:
    """b before the first step and after each, by the rule's definition, from squared lengths of gradients as measured."""
    squares = of.run.energies / of.before
    b = np.full((len(squares), squares.shape[1] + 1), float(of.setting["accumulator"]))
    for i in range(squares.shape[1]):
        b[:, i + 1] = np.sqrt(b[:, i] ** 2 + squares[:, i]) if kind == "adagrad" else b[:, i] + squares[:, i] / b[:, i]
    return b


def _accumulated(kind: str) -> Callable[[Formulas, CellRun], Claimed]:
    """What is left when 1 - b/b' cancels is known to the roundings of b, d + 4 a step (as in the evidence of B10c)."""

    def claimed(f: Formulas, of: CellRun) -> Claimed:
        b = accumulators(of, kind)
        known = {**_known(of), B: b[:, :-1], N: b[:, 1:]}
        extra = of.gamma(of.before.shape[1] * (2 * of.dimension + 40)) * of.step_size**2
        return value(f[DECAYED], known) * of.before + value(f[f"{kind}_growth"], known), extra, 1 - of.product

    return claimed


def _riemannian(f: Formulas, of: CellRun) -> Claimed:
    return value(f["next_squared_norm"], _known(of)), 0.0, 1 - of.product


def _projected(f: Formulas, of: CellRun) -> Claimed:
    """From the recorded length of the step; the projection leaves ``gamma |u||s|`` radial of what it was made from."""
    beta = float(of.setting["momentum"])
    kept = np.ones_like(of.before)
    if of.product:
        kept = kept * value(f[f"kept_{of.setting['optimizer']}"], {**_known(of), PROJECTED_BETA: beta})
    claimed = value(f["next_squared_norm"], {KEPT: kept, r: np.sqrt(of.before), eta: of.step_size, S: of.run.heats / of.before})
    radial = 2 * of.step_size * np.sqrt(of.before) * _proposed(of)
    return claimed, of.gamma(8 * of.dimension + 60) * radial, kept


def _proposed(of: CellRun) -> Floats:
    """Bound of the length of a step before it was projected.

    SGDP: the lengths of all gradients, discounted. AdamP: by Cauchy and Schwarz a coordinate's mean is at most the root of its
    mean square times ``(1 - b1)/(1 - b1^k) sqrt((1 - b2^k)/(1 - b2) sum (b1^2/b2)^j)``, with the weights of both means.
    """
    beta, count = float(of.setting["momentum"]), of.before.shape[1]
    if of.setting["optimizer"] == "sgdp":
        g, sizes = np.sqrt(of.run.energies / of.before), np.zeros_like(of.before)
        for k in range(count):
            sizes[:, k] = g[:, k] + (beta * sizes[:, k - 1] if k else 0.0)
        return sizes
    square, ages = float(of.setting["second_momentum"]), np.arange(1.0, count + 1)
    weights = np.cumsum((beta**2 / square) ** (ages - 1)) if square else np.ones(count)
    ratio = (1 - beta) / (1 - beta**ages) * np.sqrt((1 - square**ages) / (1 - square) * weights)
    return np.broadcast_to(np.sqrt(of.dimension) * ratio, of.before.shape)


BY_RULE: Mapping[str, tuple[str, Callable[[Formulas, CellRun], Claimed]]] = {
    "sgd": ("B6", _sgd), "normalized_sgd": ("B10a", _normalized), "clipped_sgd": ("B10b", _clipped),
    "adagrad_norm": ("B10c", _accumulated("adagrad")), "wngrad": ("B10c", _accumulated("wngrad")),
    "riemannian_sgd": ("B10d", _riemannian), "sgdp": ("B10e", _projected), "adamp": ("B10e", _projected),
}  # fmt: skip
CLAIMS = ("B6", "B8a", "B8c", "B8e", "B10a", "B10b", "B10c", "B10d", "B10e")


def compare(ledger: Ledger, cell: Cell, unseen: str) -> Comparison:
    """The worst step."""
    rule = cell.setting["optimizer"]
    if rule in MOMENTUM:
        return _shadow(ledger, cell, unseen)
    label, law = BY_RULE[rule]
    of = simulate(cell)
    claimed, extra, kept = law(ledger[label], of)
    claimed = np.where(of.acted, claimed, of.before)
    bound = of.error(kept, of.radial * of.gains) + extra
    seen = of.acted & _clear(of)
    if rule != "riemannian_sgd":
        seen &= np.abs(of.after - of.before) > 4 * bound
    return worst(of.after, claimed, np.where(_clear(of), bound, np.inf), seen, unseen=unseen, power=2)


def _clear(of: CellRun) -> Any:
    """Projected rules test for orthogonality: whether every gradient so far was clear enough of its rounding to pass."""
    if of.setting["optimizer"] not in ("sgdp", "adamp"):
        return np.ones(of.before.shape, dtype=bool)
    enough = 4 * np.sqrt(of.dimension) * of.radial / of.setting["threshold"]
    return np.logical_and.accumulate((np.sqrt(of.run.energies) > enough) | (of.run.energies == 0), axis=1)


def _shadow(ledger: Ledger, cell: Cell, unseen: str) -> Comparison:
    """Of the squared length of the shadow: deviations as the evidence of B8a, B8c and B8e takes them."""
    of = simulate(cell, path=True)
    run = of.with_momenta()
    if of.product:
        known = {eta: of.step_size, lam: of.decay, BETA: run.beta}
        kept = np.broadcast_to(value(ledger["B8c"]["decoupled_factor"], known), (len(of.before), 1))
        gap, bound, seen = decaying_law(ledger["B8c"])(Kept(run, kept))
        lag = value(ledger["B8c"]["lag"], {**known, X: kept})
        return worst(gap, 0.0, bound, seen, unseen=unseen, size=run.shadows(lag)[:, 1:])
    law = {"heavy_ball": heavy_ball_shadow_is_pythagorean, "nesterov": nesterov_turns_more}[cell.setting["optimizer"]]
    formulas = ledger[MOMENTUM[cell.setting["optimizer"]]]
    gap, bound, seen = law.law_of(formulas)(run)
    lag = value(formulas["lag"], {eta: run.step_size, BETA: run.beta})
    return worst(gap, 0.0, bound, seen, unseen=unseen, size=run.shadows(lag)[:, 1:])

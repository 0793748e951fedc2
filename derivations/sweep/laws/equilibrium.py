"""Norms at equilibrium, for any eta lambda: what the ledger claims exactly for means over white gradients, within an interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Floats, replicates
from derivations.evidence.formulas import value
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws.definition import Comparison, Law, Ledger, outside
from derivations.sweep.laws.settled import MEMORY, Settled, rarely, reads, run, white
from theory.laws.dynamics.clipped_steps_saturate import C
from theory.laws.dynamics.sign_steps_need_symmetric_noise import DIM
from theory.momentum import BETA
from theory.notation import G, eta, lam

RESOLVED = 0.5  # a figure known worse than this, relatively, says too little
ERROR_RATE = 1e-10  # of one cell: one false alarm in 1e5 sweeps of 1e5 cells
LINEAR = ("sgd", *MEMORY)
BY_LENGTH = ("normalized_sgd", "clipped_sgd", "sign_sgd")
TOO_LONG = "the start is not forgotten in any run of reasonable length"


def _excuse(setting: Setting) -> str:
    rule, decay = setting["optimizer"], setting["decay"]
    if rule not in (*LINEAR, *BY_LENGTH):
        return "no claim has this rule's equilibrium in this form (see the laws placed:...)"
    if decay == "none":
        return "without decay there is no equilibrium"
    if rule in BY_LENGTH and decay == "coupled":
        return "decay that is added to the gradient changes what the rule makes of it"
    if rule == "sign_sgd" and setting["visits"] < 1 and not setting["lazy"]:
        return "B12h is about a step that has a gradient"
    return white(setting)


def _compare(ledger: Ledger, cell: Cell) -> Comparison:
    if reason := rarely(cell.setting, ledger, 4 if cell.setting["optimizer"] in BY_LENGTH else 8):
        return outside(reason)
    of = run(cell, start(cell.setting))
    if of is None:
        return outside(TOO_LONG)
    claimed, power = _claimed(ledger, cell.setting, of)
    if not power:
        return outside("B10b: the row is clipped at some steps and not at others")
    return in_the_mean(of, claimed, power)


def in_the_mean(of: Settled, claimed: float, power: int) -> Comparison:
    """Power 2: the mean of r^2 is claimed. Power 4: ``E r^2 = claimed E r^-2``, since heat is the energy times the mean of r^-2."""
    square, inverse = of.squares.mean(axis=1), (1 / of.squares).mean(axis=1)
    if power == 4:
        observed, width = interval(lambda top, bottom: top / bottom, square, inverse)
    else:
        observed, width = interval(lambda mean: mean, square)
    return told_apart(Comparison(observed, claimed, abs(observed - claimed), width + (of.forgotten + of.rounded) * observed, power))


def interval(function: Callable[..., Floats], *columns: Floats) -> tuple[float, float]:
    """A function of means over replicates and half the width of its interval, at the error rate of a cell."""
    found, half = replicates.of_means(function, *columns)
    count = len(columns[0])
    return float(found), float(half) * replicates.quantile(count, ERROR_RATE) / replicates.quantile(count)


def told_apart(found: Comparison) -> Comparison:
    """Nothing, where the bound is so wide that it would let a law pass that is off by half."""
    if found.bound > RESOLVED * abs(found.observed):
        return outside("replicates differ too much to tell the law from others")
    return replace(found, size=abs(found.observed))


def start(setting: Setting) -> float:
    """A norm of the order of those that are reached: heat against decay."""
    share = 1.0 if setting.get("lazy") else setting["visits"]
    step, q = setting["step_size"], setting["eta_lambda"]
    if setting["optimizer"] in ("normalized_sgd", "sign_sgd"):
        length = np.sqrt(setting["dimension"]) if setting["optimizer"] == "sign_sgd" else 1.0
        return float(step * length * np.sqrt(share / (2 * q)))
    cold = (step**2 * setting["energy"] * share / q / (1 - setting.get("momentum", 0.0))) ** 0.25
    hot = step * setting.get("threshold", np.inf) * np.sqrt(share / (2 * q))
    return float(min(cold, hot) if setting["optimizer"] == "clipped_sgd" else cold)


def known(setting: Setting) -> dict[Any, Any]:
    """What formulas are told."""
    return {eta: setting["step_size"], lam: setting["eta_lambda"] / setting["step_size"], G: setting["energy"]}


def _claimed(ledger: Ledger, s: Setting, of: Settled) -> tuple[float, int]:
    """The claim and the power of the norm that it is; rows that are not visited have no heat, which is in proportion to visits."""
    share = 1.0 if s.get("lazy") else s["visits"]
    at, rule = known({**s, "energy": s.get("energy", 1.0)}), s["optimizer"]
    heat = {**at, G: at[G] * share}
    if rule in MEMORY:
        label = {"heavy_ball": "B8d", "nesterov": "B8e"}[rule]
        return float(value(ledger[label][f"{s['decay']}_fourth"], {**heat, BETA: s["momentum"]})), 4
    if rule == "sgd":
        return float(value(ledger["B6"]["equilibrium"], heat)), 4
    if rule == "sign_sgd":
        return float(value(ledger["B12h"]["equilibrium"], {**at, DIM: s["dimension"]})), 2
    if rule == "normalized_sgd":
        return share * float(value(ledger["B10a"]["equilibrium"], at)), 2
    return _clipped(ledger, s, of, share)


def _clipped(ledger: Ledger, s: Setting, of: Settled, share: float) -> tuple[float, int]:
    at = {**known(s), C: s["threshold"]}
    lengths = np.sqrt(s["energy"] / of.every)
    if np.all(lengths >= s["threshold"]):
        return share * float(value(ledger["B10b"]["hot_equilibrium"], at)), 2
    cold = bool(np.all(lengths <= s["threshold"]))
    return float(value(ledger["B10b"]["cold_equilibrium"], {**at, G: s["energy"] * share})), 4 * cold


LAWS = (
    Law("equilibrium", "B6, B8d, B8e, B10a, B10b, B12h: the norm that heat and decay keep, exact in the mean at any eta lambda",
        ("B6", "B8d", "B8e", "B10a", "B10b", "B12h", "C6"), reads, _excuse, _compare),
)  # fmt: skip

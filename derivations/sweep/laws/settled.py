"""Long runs along white prescribed gradients with decay: how long until the start is forgotten, and means over time after that."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from derivations.evidence import Floats
from derivations.evidence.formulas import value
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws.definition import Ledger
from derivations.sweep.laws.runs import reads as all_axes
from derivations.sweep.laws.runs import simulate
from theory.laws.imprint.rare_rows_have_heavy_tails import Q as SHRINKS

MEMORY = ("heavy_ball", "nesterov")  # beside SGD, rules that are linear in the gradient
WARM = 16  # e-folds of the slowest mode of mean and momentum before anything is read off
LEAST_RUNS = 4  # for an interval
MOST_WORK = 2**31  # entries of all embeddings of a cell together: minutes


def reads(setting: Setting) -> tuple[str, ...]:
    """How long a run is follows from the decay, and it starts where the law's scale is."""
    return (*(name for name in all_axes(setting) if name not in ("steps", "norm", "persistence")), "relaxations")


def white(setting: Setting) -> str:
    """Why a mean over noise is not claimed here, or nothing."""
    if setting["loss"] != "prescribed":
        return "claimed for white gradients of steady energy; a loss of a few candidates has neither (right_angle, balance and step hold)"
    if setting["precision"] != "float64":
        return "storage adds heat of its own (B13a to B13d)"
    return "" if setting["replicates"] >= LEAST_RUNS else f"an interval takes {LEAST_RUNS} replicates"


def rarely(setting: Setting, ledger: Ledger, order: int) -> str:
    """Under dense decay a row's tail is a power (C6): whether its ``order``-th moment is finite; lazy rows do not shrink between visits."""
    if setting["visits"] == 1 or setting.get("lazy"):
        return ""
    shrinks = 1 - (1 - setting["eta_lambda"]) ** (order / 4)  # the formula is for the fourth moment
    least = float(value(ledger["C6"]["threshold"], {SHRINKS: shrinks}))
    return "" if setting["visits"] > least else f"C6: so rare a row has no finite moment of order {order}, which an interval needs"


def memory(setting: Setting) -> float:
    """The modulus of the slowest mode of embedding and momentum without gradients, by the definition of the rule."""
    q, beta = setting["eta_lambda"], setting.get("momentum", 0.0)
    if setting["optimizer"] not in MEMORY:
        return abs(1 - q)
    if setting["decay"] == "decoupled":
        return max(abs(1 - q), beta)
    ahead = beta if setting["optimizer"] == "nesterov" else 0.0  # u' = u - s, s = g + beta m' or m'; in units of the step size
    kept = 1 - q * (1 + ahead) if ahead else 1 - q
    matrix = np.array([[kept, -beta * (ahead or 1.0)], [q, beta]])
    return float(np.max(np.abs(np.linalg.eigvals(matrix))))


@dataclass(frozen=True)
class Settled:
    """Squared norms (replicates, slots) after the start was forgotten; ``forgotten`` is what is left of it, relatively."""

    squares: Floats
    every: Floats  # of the whole run
    forgotten: float
    rounded: float  # relative, of r^4
    visits: int  # of the row that had fewest, before `squares` begin


def run(cell: Cell, start: float) -> Settled | None:
    """None where the run would take too long. ``start`` is a norm."""
    s = cell.setting
    slowest, share = memory(s), s["visits"] if s.get("lazy") else 1.0
    if slowest >= 1:
        return None
    folds = math.ceil(WARM / -math.log(slowest)) if slowest > 0 else WARM
    warm = math.ceil((folds + 8 * math.sqrt(folds)) / share)
    steps = warm + math.ceil(s["relaxations"] / s["eta_lambda"] / share)
    if steps * s["replicates"] * s["dimension"] > MOST_WORK:
        return None
    of = simulate(Cell({**s, "norm": start, "persistence": 0.0}, cell.sweep_seed), steps=steps, seed=cell.seed)
    squares = of.run.squared_norms
    seen = int(of.run.visits[:, :warm].sum(axis=1).min()) if s.get("lazy") else folds
    # a double root leaves a polynomial times its powers
    left = (1 + folds) ** 2 * slowest ** (2 * min(seen, folds)) * (1 + float(squares[:, 0].max() / squares[:, warm:].mean()))
    return Settled(squares[:, warm:], squares, left, 2 * of.gamma(steps * (8 * s["dimension"] + 60)), seen)

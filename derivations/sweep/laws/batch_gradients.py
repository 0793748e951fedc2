"""Losses of whole batches: the gradients in every vector of a batch, and a step of SGD on one, exact but for rounding."""

from __future__ import annotations

import numpy as np

from derivations.evidence import rounding
from derivations.evidence.batch_cases import cases
from derivations.evidence.batches import Case, longest_gradient, radial_excess
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws.definition import Comparison, Law, Ledger, outside, worst
from numerics.simulation.steps import step
from theory.laws.dynamics.decay_equilibrium import RHO
from theory.losses.in_use import IN_USE
from theory.notation import G, eta, lam, r

NAMES = tuple(loss.name for loss in IN_USE)
FEWEST = 4  # vectors beside the embedding


def _reads(setting: Setting) -> tuple[str, ...]:
    decays = ("eta_lambda",) if setting["law"] == "batch_step" and setting["decay"] != "none" else ()
    steps = ("decay", "step_size", *decays) if setting["law"] == "batch_step" else ()
    return ("law", "loss", "dimension", "candidates", "temperature", "norm", "repeat", *steps)


def _excuse(setting: Setting) -> str:
    if setting["loss"] not in NAMES:
        return f"{setting['loss']} is no loss of whole batches"
    if setting["loss"] == "angle" and setting["dimension"] % 2:
        return "the loss pairs coordinates: the dimension must be even"
    return "" if setting["candidates"] >= FEWEST else f"a batch needs {FEWEST} candidates"


def _case(cell: Cell) -> Case:
    s = cell.setting
    tau, step_size, norm = (np.array([float(s.get(name, 0.1))]) for name in ("temperature", "step_size", "norm"))
    return next(cases(Batch(s["dimension"], s["candidates"], tau, step_size, norm, cell.seed), (s["loss"],)))


def _gradients(ledger: Ledger, cell: Cell) -> Comparison:
    """A7: radial gradients over their rounding, the worst of all vectors."""
    case = _case(cell)
    claimed = float(value(ledger["A7"]["radial_gradient"], {}))
    found = case.evaluate()
    if not case.smooth(found) or not np.any(found.rows):
        return outside("no gradient at this batch")
    deviation, bound = radial_excess(case, found, claimed)
    return worst(deviation, 0.0, bound, unseen="", size=longest_gradient(case, found))


def _step(ledger: Ledger, cell: Cell) -> Comparison:
    """B6: every row after a step of SGD with decoupled decay, whatever the loss of the batch is."""
    s, case = cell.setting, _case(cell)
    found = case.evaluate()
    if not case.smooth(found) or not np.any(found.rows):
        return outside("no gradient at this batch")
    product = s["eta_lambda"] if s["decay"] != "none" else 0.0
    after = np.sum(step(case.rows, found.rows, s["step_size"], product / s["step_size"]) ** 2, axis=1)
    before, squares = (np.sum(x**2, axis=1) for x in (case.rows, found.rows))
    energies, known = before * squares, {eta: s["step_size"], lam: product / s["step_size"]}
    factor = value(ledger["B6"]["decay_factor"], known)
    claimed = value(ledger["B6"]["next_squared_norm"], {**known, RHO: factor, r: np.sqrt(before), G: np.maximum(energies, 1e-300)})
    slopes = np.abs(found.slopes).sum(axis=1) + (np.abs(found.slopes).sum(axis=0) if case.columns is None else 0.0)
    leg = s["step_size"] ** 2 * squares
    bound = rounding.step(slopes, (1 + product) ** 2 * before, after, leg, s["step_size"], s["dimension"])
    seen = np.abs(after - before) > 4 * bound
    return worst(after, claimed, bound, seen, unseen="the step is smaller than its rounding", power=2)


LAWS = (
    Law("batch_gradients", "A7: radial gradients of a loss of whole batches over their rounding", ("A7",), _reads, _excuse,
        _gradients),
    Law("batch_step", "B6: a step of SGD on a loss of whole batches", ("B6",), _reads, _excuse, _step),
)  # fmt: skip

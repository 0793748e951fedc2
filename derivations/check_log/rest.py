"""C0 at rest: the squared norm at which the drift and the heat that were measured balance the decay, under any optimiser.

It follows from the balance of single steps where the norm has settled, and so decides nothing by itself. It is what can be said of a run
that breaks what the equilibria of rules suppose, such as AdamW on gradients that are not white.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations.check_log.equilibrium import rates
from derivations.check_log.finding import NO_MOVE, Finding, Law, Ledger
from derivations.check_log.records import Records
from derivations.check_log.sampled import ERROR_RATE, RESOLVED
from derivations.check_log.settled import window
from derivations.check_log.steps import drift_and_heat
from derivations.evidence import Floats
from derivations.evidence.formulas import value
from theory.laws.imprint import drift_heat_decay_equilibrium as balance
from theory.notation import eta

REST = Law("rest", ("C0",), "the norm is where the measured drift and heat balance the decay: nothing of the rule is supposed")


def check(of: Records, ledger: Ledger) -> Finding:
    """E r^2 against the exact equilibrium of the means, decay beside the step."""
    if of.setting.decay != "decoupled" or not of.has_move.all():
        return REST.silent("it is about decay beside the step" if of.has_move.all() else NO_MOVE)
    if of.no_rule:
        return REST.silent(f"{of.no_rule}: how long its norm remembers is not known")
    w = window(of, ledger, decays=True, always=False)
    if isinstance(w, str):
        return REST.silent(w)
    drift, heat = drift_and_heat(of)
    known = rates(w)

    def gap(square: Floats, drifts: Floats, steps: Floats) -> Floats:
        told: dict[Any, Any] = {**known, balance.DRIFT: drifts, balance.HEAT: steps * square}
        scales = {balance.D_STAR: value(ledger["C0"]["drift_scale"], told),
                  balance.V_STAR: np.sqrt(value(ledger["C0"]["heat_scale"], told))}  # fmt: skip
        return np.log(square / value(ledger["C0"]["exact_equilibrium"], {**scales, balance.P: w.product}))

    squares = w.mean(of.before)
    found, width = w.interval(gap, squares, w.mean(drift), w.mean(heat / of.before))
    start, _ = w.unsettled(squares, 2, None)
    moved = float(np.mean(np.abs(np.log(squares[:, -1] / squares[:, 0])))) / (w.length * w.product)  # what is still on its way
    bound = width + start + moved
    if not bound <= RESOLVED:
        return REST.silent(f"the bound would be {bound:.2g}: blocks differ by {width:.2g}, the norm is still moving by {moved:.2g}")
    decided = REST.decided(np.exp(found), 1.0, abs(found), bound, len(w.first), f"{len(w.first)} rows together")
    words = f"r^2 over the predicted one, learning rate {known[eta]:g}; {w.blocks} blocks; error rate {ERROR_RATE:g}"
    return decided.noting(words)

"""Growth over whole runs without decay, beside B4's: the logarithm of accumulated steps (B10c), and momentum in the mean (B8b, B8e)."""

from __future__ import annotations

import numpy as np

from derivations.evidence import Floats
from derivations.evidence.formulas import value
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws.definition import Comparison, Law, Ledger, worst
from derivations.sweep.laws.equilibrium import ERROR_RATE, told_apart
from derivations.sweep.laws.rule_steps import accumulators
from derivations.sweep.laws.runs import reads, simulate
from derivations.sweep.laws.settled import MEMORY, white
from derivations.sweep.laws.steps import scale_invariant
from theory.laws.dynamics.accumulated_steps_grow_logarithmically import B, N
from theory.momentum import BETA
from theory.notation import eta

KINDS = {"adagrad_norm": "adagrad", "wngrad": "wngrad"}
SHADOWS = {"heavy_ball": "B8a", "nesterov": "B8e"}


def _logarithm_excuse(s: Setting) -> str:
    plain = s["optimizer"] in KINDS and s["decay"] == "none" and s["precision"] == "float64"
    return scale_invariant(s) or ("" if plain else "B10c is about AdaGrad-norm and WNGrad without weight decay, in exact arithmetic")


def _logarithm(ledger: Ledger, cell: Cell) -> Comparison:
    """How far the squared norm is above the logarithm of the accumulator; the accumulator rounds d + 4 times a step, as in B10c.

    Growth is never negative: what the law leaves open is all from 0 to the logarithm.
    """
    of, kind = simulate(cell), KINDS[cell.setting["optimizer"]]
    b, steps = accumulators(of, kind), of.before.shape[1]
    grown = of.after[:, -1] - of.before[:, 0]
    claimed = value(ledger["B10c"][f"{kind}_bound"], {eta: of.step_size, B: b[:, 0], N: b[:, -1]})
    slack = of.gamma(steps * (2 * of.dimension + 40)) * of.step_size**2 * (1 + steps)
    bound = np.sum(of.error(1.0, of.radial * of.gains), axis=1) + slack
    off = np.where(np.isfinite(claimed), np.maximum(grown - claimed, 0.0), np.nan)
    return worst(grown, claimed, bound, grown > 4 * bound, deviation=off, unseen="the run's growth is below its rounding", power=2,
                 interval=np.abs(claimed) / 2)  # fmt: skip


def _momentum_excuse(s: Setting) -> str:
    if s["optimizer"] not in MEMORY or s["decay"] != "none":
        return "B8b and B8e are about heavy ball and Nesterov momentum without weight decay"
    if s["visits"] < 1 and s["lazy"]:
        return "momentum that fades at visits only; the shadow is claimed at every step"
    if s.get("persistence", 0.0) > 0:
        return "gradients that persist: B8b has their growth by how much, its evidence measures it"
    return white(s) or ("" if s["arithmetic"] == "float64" else "the rounding of a shadow is counted for float64")


def _momentum(ledger: Ledger, cell: Cell) -> Comparison:
    """How much longer the squared shadows are after a run, over the sum of squared steps of SGD: a multiplier, exact in the mean.

    What a run adds to it is ``2 b (step)^2`` times the sum of the overlaps <m, g>, b being beta or for Nesterov its square. A gradient
    and its opposite are equally likely whatever came before, and so are an overlap and its opposite: their sum S, of all steps of all
    replicates, and the sum V of their squares have ``S^2 >= (V + y)(2 ln(1/a) + ln(1 + V/y))`` with a probability of at most a, for any
    fixed y and whatever the distribution (de la Pena, Klass, Lai 2004, by mixtures). ``y`` is V as it would be at the start.
    """
    of, s = simulate(cell, path=True), cell.setting
    run, rule = of.with_momenta(), s["optimizer"]
    known = {eta: of.step_size, BETA: run.beta}
    shadow = {name: value(ledger[SHADOWS[rule]][name], known) for name in ("lag", "step")}
    multiplier = float(value(ledger["B8b"]["white"], known) if rule == "heavy_ball" else (shadow["step"] / of.step_size) ** 2)
    lengths = run.shadows(np.broadcast_to(shadow["lag"], run.step_size.shape))
    heat = of.step_size**2 * float(run.squared_gradients().sum())
    observed = float(np.sum(lengths[:, -1] - lengths[:, 0])) / heat
    share = run.beta if rule == "heavy_ball" else run.beta**2
    odd = 2 * share * (of.step_size / (1 - run.beta)) ** 2 * symmetric_sum(run.overlaps(), s)
    rounded = float(run.rounding(np.abs(shadow["lag"]), np.abs(shadow["step"])).sum())
    return told_apart(Comparison(observed, multiplier, abs(observed - multiplier), (odd + rounded) / heat))


def symmetric_sum(terms: Floats, s: Setting) -> float:
    """What the sum of terms of random sign exceeds once in 1/ERROR_RATE."""
    least = terms.size * s["visits"] * s["energy"] ** 2 / s["norm"] ** 4 / (1 - s["momentum"] ** 2)
    squares = float(np.sum(terms**2))
    return float(np.sqrt((squares + least) * (-2 * np.log(ERROR_RATE) + np.log1p(squares / least))))


LAWS = (
    Law("logarithm", "B10c: growth under AdaGrad-norm and WNGrad is at most a logarithm of the accumulator", ("B10c",), reads,
        _logarithm_excuse, _logarithm),
    Law("momentum_growth", "B8b, B8e: momentum multiplies the energy of white gradients", ("B8a", "B8b", "B8e"), reads, _momentum_excuse,
        _momentum),
)  # fmt: skip

"""What laws suppose of a training, and whether the log meets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derivations.check_log.equilibrium import Level
from derivations.check_log.finding import FAILS, HOLDS, Finding
from derivations.check_log.labels import Label
from derivations.check_log.records import Records, constant
from derivations.evidence import Floats


@dataclass(frozen=True)
class Hypothesis:
    """``met`` is None where the log cannot tell."""

    name: str
    met: bool | None
    words: str


def hypotheses(of: Records, findings: Sequence[Finding], level: Level | None, kept: Label, slopes: Label) -> tuple[Hypothesis, ...]:
    """Each with what was found; ``kept`` and ``slopes``: of the precision and of the bound of slopes that the setting names."""
    s, by = of.setting, {f.law: f for f in findings}
    right = by["right angle"]
    tangential = {HOLDS: True, FAILS: False}.get(right.verdict)
    adaptive = s.optimizer in ("adam", "rmsprop", "lion")
    return (
        Hypothesis("scale-invariant loss", tangential, right.reason or ("" if tangential else "not ") + "within what rounding may leave"),
        Hypothesis("free rows", s.encoder == "lookup", of.no_rows or "rows of a table"),
        Hypothesis("no momentum", not s.momentum, f"momentum {s.momentum:g}"),
        Hypothesis("not adaptive", None if s.optimizer == "other" else not adaptive, f"the optimiser is {s.optimizer}"),
        _epsilon(of),
        _changing("constant learning rate", of.eta),
        _changing("constant weight decay", of.decay),
        _recorded(of),
        _visits(of),
        _white(of, level),
        _settled(level, by["equilibrium"]),
        _precise(of, findings),
        Hypothesis("precision as said", kept.met, kept.words),
        Hypothesis("slopes near their bound", slopes.met, slopes.words),
        Hypothesis("run ended by itself", of.log.closed, "the recorder was closed" if of.log.closed else
                   "the recorder was not closed: the last steps may be missing"),
    )  # fmt: skip


def _changing(name: str, values: Floats) -> Hypothesis:
    low, high = float(values.min()), float(values.max())
    return Hypothesis(name, constant(values), f"{low:g}" if low == high else f"from {low:g} to {high:g}")


def _epsilon(of: Records) -> Hypothesis:
    """Adam's, beside the root mean square of gradients."""
    s, name = of.setting, "no epsilon in the step"
    if s.optimizer == "other":
        return Hypothesis(name, None, f"not known: {of.no_rule}")
    if s.optimizer not in ("adam", "rmsprop") or not s.epsilon:
        return Hypothesis(name, True, "the optimiser has none")
    if not of.has_gradient.any():
        return Hypothesis(name, False, f"epsilon {s.epsilon:g}, beside gradients that are not in the log")
    scale = of.gradient[of.has_gradient] / np.sqrt(of.dimension[of.has_gradient])
    usual = float(np.median(scale[scale > 0])) if np.any(scale > 0) else 0.0
    share = s.epsilon / usual if usual else float("inf")
    return Hypothesis(name, False, f"epsilon {s.epsilon:g} is {share:.2g} of the median scale of a gradient")


def _recorded(of: Records) -> Hypothesis:
    first, last = of.span
    there = len(np.unique(of.log.step))
    return Hypothesis("every step recorded", there == last - first + 1, f"{there} of {last - first + 1} steps")


def _visits(of: Records) -> Hypothesis:
    if not of.has_gradient.any():
        return Hypothesis("a gradient at every step", None, "no gradient is in the log")
    share = float(np.mean(of.energy[of.has_gradient] > 0))
    return Hypothesis("a gradient at every step", share == 1, f"at {100 * share:.3g} % of the records")


def _white(of: Records, level: Level | None) -> Hypothesis:
    if of.setting.optimizer == "sgd":
        return Hypothesis("white gradients", None, "no law of plain SGD asks")
    if level is None:
        return Hypothesis("white gradients", None, "not measured: no stretch of the run has settled")
    return Hypothesis("white gradients", None, f"the heat is {level.white:.3g} times that of white gradients (more than 1: they persist)")


def _settled(level: Level | None, found: Finding) -> Hypothesis:
    if level is None:
        return Hypothesis("at equilibrium", None if "settled" not in found.reason else False, found.reason)
    words = f"the second half lasts {level.steps / level.memory:.3g} times the {level.memory:.3g} steps that a norm remembers"
    return Hypothesis("at equilibrium", True, words)


def _precise(of: Records, findings: Sequence[Finding]) -> Hypothesis:
    """Whether single steps are above rounding."""
    told = {f.law: f for f in findings if f.relevant}
    step = next((told[law] for law in ("step", "shadow", "balance") if law in told), None)  # the finest that speaks
    words = f"kept in {of.setting.precision}, gradients in {of.setting.arithmetic}"
    if step is None:
        return Hypothesis("steps above rounding", None, words)
    return Hypothesis("steps above rounding", 2 * step.compared > step.relevant,
                      f"{words}; {step.compared} of {step.relevant} records that move can tell a step")  # fmt: skip

"""Adam and Lion, from the optimiser's first step: one coordinate of every row is taken through all steps by the rule's definition.

Their means are in no log, but begin at 0. The replay is in float64; beside every mean goes a bound of what the format of the training
may have rounded of it (Higham, *Accuracy and Stability of Numerical Algorithms*, ch. 3: errors of a recursion obey the recursion).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import Finding, Law
from derivations.check_log.records import Records
from derivations.check_log.rules.applied import coordinate
from derivations.check_log.rules.scaled import OLD
from derivations.evidence import Floats

NOT_FRESH = ("whether step 0 is the optimiser's first is not known, and what its means were is in no log: tell the recorder fresh=True"
             " if it is")  # fmt: skip
RESUMED = "step 0 of the log is not the optimiser's first, and what its means were then is in no log"
GAPS = "steps were left out, at which the optimiser's means changed: record with every=1 from its first step"
TOO_SMALL = "moves of the coordinate are below rounding"
EACH = 6  # roundings of a mean in a step: both constants, both products, the sum, and one more where it is made as a difference


@dataclass
class Mean:
    """A running mean (rows,), ``size`` that of the absolute values, and a bound of its error."""

    kept: float
    name: str
    value: Any = 0.0
    size: Any = 0.0
    off: Any = 0.0

    def take(self, new: Floats, new_off: Floats) -> None:
        """One step."""
        gain = 1 - self.kept
        self.value = self.kept * self.value + gain * new
        self.size = self.kept * self.size + gain * np.abs(new)
        rounded = EACH * (rounding.unit(self.name) * self.size + rounding.smallest(self.name))
        self.off = self.kept * self.off + gain * new_off + rounded


def excuse(of: Records) -> str:
    """Why there is no replay, or nothing."""
    s = of.setting
    if not (of.has_move & of.has_gradient).all():
        return "gradients and moves are not all in the log"
    if s.every > 1 or not _whole(of):
        return GAPS
    return "" if s.fresh else NOT_FRESH if s.fresh is None else RESUMED


def check(of: Records, rule: Law) -> Finding:
    """Every record of every row that is there from step 0 without a gap."""
    one = coordinate(of)
    if one is None:
        return rule.silent(OLD)
    if reason := excuse(of):
        return rule.silent(reason)
    made = _adam if of.setting.optimizer == "adam" else _lion
    claimed, bound = np.full(len(of.log), np.nan), np.full(len(of.log), np.inf)
    fed, off = one.f, one.fed_off
    for at, (value, error) in made(of, [(k, fed[k], off[k]) for k in _steps(of)]):
        claimed[at], bound[at] = value, error
    index = np.concatenate(_steps(of))
    index = np.sort(index[of.eta[index] > 0])
    total = bound[index] + one.off[index]
    told = np.where(np.isfinite(total), claimed[index], one.a[index])
    return rule.compared(of, index, one.a[index], told, total, np.abs(claimed[index]) > 4 * total, TOO_SMALL,
                         relevant=one.a[index] != 0)  # fmt: skip


def _whole(of: Records) -> list[slice]:
    return [s for s in of.complete() if of.log.step[s.start] == 0]


def _steps(of: Records) -> list[Any]:
    """Records of each step, of the rows that are whole and as long as the longest of them."""
    rows = _whole(of)
    longest = max(s.stop - s.start for s in rows)
    first = np.array([s.start for s in rows if s.stop - s.start == longest])
    return [first + k for k in range(longest)]


def _adam(of: Records, fed: list[Any]) -> Iterator[tuple[Any, tuple[Floats, Floats]]]:
    """Kingma and Ba's algorithm 1."""
    s, name = of.setting, of.setting.precision
    u, m, v = rounding.unit(rounding.of_steps(of)), Mean(s.momentum, name), Mean(s.second_momentum, name)
    for age, (at, f, off) in enumerate(fed, start=1):
        m.take(f, off)
        v.take(f**2, 2 * np.abs(f) * off + off**2)
        first, second = 1 - s.momentum**age, 1 - s.second_momentum**age
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.sqrt(v.value / second) + s.epsilon
            low = np.sqrt(np.maximum(v.value - v.off, 0) / second) + s.epsilon
            step = np.where(scale > 0, m.value / first / scale, 0.0)
            corrections = _correction(s.momentum, age, u) + _correction(s.second_momentum, age, u) / 2
            mean = np.abs(m.value) / first
            error = (m.off / first + mean * (corrections + 8 * u)) / low + mean * (1 / low - 1 / scale)
        yield at, (step, np.where(np.isnan(error) | (low <= 0), np.inf, error))


def _correction(beta: float, age: int, u: float) -> float:
    """Relative error of 1 - beta^age: beta rounded, raised to a power, taken from 1."""
    power = beta**age
    return u + (age + 4) * power * u / (1 - power)


def _lion(of: Records, fed: list[Any]) -> Iterator[tuple[Any, tuple[Floats, Floats]]]:
    """Chen et al. 2023; a sign that rounding may turn is not told."""
    s, name = of.setting, of.setting.precision
    m = Mean(s.second_momentum, name)
    for at, f, off in fed:
        seen = s.momentum * m.value + (1 - s.momentum) * f
        size = s.momentum * m.size + (1 - s.momentum) * np.abs(f)
        unsure = s.momentum * m.off + (1 - s.momentum) * off + EACH * (rounding.unit(name) * size + rounding.smallest(name))
        m.take(f, off)
        yield at, (np.sign(seen), np.where(np.abs(seen) > unsure, 0.0, np.inf))

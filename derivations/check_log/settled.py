"""The stretch of a run in which it may have settled: the second half, cut into blocks that are longer than its memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from derivations.check_log import rounding
from derivations.check_log.finding import Ledger
from derivations.check_log.records import Records, constant
from derivations.check_log.sampled import quantile
from derivations.evidence import Floats, replicates
from derivations.evidence.formulas import value
from theory.laws.dynamics import adamw_equilibrium as adamw
from theory.laws.dynamics import l2_in_adam_is_not_decoupled_decay as l2
from theory.laws.dynamics import lion_equilibrium_by_arcsines as lion
from theory.laws.dynamics.adam_norm_grows_by_dimension import DIM
from theory.laws.imprint.rare_rows_have_heavy_tails import Q as SHRINKS
from theory.momentum import BETA
from theory.notation import eta, lam

FEWEST, MOST = 8, 64  # blocks: an interval with 7 degrees of freedom is 15 standard errors wide, more than 64 gain nothing
MEMORIES = 2  # relaxation times a block lasts: what is left of a correlation then is e^-2, and between centres of blocks less
FINITE = 8  # order of the moment of the norm that an interval of r^4 needs


@dataclass(frozen=True)
class Window:
    """Rows (m) by blocks (n) of the second half of a log; ``memory`` in steps, ``product`` eta lambda."""

    of: Records
    memory: float
    product: float
    blocks: int
    index: Any  # records in the window
    row: Any  # their row, 0 .. m - 1
    block: Any  # their block
    first: Any  # the first record of each row

    @cached_property
    def counts(self) -> Floats:
        """Records in each block."""
        return self._summed(np.ones(len(self.index)))

    def _summed(self, values: Floats) -> Floats:
        out = np.zeros((len(self.first), self.blocks))
        np.add.at(out, (self.row, self.block), values)
        return out

    def mean(self, values: Floats) -> Floats:
        """Means of a column (records of the whole log) over each block, (rows, blocks)."""
        return np.asarray(self._summed(values[self.index]) / self.counts)

    def interval(self, function: Callable[..., Floats], *columns: Floats) -> tuple[float, float]:
        """The mean over rows of a function of a row's means, and half its width: blocks are the replicates, so that rows may be related."""
        found, half = replicates.of_means(lambda *means: np.mean(function(*means), axis=0), *columns)
        return float(found), float(half) * quantile(self.blocks - 1) / replicates.quantile(self.blocks)

    @property
    def length(self) -> int:
        """Steps."""
        steps = self.of.log.step[self.index]
        return int(steps.max() - steps.min()) + 1

    @property
    def rounded(self) -> float:
        """What rounding may move the norm by in a step, over what decay takes: so much may it be off, relatively, at equilibrium."""
        of = self.of
        moved = rounding.stored(of, rounding.size(of)) / (of.product * of.norm)
        return float(np.mean(self.mean(moved)))

    def unsettled(self, squares: Floats, power: int, energies: Floats | None) -> tuple[float, float]:
        """What is left of the start, and how far a norm lags behind an energy that changes, both relative to r^power in the mean.

        A deviation fades as exp(-k/memory); over the window its mean is that of its beginning, times memory over length. A norm that
        relaxes follows its equilibrium one memory behind, which is the relative change of energy in that time.
        """
        faded = np.exp(-self.length / self.memory) * self.memory / self.length  # the half before the window is as long
        start = float(np.mean(np.maximum(self.of.norm[self.first] ** power / np.mean(squares, axis=1) ** (power / 2), 1.0)))
        if energies is None:
            return faded * start, 0.0
        half = self.blocks // 2
        early, late = np.mean(energies[:, :half], axis=1), np.mean(energies[:, -half:], axis=1)
        return faded * start, abs(float(np.mean(np.log(late / early)))) * self.memory / (self.length / 2)


def memory(of: Records, ledger: Ledger, rate: float, decay: float) -> float:
    """Steps in which a deviation of the norm falls by e, by the ledger: B6, B8f, B12; momentum's or the means' own if longer."""
    s, p = of.setting, rate * decay
    if s.optimizer == "sgd":
        return float(1 / (value(ledger["B6"]["flow_rate"], {lam: decay}) * rate))
    if s.optimizer in ("adam", "rmsprop", "lion"):
        return max(float(-1 / np.log(_kept(of, ledger, rate, decay))), _averaging(of))
    slowest = float(value(ledger["B8f"][f"{s.decay}_rate"], {BETA: s.momentum})) * p
    return max(1 / slowest, 1 / (1 - s.momentum))


def _kept(of: Records, ledger: Ledger, rate: float, decay: float) -> float:
    """What a step leaves of a deviation of the squared norm, under rules by coordinates."""
    s, p = of.setting, rate * decay
    if s.decay == "coupled":  # the less the larger the norm is (B12f): the row that forgets most slowly
        first, last = of.span
        square = np.max(of.before[of.log.step >= first + (last - first + 1) // 2])
        known = {eta: rate, DIM: float(of.dimension.min()), l2.A: float(square)}
        return float(value(ledger["B12f"]["relaxation"], {l2.SHARE: value(ledger["B12f"]["share"], known)}))
    if s.optimizer == "lion":
        return float(value(ledger["B12d"]["relaxation"], {lion.Q: 1 - p}))
    if s.optimizer == "rmsprop":
        return float(value(ledger["B12i"]["relaxation"], {eta: rate, lam: decay}))
    return float(value(ledger["B12c"]["relaxation"], {adamw.P: p}))


def window(of: Records, ledger: Ledger, *, decays: bool, always: bool) -> Window | str:
    """The window, or why there is none. ``always``: only rows that have a gradient at every record; else those with finite moments."""
    first, last = of.span
    middle = first + (last - first + 1) // 2
    late = of.log.step >= middle
    rates, lams = of.eta[late], of.decay[late]
    if not (constant(rates) and constant(lams) and rates[0] > 0):
        return "learning rate or weight decay change in the second half of the run"
    rate, decay = float(rates[0]), float(lams[0])
    if decays and not decay:
        return "without weight decay there is no equilibrium"
    span = memory(of, ledger, rate, decay) if decays else _averaging(of)
    count = int(min(MOST, (last - middle + 1) / (MEMORIES * span), len(np.unique(of.log.step[late])) // 2))
    if count < FEWEST:
        what = f"the norm remembers {span:.3g} steps" if decays else f"moments are means over {span:.3g} steps"
        need = int(np.ceil(2 * FEWEST * MEMORIES * span))
        return f"not settled: {what}, the run has {last - first + 1} of them ({len(np.unique(of.log.step))} recorded), {need} are needed"
    rows = _rows(of, ledger, late, rate * decay, always)
    block = ((of.log.step - middle) * count // (last - middle + 1)).astype(int)
    return _chosen(of, rows, late, block, span, rate * decay, count)


def _averaging(of: Records) -> float:
    """Steps over which the rule's slowest mean is taken."""
    return 1 / (1 - max(of.setting.momentum, of.setting.second_momentum))


def _rows(of: Records, ledger: Ledger, late: Any, product: float, always: bool) -> Any:
    """Which rows have gradients often enough."""
    count = len(of.starts) - 1
    there = np.bincount(of.row_of[late], minlength=count)
    visited = np.bincount(of.row_of[late], (of.energy[late] > 0).astype(float), minlength=count)
    share = np.divide(visited, there, where=there > 0, out=np.zeros(count))
    if always:
        return share == 1
    least = float(value(ledger["C6"]["threshold"], {SHRINKS: 1 - (1 - product) ** (FINITE / 4)}))  # the formula is for the fourth moment
    return (share > least) | (share == 1)


def _chosen(of: Records, rows: Any, late: Any, block: Any, span: float, product: float, count: int) -> Window | str:
    """Those of the rows that have records in every block."""
    filled = np.zeros((len(rows), count), dtype=bool)
    filled[of.row_of[late], block[late]] = True
    rows = rows & filled.all(axis=1)
    if not rows.any():
        return "no row has gradients often enough: rare rows have no finite moments (C6), and under Adam other laws (B12g, C5b)"
    index = np.flatnonzero(late & rows[of.row_of])
    number = np.cumsum(rows) - 1
    return Window(of, span, product, count, index, number[of.row_of[index]], block[index], of.starts[:-1][rows])

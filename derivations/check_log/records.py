"""A log as laws take it: squared norms, energies and moves of every record, and which record follows which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.evidence import Floats
from numerics.training_log.reader import TrainingLog
from numerics.training_log.setting import Setting


@dataclass(frozen=True)
class Records:
    """Arrays (n,), one entry a record; records of a row lie together, in the order of their steps."""

    log: TrainingLog

    @property
    def setting(self) -> Setting:
        """What the log says of the training."""
        return self.log.setting

    @cached_property
    def before(self) -> Floats:
        """|u|^2."""
        return np.asarray(self.log["norm"] ** 2)

    @property
    def norm(self) -> Floats:
        """|u|."""
        return self.log["norm"]

    @property
    def energy(self) -> Floats:
        """G, the tangential energy; NaN where no gradient is known."""
        return self.log["tangential_energy"]

    @property
    def radial(self) -> Floats:
        """<u, g>."""
        return self.log["radial"]

    @property
    def eta(self) -> Floats:
        """Learning rates."""
        return self.log["learning_rate"]

    @cached_property
    def decay(self) -> Floats:
        """lambda; 0 where the setting has no weight decay."""
        return self.log["decay"] * (self.setting.decay != "none")

    @cached_property
    def product(self) -> Floats:
        """``eta lambda``."""
        return self.eta * self.decay

    @property
    def dimension(self) -> Floats:
        """d."""
        return self.log.dimension.astype(float)

    @cached_property
    def gradient(self) -> Floats:
        """|g|."""
        return np.asarray(np.sqrt(self.energy + self.radial**2) / self.norm)

    @cached_property
    def has_gradient(self) -> NDArray[np.bool_]:
        """Where a gradient is known."""
        return ~np.isnan(self.energy)

    @cached_property
    def has_move(self) -> NDArray[np.bool_]:
        """Where the move of the step is known."""
        return ~np.isnan(self.log["along"])

    @cached_property
    def followed(self) -> NDArray[np.bool_]:
        """Where the next record is of the same row and the next step."""
        log = self.log
        same = (log.parameter[1:] == log.parameter[:-1]) & (log.row[1:] == log.row[:-1]) & (log.step[1:] == log.step[:-1] + 1)
        return np.append(same, False)

    @cached_property
    def after(self) -> Floats:
        """|u'|^2, of the record itself or of the one that follows; else NaN."""
        following = np.append(self.before[1:], np.nan)
        own = self.log["next_norm"] ** 2
        return np.where(np.isnan(own), np.where(self.followed, following, np.nan), own)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each row begins, and the end of the last."""
        log = self.log
        new = (log.parameter[1:] != log.parameter[:-1]) | (log.row[1:] != log.row[:-1])
        return np.concatenate(([0], np.flatnonzero(new) + 1, [len(log)]))

    @cached_property
    def row_of(self) -> NDArray[np.int64]:
        """The number of each record's row, counted over all tables."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @property
    def span(self) -> tuple[int, int]:
        """The first step and the last."""
        return int(self.log.step.min()), int(self.log.step.max())

    def rows(self) -> Iterator[slice]:
        """The records of each row."""
        for low, high in zip(self.starts[:-1], self.starts[1:], strict=True):
            yield slice(int(low), int(high))

    def complete(self) -> list[slice]:
        """Rows of which every step between the first and the last is there, two at least."""
        return [s for s in self.rows() if s.stop - s.start > 1 and bool(self.followed[s.start : s.stop - 1].all())]

    @cached_property
    def sizes(self) -> Floats:
        """|u||g|, the length of the gradient of the direction."""
        return np.asarray(self.gradient * self.norm)

    @cached_property
    def usual(self) -> float:
        """The median |u||g| of the run, of records that have a gradient: no minority of spikes can move it."""
        sizes = self.sizes[self.has_gradient & (self.sizes > 0)]
        return float(np.median(sizes)) if len(sizes) else 0.0

    @cached_property
    def slopes(self) -> Floats:
        """Bound of the length of pulled-back slopes, a record: the log's own; or else its |u||g|, or the usual one if that is larger.

        Slopes that partly cancel leave a gradient shorter than they are, which is why the usual size stands beside the record's own.
        """
        given = self.setting.slope_bound
        return np.fmax(self.sizes, self.usual) if given is None else np.full(len(self.log), given)

    @cached_property
    def longest(self) -> float:
        """The same for the whole run: the log's own, or the largest |u||g|."""
        found = self.slopes[self.has_gradient]
        return float(found.max()) if len(found) else 0.0

    @property
    def no_rule(self) -> str:
        """Why there is no rule to hold steps against, or nothing."""
        if self.setting.optimizer != "other":
            return ""
        return f"the optimiser's constants changed: {self.setting.changed}" if self.setting.changed else "the optimiser is not named"

    @property
    def no_rows(self) -> str:
        """Why laws of free rows do not speak, or nothing."""
        return "" if self.setting.encoder == "lookup" else "the rows are outputs of a network: all of its parameters move them (C8, C12)"


def constant(values: Any) -> bool:
    """Whether all entries are one number."""
    return bool(len(values)) and bool(np.all(values == values[0]))

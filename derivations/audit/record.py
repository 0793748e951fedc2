"""What an audit found: one record, from which the page, the document and the figures are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derivations.audit.confront import Confrontation, Found
from derivations.audit.expectations import Expectation, Training
from derivations.audit.retrieval import Retrieval
from derivations.audit.roles import Roles
from numerics.association import Association
from numerics.categories import Categories
from numerics.embedding_files import BadCells
from numerics.norm_signal import NormSignal

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """A file that was read. ``excluded``: rows left out by reason, and ``examples`` of them, row numbers from 0."""

    path: str
    format: str
    precision: str
    rows: int
    dimension: int
    excluded: Mapping[str, int]
    examples: Mapping[str, tuple[int, ...]]

    @property
    def left_out(self) -> int:
        """Rows without a norm."""
        return sum(self.excluded.values())


@dataclass(frozen=True)
class Labels:
    """A column of text that is controlled for: rows of each label; how many labels are too ``rare``, of how many rows; rows without one."""

    rows: Mapping[str, int]
    rare: int
    rare_rows: int
    missing: int


@dataclass(frozen=True)
class Exponent:
    """The slope of ln norm in the logarithm of a column of frequencies, raw and given the other covariates."""

    column: str
    raw: Found
    controlled: Found
    rows: int  # of the controlled one: those with a value of every control
    reason: str  # why there is no controlled one, or no interval
    joint: Found  # the controlled one, with the interval that holds together with those of all that is judged
    difference: Found | None = None  # to the slope of the control's norm, likewise; None without a control


@dataclass(frozen=True)
class Audit:
    """Everything, with what is needed to do it again. ``norms`` (V,) and ``columns``, ``labels`` among them, are what figures are
    drawn from.

    ``unused``: columns of the covariates that nothing was made of, and why. ``unreadable``: their cells that are no numbers, taken as
    missing. ``warnings``: what a person should see even where only answers are shown. ``outside``: why no law of lookup rows applies.
    """

    source: Source
    control: Source | None
    signal: NormSignal
    roles: Roles | None
    unused: Mapping[str, str]
    unreadable: Mapping[str, BadCells]
    labels: Mapping[str, Labels]
    warnings: tuple[str, ...]
    associations: tuple[Association, ...]
    exponents: tuple[Exponent, ...]
    training: Training
    expectations: tuple[Expectation, ...]
    outside: str
    confrontations: tuple[Confrontation, ...]
    family: int  # how many predictions are judged together
    retrieval: Retrieval | None
    norms: Floats
    columns: Mapping[str, Floats | Categories]
    seed: int
    level: float
    correction: str
    versions: Mapping[str, str]

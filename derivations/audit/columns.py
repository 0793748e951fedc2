"""The covariates of an audit: read, given their roles, and what of them is not used, with the reason."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.audit.record import Floats
from derivations.audit.roles import ROLES, Roles, assigned
from derivations.command_line.input_checks import UsageError
from numerics.association.ranks import ranked
from numerics.embedding_files import Covariates, EmbeddingFile, open_covariates
from numerics.validation import InvalidInput


@dataclass(frozen=True)
class Given:
    """Columns of numbers (rows,) by name, their roles, the group of each row as numbers or values, and columns that are not used: why."""

    columns: Mapping[str, Floats]
    roles: Roles
    group: NDArray[Any] | None
    unused: Mapping[str, str]

    @property
    def confounding(self) -> dict[str, Floats]:
        """Lengths and confounders, each as `bent`."""
        return {name: bent(self.columns[name]) for name in self.roles.confounders}


def bent(column: Floats) -> Floats:
    """(rows, k) from (rows,): its rank score with square and cube, and ln(1 + x) where nothing is negative.

    What a length says of being right need not be linear in it; a norm that only follows the length would get the credit for the
    rest (an untrained encoder's norm does, where tokens enter linearly alone). NaN stays NaN.
    """
    variable = ranked(column)
    score = np.where(variable.present, variable.scores()[variable.codes], np.nan)
    shapes = [score, score**2, score**3]
    return np.stack([*shapes, np.log1p(column)] if np.nanmin(column, initial=np.inf) >= 0 else shapes, axis=1)


def given(options: Namespace, file: EmbeddingFile) -> Given | None:
    """As the command line says; None without covariates. Raises `UsageError` or ``InvalidInput``."""
    said = {role: getattr(options, role) for role in ROLES}
    if options.covariates is None:
        for flag, value in (*((f"--{role}", names) for role, names in said.items()), ("--confounder", options.confounder),
                            ("--group", options.group)):  # fmt: skip
            if value:
                raise UsageError(f"{flag} needs --covariates FILE")
        return None
    table = open_covariates(options.covariates)
    if table.rows != file.rows:
        raise InvalidInput(f"{table.path} has {table.rows} rows, must have one for each embedding: {file.rows}")
    numeric = [name for name, column in table.columns.items() if column.dtype == np.float64]
    text = [name for name in table.columns if name not in numeric]
    roles = assigned(numeric, text, said, options.confounder, options.group)
    unused = {**{name: "text" for name in text if name != roles.group}, **table.skipped}
    return Given({name: table.columns[name] for name in numeric}, roles, _group(table, roles.group), unused)


def _group(table: Covariates, name: str | None) -> NDArray[Any] | None:
    """Words as numbers, in the order in which they come up: sorting millions of them would take minutes."""
    if name is None:
        return None
    column = table.columns[name]
    missing = np.flatnonzero(np.isnan(column) if column.dtype == np.float64 else column == "")
    if len(missing):
        raise InvalidInput(f"{table.path}: {name} is missing in {len(missing)} rows, the first of them {missing[0]}:"
                           " every row must be in a group")  # fmt: skip
    if column.dtype == np.float64:
        return column
    numbers: dict[str, int] = {}
    return np.fromiter((numbers.setdefault(word, len(numbers)) for word in column), np.int64, len(column))

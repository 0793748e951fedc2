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
from derivations.input_checks import UsageError
from numerics.embedding_files import Covariates, EmbeddingFile, open_covariates
from numerics.validation import InvalidInput


@dataclass(frozen=True)
class Given:
    """Columns of numbers (rows,) by name, their roles, the group of each row as numbers or values, and columns that are not used: why."""

    columns: Mapping[str, Floats]
    roles: Roles
    group: NDArray[Any] | None
    unused: Mapping[str, str]


def given(options: Namespace, file: EmbeddingFile, of: str = "") -> Given | None:
    """Of the rows of ``file``, by the flags that begin with ``of``; None without covariates. Raises `UsageError` or ``InvalidInput``."""

    def said(flag: str) -> Any:
        return getattr(options, f"{of}{flag}".replace("-", "_"), None)

    roles_said = {role: said(role) or () for role in ROLES}
    path, confounders, group = said("covariates"), said("confounder") or (), said("group")
    if path is None:
        for flag, value in (*roles_said.items(), ("confounder", confounders), ("group", group)):
            if value:
                raise UsageError(f"--{of}{flag} needs --{of}covariates FILE")
        return None
    table = open_covariates(path)
    if table.rows != file.rows:
        raise InvalidInput(f"{table.path} has {table.rows} rows, must have one for each embedding of {file.path}: {file.rows}")
    numeric = [name for name, column in table.columns.items() if column.dtype == np.float64]
    text = [name for name in table.columns if name not in numeric]
    roles = assigned(numeric, text, roles_said, confounders, group, prefix=f"--{of}")
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

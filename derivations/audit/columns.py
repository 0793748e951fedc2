"""The covariates of an audit: read, given their roles, and what of them is not used, with the reason."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.audit.record import Floats
from derivations.audit.roles import MEANINGS, ROLES, Roles, assigned, usual_role
from derivations.command_line.input_checks import UsageError
from numerics.embedding_files import BadCells, Covariates, EmbeddingFile, open_covariates
from numerics.validation import InvalidInput


@dataclass(frozen=True)
class Given:
    """Columns of numbers (rows,) by name, their roles, the group of each row as numbers or values, and columns that are not used: why.

    ``unreadable``: cells of text in columns of numbers, taken as missing. ``warnings`` are for a person to see in any case: those
    cells, and columns left out that are, by their name or by most of their cells, meant to be numbers.
    """

    columns: Mapping[str, Floats]
    roles: Roles
    group: NDArray[Any] | None
    unused: Mapping[str, str]
    unreadable: Mapping[str, BadCells]
    warnings: tuple[str, ...]


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
    table = open_covariates(path, limit=options.bad_rows)
    if table.rows != file.rows:
        raise InvalidInput(f"{table.path} (--{of}covariates) has {table.rows} rows, must have one for each of the {file.rows} embeddings"
                           f" of {file.path}, in the same order")  # fmt: skip
    numeric = [name for name, column in table.columns.items() if column.dtype == np.float64]
    text = [name for name in table.columns if name not in numeric]
    if group in table.skipped:
        raise UsageError(f"--{of}group = {group!r} must be a column of words or numbers; it is {table.skipped[group]}")
    reasons = {**{name: _text(table, name) for name in text}, **table.skipped}
    roles = assigned(numeric, reasons, roles_said, confounders, group, prefix=f"--{of}")
    unused = {name: why for name, why in reasons.items() if name != roles.group}
    return Given({name: table.columns[name] for name in numeric}, roles, _group(table, roles.group), unused, table.unreadable,
                 tuple(_warnings(table, unused)))  # fmt: skip


def _text(table: Covariates, name: str) -> str:
    doubt = table.doubtful.get(name)
    return "text" if doubt is None else f"text: {doubt}; at most the share of --bad-rows may be none, correct or empty them"


def _warnings(table: Covariates, unused: Mapping[str, str]) -> Iterator[str]:
    for name, bad in table.unreadable.items():
        yield f"{table.path}: {name}: {bad}; taken as missing"
    for name, why in unused.items():
        role = usual_role(name)
        if name in table.doubtful or role in MEANINGS or (role is not None and name in table.skipped):
            yield f"{table.path}: {name} is not used: {why}"


def _group(table: Covariates, name: str | None) -> NDArray[Any] | None:
    """Words as numbers, in the order in which they come up: sorting millions of them would take minutes."""
    if name is None:
        return None
    column = table.columns[name]
    missing = np.flatnonzero(np.isnan(column) if column.dtype == np.float64 else column == "")
    if len(missing):
        raise InvalidInput(f"{table.path}: {name} is missing in {len(missing)} rows, the first of them {missing[0]}:"
                           f" every row must be in a group (--group {name})")  # fmt: skip
    if column.dtype == np.float64:
        return column
    numbers: dict[str, int] = {}
    return np.fromiter((numbers.setdefault(word, len(numbers)) for word in column), np.int64, len(column))

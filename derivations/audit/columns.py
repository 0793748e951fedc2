"""The covariates of an audit: read, given their roles, and what of them is not used, with the reason."""

from __future__ import annotations

import shlex
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.audit.record import Floats
from derivations.audit.roles import MEANINGS, ROLES, Roles, assigned, usual_role
from derivations.command_line.input_checks import UsageError
from numerics.categories import FEWEST_ROWS, Categories, all_of, categories, numbered
from numerics.embedding_files import BadCells, Covariates, EmbeddingFile, open_covariates
from numerics.validation import InvalidInput

_LOOKED_AT = 2**16  # rows of a column of text that is not used


@dataclass(frozen=True)
class Given:
    """Columns of numbers (rows,) by name, confounders that are text, the roles of all, the group of each row as numbers or values, and
    columns that are not used: why.

    ``unreadable``: cells of text in columns of numbers, taken as missing. ``warnings`` are for a person to see in any case: those
    cells, columns left out that are, by their name or by most of their cells, meant to be numbers, and columns with many blank cells.
    """

    columns: Mapping[str, Floats]
    labels: Mapping[str, Categories]
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
    roles = assigned(numeric, reasons, roles_said, confounders, group, f"--{of}", [name for name in text if name not in table.doubtful])
    unused = {name: _hinted(table, name, why, f"--{of}confounder") for name, why in reasons.items() if name not in (group, *roles.labels)}
    labels = {name: categories(f"{table.path}: {name} (--{of}confounder)", table.columns[name]) for name in roles.labels}
    all_of(labels)
    return Given({name: table.columns[name] for name in numeric}, labels, roles, _group(table, roles.group), unused, table.unreadable,
                 (*_warnings(table, unused), *_blanks(table, roles.measured, labels, options.bad_rows)))  # fmt: skip


def _text(table: Covariates, name: str) -> str:
    doubt = table.doubtful.get(name)
    return "text" if doubt is None else f"text: {doubt}; at most the share of --bad-rows may be none, correct or empty them"


def _hinted(table: Covariates, name: str, why: str, flag: str) -> str:
    """Of text in which labels come often enough, by its first rows, also that it can be controlled for."""
    if name not in table.columns or name in table.doubtful:
        return why
    counts = Counter(label for label in table.columns[name][:_LOOKED_AT] if label)
    if len(counts) == 1:
        return "text, the same in every row"
    if counts and 2 * len(counts) <= counts.total() and counts.most_common(1)[0][1] >= FEWEST_ROWS:
        return f"text; {flag} {shlex.quote(name)} would control for it"
    return "text of which too few rows are alike to control for it"


def _warnings(table: Covariates, unused: Mapping[str, str]) -> Iterator[str]:
    for name, bad in table.unreadable.items():
        yield f"{table.path}: {name}: {bad}; taken as missing"
    for name, why in unused.items():
        role = usual_role(name)
        if name in table.doubtful or role in MEANINGS or (role is not None and name in table.skipped):
            yield f"{table.path}: {name} is not used: {why}"


def _blanks(table: Covariates, measured: Iterable[str], labels: Mapping[str, Categories], most: float) -> Iterator[str]:
    """Of columns that are used with more cells without a value than the share ``most``: blank ones, or text as far as that is taken."""
    missing = {name: int(np.count_nonzero(np.isnan(table.columns[name]))) for name in measured}
    missing |= {name: held.missing for name, held in labels.items()}
    for name, count in missing.items():
        if count > most * table.rows:
            yield (f"{table.path}: {name} has no value in {count} of {table.rows} rows, more than the share {most:g} (--bad-rows); what is"
                   f" said of it is of the other {table.rows - count}, and so is what it is held equal in")  # fmt: skip


def _group(table: Covariates, name: str | None) -> NDArray[Any] | None:
    """Words as numbers."""
    if name is None:
        return None
    column = table.columns[name]
    missing = np.flatnonzero(np.isnan(column) if column.dtype == np.float64 else column == "")
    if len(missing):
        raise InvalidInput(f"{table.path}: {name} is missing in {len(missing)} rows, the first of them {missing[0]}:"
                           f" every row must be in a group (--group {name})")  # fmt: skip
    if column.dtype == np.float64:
        return column
    return numbered(column)[0]

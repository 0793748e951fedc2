"""What a study of norms is given: checked once, ranked once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from numerics.association.multiplicity import CORRECTIONS
from numerics.association.ranks import Floats, Ranked, ranked
from numerics.association.row_sets import at_once
from numerics.categories import Categories, all_of, categories, is_text
from numerics.resampling.clusters import Clusters, clusters_of
from numerics.validation import InvalidInput, integer, number, real

_AT_ONCE = 4  # columns ranked at the same time: each takes 8 bytes a row meanwhile
_COUNTED = r"(token|word|character|char|byte|subword|piece)s?"
_LENGTH = re.compile(rf"(.+_)?(length|len|{_COUNTED})|(n|num|number_of)_{_COUNTED}|{_COUNTED}_(count|number|length|len)")


@dataclass(frozen=True)
class Study:
    """Ranked norms and covariates of n rows; ``categories``: confounders that are text."""

    norm: Ranked
    columns: dict[str, Ranked]
    categories: dict[str, Categories]
    controls: dict[str, tuple[str, ...]]  # of each column
    reference: Ranked | None
    clusters: Clusters
    level: float


def is_length(name: str) -> bool:
    """Whether a column's ``name`` says that it is the length of a text: length, text_length, tokens, token_count, num_words, ..."""
    return _LENGTH.fullmatch(re.sub(r"\W+|_+", "_", name.strip().lower())) is not None


def study(
    norms: ArrayLike, covariates: Mapping[str, ArrayLike | Categories], confounders: Sequence[str], group: str | ArrayLike | None,
    reference: ArrayLike | None, given: str, correction: str, resamples: object, seed: object, level: object,
    threads: int | None = None,
) -> Study:
    """Check the arguments of `associate` and rank the columns. Raises ``InvalidInput`` with name, value and bound."""
    share = number("level", level, above=0.5, most=1 - 2.0**-20)
    integer("resamples", resamples, 99, 10**6)
    chance = integer("seed", seed, 0)
    _one_of("correction", correction, CORRECTIONS)
    _one_of("given", given, ("all", "confounders"))
    if threads is not None:
        integer("threads", threads, 1)
    norm = _column("norms", norms, None)
    rows = len(norm)
    numbers, text, label = _apart(covariates, confounders, group)
    if not numbers:
        raise InvalidInput("covariates has no columns of numbers to associate the norms with, must have at least one")
    told = {name: categories(f"covariates[{name!r}]", values, rows) for name, values in text.items()}
    all_of(told)
    others = [] if reference is None else [_column("reference", reference, rows)]
    given_columns = [norm, *(_column(f"covariates[{name!r}]", values, rows) for name, values in numbers.items()), *others]
    first, *found = at_once([partial(ranked, column) for column in given_columns], threads, _AT_ONCE)
    held = dict(zip(numbers, found, strict=False))
    always = {name for name in held if name in confounders or is_length(name)}
    usable = [name for name, variable in held.items() if variable.distinct > 1 and (given == "all" or name in always)]
    alike = tuple(name for name, column in told.items() if column.distinct > 1 or not np.all(column.present))
    return Study(
        first, held, told, {name: (*(other for other in usable if other != name), *alike) for name in held},
        None if reference is None else found[-1], clusters_of(label, rows, chance), share,
    )


def _apart(
    covariates: Mapping[str, ArrayLike | Categories], confounders: Sequence[str], group: str | ArrayLike | None
) -> tuple[dict[str, ArrayLike], dict[str, ArrayLike | Categories], ArrayLike | None]:
    """Columns to be ranked, confounders that are text (the group may be one), and the label of each row."""
    if isinstance(group, str) and group not in covariates:
        raise InvalidInput(f"group = {group!r} must be a column: {', '.join(covariates) or 'there are none'}")
    numbers: dict[str, ArrayLike] = {}
    text: dict[str, ArrayLike | Categories] = {}
    for name, values in covariates.items():
        if isinstance(values, Categories) or (name in confounders and is_text(values)):
            text[name] = values
        elif not (isinstance(group, str) and name == group):
            numbers[name] = values
    for name in confounders:
        _one_of("confounders: column", name, (*numbers, *text))
    named = covariates[group] if isinstance(group, str) else group
    return numbers, text, named.codes if isinstance(named, Categories) else named


def _column(name: str, values: ArrayLike, rows: int | None) -> Floats:
    given = np.asarray(values)
    if given.dtype.kind in "USTO":
        raise InvalidInput(f"{name} is text, must be numbers; a column of labels can be the group or a confounder")
    column = np.asarray(real(name, given.astype(np.float64) if given.dtype.kind == "b" else given), np.float64)
    if column.ndim != 1 or len(column) == 0 or (rows is not None and len(column) != rows):
        raise InvalidInput(f"{name} has shape {column.shape}, must have one number a row: ({'rows' if rows is None else rows},)")
    return column


def _one_of(name: str, value: object, allowed: Mapping[str, object] | Sequence[str]) -> None:
    if value not in allowed:
        raise InvalidInput(f"{name} = {value!r} must be one of {', '.join(allowed)}")

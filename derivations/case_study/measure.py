"""What the audit does not ask, put to the data files, beside what the audits found."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.case_study.audits import Audited
from derivations.case_study.confidence import useful
from derivations.case_study.pooling import Pooled, pooled
from derivations.case_study.rankings import exponents, matches
from derivations.case_study.within import ByLength, InGroup, between_variants, by_length, in_groups
from derivations.case_study.written import Table, Written
from derivations.terminal.progress import Tell
from numerics.calibration import Usefulness
from numerics.rankings import NormExponent

SCHEMA = 2
FEWEST = 100  # queries


@dataclass(frozen=True)
class OfTexts:
    """What was found on one set of texts."""

    name: str
    rows: int
    groups: tuple[InGroup, ...]
    lengths: tuple[ByLength, ...]
    pooled: tuple[Pooled, ...]
    same_order: Mapping[str, float]  # Spearman's correlation of the trained norms with those of each control


@dataclass(frozen=True)
class Results:
    """All that was found, and the record of what it was found on. ``exponents`` and ``useful``: of what might stand for the norm; empty
    where fewer than `FEWEST` queries were asked, and ``useful`` where all best matches are right, or none."""

    record: Mapping[str, Any]
    seed: int
    audits: Mapping[str, Audited]
    texts: tuple[OfTexts, ...]
    exponents: Mapping[str, NormExponent]
    useful: Mapping[str, Usefulness]


def measure(written: Written, audits: Mapping[str, Audited], seed: int, tell: Tell) -> Results:
    """Raises ``InvalidInput`` where a part of the data cannot be measured."""
    texts = []
    for i, table in enumerate((written.lemmas, written.glosses)):
        tell(0.1 * i, f"norms of {table.name}")
        texts.append(_of(table, written.variants))
    powers, answers = dict[str, NormExponent](), dict[str, Usefulness]()
    if len(written.queries) >= FEWEST:
        powers = exponents(written, seed, lambda done, message: tell(0.2 + 0.4 * done, message))
        tell(0.6, "the best gloss of every lemma")
        match = matches(written.queries.embeddings["trained"], written.glosses.embeddings["trained"], written.relevant)
        if 0 < match.correct.sum() < len(match.correct):
            answers = useful(written, match, seed, lambda done, message: tell(0.7 + 0.3 * done, message))
    tell(1.0, "done")
    return Results(written.record, seed, audits, tuple(texts), powers, answers)


def _of(table: Table, variants: tuple[str, ...]) -> OfTexts:
    return OfTexts(
        table.name, len(table), in_groups(table, variants), by_length(table, variants),
        tuple(fit for v in variants if (fit := pooled(table, v))),
        {v: between_variants(table, "trained", v) for v in variants[1:]},
    )  # fmt: skip


def plain(value: Any) -> Any:
    """As JSON can say it: dataclasses as objects, numbers that are none as null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value

"""Every question of the study put to its data files."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derivations.case_study.associations import Associations, ByLength, InGroup, associations, between_variants, by_length, in_groups
from derivations.case_study.pooling import Pooled, pooled
from derivations.case_study.retrieval import Retrieval, retrieval
from derivations.case_study.written import Table, Written
from derivations.terminal.progress import Tell
from numerics.norm_signal import NormSignal, detect

SCHEMA = 1
_NORMALISED = 2000  # rows of which the normalised ones are looked at as well
_ENTRIES = 256


@dataclass(frozen=True)
class OfTexts:
    """What was found on one set of texts. ``signals`` by variant, and of the trained model as it is shipped, normalised."""

    name: str
    rows: int
    signals: Mapping[str, NormSignal]
    associations: tuple[Associations, ...]
    groups: tuple[InGroup, ...]
    lengths: tuple[ByLength, ...]
    pooled: tuple[Pooled, ...]
    same_order: Mapping[str, float]  # Spearman's correlation of the trained norms with those of each control


@dataclass(frozen=True)
class Results:
    """All that was found, and the record of what it was found on."""

    record: Mapping[str, Any]
    seed: int
    texts: tuple[OfTexts, ...]
    retrieval: Retrieval | None  # None where fewer than `FEWEST` queries can be answered, or all are, or none


FEWEST = 100


def measure(written: Written, seed: int, tell: Tell) -> Results:
    """Raises ``InvalidInput`` where a part of the data cannot be measured."""
    texts = []
    for i, table in enumerate((written.lemmas, written.glosses)):
        tell(0.2 * i, f"norms of {table.name}")
        texts.append(_of(table, written.variants, seed))
    found = None
    if len(written.queries) >= FEWEST:
        found = retrieval(written, seed, lambda fraction, message: tell(0.4 + 0.6 * fraction, message))
    tell(1.0, "done")
    return Results(written.record, seed, tuple(texts), found)


def _of(table: Table, variants: tuple[str, ...], seed: int) -> OfTexts:
    references = {v: next((r for r in variants[1:] if r != v), None) for v in variants} | dict.fromkeys(variants[1:])
    return OfTexts(
        table.name, len(table),
        {**{v: _signal(table, v, seed) for v in variants}, "trained, normalised": _normalised(table, seed)},
        tuple(associations(table, v, references[v], seed) for v in variants),
        in_groups(table, variants), by_length(table, variants),
        tuple(fit for v in variants if (fit := pooled(table, v))),
        {v: between_variants(table, "trained", v) for v in variants[1:]},
    )  # fmt: skip


def _signal(table: Table, variant: str, seed: int) -> NormSignal:
    rows = table.embeddings[variant]
    return detect(table.norms[variant], "float32", rows.shape[1], entries=rows[:_ENTRIES], seed=seed)


def _normalised(table: Table, seed: int) -> NormSignal:
    """What someone sees who asks the model for embeddings as it is shipped."""
    rows = np.asarray(table.embeddings["trained"][:_NORMALISED])
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return detect(np.linalg.norm(unit.astype(np.float64), axis=1), "float32", unit.shape[1], entries=unit[:_ENTRIES], seed=seed)


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



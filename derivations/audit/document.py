"""An audit as plain values: every number that was found, for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from derivations.audit.answers import answers
from derivations.audit.never_trained import numbers
from derivations.audit.record import Audit
from numerics.rankings import Hubs

SCHEMA_VERSION = 1
_HELD = ("norms", "columns")  # of each row, in the files that were read
_NAMED = 20  # hubs that are named


def document(found: Audit) -> dict[str, Any]:
    """Nested plain values; arrays of one number a row are left out."""
    body = {f.name: plain(getattr(found, f.name)) for f in fields(found) if f.name not in _HELD}
    return {"schema_version": SCHEMA_VERSION, "answers": [{"question": q, "answer": a} for q, a in answers(found)],
            "untrained_rows": numbers(found), **body}


def plain(value: Any) -> Any:
    """Records as mappings, with the verdict of those that have one; arrays as lists."""
    if isinstance(value, Hubs):
        rest = {f.name: plain(getattr(value, f.name)) for f in fields(value) if f.name != "occurrences"}
        return {**rest, "largest": [{"document": i, "occurrences": n} for i, n in value.largest(_NAMED)]}
    if is_dataclass(value) and not isinstance(value, type):
        found = {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        if not isinstance(found.get("verdict", ""), str) or "verdict" in found or not hasattr(value, "verdict"):
            return found
        return {**found, "verdict": value.verdict}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.item() if isinstance(value, np.generic) else value

"""Measurements of several settings as one: from measurements of each, or from pairs of a deviation and its bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from derivations.evidence import Measurement
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import remembered


def gathered(what: str, found: Sequence[Measurement]) -> Measurement:
    """All settings of several measurements."""
    bounds, applies = (np.concatenate([getattr(m, name) for m in found]) for name in ("bounds", "applicable"))
    deviations = np.concatenate([remembered(m) for m in found])
    return measurement(what, deviations, bounds, [label for m in found for label in m.labels], applies)


def paired(what: str, pairs: Iterable[tuple[Any, Any]], labels: Sequence[str], applicable: Any = None) -> Measurement:
    """Pairs of deviation and bound, each a number or one an entry of a setting's rows."""
    deviations, bounds = ([np.atleast_1d(x) for x in column] for column in zip(*pairs, strict=True))
    return measurement(what, np.concatenate(deviations), np.concatenate(bounds), labels, applicable)


def by_name(rows: Sequence[tuple[str, str, Any, float]]) -> tuple[Measurement, ...]:
    """Rows (label, name of the comparison, deviation, bound), one measurement a name."""
    found: dict[str, list[tuple[str, Any, float]]] = {}
    for label, name, deviation, bound in rows:
        found.setdefault(name, []).append((label, deviation, bound))
    return tuple(paired(name, [(d, b) for _, d, b in of], [label for label, _, _ in of]) for name, of in found.items())

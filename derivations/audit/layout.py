"""What a page is made of: sections of lines, tables and pictures; and how figures are written in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from derivations.audit.confront import Found
from numerics.association import Estimate

_NAMED = 8


@dataclass(frozen=True)
class Table:
    """A header, and rows of as many cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """``lines`` before the tables, ``notes`` after them; ``figures``: pictures that belong here, by name, in words."""

    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)


def listed(names: Sequence[str], most: int = _NAMED) -> str:
    """The first of them, and how many more there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def estimate(e: Estimate | None) -> str:
    """With its interval, if it has one."""
    if e is None:
        return ""
    if math.isnan(e.value):
        return "none"
    return f"{e.value:+.3f}\n({e.low:+.3f} to {e.high:+.3f})" if math.isfinite(e.low) else f"{e.value:+.3f}"


def found(f: Found) -> str:
    """With its interval, if it has one."""
    return f"{f.value:+.3f}\n({f.low:+.3f} to {f.high:+.3f})" if f.known else "not measured" if math.isnan(f.value) else f"{f.value:+.3f}"


def three(values: tuple[float, float, float], *, signed: bool = True) -> str:
    """A figure with the ends of its interval."""
    if math.isnan(values[0]):
        return ""
    form = "{:+.4f}\n({:+.4f} to {:+.4f})" if signed else "{:.3f}\n({:.3f} to {:.3f})"
    return form.format(*values)


def chance(value: float) -> str:
    """A p-value, if there is one."""
    return "" if math.isnan(value) else f"{value:.2g}"


def signed(value: float) -> str:
    """To three places, if there is one."""
    return "" if math.isnan(value) else f"{value:+.3f}"


def many(count: int, word: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{count} {word}{'' if count == 1 else 's'}"

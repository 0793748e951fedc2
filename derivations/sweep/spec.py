"""A sweep as its author writes it down, checked: name, seed, and designs, each a grid or random draws over axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derivations.command_line.input_checks import UsageError
from derivations.command_line.toml_file import only, read_toml
from derivations.sweep.axes import Axis, Value, axes, named
from numerics.validation import InvalidInput, integer, number

LARGEST_FILE = 1 << 20  # bytes
LARGEST_SEED = 2**62
MOST_CELLS = 1_000_000
_TOP, _SWEEP, _DESIGN = {"sweep", "design"}, {"name", "seed", "chunk", "time_limit"}, {"name", "kind", "cells", "axes", "exclude"}
_RANGE = {"low", "high", "scale", "count"}


@dataclass(frozen=True)
class Range:
    """Values between ``low`` and ``high``, evenly in ``scale``; ``count`` of them in a grid."""

    low: float
    high: float
    scale: str = "linear"
    count: int = 0

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high


Values = tuple[Value, ...] | Range


@dataclass(frozen=True)
class Design:
    """``axes`` by name; a setting that lies in every axis of one of ``exclude`` is left out."""

    name: str
    kind: str
    cells: int
    axes: Mapping[str, Values]
    exclude: tuple[Mapping[str, Values], ...] = ()


@dataclass(frozen=True)
class Spec:
    """A whole sweep. ``chunk`` cells make a file; ``time_limit`` is in seconds, of one cell."""

    name: str
    seed: int
    chunk: int
    time_limit: float
    designs: tuple[Design, ...]
    document: Mapping[str, Any]


def read_spec(path: Path) -> Spec:
    """The spec in a TOML file; raises `UsageError` or `InvalidInput` for the first thing that is wrong."""
    return spec_of(read_toml("SPEC", path, LARGEST_FILE))


def spec_of(document: Mapping[str, Any]) -> Spec:
    """The spec of a document, as TOML or JSON have it."""
    only(document, _TOP, "the spec")
    head = _table(document, "sweep", "the spec")
    only(head, _SWEEP, "[sweep]")
    name = _name(head, "[sweep]")
    blocks = document.get("design")
    if not isinstance(blocks, list) or not blocks or not all(isinstance(b, dict) for b in blocks):
        raise UsageError("the spec has no designs: each is a table [[design]] with name, kind and [design.axes]")
    designs = tuple(_design(b, number) for number, b in enumerate(blocks, 1))
    if doubled := next((d.name for i, d in enumerate(designs) if d.name in [e.name for e in designs[:i]]), None):
        raise UsageError(f"two designs are called {doubled!r}")
    return Spec(
        name, integer("sweep.seed", head.get("seed", 0), 0, LARGEST_SEED), integer("sweep.chunk", head.get("chunk", 256), 1, 65536),
        number("sweep.time_limit", head.get("time_limit", 300.0), above=0.0, most=86_400.0), designs, document,
    )  # fmt: skip


def _name(table: Mapping[str, Any], about: str) -> str:
    name = table.get("name")
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise UsageError(f"{about} has no name of one line")
    return name


def _table(table: Mapping[str, Any], key: str, about: str) -> Mapping[str, Any]:
    found = table.get(key)
    if not isinstance(found, dict):
        raise UsageError(f"{about} has no table {key}")
    return found


def _design(block: Mapping[str, Any], place: int) -> Design:
    name = _name(block, f"design number {place}")
    about = f"design {name!r}"
    only(block, _DESIGN, about)
    kind = block.get("kind", "grid")
    if kind not in ("grid", "random"):
        raise UsageError(f"{about}: kind = {kind!r} must be grid or random")
    if (kind == "random") != ("cells" in block):
        raise UsageError(f"{about}: {'a random design needs cells, how many to draw' if kind == 'random' else 'a grid has no cells'}")
    cells = integer(f"{about}: cells", block.get("cells", 0), int(kind == "random"), MOST_CELLS)
    table = axes()
    found = {axis: _values(named(table, axis, f"{about}: "), v, f"{about}: {axis}", kind) for axis, v in
             _table(block, "axes", about).items()}  # fmt: skip
    excluded = block.get("exclude", [])
    if not isinstance(excluded, list) or not all(isinstance(e, dict) and e for e in excluded):
        raise UsageError(f"{about}: exclude must be tables [[design.exclude]] of axes")
    return Design(name, kind, cells, found, tuple(_exclusion(e, found, table, about) for e in excluded))


def _exclusion(block: Mapping[str, Any], used: Mapping[str, Values], table: dict[str, Axis], about: str) -> Mapping[str, Values]:
    for axis in block:
        named(table, axis, f"{about}, exclude: ")
        if axis not in used:
            raise UsageError(f"{about}, exclude: {axis} is no axis of this design")
    return {axis: _values(table[axis], v, f"{about}, exclude: {axis}", "random") for axis, v in block.items()}


def _values(axis: Axis, given: object, where: str, kind: str) -> Values:
    if isinstance(given, dict):
        return _range(axis, given, where, kind)
    listed = _unfolded(axis, given if isinstance(given, list) else [given])
    if not listed:
        raise InvalidInput(f"{where} = [] must have at least one value")
    values = tuple(axis.checked(v, where if len(listed) == 1 else f"{where}[{i}]") for i, v in enumerate(listed))
    if len(set(values)) < len(values):
        raise InvalidInput(f"{where} = {listed!r} must not have a value twice")
    return values


def _unfolded(axis: Axis, listed: list[object]) -> list[object]:
    """A name that ends in * stands for all that begin like it."""
    found: list[object] = []
    for value in listed:
        like = [c for c in axis.choices if isinstance(value, str) and value.endswith("*") and c.startswith(value[:-1])]
        found += like or [value]
    return found


def _range(axis: Axis, given: Mapping[str, Any], where: str, kind: str) -> Range:
    if not axis.ranged:
        raise InvalidInput(f"{where}: a range is for numbers; list the values")
    only(given, _RANGE, where)
    low, high = (axis.checked(given.get(end), f"{where}.{end}") for end in ("low", "high"))
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    if low > high:
        raise InvalidInput(f"{where}.low = {low:g} must be at most high = {high:g}")
    scale = given.get("scale", "linear")
    if scale not in ("linear", "log"):
        raise InvalidInput(f"{where}.scale = {scale!r} must be linear or log")
    if scale == "log" and low <= 0:
        raise InvalidInput(f"{where}.low = {low:g} must be above 0 for scale = log")
    if kind == "grid" and "count" not in given:
        raise InvalidInput(f"{where}: a range in a grid needs count, how many values")
    return Range(low, high, scale, integer(f"{where}.count", given.get("count", 1), 1, 10_000))

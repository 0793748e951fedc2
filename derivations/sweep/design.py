"""From a spec to its cells, each once. A grid has every combination of values; a random design draws every axis for itself."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from derivations.command_line.input_checks import UsageError
from derivations.sweep.axes import Axis, Value, axes, filled
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws import laws
from derivations.sweep.spec import MOST_CELLS, Design, Range, Spec, Values

PATIENCE = 50  # draws for every cell that is wanted


@dataclass(frozen=True)
class Laid:
    """The cells of a sweep in the order of their ids, so that every file of them takes about as long."""

    spec: Spec
    cells: tuple[Cell, ...]

    @property
    def chunks(self) -> int:
        """Number of files."""
        return -(-len(self.cells) // self.spec.chunk)

    def chunk(self, number: int) -> tuple[Cell, ...]:
        """The cells of a file."""
        return self.cells[number * self.spec.chunk : (number + 1) * self.spec.chunk]

    @property
    def digest(self) -> str:
        """Of all ids and how they are shared out."""
        text = f"{self.spec.chunk}\n" + "\n".join(cell.id for cell in self.cells)
        return hashlib.sha256(text.encode()).hexdigest()


def laid_out(spec: Spec) -> Laid:
    """All cells; raises `UsageError` where there are none, too many, or an axis that no law of its design reads."""
    table, found = axes(), dict[str, Cell]()
    for design in spec.designs:
        before = len(found)
        read: set[str] = set()
        for setting in _settings(design, spec.seed, table, found, before):
            cell = Cell(setting, spec.seed, design.name)
            found.setdefault(cell.id, cell)
            read |= setting.keys()
            if len(found) > MOST_CELLS:
                raise UsageError(f"the sweep has more than {MOST_CELLS} cells; split it")
        if not read:
            raise UsageError(f"design {design.name!r}: exclude leaves no cell")
        if unread := [axis for axis in design.axes if axis not in read]:
            raise UsageError(f"design {design.name!r}: no law of it reads the axis {unread[0]} at any of its settings")
    return Laid(spec, tuple(found[name] for name in sorted(found)))


def _settings(design: Design, seed: int, table: Mapping[str, Axis], found: Mapping[str, Cell], before: int) -> Iterator[Setting]:
    """Canonical settings; of a random design until there are enough new cells."""
    raw = _grid(design, table) if design.kind == "grid" else _random(design, seed, table)
    for tries, setting in enumerate(raw):
        if design.kind == "random":
            if len(found) - before >= design.cells:
                return
            if tries >= PATIENCE * design.cells + PATIENCE:
                drawn = f"{tries} draws gave {len(found) - before} different ones"
                raise UsageError(f"design {design.name!r}: cells = {design.cells}, but {drawn}")
        if not any(all(_lies_in(setting[axis], values) for axis, values in left_out.items()) for left_out in design.exclude):
            yield canonical(setting, table)


def _lies_in(value: Value, values: Values) -> bool:
    return value in values


def canonical(setting: Mapping[str, Value], table: Mapping[str, Axis]) -> Setting:
    """What the law reads at this setting, every other axis dropped."""
    full = filled(dict(setting), dict(table))
    wanted = set(laws()[full["law"]].reads(full))
    return {name: full[name] for name in table if name in wanted}


def _grid(design: Design, table: Mapping[str, Axis]) -> Iterator[dict[str, Value]]:
    columns = [points(table[axis], v) if isinstance(v, Range) else v for axis, v in design.axes.items()]
    size = np.prod([float(len(c)) for c in columns])
    if size > PATIENCE * MOST_CELLS:
        raise UsageError(f"design {design.name!r}: a grid of {size:.3g} combinations is too large; draw at random from it")
    for values in itertools.product(*columns):
        yield dict(zip(design.axes, values, strict=True))


def points(axis: Axis, r: Range) -> tuple[Value, ...]:
    """The values of a range in a grid, its ends included."""
    at = np.linspace(0.0, 1.0, r.count) if r.count > 1 else np.array([0.0])
    return tuple(dict.fromkeys(_at(axis, r, float(x)) for x in at))


def _random(design: Design, seed: int, table: Mapping[str, Axis]) -> Iterator[dict[str, Value]]:
    """Draw after draw, a function of the sweep's seed and the design's name."""
    key = int.from_bytes(hashlib.sha256(f"{seed}\n{design.name}".encode()).digest()[:16], "big")
    rng = np.random.Generator(np.random.Philox(key=key))
    while True:
        setting = {}
        for axis, values in design.axes.items():
            x = float(rng.random())
            setting[axis] = _at(table[axis], values, x) if isinstance(values, Range) else values[int(x * len(values))]
        yield setting


def _at(axis: Axis, r: Range, share: float) -> Value:
    if r.scale == "log":
        value = float(r.low * (r.high / r.low) ** share)
    else:
        value = float(r.low + (r.high - r.low) * share)
    value = float(f"{min(max(value, r.low), r.high):.6g}")  # as it is printed: a setting can be typed again
    value = min(max(value, r.low), r.high)
    return round(value) if axis.kind == "integer" else value

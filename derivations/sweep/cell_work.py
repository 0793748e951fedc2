"""Cells made into results, one after the other, in whatever process; nothing here knows of files or of other processes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derivations.sweep.cells import Cell
from derivations.sweep.laws import Comparison, Ledger, laws, ledger
from numerics.validation import OutOfRange

OUT_OF_RANGE = "a norm leaves the range in which the simulator's arithmetic means something"
VERDICTS = ("holds", "loose", "fails", "vacuous", "error")


@dataclass(frozen=True)
class Result:
    """A cell's row but for its setting. ``note`` says why a cell is vacuous, what its error is, or at which setting evidence came nearest
    to its bound; ``width`` is that of `laws.Comparison`; ``seconds`` is not reproducible."""

    verdict: str
    observed: float = float("nan")
    predicted: float = float("nan")
    deviation: float = float("nan")
    bound: float = float("nan")
    width: float = float("nan")
    power: int = 0
    note: str = ""
    seconds: float = 0.0


def perform(cells: Sequence[Cell], formulas: Ledger | None = None) -> list[Result]:
    """A result for every cell; one that raises has its error for a result. ``formulas`` replaces the ledger's."""
    return [_timed(cell, formulas or ledger()) for cell in cells]


def compare(cell: Cell, formulas: Ledger) -> Comparison:
    """What the cell's law finds; raises whatever goes wrong."""
    law = laws()[cell.law]
    if reason := law.excuse(cell.setting):
        return Comparison(reason=reason)
    return law.compare(formulas, cell)


def _timed(cell: Cell, formulas: Ledger) -> Result:
    started = time.perf_counter()
    try:
        c = compare(cell, formulas)
    except OutOfRange as error:
        words = f"{type(error).__name__}: {error}"
        seconds = time.perf_counter() - started
        return failed(words, seconds) if math.isnan(error.norm) else Result("vacuous", note=OUT_OF_RANGE, seconds=seconds)
    except Exception as error:
        return failed(f"{type(error).__name__}: {' '.join(str(error).split())}", time.perf_counter() - started)
    figures = (c.observed, c.predicted, c.deviation, c.bound, c.width)
    return Result(c.verdict, *figures, c.power, c.reason or c.at, time.perf_counter() - started)


def failed(words: str, seconds: float = 0.0) -> Result:
    """The result of a cell that could not be done."""
    return Result("error", note=words[:500], seconds=seconds)


Perform = Callable[[Sequence[Cell]], list[Result]]

"""A claim's own evidence as a law of the sweep: ``evidence:B2`` draws settings from the cell's seed and measures them all."""

from __future__ import annotations

from functools import partial

import numpy as np

from derivations.evidence import Measurement, evidence_for
from derivations.sweep.cells import Cell
from derivations.sweep.laws.definition import Comparison, Law, Ledger, outside
from theory.catalogue import catalogue


def worst_of(found: tuple[Measurement, ...], *, all_count: bool = True) -> Comparison:
    """The setting that comes closest to its bound, or exceeds it most, of all measurements.

    One without a setting that counts makes the whole vacuous if ``all_count``, as in the ledger.
    """
    empty = [m.what for m in found if not m.settings]
    if (all_count and empty) or len(empty) == len(found):
        return outside(f"no drawn setting counts: {'; '.join(empty)}")
    ratios = []
    for m in found:
        deviation, bound = (float(x[m.worst]) for x in (m.deviations, m.bounds))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = 0.0 if deviation == 0 else float(np.float64(deviation) / bound)
        ratios.append(-1.0 if not m.settings else np.inf if np.isnan(ratio) else ratio)
    m = found[int(np.argmax(ratios))]
    deviation, bound = float(m.deviations[m.worst]), float(m.bounds[m.worst])
    label = m.labels[m.worst] if m.worst < len(m.labels) else ""
    return Comparison(deviation, 0.0, deviation, bound, at=f"{m.what}: {label}")


def _compare(label: str, ledger: Ledger, cell: Cell) -> Comparison:
    source = evidence_for(catalogue()[label])
    drawn = source.draw(cell.rng(0), cell.setting["effort"])
    return worst_of(source.check(ledger[label], drawn))


LAWS = tuple(
    Law(f"evidence:{claim.label}", f"{claim.label}: {claim.evidence}", (claim.label,), lambda _: ("law", "effort", "repeat"), lambda _: "",
        partial(_compare, claim.label))
    for claim in catalogue()
)  # fmt: skip

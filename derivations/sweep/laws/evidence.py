"""A claim's own evidence as a law of the sweep: ``evidence:B2`` draws settings from the cell's seed and measures them all."""

from __future__ import annotations

from functools import partial

import numpy as np

from derivations.evidence import Measurement, evidence_for
from derivations.sweep.cells import Cell
from derivations.sweep.laws.definition import Comparison, Law, Ledger, decisive, outside, widths
from theory.catalogue import catalogue


def worst_of(found: tuple[Measurement, ...], *, all_count: bool = True, relative: bool = False) -> Comparison:
    """The setting that comes closest to its bound, or exceeds it most, of all measurements.

    One without a setting that counts makes the whole vacuous if ``all_count``, as in the ledger. ``relative``: deviations are shares
    of what is compared, or of what cancels there, unless the measurement knows sizes; otherwise nothing is known of widths.
    """
    empty = [m.what for m in found if not m.settings]
    if (all_count and empty) or len(empty) == len(found):
        return outside(f"no drawn setting counts: {'; '.join(empty)}")
    parts = [(m, int(place)) for m in found for place in np.flatnonzero(m.applicable)]
    deviations, bounds = (np.array([float(getattr(m, name)[place]) for m, place in parts]) for name in ("deviations", "bounds"))
    sizes = np.array([_size(m, place) if relative else np.nan for m, place in parts])
    at = decisive(deviations, bounds, widths(bounds, sizes), np.ones(len(parts), dtype=bool))
    assert at is not None  # all are seen
    m, place = parts[at]
    label = m.labels[place] if place < len(m.labels) else ""
    return Comparison(deviations[at], 0.0, deviations[at], bounds[at], at=f"{m.what}: {label}", size=sizes[at])


def _size(m: Measurement, place: int) -> float:
    known = float("nan") if m.sizes is None else float(m.sizes[place])
    return 1.0 if np.isnan(known) else known


def _compare(label: str, ledger: Ledger, cell: Cell) -> Comparison:
    source = evidence_for(catalogue()[label])
    drawn = source.draw(cell.rng(0), cell.setting["effort"])
    return worst_of(source.check(ledger[label], drawn))


LAWS = tuple(
    Law(f"evidence:{claim.label}", f"{claim.label}: {claim.evidence}", (claim.label,), lambda _: ("law", "effort", "repeat"), lambda _: "",
        partial(_compare, claim.label))
    for claim in catalogue()
)  # fmt: skip

"""Runs at a fixed time over a ladder of step sizes: the observed order of an error, and a limit, against the theory's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from derivations.evidence import Floats, Measurement, order
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, relative
from derivations.evidence.steps import Path

LADDER = (64, 128, 256, 512)  # numbers of steps, over the same time
RESOLVED = 0.2  # a limit known worse than this, relatively, says too little to count


@dataclass(frozen=True)
class Climb:
    """What a group of settings gave: ``values`` (rows, rungs) as steps halve, ``noise`` their rounding (rows,) at most."""

    values: Floats
    noise: Floats
    labels: Sequence[str]


def climb(paths: Sequence[Path], values: Sequence[Floats], labels: Sequence[str]) -> Climb:
    """A group from the paths of its rungs, and what was made of their final fourth powers."""
    return Climb(np.stack(values, axis=1), np.max([p.fourth_power_rounding() for p in paths], axis=0), labels)


def against_order(what: str, expected: int, climbs: Iterable[Climb], ratio: float = 2.0) -> Measurement:
    """Orders of errors that fall as ``step^expected``, steps falling by ``ratio`` from rung to rung."""
    found, spread, labels = [], [], list[str]()
    for c in climbs:
        p, u = order.fitted(np.abs(c.values), ratio, c.noise)
        found.append(p)
        spread.append(u)
        labels.extend(c.labels)
    p, u = np.concatenate(found), np.concatenate(spread)
    return measurement(what, equal(p, expected), u, labels, u < order.DISCRIMINATES)


def against_limit(what: str, climbs: Iterable[tuple[Climb, Floats]]) -> Measurement:
    """Values extrapolated over halvings, relative to the claimed limit (rows,), within what the ladder leaves open.

    The extrapolation ``2 v_m - v_{m-1}`` carries three times the noise of a value.
    """
    deviations, bounds, labels = [], [], list[str]()
    for c, claimed in climbs:
        limit, left = order.extrapolated(c.values)
        deviations.append(relative(limit, claimed))
        bounds.append((left + 3 * c.noise) / np.abs(claimed))
        labels.extend(c.labels)
    bound = np.concatenate(bounds)
    return measurement(what, np.concatenate(deviations), bound, labels, bound < RESOLVED)

"""From a measurement to its points: a seeded draw of settings, with the worst among them."""

from __future__ import annotations

import numpy as np

from derivations.evidence import Floats, Measurement
from derivations.ledger.points import MOST, Points


def sampled(m: Measurement, seed: int) -> Points | None:
    """Settings that met the hypotheses, `MOST` at most; None if none did.

    With a pair of what is observed and predicted, deviations and bounds are in its unit, and the bounds are a band around what is
    predicted. The pair is left out where a deviation has no unit that could be drawn, as for a prediction of 0 that is divided by.
    """
    met = np.flatnonzero(m.applicable)
    if not met.size:
        return None
    if met.size > MOST:
        others = met[met != m.worst]
        rng = np.random.default_rng([seed, *m.what.encode()])
        met = np.sort(np.append(rng.choice(others, MOST - 1, replace=False), m.worst))
    observed, predicted, unit = ((None if x is None else x[met]) for x in (m.observed, m.predicted, m.unit))
    drawn = unit is not None and bool(np.all(np.isfinite(unit) & (unit > 0)))
    scale = unit if drawn and unit is not None else np.ones(met.size)
    with np.errstate(invalid="ignore", over="ignore"):
        deviations, bounds = m.deviations[met] * scale, m.bounds[met] * scale
    judged = list(map(_judged, deviations, bounds, m.deviations[met] <= m.bounds[met]))
    labels = tuple(m.labels[i] if i < len(m.labels) else "" for i in met)
    return Points(
        m.what, m.quantity, m.side if drawn else "equal", _plain(observed) if drawn else None, _plain(predicted) if drawn else None,
        tuple(d for d, _ in judged), tuple(b for _, b in judged), labels, m.settings,
    )  # fmt: skip


def _judged(deviation: float, bound: float, inside: bool) -> tuple[float, float]:
    """Both with six digits, or more where a point would else be on the other side of its bound than it was judged to be."""
    for d, b in ((_short(deviation), _short(bound)), (float(deviation), float(bound))):
        if (d <= b) == inside:
            return d, b
    return float(np.nextafter(bound, np.inf)), float(bound)  # its unit rounded what was beyond away


def _short(x: float) -> float:
    return float(f"{x:.6g}")


def _plain(values: Floats | None) -> tuple[float, ...] | None:
    return None if values is None else tuple(map(_short, values))

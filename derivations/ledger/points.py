"""Points: what each setting of a comparison gave, so that a comparison can be drawn after the run. Plain values, no arrays.

points.json lies beside ledger.json and has the points of all claims; records that are kept have those of one. Numbers have six
digits; those that JSON cannot write are strings, as in ledger.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST = 120  # settings of a comparison that are kept
SIDES = ("equal", "at least", "at most")
_ODD = {"nan", "inf", "-inf"}


@dataclass(frozen=True)
class Points:
    """At most `MOST` settings of one comparison, those of a seeded draw and always the worst.

    ``deviations``, ``bounds`` and ``labels`` have one entry a setting. So have ``observed`` and ``predicted``, in one unit with the
    other two, or both are None, where a comparison has no such pair. ``side``: what is observed ought to be ``equal`` to what is
    predicted, ``at least`` or ``at most`` that. ``quantity`` is LaTeX, or empty; ``settings`` how many there were.
    """

    what: str
    quantity: str
    side: str
    observed: tuple[float, ...] | None
    predicted: tuple[float, ...] | None
    deviations: tuple[float, ...]
    bounds: tuple[float, ...]
    labels: tuple[str, ...]
    settings: int

    @property
    def inside(self) -> tuple[bool, ...]:
        """Which points are within their bounds; a NaN is not."""
        return tuple(d <= b for d, b in zip(self.deviations, self.bounds, strict=True))

    def document(self, labels: list[str] | None = None) -> dict[str, Any]:
        """As nested plain values; labels as their places in ``labels``, which takes up those that it lacks."""
        places: dict[str, int] = {label: i for i, label in enumerate(labels)} if labels is not None else {}
        for label in self.labels if labels is not None else ():
            if label not in places:
                places[label] = len(places)
                labels.append(label)  # type: ignore[union-attr]
        columns = {name: getattr(self, name) for name in ("observed", "predicted", "deviations", "bounds")}
        return {
            "what": self.what,
            "quantity": self.quantity,
            "side": self.side,
            "settings": self.settings,
            **{name: None if column is None else [_written(x) for x in column] for name, column in columns.items()},
            "labels": [label if labels is None else places[label] for label in self.labels],
        }


def _written(x: float) -> float | str:
    return x if abs(x) < float("inf") else str(x)


def points_from(document: Any, labels: Sequence[str] | None = None) -> Points:
    """What `Points.document` wrote; raises `ValueError`, `TypeError`, `KeyError` or `IndexError` for anything else."""
    if set(document) != {"what", "quantity", "side", "settings", "observed", "predicted", "deviations", "bounds", "labels"}:
        raise ValueError(f"points have other keys: {sorted(map(str, document))}")
    if document["side"] not in SIDES:
        raise ValueError(f"side = {document['side']!r} must be one of {', '.join(SIDES)}")
    named = [_label(x, labels) for x in document["labels"]]
    observed, predicted, deviations, bounds = (
        _column(document[name], len(named)) for name in ("observed", "predicted", "deviations", "bounds")
    )  # fmt: skip
    settings = document["settings"]
    if (observed is None) != (predicted is None) or deviations is None or bounds is None:
        raise ValueError("points lack a column")
    if not isinstance(settings, int) or not len(named) <= settings:
        raise ValueError(f"settings = {settings!r} must be an integer, at least the number of points")
    what, quantity = (_text(document[name]) for name in ("what", "quantity"))
    return Points(what, quantity, document["side"], observed, predicted, deviations, bounds, tuple(named), settings)


def _text(x: Any) -> str:
    if not isinstance(x, str):
        raise TypeError(f"{x!r} must be text")
    return x


def _label(x: Any, labels: Sequence[str] | None) -> str:
    if labels is None:
        return _text(x)
    if isinstance(x, bool) or not isinstance(x, int) or x < 0:
        raise TypeError(f"label {x!r} must be a place among the labels")
    return _text(labels[x])


def _column(values: Any, size: int) -> tuple[float, ...] | None:
    if values is None:
        return None
    if not isinstance(values, list) or len(values) != size:
        raise ValueError(f"a column of points must have {size} numbers")
    if wrong := [x for x in values if isinstance(x, bool) or not (isinstance(x, int | float) or (isinstance(x, str) and x in _ODD))]:
        raise TypeError(f"{wrong[0]!r} must be a number")
    return tuple(map(float, values))


@dataclass(frozen=True)
class ClaimPoints:
    """Of a claim's measurements, in their order, and of its numeric witnesses, (kept, dropped) by hypothesis id."""

    measurements: tuple[Points | None, ...] = ()
    witnesses: Mapping[str, tuple[Points | None, Points | None]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """As nested plain values: each label once."""
        labels: list[str] = []
        found = [p and p.document(labels) for p in self.measurements]
        witnesses = {
            name: {side: p and p.document(labels) for side, p in zip(("kept", "dropped"), pair, strict=True)}
            for name, pair in self.witnesses.items()
        }
        return {"measurements": found, "witnesses": witnesses, "labels": labels}


def claim_points_from(document: Any) -> ClaimPoints:
    """What `ClaimPoints.document` wrote; raises as `points_from`."""
    if set(document) != {"measurements", "witnesses", "labels"}:
        raise ValueError(f"the points of a claim have other keys: {sorted(map(str, document))}")
    labels = document["labels"]

    def read(points: Any) -> Points | None:
        return None if points is None else points_from(points, labels)

    witnesses = {_text(name): (read(pair["kept"]), read(pair["dropped"])) for name, pair in document["witnesses"].items()}
    return ClaimPoints(tuple(map(read, document["measurements"])), witnesses)

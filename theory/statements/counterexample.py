"""Counterexamples: exact settings at which a statement fails, as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath

from theory.statements.evaluation import SCALE, SHOWN_DIGITS, Comparison, Place
from theory.statements.syntax import Invariance, Statement


@dataclass(frozen=True)
class Counterexample:
    """An exact setting at which a statement fails, and both sides there to 50 digits."""

    dimension: int
    vectors: Mapping[str, tuple[str, ...]]
    scalars: Mapping[str, str]
    left: str | tuple[str, ...]
    right: str | tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As plain values."""
        plain = [list(side) if isinstance(side, tuple) else side for side in (self.left, self.right)]
        return {
            "dimension": self.dimension, "vectors": {n: list(v) for n, v in self.vectors.items()}, "scalars": dict(self.scalars),
            "left": plain[0], "right": plain[1],
        }  # fmt: skip


def shown(place: Place, found: Comparison, statement: Statement) -> Counterexample:
    """A place and both sides there, to 50 digits."""
    factor = statement.factor if isinstance(statement, Invariance) else ""
    scalars = {(factor if n == SCALE else n): str(x) for n, x in place.scalars.items()}
    scalars |= {n: str(k) for n, k in place.sizes.items()}
    vectors = {n: tuple(map(str, v)) for n, v in place.vectors.items()}
    return Counterexample(place.dimension, vectors, scalars, _digits(found.left), _digits(found.right))


def _digits(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(_digits(x)) for x in value)
    return str(mpmath.nstr(value, SHOWN_DIGITS, strip_zeros=True)).removesuffix(".0")


def where_words(place: Place) -> str:
    """A place in one line."""
    parts = [f"{n} = ({', '.join(map(str, v))})" for n, v in place.vectors.items()]
    return ", ".join([*parts, *(f"{n} = {x}" for n, x in {**place.scalars, **place.sizes}.items())])

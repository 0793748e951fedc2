"""A loss at a batch, and what the theory's symbols are in it.

In each batch the embedding ``u`` of the theory is the first row. Its similarities, and what the other items add to
partitions, are taken from the batch itself; so both sides see the same bits, and a comparison of slopes is left with
the rounding of exponents (their size ``exponent`` times a unit), of sums over ``K`` terms and of some forty products.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derivations.evidence import Floats, rounding
from derivations.evidence.deviations import deviation, equal, largest, over
from numerics.batch_losses.evaluate import BatchGradients, evaluate_batch
from theory.losses import Loss
from theory.notation import u
from theory.vectors import Cosine, Norm

Known = dict[sp.Basic, Any]
KINK = 1e-6  # how near to a point without a gradient nothing is compared any more


@dataclass(frozen=True)
class Case:
    """One loss at one batch. ``roles`` are the places of the partners of ``u`` by role, ``known`` the loss' own symbols."""

    loss: Loss
    kernel: str
    rows: Floats
    columns: Floats | None
    targets: Floats
    scalars: Mapping[str, Any]
    roles: Mapping[str, Any]
    known: Callable[[BatchGradients], Known]
    size: float  # at most the sum of the sizes of all slopes in cosines of u
    exponent: float
    share: float = 1.0  # of the loss of one row alone in the theory's mean over rows
    label: str = ""
    memory: dict[str, BatchGradients] = field(default_factory=dict, compare=False)

    def evaluate(self, similarity: str = "cosine") -> BatchGradients:
        """The kernel at this batch, once."""
        if similarity not in self.memory:
            self.memory[similarity] = evaluate_batch(
                self.kernel, self.rows, self.columns, self.targets, similarity=similarity, **self.scalars
            )
        return self.memory[similarity]

    def values(self, found: BatchGradients) -> Known:
        """Every atom of the theory's formulas: numbers, or arrays over the members of a family."""
        values = self.known(found)
        for role, slope in self.loss.slopes.items():
            values[Cosine(u, slope.partner)] = found.similarities[0, self.roles[role]]
        return values

    def slopes(self, found: BatchGradients) -> Floats:
        """Measured slopes in the cosines of ``u`` with each column; where columns are rows, both places of a pair."""
        mine = found.slopes[0]
        return mine + found.slopes[:, 0] if self.columns is None else mine

    def partners(self) -> Floats:
        """Directions that the similarities are with."""
        others = self.rows if self.columns is None else self.columns
        if self.kernel == "angle":
            half = others.shape[1] // 2
            others = np.concatenate([others[:, :half] - others[:, half:], others[:, half:] + others[:, :half]], axis=1)
        return np.asarray(others / np.linalg.norm(others, axis=1, keepdims=True))

    def smooth(self, found: BatchGradients) -> bool:
        """Whether the loss has a gradient here: ArcFace's angle is not 0 or pi, AnglE's similarity not 0."""
        c = found.similarities[0, 0]
        return bool(abs(c) > KINK if self.kernel == "angle" else self.kernel != "arcface" or 1 - c**2 > KINK)

    def rounding(self, found: BatchGradients) -> float:
        """Of ``|u|`` times the gradient in ``u``, between slopes that saw the same similarities."""
        d, k = self.rows.shape[1], found.similarities.size
        exponents = rounding.gamma(60 + 4 * k + 8 * self.exponent) * self.size
        return float(2 * (exponents + rounding.gamma(4 * d + 2 * k + 60) * np.sum(np.abs(self.slopes(found)))))


def number(e: sp.Expr, values: Known) -> Any:
    """A formula at ``values``; sums run over the arrays of their family."""
    if e in values:
        return values[e]
    if e.is_Number or (not e.free_symbols and not e.args):
        return float(e)
    if isinstance(e, sp.Sum):
        size = int(values[e.limits[0][2]])
        return np.sum(np.broadcast_to(number(e.function, values), (size,)))
    parts = [number(arg, values) for arg in e.args]
    if e.is_Add:
        return sum(parts)
    if e.is_Mul:
        return np.prod(np.broadcast_arrays(*parts), axis=0) if len(parts) > 1 else parts[0]
    if e.is_Pow:
        return np.asarray(parts[0], dtype=float) ** parts[1]
    return {sp.exp: np.exp, sp.log: np.log, sp.sin: np.sin, sp.cos: np.cos}[e.func](*parts)


def claimed_gradient(case: Case, formulas: Mapping[str, sp.Expr], found: BatchGradients) -> Floats:
    """``|u|`` times the gradient in ``u`` that the claimed slopes make of the measured directions (A5)."""
    values, partners = case.values(found), case.partners()
    direction, pull = case.rows[0] / np.linalg.norm(case.rows[0]), np.zeros(case.rows.shape[1])
    for role in case.loss.slopes:
        slope = number(formulas[f"{case.loss.name}_{role}"], values) / case.share
        at = case.roles[role]
        tangents = partners[at] - found.similarities[0, at, None] * direction
        pull = pull + np.sum(np.atleast_1d(slope)[:, None] * np.atleast_2d(tangents), axis=0)
    return pull


def total(case: Case, formulas: Mapping[str, sp.Expr], found: BatchGradients) -> float:
    """The claimed sum of pushes and pulls."""
    values = {**case.values(found), Norm(u): 1.0}
    return float(number(formulas[f"{case.loss.name}_total"], values)) / case.share


def measured_total(case: Case, found: BatchGradients) -> float:
    """Sizes of the slopes; where pushes and pulls meet in one slope, they are taken apart.

    SupCon pulls with weight ``2 scale/B`` altogether: the distribution that its row wants, and that its positives'
    rows want of it. AnglE's pushes and pulls are what the pair of ``u`` adds to the exponential of the loss.
    """
    slopes = case.slopes(found)
    if case.kernel == "supcon":
        return float(np.sum(slopes) + 2 * 2 * case.scalars["scale"] / len(case.rows))
    if case.kernel == "angle":
        rest = evaluate_batch("angle", case.rows[1:], case.columns[1:], case.targets[1:, 1:], **case.scalars).value  # type: ignore[index]
        return float(np.sqrt(2) * case.scalars["scale"] * -np.expm1(rest - found.value))
    return float(np.sum(np.abs(slopes)))


def radial_excess(case: Case, found: BatchGradients, claimed: float) -> tuple[Any, float]:
    """The worst ``<x, grad_x L>`` of all vectors against the claimed one, over its rounding; and 1.

    As in `rounding.radial`: 3 d + 30 roundings of the size of the slopes that are pulled back to a vector.
    """
    radial = [over(equal(np.einsum("rd,rd->r", x, g), claimed), rounded) for x, g, rounded in _pulled_back(case, found)]
    every = np.concatenate(radial)
    return (largest(every) if len(every) else deviation(0.0, claimed, claimed)), 1.0


def longest_gradient(case: Case, found: BatchGradients) -> float:
    """The largest ``|x||grad_x L|`` of all vectors, which no radial part can exceed, over the rounding of `radial_excess`."""
    return max(float(np.max(np.linalg.norm(vectors, axis=1) * np.linalg.norm(gradients, axis=1) / rounded, initial=0.0))
               for vectors, gradients, rounded in _pulled_back(case, found))  # fmt: skip


def _pulled_back(case: Case, found: BatchGradients) -> list[tuple[Floats, Floats, Floats]]:
    """Vectors, their gradients and the rounding of the product of both, for rows and columns."""
    unit = float(rounding.gamma(3 * case.rows.shape[1] + 30))
    over_rows, over_columns = np.abs(found.slopes).sum(axis=1), np.abs(found.slopes).sum(axis=0)
    sides = [(case.rows, found.rows, over_rows + over_columns if case.columns is None else over_rows)]
    if case.columns is not None:
        sides.append((case.columns, found.columns, over_columns))
    # slopes that underflow leave no gradient to speak of; a NaN does, and is the worst of all
    return [(v[seen], g[seen], unit * sizes[seen]) for v, g, sizes in sides for seen in (~(sizes <= 1e-290),)]


def gradient_deviation(case: Case, formulas: Mapping[str, sp.Expr], found: BatchGradients) -> tuple[float, float]:
    """Of ``|u|`` times the gradient in ``u``, measured, from the one that the claimed slopes make; and its rounding."""
    own = found.rows[0] * np.linalg.norm(case.rows[0])
    return float(np.linalg.norm(own - claimed_gradient(case, formulas, found))), case.rounding(found)


def total_deviation(case: Case, formulas: Mapping[str, sp.Expr], found: BatchGradients) -> tuple[Any, float]:
    """Of the measured sum of slopes from the claimed one; where a gradient is longer than that, this instead."""
    claimed, length = total(case, formulas, found), float(np.linalg.norm(found.rows[0]) * np.linalg.norm(case.rows[0]))
    measured = measured_total(case, found)
    off = np.maximum(abs(measured - claimed), length - claimed)
    return deviation(off, length if length - claimed >= off else measured, claimed), case.rounding(found)

"""How much of the norm is length: the mean of T token vectors, by C9 (mean-pooling-shortens-long-texts), against what is found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derivations.case_study.within import LEAST_ROWS
from derivations.case_study.written import Table
from derivations.evidence.formulas import value
from theory.catalogue import catalogue
from theory.laws.imprint.mean_pooling_shortens_long_texts import M, S, T

CLAIM = "mean-pooling-shortens-long-texts"
_SPECIAL = 2  # tokens at the ends of a text, which are pooled as well


@dataclass(frozen=True)
class Pooled:
    """Mean squared norms of texts of a length, fitted by C9's formula, weighted by texts: its ``mean`` |m| and ``spread`` s; by how
    much, relatively, the worst length is off (above 0: longer than fitted), and how many ``tokens`` that is; ``explained``: the
    share of the variance of squared norms that lies between lengths."""

    variant: str
    mean: float
    spread: float
    worst: float
    tokens: int
    explained: float


def pooled(table: Table, variant: str) -> Pooled | None:
    """The fit over lengths that enough texts have; None where there are fewer than three."""
    tokens = table.columns["tokens"].astype(np.int64)
    squares = table.norms[variant] ** 2
    counts = np.bincount(tokens)
    lengths = np.flatnonzero(counts >= LEAST_ROWS)
    if len(lengths) < 3:
        return None
    found = np.bincount(tokens, squares)[lengths] / counts[lengths]
    formula = catalogue()[CLAIM].formulas["squared_norm"]
    # the formula is linear in |m|^2 and s^2: what it gives of each
    pooled_tokens = (lengths + _SPECIAL).astype(np.float64)
    design = np.stack([value(formula, {M: m, S: s, T: pooled_tokens}) * np.ones(len(lengths)) for m, s in ((1.0, 0.0), (0.0, 1.0))], 1)
    weight = np.sqrt(counts[lengths])
    fitted = np.linalg.lstsq(design * weight[:, None], found * weight, rcond=None)[0]
    off = found / (design @ fitted) - 1
    worst = int(np.argmax(np.abs(off)))
    here = np.isin(tokens, lengths)
    between = np.sum(counts[lengths] * (found - squares[here].mean()) ** 2) / np.sum((squares[here] - squares[here].mean()) ** 2)
    mean, spread = np.sign(fitted) * np.sqrt(np.abs(fitted))
    return Pooled(variant, float(mean), float(spread), float(off[worst]), int(lengths[worst]), float(between))

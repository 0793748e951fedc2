"""C4 measured: cross-entropy over class prototypes, every label's gradient, weighted by q or drawn anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, replicates, rounding
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import value
from derivations.evidence.gathering import paired
from numerics.lookup.rows import uniform_directions
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.imprint.ambiguous_labels_heat import IMPURITY, OVERLAP, VARIANCE
from theory.notation import tau

DRAWS = 4096


@dataclass(frozen=True)
class Labels:
    """One row of norm 1 among ``classes`` prototypes in ``dimension`` >= classes; orthonormal, or anywhere."""

    dimension: int
    classes: int
    temperature: float
    orthonormal: bool
    seed: int

    def label(self) -> str:
        """Enough to repeat it."""
        where = "orthonormal" if self.orthonormal else "anywhere"
        return f"d={self.dimension} classes={self.classes} tau={self.temperature:.3g} {where} seed={self.seed}"


@lru_cache(maxsize=128)
def scene(x: Labels) -> tuple[Floats, Floats, Floats]:
    """Cosines with the prototypes (n,), the prototypes' Gram matrix (n, n), and the gradients (n, d) for each label."""
    drawn = uniform_directions(x.classes + 1, x.dimension, seed=x.seed)
    prototypes = np.linalg.qr(drawn[1:].T)[0].T if x.orthonormal else drawn[1:]
    row = drawn[0] + 2 * prototypes.T @ np.random.default_rng(x.seed).random(x.classes)  # near the prototypes
    row /= np.linalg.norm(row)
    order = np.array([[y, *(c for c in range(x.classes) if c != y)] for y in range(x.classes)])
    gradients = evaluate("infonce", np.tile(row, (x.classes, 1)), prototypes[order], x.temperature).gradients
    return prototypes @ row, prototypes @ prototypes.T, gradients


def _softmax(x: Labels) -> Floats:
    logits = scene(x)[0] / x.temperature
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


def _known(x: Labels, q: Floats) -> dict[object, Floats]:
    """Overlap, variance and impurity of label probabilities, as they are defined."""
    cosines, gram, _ = scene(x)
    variance = q @ (cosines - q @ cosines) ** 2
    return {tau: np.array([x.temperature]), OVERLAP: np.array([q @ gram @ q]), VARIANCE: np.array([variance]),
            IMPURITY: np.array([1 - q @ q])}  # fmt: skip


def _error(x: Labels) -> float:
    """Of a gradient."""
    return float(rounding.gradient("infonce", np.array([x.temperature]), np.ones(1), x.dimension, x.classes)[0])


def _cancelled(x: Labels) -> float:
    """Of the squared length of a mean that vanishes: squared, what gradients are off by, their weights by as much, and the sum."""
    return (2 * _error(x) + float(rounding.gamma(2 * x.classes + 20)) * 2 / x.temperature) ** 2


def _rounding(x: Labels) -> float:
    """Of a squared length of a gradient: twice its length times its error. Lengths are at most 2/tau; q adds a few n."""
    error = _error(x)
    return float((4 / x.temperature + error) * error + rounding.gamma(8 * x.classes + 4 * x.dimension + 40) * 8 / x.temperature**2)


def _deviations(formulas: Formulas, x: Labels, weights: Floats | None = None, centred: bool = False) -> dict[str, tuple[Any, float]]:
    """What each formula is off by, with its bound; ``weights``: with what probabilities labels come."""
    q, g = _softmax(x), scene(x)[2]
    p = q if weights is None else weights
    mean = p @ g
    seen = float(p @ np.sum((g - mean) ** 2 if centred else g**2, axis=1))
    known, slip = _known(x, q), _rounding(x)
    variance = float(known[VARIANCE][0]) / x.temperature**2
    claimed = {name: float(value(formula, known)[0]) for name, formula in formulas.items()}
    return {
        "mean_gradient": (equal(float(mean @ mean), claimed["mean_gradient"]), _cancelled(x)),
        "heat": (equal(seen, claimed["heat"]), slip),
        "bound": (equal(seen + variance, claimed["bound"]), slip),
        "impurity_bound": (equal(seen + variance, claimed["impurity_bound"]), slip),
    }


def _sampled(formulas: Formulas, x: Labels) -> tuple[Any, float]:
    """Labels drawn anew at every visit: the mean energy, in an interval; relative to the claimed heat."""
    q, g = _softmax(x), scene(x)[2]
    drawn = np.random.default_rng([x.seed, 7]).choice(x.classes, size=DRAWS, p=q)
    mean, interval = replicates.mean(np.sum(g[drawn] ** 2, axis=1))
    claimed = float(value(formulas["heat"], _known(x, q))[0])
    return equal(float(mean), claimed), float(interval) + _rounding(x)


def draw(rng: np.random.Generator, effort: str) -> Sequence[Labels]:
    """2 to 64 classes in up to 256 dimensions, temperatures from 0.1 to 2; every other with prototypes anywhere."""
    found = []
    for i in range(8 if effort == "quick" else 64):
        classes = int(np.exp(rng.uniform(np.log(2), np.log(64))))
        found.append(Labels(int(rng.integers(classes + 1, 257)), classes, float(np.exp(rng.uniform(np.log(0.1), np.log(2)))),
                            i % 2 == 0, int(rng.integers(2**31))))  # fmt: skip
    return found


def check(formulas: Formulas, drawn: Sequence[Labels]) -> tuple[Measurement, ...]:
    """Every formula to rounding, and the heat of labels drawn anew."""
    rows = [_deviations(formulas, x) for x in drawn]
    labels, straight = [x.label() for x in drawn], np.array([x.orthonormal for x in drawn])
    words = {"mean_gradient": "mean gradient over labels", "heat": "heat over labels", "bound": "heat and variance against the bound",
             "impurity_bound": "and against the impurity of orthonormal prototypes"}  # fmt: skip
    return (
        *(paired(what, [row[name] for row in rows], labels, straight if name == "impurity_bound" else None)
          for name, what in words.items()),
        paired("heat of labels drawn anew", [_sampled(formulas, x) for x in drawn], labels,
               DRAWS * np.array([_softmax(x).min() for x in drawn]) > 50),  # a mean of rare labels is not normal
    )  # fmt: skip


def _witness(words: str, name: str, weights: Floats | None = None, orthonormal: bool = True) -> Callable[[Formulas, int], NumericWitness]:
    """One formula of an ordinary setting; with labels as they are, and with them changed."""

    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        x = Labels(16, 4, 0.5, True, seed)
        changed = Labels(16, 4, 0.5, orthonormal, seed)
        kept, other = (
            paired(name, [_deviations(formulas, y, w, centred=True)[name]], [y.label()])
            for y, w in ((x, None), (changed, weights))
        )
        return NumericWitness(words, kept, other)

    return drop


EVIDENCE = Evidence(draw, check, {
    "labels-drawn-anew": _witness("one fixed label: the covariance of its gradient", "heat", weights=np.eye(4)[0]),
    "softmax-matches": _witness("labels spread evenly", "heat", weights=np.full(4, 0.25)),
    "orthonormal": _witness("prototypes anywhere", "impurity_bound", orthonormal=False),
})  # fmt: skip

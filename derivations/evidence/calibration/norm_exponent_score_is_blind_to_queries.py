"""D2 measured: exact search, by inner products, among documents whose lengths are powers of their own: scores against the formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_least, equal
from derivations.evidence.formulas import value
from derivations.evidence.settings import log_uniform
from numerics.rankings.search import best_matches
from numerics.simulation.steps import cosines
from theory.claims import Formulas
from theory.laws.calibration.norm_exponent_score_is_blind_to_queries import COS, GAP, ONE, TWO, B, S
from theory.notation import c

DIMENSIONS, EXPONENTS, LENGTHS, FACTORS = (2, 64), (-2.0, 2.0), (0.05, 20.0), (0.1, 10.0)
DOCUMENTS = 24
STEP = 1e-3  # of the logarithm of a norm


@dataclass(frozen=True)
class Index:
    """A query and 24 documents of lengths over three decades, ranked by ``cos |d|^exponent``; ``factor``: how much longer they become."""

    dimension: int
    exponent: float
    factor: float
    seed: int

    def label(self) -> str:
        """Enough to repeat it."""
        return f"d={self.dimension} b={self.exponent:.3g} c={self.factor:.3g} seed={self.seed}"

    @cached_property
    def query(self) -> Floats:
        """(d,), of any length."""
        return np.random.default_rng([self.seed, 1]).standard_normal(self.dimension) * 3

    @cached_property
    def documents(self) -> Floats:
        """(DOCUMENTS, d)."""
        rng = np.random.default_rng([self.seed, 2])
        x = rng.standard_normal((DOCUMENTS, self.dimension))
        return x / np.linalg.norm(x, axis=1, keepdims=True) * log_uniform(rng, LENGTHS, DOCUMENTS)[:, None]

    @property
    def lengths(self) -> Floats:
        """(DOCUMENTS,)."""
        return np.linalg.norm(self.documents, axis=1)

    @property
    def cosines(self) -> Floats:
        """(DOCUMENTS,)."""
        return cosines(self.query[None], self.documents[None])[0]

    def known(self) -> dict[object, Floats | float]:
        """What the formulas are of."""
        return {COS: self.cosines, S: self.lengths, B: self.exponent, c: self.factor}

    def off(self, sizes: Floats) -> Floats:
        """Rounding of scores whose length factor is ``sizes``: cosines are off by 2 d + 20 roundings, powers by 4 and their exponent's."""
        return 2 * rounding.gamma(4 * self.dimension + 60) * (1 + abs(self.exponent) * 4) * sizes


def searched(query: Floats, documents: Floats, exponent: float, score: str = "inner_product") -> Floats:
    """Scores by exact search: documents are given the length ``|d|^exponent``, then multiplied with the query, over its norm."""
    lengths = np.linalg.norm(documents, axis=1)
    rows = documents * (lengths ** (exponent - 1))[:, None]
    found = best_matches(query[None], rows, len(rows), score=score, precision="float64", threads=1)
    scores = np.empty(len(rows))
    scores[found.documents[0]] = found.scores[0]
    return scores if score == "cosine" else scores / np.linalg.norm(query)


def _measured(what: str, x: Index, deviations: Floats, bounds: Floats, applicable: Floats | None = None) -> Measurement:
    labels = [f"{x.label()} document={i}" for i in range(len(deviations))]
    return measurement(what, deviations, bounds, labels, applicable)


def queries(formulas: Formulas, x: Index, factor: float | None = None, normalised: bool = True) -> Measurement:
    """Scores of a query ``factor`` times as long, against those of the query itself."""
    longer, power = x.query * (x.factor if factor is None else factor), x.lengths**x.exponent
    before = searched(x.query, x.documents, x.exponent)
    after = searched(longer, x.documents, x.exponent)
    if not normalised:
        before, after = before * np.linalg.norm(x.query), after * np.linalg.norm(longer)
    size = power * (1 if normalised else np.linalg.norm(x.query) + np.linalg.norm(longer))
    return _measured("scores of a longer query", x, equal(after, value(formulas["query_scale"], x.known()) * before), x.off(size))


def scores(formulas: Formulas, x: Index) -> tuple[Measurement, ...]:
    """At b, at both ends of it, and of longer documents."""
    claimed = [value(formulas["score"], {**x.known(), B: b}) for b in (x.exponent, 0.0, 1.0)]
    plain = searched(x.query, x.documents, 0.0, "cosine")
    inner = searched(x.query, x.documents, 1.0)
    longer = searched(x.query, x.factor * x.documents, x.exponent)
    grown = value(formulas["document_scale"], x.known()) * searched(x.query, x.documents, x.exponent)
    return (
        _measured("scores", x, equal(searched(x.query, x.documents, x.exponent), claimed[0]), x.off(x.lengths**x.exponent)),
        _measured("scores at b = 0 against cosines", x, equal(plain, claimed[1]), x.off(np.ones(DOCUMENTS))),
        _measured("scores at b = 1 against inner products", x, equal(inner, claimed[2]), x.off(x.lengths)),
        _measured("scores of longer documents", x, equal(longer, grown), x.off((x.factor * x.lengths) ** x.exponent + np.abs(grown))),
    )  # fmt: skip


def growth(formulas: Formulas, x: Index) -> Measurement:
    """The change of a score between a document slightly shorter and slightly longer; a third derivative bounds what that leaves out."""
    ends = [searched(x.query, x.documents * np.exp(way * STEP), x.exponent) for way in (1, -1)]
    size, b = x.lengths**x.exponent, abs(x.exponent)
    cut = STEP**2 / 6 * b**3 * size * np.exp(b * STEP)
    claimed = value(formulas["growth"], x.known())
    slope = (ends[0] - ends[1]) / (2 * STEP)
    return _measured("growth with the logarithm of the norm", x, equal(slope, claimed), cut + x.off(2 * size) / STEP)


def crossing(formulas: Formulas, x: Index) -> Measurement:
    """Pairs of documents on the query's side: logarithms of their scores, by search with the claimed b."""
    cos, lengths = x.cosines, x.lengths
    deviations, bounds, applies = np.zeros(DOCUMENTS), np.zeros(DOCUMENTS), np.zeros(DOCUMENTS, bool)
    for i in range(DOCUMENTS):
        j = (i + 1) % DOCUMENTS
        i, j = (i, j) if lengths[j] > lengths[i] else (j, i)
        gap = np.log(lengths[j] / lengths[i])
        if min(cos[i], cos[j]) < 0.1 or gap < 0.1:  # else rounding, divided by the cosine and the gap, decides
            continue
        b = float(value(formulas["crossing"], {ONE: cos[i], TWO: cos[j], GAP: gap}))
        if not abs(b) < 50:
            deviations[i], applies[i] = np.inf, True
            continue
        two = replace(x, exponent=b)
        found = searched(x.query, x.documents[[i, j]], b)
        deviations[i], applies[i] = float(np.diff(np.log(found))[0]), True
        # relative errors of cosines and powers, and of b, times the logarithm of a length
        bounds[i] = float(two.off(np.array([1 / min(cos[i], cos[j])]))[0]) * (2 + np.abs(np.log(lengths)).max()) * (1 + 1 / gap)
    return _measured("scores at the crossing", x, equal(deviations, 0.0), bounds, applies)


def longer_wins(_: Formulas, x: Index, way: float = 1.0) -> Measurement:
    """Documents on the query's side (``way`` -1: on the other one), at a b above 0: by how much a longer one falls behind."""
    towards = x.documents * np.where(x.cosines > 0, way, -way)[:, None]
    gain = searched(x.query, 2 * towards, abs(x.exponent)) - searched(x.query, towards, abs(x.exponent))
    return _measured("how far a longer document falls behind", x, at_least(gain, 0.0), x.off(3 * x.lengths ** abs(x.exponent)))


def draw(rng: np.random.Generator, effort: str) -> Sequence[Index]:
    """Over the ranges; b = 0 and 1 and both ends among them."""
    count = 6 if effort == "quick" else 60
    exponents = [*EXPONENTS, 0.0, 1.0, *rng.uniform(*EXPONENTS, count)]
    found = []
    for b in exponents:
        dimension, factor = int(rng.integers(DIMENSIONS[0], DIMENSIONS[1] + 1)), float(log_uniform(rng, FACTORS, 1)[0])
        found.append(Index(dimension, float(b), factor, int(rng.integers(2**31))))
    return found


def check(formulas: Formulas, settings: Sequence[Index]) -> tuple[Measurement, ...]:
    """Scores, what scales do to them, their growth, the crossing, the order by length."""
    pairs = [crossing(formulas, x) for x in settings]
    met = [m for m in pairs if m.settings]
    return (
        *(m for x in settings for m in (queries(formulas, x), *scores(formulas, x), growth(formulas, x), longer_wins(formulas, x))),
        *(met or pairs[:1]),
    )  # fmt: skip


def _ordinary(seed: int) -> Index:
    return Index(6, 0.7, 2.5, seed)


Compare = Callable[[Formulas, Index], Measurement]


def _witness(words: str, kept: Compare, dropped: Compare) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        return NumericWitness(words, kept(formulas, _ordinary(seed)), dropped(formulas, _ordinary(seed)))

    return drop


EVIDENCE = Evidence(draw, check, {
    "positive-scale": _witness("a query turned around", queries, lambda f, x: queries(f, x, -2.5)),
    "query-normalised": _witness("inner products with the query as it is", queries, lambda f, x: queries(f, x, normalised=False)),
    "positive-cosines": _witness("documents on the other side", longer_wins, lambda f, x: longer_wins(f, x, -1.0)),
})  # fmt: skip

"""Every Hypothesis strategy: expressions of the kernel's language and rewritings of them; settings of the laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy as sp
from hypothesis import strategies as st

from derivations.evidence import Floats
from derivations.evidence.dynamics.decay_equilibrium import DECAYS, Decaying
from derivations.evidence.dynamics.fourth_power_sandwich import Runs
from derivations.evidence.dynamics.norm_grows_as_fourth_root import Growth
from derivations.evidence.settings import CANDIDATES, DIMENSIONS, NORMS, STEP_SIZES, TEMPERATURES, Batch

X, Y = sp.symbols("x y", real=True)
P, Q = sp.symbols("p q", positive=True)
SIZE = sp.Symbol("n", integer=True, positive=True)
INDEX = sp.Symbol("j", integer=True, positive=True)
SYMBOLS = (X, Y, P, Q, SIZE)

numbers = st.fractions(min_value=-4, max_value=4, max_denominator=6).map(lambda f: sp.Rational(f.numerator, f.denominator))
coefficients = numbers.map(lambda q: q or sp.S.One)


def _positive(e: sp.Expr) -> sp.Expr:
    return e**2 + P


_UNARY: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
    sp.exp, sp.sin, sp.cos, sp.tanh, sp.Abs,
    lambda e: sp.log(_positive(e)),
    lambda e: sp.sqrt(_positive(e)),
    lambda e: _positive(e) ** sp.Rational(-2, 3),
    lambda e: 1 / _positive(e),
    lambda e: sp.sqrt(e**2),
    lambda e: e**2,
    lambda e: sp.log(e),
    lambda e: sp.sqrt(e),
    lambda e: 1 / e,
    lambda e: sp.Sum(e * INDEX, (INDEX, 1, SIZE)),
    lambda e: sp.Sum(sp.exp(e / INDEX), (INDEX, 1, SIZE)),
)  # fmt: skip


def _grow(parts: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
    return st.one_of(
        st.tuples(parts, parts).map(lambda ab: ab[0] + ab[1]),
        st.tuples(parts, parts).map(lambda ab: ab[0] * ab[1]),
        st.tuples(st.sampled_from(_UNARY), parts).map(lambda fe: fe[0](fe[1])),
    )


def _finite(e: sp.Expr) -> bool:
    return not e.has(sp.zoo, sp.nan, sp.oo, sp.I) and sp.count_ops(e) < 40


def _tame(e: sp.Expr) -> sp.Expr:
    """The expression; where it is infinite or imaginary, at positive arguments; and if it still is, one of them."""
    return next(found for found in (e, e.subs({X: P, Y: Q}), P) if _finite(found))


_LEAVES = st.one_of(numbers, st.sampled_from([X, Y, P, Q]))
expressions = st.recursive(_LEAVES, _grow, max_leaves=6).map(_tame)
"""Real expressions, some undefined at some points, sums over a symbolic number of terms included."""

polynomials = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 2)), coefficients, min_size=1, max_size=4).map(
    lambda terms: sp.Add(*(c * X**i * P**k for (i, k), c in terms.items()))
)
"""Non-zero polynomials in ``x`` and ``p``."""

_IDENTITIES: tuple[Callable[[sp.Expr], sp.Expr], ...] = (
    sp.expand,
    sp.together,
    sp.factor,
    sp.cancel,
    sp.powsimp,
    sp.expand_power_exp,
    sp.expand_log,
    lambda e: e + (sp.sin(X) ** 2 + sp.cos(X) ** 2 - 1) * P,
    lambda e: e * (sp.exp(X + Y) / sp.exp(X)) * sp.exp(-Y),
    lambda e: e * sp.sqrt(P * Q) / (sp.sqrt(P) * sp.sqrt(Q)),
    lambda e: e + sp.log(P**2 * Q) - 2 * sp.log(P) - sp.log(Q),
    lambda e: (e + 1) ** 3 - 3 * e**2 - e**3 - 2 * e - 1,
    lambda e: e + sp.Sum(INDEX * X, (INDEX, 1, SIZE)) - X * sp.Sum(Q / Q * INDEX, (INDEX, 1, SIZE)),
)


@st.composite
def rewritten(draw: st.DrawFn) -> tuple[sp.Expr, sp.Expr]:
    """An expression and the same after one to three identities."""
    e = draw(expressions)
    changed = e
    for identity in draw(st.lists(st.sampled_from(_IDENTITIES), min_size=1, max_size=3)):
        changed = identity(changed)
    return e, changed


def points(count: int = 4) -> st.SearchStrategy[list[dict[sp.Symbol, Fraction]]]:
    """Values for all `SYMBOLS`."""
    real = st.fractions(min_value=-3, max_value=3, max_denominator=20)
    positive = st.fractions(min_value=Fraction(1, 20), max_value=5, max_denominator=20)
    one = st.fixed_dictionaries({X: real, Y: real, P: positive, Q: positive, SIZE: st.integers(1, 4).map(Fraction)})
    return st.lists(one, min_size=count, max_size=count)


def _decades(ends: tuple[float, float]) -> st.SearchStrategy[float]:
    """Uniform in the logarithm, both ends included; shrinks to 1, or the end next to it."""
    low, high = ends
    return st.floats(math.log10(low), math.log10(high)).map(lambda e: min(max(10.0**e, low), high))


dimensions = st.integers(*DIMENSIONS)
candidate_counts = st.integers(*CANDIDATES)
temperatures = _decades(TEMPERATURES)
step_sizes = _decades(STEP_SIZES)
norms = _decades(NORMS)
seeds = st.integers(0, 2**31 - 1)
rows = st.integers(1, 3)
KINDS = ("zero", "constant", "decaying", "sparse", "heavy-tailed")


def _column(values: st.SearchStrategy[float], size: int) -> st.SearchStrategy[Floats]:
    return st.lists(values, min_size=size, max_size=size).map(np.array)


@st.composite
def directions(draw: st.DrawFn, dimension: int) -> Floats:
    """Unit vectors: few small integers, so that right angles, ties and opposites occur, or uniform on the sphere."""
    if draw(st.booleans()):
        x = np.random.default_rng(draw(seeds)).standard_normal(dimension)
    else:
        x = np.zeros(dimension)
        for place in draw(st.lists(st.integers(0, dimension - 1), max_size=4)):
            x[place] = draw(st.integers(-3, 3))
        x[draw(st.integers(0, dimension - 1))] = draw(st.sampled_from([1, -1, 2, -2, 3, -3]))
    return np.asarray(x / np.linalg.norm(x))


def embeddings(dimension: int) -> st.SearchStrategy[Floats]:
    """A direction with a norm, shape (d,)."""
    return st.builds(np.multiply, directions(dimension), norms)


@st.composite
def candidate_sets(draw: st.DrawFn, dimension: int, count: int, beside: Floats | None = None) -> Floats:
    """Candidates of any lengths, shape (n, d), the first five drawn and then repeated.

    Some lie exactly along ``beside`` or opposite to it, if it is given.
    """
    few: list[Floats] = []
    for _ in range(min(count, 5)):
        if beside is not None and draw(st.integers(0, 3)) == 3:
            few.append(draw(st.sampled_from([1, -1])) * draw(norms) * beside / np.linalg.norm(beside))
        else:
            few.append(draw(embeddings(dimension)))
    return np.array([few[i % len(few)] for i in range(count)])


@dataclass(frozen=True)
class Placed(Batch):
    """A batch whose vectors are given, not drawn from its seed: ``vectors`` (rows, d), ``others`` (rows, n, d)."""

    vectors: Floats
    others: Floats

    def embeddings(self) -> Floats:
        """As given."""
        return self.vectors

    def pool(self) -> Floats:
        """As given, the first ``candidates`` of them."""
        return self.others[:, : self.candidates]


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """One to three rows over all ranges: vectors uniform on the sphere, or placed by hand."""
    d, n, size = draw(dimensions), draw(candidate_counts), draw(rows)
    columns = [draw(_column(s, size)) for s in (temperatures, step_sizes, norms)]
    if not draw(st.booleans()):
        return Batch(d, n, *columns, draw(seeds))
    vectors = [draw(directions(d)) * r for r in columns[2]]
    others = [draw(candidate_sets(d, n, beside=x)) for x in vectors]
    return Placed(d, n, *columns, draw(seeds), np.array(vectors), np.array(others))


@st.composite
def energy_schedules(draw: st.DrawFn, steps: int) -> Floats:
    """Drives relative to ``z_0``, shape (steps,): nothing, constant, decaying, mostly zero, heavy-tailed."""
    kind, rng = draw(st.sampled_from(KINDS)), np.random.default_rng(draw(seeds))
    shapes = {
        "zero": np.zeros(steps),
        "constant": np.ones(steps),
        "decaying": 1 / np.arange(1, steps + 1),
        "sparse": (rng.random(steps) < 0.2).astype(float),
        "heavy-tailed": np.exp(2 * rng.standard_normal(steps)),
    }
    return np.asarray(shapes[kind] * draw(_decades((1e-6, 1e2))))


@st.composite
def runs(draw: st.DrawFn) -> Runs:
    """Runs of 1 to 400 steps, every row with a schedule of its own."""
    size, steps = draw(rows), draw(st.integers(1, 400))
    drives = np.array([draw(energy_schedules(steps)) for _ in range(size)])
    return Runs(draw(_column(norms, size)), draw(_column(step_sizes, size)), drives, draw(dimensions), draw(seeds))


@st.composite
def growths(draw: st.DrawFn) -> Growth:
    """Norms that grow by a tenth to a hundred times ``z_0``."""
    size = draw(rows)
    columns = [draw(_column(s, size)) for s in (norms, step_sizes, _decades((0.1, 100.0)), st.floats(0.3, 0.9))]
    return Growth(*columns, draw(st.integers(2, 64)), draw(seeds))


@st.composite
def decaying(draw: st.DrawFn) -> Decaying:
    """Equilibria over the norms' range, decay between barely any and nearly all."""
    size = draw(rows)
    columns = [draw(_column(s, size)) for s in (norms, step_sizes, _decades(DECAYS))]
    return Decaying(*columns, draw(dimensions), draw(seeds))

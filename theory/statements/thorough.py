"""Places at which a statement seems to fail, looked for in one dimension with care: a grid, then steps downhill.

All of it is in double precision, by `theory.statements.floats`; places are exact, and looked at exactly afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import nsmallest
from itertools import islice, permutations, product
from math import hypot, inf

from theory.statements.draws import Draws
from theory.statements.evaluation import Place
from theory.statements.floats import Floats, Unclear
from theory.statements.grids import axes, levels
from theory.statements.kinds import Problem
from theory.statements.places import reached
from theory.statements.rational import Coordinates
from theory.statements.syntax import Call, Member, Name, Node, Relation, Total, whole

_TRIES = {1: 400, 2: 2000, 3: 2000}  # places of the grid in each dimension; above, there is less to be seen
_TRIES_ABOVE, _MOST_PARTS = 600, 200_000  # the parts looked at in one dimension
_STARTS, _STEPS = 6, 300  # places from which steps are taken
_MOST_FOUND, _MOST_OPEN = 40, 24  # places for an exact look; where a statement has no value in double precision
_LARGEST = 10_000  # denominators
_PICKS, _SHADOWS, _REDRAWN, _FINEST = 30, 6, 25, 11  # steps of 1, 1/2, ..., 1/1024
_ROUND = (1, 2, 3, 5, 8, 16, 100)
_SCALES = [Fraction(x) for x in ("2", "1/2", "3/2", "-1", "3", "1/3", "5/4")]


@dataclass(frozen=True)
class Score:
    """How far a place is from what is looked for: ``short`` from the conditions, ``margin`` from a failure."""

    short: float
    margin: float

    @property
    def found(self) -> bool:
        """Whether the conditions seem to hold and the statement seems to fail."""
        return self.short == 0 and self.margin <= 0

    @property
    def distance(self) -> float:
        """0 for what is looked for, and more the further a place is from it."""
        return self.short + max(self.margin, 0.0)


class Thorough:
    """Deterministic places for one problem, in one dimension after the other."""

    def __init__(self, problem: Problem, draws: Draws, seed: int = 0) -> None:
        self.problem, self._draws, self._random, self._parts = problem, draws, random.Random(seed), 0
        self._conditions = [c for c in problem.conditions if not _is_derived(c, problem)]
        self._about = [(c, _vectors(c, problem)) for c in self._conditions]
        self._finest: Sequence[Coordinates] = ()
        self._goal = None if _is_derived(problem.statement, problem) else problem.statement

    def failing(self, dimension: int, beyond: Place | None = None) -> Iterator[Place]:
        """Places at which the conditions seem to hold and the statement to fail, simple ones first.

        ``beyond``: one that is known already, of more dimensions.
        """
        self._parts, left = 0, _MOST_FOUND if self._goal is not None else _MOST_OPEN
        near: list[tuple[float, int, Place]] = []
        for i, place in enumerate(self._grid(dimension)):
            score = self._score(place)
            if score.found and left:
                left -= 1
                yield place
            elif score.distance < inf:
                near.append((score.distance, i, place))
        starts = [place for _, _, place in nsmallest(_STARTS, near)]
        for place in (*starts, *(_shadows(beyond, dimension) if beyond is not None else ())):
            if (found := self._downhill(place)) is not None:
                yield self._simpler(found)

    def meeting(self, dimension: int) -> Iterator[Place]:
        """Places at which the conditions seem to hold."""
        self._parts = 0
        yield from (place for place in self._grid(dimension) if self._score(place).short == 0)

    def _score(self, place: Place) -> Score:
        here = Floats(self.problem, place)
        try:
            short = sum(here.shortfall(c) for c in self._conditions)
            margin = here.margin(self._goal) if isinstance(self._goal, Relation) else 0.0
        except Unclear:
            return Score(inf, inf)
        finally:
            self._parts += here.looked_at
        return Score(short, margin)

    # -- the grid ------------------------------------------------------------------------------------------

    def _grid(self, d: int) -> Iterator[Place]:
        """The first vector on few axes, which a rotation may always do; the others anywhere, on finer and finer grids."""
        grids = levels(d, self._random)
        self._finest = grids[-1]
        rounds = 4 if self.problem.roles.sizes or self._draws.has_scalars else 1
        share = _TRIES.get(d, _TRIES_ABOVE) // (len(grids) * rounds)
        for level, pool in enumerate(grids):
            for turn in range(rounds):
                for vectors in self._frames(axes(d), pool, share, (level + turn) / (len(grids) + rounds)):
                    if self._parts > _MOST_PARTS:
                        return
                    if (place := self._draws.settled(vectors)) is not None:
                        yield place

    def _frames(self, first: Sequence[Coordinates], pool: Sequence[Coordinates], tries: int, wildness: float) -> Iterator[Place]:
        names, scalars, sizes = self._draws.frame(wildness)
        d, each = len(pool[0]), [first, *[pool] * (len(names) - 1)] if names else []
        if (whole_grid := len(first) * len(pool) ** max(len(names) - 1, 0)) <= tries:
            for _ in range(min(_REDRAWN, tries // whole_grid) if scalars else 1):
                yield from (Place(d, dict(zip(names, vectors, strict=True)), scalars, sizes) for vectors in product(*each))
                _, scalars, _ = self._draws.frame(wildness) if not sizes else (names, scalars, sizes)
            return
        for _ in range(tries):
            place = Place(d, {}, scalars, sizes)
            for i, name in enumerate(self._random.sample(names, len(names))):
                place = self._with_one(place, name, each[i])
            yield replace(place, vectors={n: place.vectors[n] for n in names})
            _, scalars, _ = self._draws.frame(wildness) if not sizes else (names, scalars, sizes)

    def _with_one(self, place: Place, name: str, pool: Sequence[Coordinates]) -> Place:
        """One vector more: the first drawn that meets the conditions on those that are there, if one does."""
        complete = [c for c, names in self._about if names and name in names and names <= {name, *place.vectors}]
        for _ in range(_PICKS if complete else 1):
            found = replace(place, vectors={**place.vectors, name: self._random.choice(pool)})
            if not complete or self._short(found, complete) == 0:
                break
        return found

    def _short(self, place: Place, conditions: Sequence[Relation]) -> float:
        here = Floats(self.problem, place)
        try:
            return sum(here.shortfall(c) for c in conditions)
        except Unclear:
            return inf
        finally:
            self._parts += here.looked_at

    # -- downhill ------------------------------------------------------------------------------------------

    def _downhill(self, place: Place) -> Place | None:
        """A place that is found by steps none of which leads away from it."""
        score = self._score(place)
        for _ in range(_STEPS):
            if self._parts > 2 * _MOST_PARTS:
                return None
            there = self._draws.settled(self._moved(place))
            if there is None or _denominator(there) > _LARGEST:
                continue
            if (found := self._score(there)).distance <= score.distance:
                place, score = there, found
            if score.found:
                return place
        return None

    def _moved(self, place: Place) -> Place:
        rng, names = self._random, [*place.vectors, *place.scalars]
        name = rng.choice(names)
        if name in place.scalars:
            x = place.scalars[name]
            moved = rng.choice([x * rng.choice(_SCALES), x + Fraction(rng.choice([1, -1]), 1 << rng.randrange(_FINEST))])
            return replace(place, scalars={**place.scalars, name: moved}) if self._draws.allows(name, moved) else place
        v = place.vectors[name]
        return replace(place, vectors={**place.vectors, name: self._turned(v, place)})

    def _turned(self, v: Coordinates, place: Place) -> Coordinates:
        rng, d = self._random, place.dimension
        way = rng.randrange(5)
        if way == 0:
            factor = rng.choice(_SCALES)
            return tuple(factor * x for x in v)
        if way == 1 and d > 1:  # a rotation of two coordinates by a rational angle
            (i, j), t = rng.sample(range(d), 2), Fraction(rng.choice([1, -1]), rng.choice([1, 2, 3, 5, 8, 20]))
            c, s = (1 - t**2) / (1 + t**2), 2 * t / (1 + t**2)
            return tuple(c * x - s * v[j] if k == i else s * v[i] + c * x if k == j else x for k, x in enumerate(v))
        if way == 2 and any(mirror := rng.choice(list(place.vectors.values()))):  # a reflection
            share = 2 * sum((x * y for x, y in zip(v, mirror, strict=True)), Fraction(0)) / sum(x * x for x in mirror)
            return tuple(x - share * y for x, y in zip(v, mirror, strict=True))
        if way == 3:
            return rng.choice(self._finest)
        i, step = rng.randrange(d), Fraction(rng.choice([1, -1]), 1 << rng.randrange(_FINEST))
        return tuple(x + step * (k == i) for k, x in enumerate(v))

    def _simpler(self, place: Place) -> Place:
        """The same with rounder numbers, one vector or scalar after the other."""
        for name in (*place.vectors, *place.scalars):
            for q in _ROUND:
                there = replace(place, vectors=dict(place.vectors), scalars=dict(place.scalars))
                if name in place.vectors:
                    rounded = tuple(Fraction(round(x * q), q) for x in place.vectors[name])
                    there = replace(there, vectors={**place.vectors, name: rounded if any(rounded) else place.vectors[name]})
                else:
                    x = Fraction(round(place.scalars[name] * q), q)
                    there = replace(there, scalars={**place.scalars, name: x if self._draws.allows(name, x) else place.scalars[name]})
                if self._score(there).found:
                    place = there
                    break
        return place


def _denominator(place: Place) -> int:
    numbers = [x for v in (*place.vectors.values(), tuple(place.scalars.values())) for x in v]
    return max((x.denominator for x in numbers), default=1)


def _is_derived(tree: Node, problem: Problem) -> bool:
    """Whether there is a derivative in a tree, or another side than a value."""
    return not isinstance(tree, Relation) or any(
        isinstance(node, Call) and node.function in ("grad", "hess", "diff") for node in reached(tree, problem.definitions)
    )


def _vectors(tree: Node, problem: Problem) -> set[str]:
    """The vectors that a tree is about; nothing if a sum is among them."""
    found = set()
    for node in reached(tree, problem.definitions):
        if isinstance(node, Total):
            return set()
        if isinstance(node, Name | Member) and problem.is_vector(node) and getattr(node, "name", "") not in problem.definitions:
            found.add(node.name if isinstance(node, Name) else f"{node.name}[{whole(node.index)}]")
    return found


def _shadows(place: Place, d: int) -> Iterator[Place]:
    """A place of more dimensions, projected on what a few of its vectors span."""
    plain = {n: [float(x) for x in v] for n, v in place.vectors.items()}
    for chosen in islice(permutations(plain.values(), d), _SHADOWS):
        basis: list[list[float]] = []
        for v in chosen:
            for b in basis:
                share = _dot(v, b)
                v = [x - share * y for x, y in zip(v, b, strict=True)]
            if (length := hypot(*v)) > 1e-6:
                basis.append([x / length for x in v])
        if len(basis) == d:
            seen = {n: tuple(Fraction(round(64 * _dot(v, b) / hypot(*v)), 64) for b in basis) for n, v in plain.items()}
            if all(map(any, seen.values())):
                yield replace(place, dimension=d, vectors=seen)


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))

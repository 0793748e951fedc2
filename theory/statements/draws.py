"""Places at which a statement is tried: small exact vectors and numbers, simple ones first, conditions respected."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from theory.statements.duals import Undefined
from theory.statements.effort import Effort
from theory.statements.evaluation import SCALE, Comparison, Place, compare
from theory.statements.kinds import Problem
from theory.statements.rational import Coordinates, root, value_at
from theory.statements.syntax import Call, Invariance, Name, Node, Number, Operation, Relation, walk

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NUMBERS = [Fraction(x) for x in ("1", "2", "1/2", "-1", "3", "0", "-2", "1/3", "-1/2", "5", "1/10", "-3", "7/4", "10", "-1/10", "20",
                                  "1/100", "11/7", "1000", "-1000", "1/1000000", "10000000", "-1e21", "1e21")]  # fmt: skip
_UNITS: Mapping[int, tuple[Coordinates, ...]] = {
    1: ((Fraction(1),),),
    2: ((Fraction(1), Fraction(0)), (Fraction(3, 5), Fraction(4, 5)), (Fraction(5, 13), Fraction(-12, 13))),
    3: ((Fraction(1), Fraction(0), Fraction(0)), (Fraction(1, 3), Fraction(2, 3), Fraction(2, 3)),
        (Fraction(0), Fraction(3, 5), Fraction(4, 5)), (Fraction(2, 7), Fraction(-3, 7), Fraction(6, 7))),
}  # fmt: skip


@dataclass(frozen=True)
class Bounds:
    """What conditions say of one scalar by numbers alone."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    def holds(self, x: Fraction) -> bool:
        """Whether a number is inside."""
        above = self.low is None or x > self.low or (x == self.low and not self.low_open)
        return above and (self.high is None or x < self.high or (x == self.high and not self.high_open))

    def met(self, operator: str, x: Fraction) -> Bounds:
        """The bounds with one more."""
        found = self
        if operator in (">", ">=", "==") and (found.low is None or (x, operator == ">") > (found.low, found.low_open)):
            found = replace(found, low=x, low_open=operator == ">")
        if operator in ("<", "<=", "==") and (found.high is None or (-x, operator == "<") > (-found.high, found.high_open)):
            found = replace(found, high=x, high_open=operator == "<")
        return found


def oriented(relation: Relation) -> Iterator[tuple[Node, str, Node]]:
    """A relation read from both sides."""
    yield relation.left, relation.operator, relation.right
    yield relation.right, MIRRORED[relation.operator], relation.left


def bounds_of(problem: Problem, implied: bool = True) -> dict[str, Bounds]:
    """Ranges of scalars that conditions give by numbers; ``implied``: and those outside of which nothing is defined."""
    found: dict[str, Bounds] = {}
    nowhere = Place(1, {}, {})
    for relation in problem.conditions:
        for left, operator, right in oriented(relation):
            if isinstance(left, Name) and problem.roles.kinds.get(left.name) == "scalar" and left.name not in problem.definitions:
                number = value_at(right, nowhere, problem)
                if isinstance(number, Fraction) and operator != "!=":
                    found[left.name] = found.get(left.name, Bounds()).met(operator, number)
    for tree in (problem.statement, *problem.conditions, *problem.definitions.values()):
        for node in walk(tree) if implied else ():
            for name, operator in _asked(node):
                if problem.roles.kinds.get(name) == "scalar" and name in problem.roles.variables:
                    found[name] = found.get(name, Bounds()).met(operator, Fraction(0))
    return found


def _asked(node: Node) -> Iterator[tuple[str, str]]:
    """What a part says of a name in order to be defined: a statement is about no other places."""
    match node:
        case Call(function="log", arguments=(Name(name=name),)):
            yield name, ">"
        case Call(function="sqrt", arguments=(Name(name=name),)):
            yield name, ">="
        case Operation(operator="**", left=Name(name=name), right=Number(value=value)) if value.denominator != 1:
            yield name, ">="


def holds(problem: Problem, relation: Relation, place: Place, effort: Effort | None = None) -> bool:
    """Whether a condition certainly holds at a place; raises `Exhausted` when the effort allowed is spent."""
    try:
        found = compare(problem, relation, place, effort)
    except Undefined:
        return False
    return relation_holds(relation.operator, found)


def relation_holds(operator: str, found: Comparison) -> bool:
    """What the comparison of both sides makes of a relation, taking equality to 100 digits for equality."""
    below, above = found.order == -1, found.order == 1
    same = found.same and found.order is None
    return {"==": same, "!=": found.order is not None, "<": below, "<=": below or same, ">": above, ">=": above or same}[operator]


class Draws:
    """Deterministic places for one problem."""

    def __init__(self, problem: Problem, seed: int = 0, effort: Effort | None = None) -> None:
        self.problem, self._effort, roles = problem, effort, problem.roles
        self.bounds = bounds_of(problem)
        self._random = random.Random(seed)
        self._plain = [n for n in roles.variables if roles.kinds[n] == "vector"]
        self._scalars = [n for n in roles.variables if roles.kinds[n] == "scalar"]
        self._families = {n: s for n, s in roles.families.items() if roles.kinds[n] == "vector"}
        self._indexed = {n: s for n, s in roles.families.items() if roles.kinds[n] == "scalar"}
        self._right, self._long = self._angles(), self._lengths()

    def _angles(self) -> list[tuple[str, str]]:
        return [(a.name, b.name) for c in self.problem.conditions if c.operator == "==" for left, _, right in oriented(c)
                if isinstance(left, Call) and left.function in ("dot", "cos") and value_at(right, Place(1, {}, {}), self.problem) == 0
                for a, b in [left.arguments]
                if isinstance(a, Name) and isinstance(b, Name) and {a.name, b.name} <= set(self._plain)]  # fmt: skip

    def _lengths(self) -> dict[str, Fraction]:
        found = {}
        for c in self.problem.conditions:
            for left, operator, right in oriented(c):
                number = value_at(right, Place(1, {}, {}), self.problem)
                if operator == "==" and isinstance(left, Call) and left.function == "norm" and isinstance(number, Fraction) and number > 0:
                    (of,) = left.arguments
                    found.update({of.name: number} if isinstance(of, Name) else {})
        return found

    def most_dimensions(self, size: int = 2) -> int:
        """As many as there are vectors: more show nothing new."""
        roles = self.problem.roles
        members = sum(size if s else len(roles.members[n]) for n, s in self._families.items())
        return max(1, min(6, len(self._plain) + members))

    @property
    def has_scalars(self) -> bool:
        """Whether there are numbers to be drawn, not vectors only."""
        return bool(self._scalars or self._indexed)

    def allows(self, name: str, x: Fraction) -> bool:
        """Whether a scalar may be this number, as far as conditions say by numbers alone."""
        return self.bounds.get(name, Bounds()).holds(x) and (name != SCALE or x > 0)

    def places(self, dimension: int, tries: int) -> Iterator[Place]:
        """Places of one dimension at which every condition holds; ``tries`` are drawn, some are dropped."""
        for attempt in range(tries):
            place = self._drawn(dimension, attempt / max(tries - 1, 1))
            if place is not None and all(holds(self.problem, c, place, self._effort) for c in self.problem.conditions):
                yield place

    # -- one place --------------------------------------------------------------------------------------------

    def frame(self, wildness: float) -> tuple[list[str], dict[str, Fraction], dict[str, int]]:
        """Everything but coordinates: the names of all vectors, numbers for the scalars, and sizes."""
        sizes = {n: self._size(n, wildness) for n in self.problem.roles.sizes}
        scalars = {n: self._number(n, wildness) for n in self._scalars}
        scalars |= {f"{n}[{k}]": self._number("", wildness) for n, s in self._indexed.items() for k in self._members(n, s, sizes)}
        if isinstance(self.problem.statement, Invariance):
            scalars[SCALE] = self._random.choice([Fraction(2), Fraction(1, 2), Fraction(3), Fraction(5, 4)])
        names = [*self._plain, *(f"{n}[{k}]" for n, s in self._families.items() for k in self._members(n, s, sizes))]
        return names, scalars, sizes

    def settled(self, place: Place) -> Place | None:
        """The place with right angles, lengths and values as conditions have them; nothing where a vector would be 0."""
        vectors = dict(place.vectors)
        return self._solved(replace(place, vectors=vectors)) if self._repaired(vectors) else None

    def _drawn(self, d: int, wildness: float) -> Place | None:
        names, scalars, sizes = self.frame(wildness)
        vectors: dict[str, Coordinates] = {}
        style = self._random.randrange(5)
        for name in names:
            vectors[name] = self._vector(d, style, wildness, list(vectors.values()))
        return self.settled(Place(d, vectors, scalars, sizes))

    def _members(self, name: str, size: str | None, sizes: Mapping[str, int]) -> range | tuple[int, ...]:
        return self.problem.roles.members[name] if size is None else range(1, sizes[size] + 1)

    def _size(self, name: str, wildness: float) -> int:
        box = self.bounds.get(name, Bounds())
        low = max(1, math.floor(box.low) + 1 if box.low_open else math.ceil(box.low)) if box.low is not None else 1
        return low + self._random.randrange(1 + round(3 * wildness))

    def _number(self, name: str, wildness: float) -> Fraction:
        box = self.bounds.get(name, Bounds())
        if box.low is not None and box.high is not None:
            ends = [x for x, is_open in ((box.low, box.low_open), (box.high, box.high_open)) if not is_open]
            if ends and self._random.random() < 0.25:
                return self._random.choice(ends)
            return box.low + (box.high - box.low) * Fraction(self._random.randint(1, 15), 16)
        pool = _NUMBERS[: 3 + round(wildness * (len(_NUMBERS) - 3))]
        if box.low is not None or box.high is not None:
            base, sign = (box.low, 1) if box.low is not None else (box.high, -1)
            assert base is not None
            pool = [base + sign * abs(x) for x in pool] + [x for x in pool if box.holds(x)]
            pool = [x for x in pool if box.holds(x)] or [base]
        return self._random.choice(pool)

    def _vector(self, d: int, style: int, wildness: float, before: list[Coordinates]) -> Coordinates:
        rng = self._random
        if before and rng.random() < 0.15:
            factor = rng.choice([Fraction(1), Fraction(-1), Fraction(2), Fraction(-1, 2)])
            return tuple(factor * x for x in rng.choice(before))
        if style == 0 or (style == 1 and rng.random() < 0.5):
            axis, length = rng.randrange(d), rng.choice([1, -1, 2, -2, 3][: 2 + round(3 * wildness)])
            return tuple(Fraction(length * (i == axis)) for i in range(d))
        if style == 2 and d in _UNITS:
            found = list(rng.choice(_UNITS[d]))
            rng.shuffle(found)
            return tuple(x * rng.choice([1, -1]) for x in found)
        most = 1 + round(4 * wildness)
        while True:
            found = [Fraction(rng.randint(-most, most)) for _ in range(d)]
            if any(found):
                shrunk = rng.choice([1, 2, 3, 10]) if rng.random() < wildness / 3 else 1
                return tuple(x / shrunk for x in found)

    def _repaired(self, vectors: dict[str, Coordinates]) -> bool:
        """Right angles by exact projection, lengths by scaling where the length is rational."""
        order = list(vectors)
        for name in order:
            partners = [a if b == name else b for a, b in self._right if name in (a, b)]
            basis: list[Coordinates] = []
            for partner in (p for p in partners if order.index(p) < order.index(name)):
                rest = _without(vectors[partner], basis)
                basis += [rest] if any(rest) else []
            if basis:
                vectors[name] = _without(vectors[name], basis)
            if name in self._long:
                length = root(sum((x * x for x in vectors[name]), Fraction(0)))
                if not length:
                    return False
                vectors[name] = tuple(x * self._long[name] / length for x in vectors[name])
            if not any(vectors[name]):
                return False
        return True

    def _solved(self, place: Place) -> Place:
        """Conditions ``name == expression`` give the name its value, where that is rational."""
        for relation in self.problem.conditions if any(c.operator == "==" for c in self.problem.conditions) else ():
            for left, operator, right in oriented(relation):
                if operator == "==" and isinstance(left, Name) and left.name not in self.problem.definitions:
                    found = value_at(right, place, self.problem)
                    if isinstance(found, Fraction) and left.name in place.scalars:
                        place = replace(place, scalars={**place.scalars, left.name: found})
                    elif isinstance(found, tuple) and left.name in place.vectors and any(found):
                        place = replace(place, vectors={**place.vectors, left.name: found})
        return place


def _without(a: Coordinates, basis: list[Coordinates]) -> Coordinates:
    for b in basis:
        share = sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0)) / sum(x * x for x in b)
        a = tuple(x - share * y for x, y in zip(a, b, strict=True))
    return a

"""Small exact vectors of one dimension: whole ones, and rational ones of length 1, on finer and finer grids."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from math import gcd

from theory.statements.rational import Coordinates, root


def axes(d: int) -> list[Coordinates]:
    """Vectors of which a rotation makes one: along an axis, or along a diagonal of a few axes."""
    ones = [1, 2, 3] if d == 1 else [1, *[2] * (d == 2)]
    found = [tuple(Fraction(k * (i == 0)) for i in range(d)) for k in ones]
    return found + [tuple(Fraction(int(i <= k)) for i in range(d)) for k in range(1, d)]


def levels(d: int, rng: random.Random) -> list[list[Coordinates]]:
    """Finer and finer sets of vectors, none of them 0."""
    if d == 1:
        sizes = ("1", "2", "1/2", "3", "1/3", "10", "1/10")
        return [[(sign * Fraction(x),) for x in sizes[:n] for sign in (1, -1)] for n in (1, 3, 7)]
    if d == 2:
        return [_whole(2, 1), _circle(2), [*_whole(2, 2), *_circle(4)], [*_whole(2, 4), *_circle(9)]]
    coarse = _whole(d, 1) if d <= 4 else [_drawn(d, 1, rng) for _ in range(100)]
    return [coarse, [*coarse, *(_drawn(d, 3, rng) for _ in range(100))], _sphere(d, rng)]


def _whole(d: int, most: int) -> list[Coordinates]:
    found = product(range(-most, most + 1), repeat=d)
    return [tuple(map(Fraction, v)) for v in found if any(v)]


def _drawn(d: int, most: int, rng: random.Random) -> Coordinates:
    while not any(found := [rng.randint(-most, most) for _ in range(d)]):
        pass
    return tuple(map(Fraction, found))


def _circle(most: int) -> list[Coordinates]:
    """Rational points of the unit circle, by Pythagorean triples: ``(q^2 - p^2, 2 p q) / (p^2 + q^2)``."""
    pairs = [(p, q) for q in range(1, most + 1) for p in range(-q, q + 1) if gcd(p, q) == 1]
    right = [(Fraction(q * q - p * p, p * p + q * q), Fraction(2 * p * q, p * p + q * q)) for p, q in pairs]
    return list(dict.fromkeys([*right, *((-x, y) for x, y in right)]))


def _sphere(d: int, rng: random.Random) -> list[Coordinates]:
    """Rational points of the unit sphere: small whole vectors of rational length, and axes reflected at small whole vectors."""
    short = [v for v in _whole(d, 4 if d == 3 else 2) if root(_squared(v))] if d <= 4 else []
    found = [tuple(x / (root(_squared(v)) or 1) for x in v) for v in short]
    for _ in range(60):
        at, axis = _drawn(d, 3, rng), rng.randrange(d)
        share = 2 * at[axis] / _squared(at)
        found.append(tuple(Fraction(i == axis) - share * x for i, x in enumerate(at)))
    return list(dict.fromkeys(found))


def _squared(v: Coordinates) -> Fraction:
    return sum((x * x for x in v), Fraction(0))

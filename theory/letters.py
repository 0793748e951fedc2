"""What the letters of a law mean, and where they mean it: a probability is at most 1, and a batch has a whole number of draws.

A statement may be true beyond, and is proved wherever it is. But what refutes another one should be a setting that there is: a
reader who is shown a probability of 5/2 has learned nothing of the hypothesis that was dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from theory.kernel import Domain, Goal, Interval, Verdict, decide
from theory.language.gram import Direction
from theory.substance import expressions

PROBABILITY = Interval(sp.S.Zero, sp.S.One)  # a proper one: what is certain or impossible is no case of a law of chances
COSINE = Interval(sp.S.NegativeOne, sp.S.One, low_open=False, high_open=False)
COUNT = Interval(sp.S.One, sp.oo, low_open=False, whole=True)
SEVERAL = Interval(sp.Integer(2), sp.oo, low_open=False, whole=True)


class Coordinates(Enum):
    """What a letter has to do with the coordinates of vectors: it is the vector with 1 for each, one of signs, or their number."""

    ONES, SIGNS, NUMBER = range(3)


@dataclass(frozen=True)
class Turned:
    """A vector that is ``i`` times another one, the halves of which are real and imaginary parts."""

    of: str


@dataclass(frozen=True)
class Letter:
    """What a letter of a law is, in words, and values at which it is that: all of them, or some that a reader can check."""

    words: str
    within: Interval | Coordinates | Turned


def exactly(value: sp.Expr) -> Interval:
    """For what other letters determine."""
    return Interval(value, value, low_open=False, high_open=False)


FIRST = exactly(sp.S.One)  # of the indices, however many there are


def third_cosine(a: sp.Expr, b: sp.Expr) -> Interval:
    """Possible for two vectors with the cosines a and b to a third one; not all, but with ends that have no root."""
    spread = (1 - sp.Abs(a)) * (1 - sp.Abs(b))  # at most the product of both sines
    return Interval(a * b - spread, a * b + spread, low_open=False, high_open=False)


Letters = Mapping[str, str | Letter]  # by the name of the symbol, or its LaTeX; words alone for one that may be anything


def words(letter: str | Letter) -> str:
    """What a letter is."""
    return letter if isinstance(letter, str) else letter.words


def meant(domain: Domain, goal: Goal, letters: Letters, free: Domain | None = None) -> Domain:
    """The part of a domain in which the letters of a goal mean what they say, but for those that ``free`` bounds."""
    said = tuple(expressions(goal))
    symbols = {s for e in (*said, *expressions(domain.ranges)) for s in e.free_symbols if isinstance(s, sp.Symbol)}
    members = {f for e in said for f in e.atoms(AppliedUndef)}
    left = {atom.name for atom in (free or Domain()).ranges if isinstance(atom, sp.Symbol)}
    says = {name: letter.within for name, letter in letters.items() if isinstance(letter, Letter)}
    bounded = {name: box for name, box in says.items() if isinstance(box, Interval)}
    known = {name: box for name, box in bounded.items() if name not in left}
    directions = {v for e in said for v in e.atoms(Direction)}
    inside, families = dict(domain.ranges), dict(domain.families)
    for symbol in sorted(symbols, key=str):
        box = known.get(symbol.name)
        # another symbol of the name, in another law's formula, may be assumed to be something else
        if box and _told(box, symbols, directions) and (box.is_point or box.is_part_of(Domain().interval(symbol))):
            inside[symbol] = _both(inside[symbol], box) if symbol in inside else box
    for member in members:
        name = member.func.__name__
        families.update({key: known[key] for key in (name, f"{name}'", f"{name}''") if key in known})
    near = {v for pair in domain.orthogonal for v in pair}
    besides = domain.besides if inside == domain.ranges else domain.ranges
    coordinates = _coordinates(letters, symbols, directions | near, free)
    return replace(domain, ranges=inside, families=families, besides=besides, **coordinates)


def _told(box: Interval, symbols: Set[sp.Symbol], directions: Set[Direction]) -> bool:
    """Whether a goal has what the ends of a range speak of."""
    return all(end.free_symbols <= symbols and end.atoms(Direction) <= directions for end in box.ends)


def _coordinates(letters: Letters, symbols: Set[sp.Symbol], vectors: Set[Direction], free: Domain | None) -> dict[str, Any]:
    """Which vectors of a goal are that of ones, of signs, or another one turned, and which number is that of the coordinates."""
    are = {name: letter.within for name, letter in letters.items() if isinstance(letter, Letter)}
    named = {str(v): v for v in sorted(vectors, key=str)}
    ones, signs = (tuple(v for name, v in named.items() if are.get(name) is kind) for kind in (Coordinates.ONES, Coordinates.SIGNS))
    pairs = [(v, named[kind.of]) for name, v in named.items() if isinstance(kind := are.get(name), Turned) and kind.of in named]
    dropped = [{a, b} for a, b in (free or Domain()).orthogonal]
    turned = tuple((a, b) for a, b in pairs if {a, b} not in dropped)  # without a right angle it need not be that
    numbers = [s for s in symbols if are.get(s.name) is Coordinates.NUMBER]
    return {"ones": ones, "signs": signs, "turned": turned, "dimension": numbers[0] if numbers else None}


def _both(one: Interval, other: Interval) -> Interval:
    """What lies in both ranges, ends left out if in doubt; the first where the other is beyond it, for it is said of this setting."""
    if other.is_point or other.is_part_of(one):
        return other
    if sp.sympify(one.low >= other.high) is sp.true or sp.sympify(one.high <= other.low) is sp.true:
        return one
    low, high = sp.Max(one.low, other.low), sp.Min(one.high, other.high)
    return Interval(low, high, one.low_open or other.low_open, one.high_open or other.high_open, one.whole or other.whole)


def plainly(goal: Goal, domain: Domain, letters: Letters) -> Verdict:
    """What the kernel says of a goal; refuted where its letters mean what they say, if it is there."""
    verdict = decide(goal, domain)
    there = meant(domain, goal, letters)
    if not verdict.refuted or there == domain:
        return verdict
    plain = decide(goal, there)
    return plain if plain.refuted else verdict

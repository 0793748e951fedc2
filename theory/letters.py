"""What the letters of a law mean, and where they mean it: a probability is at most 1, and a batch has a whole number of draws.

A statement may be true beyond, and is proved wherever it is. But what refutes another one should be a setting that there is: a
reader who is shown a probability of 5/2 has learned nothing of the hypothesis that was dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """What a letter has to do with the coordinates of vectors: it is the vector with 1 for each, or their number."""

    ONES, NUMBER = range(2)


@dataclass(frozen=True)
class Letter:
    """What a letter of a law is, in words, and the values at which it is that."""

    words: str
    within: Interval | Coordinates


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
    inside, families = dict(domain.ranges), dict(domain.families)
    for symbol in sorted(symbols, key=str):
        box = known.get(symbol.name)
        # another symbol of the name, in another law's formula, may be assumed to be something else
        if box and set().union(*(end.free_symbols for end in box.ends)) <= symbols and box.is_part_of(Domain().interval(symbol)):
            inside[symbol] = _both(inside[symbol], box) if symbol in inside else box
    for member in members:
        if box := known.get(member.func.__name__):
            families[member.func.__name__] = box
    return replace(domain, ranges=inside, families=families, **_coordinates(letters, symbols, said))


def _coordinates(letters: Letters, symbols: Iterable[sp.Symbol], said: Iterable[sp.Basic]) -> dict[str, Any]:
    """Which vectors of a goal are that of ones, and which number is that of the coordinates."""
    are = {name: letter.within for name, letter in letters.items() if isinstance(letter, Letter)}
    vectors = {v for e in said for v in e.atoms(Direction) if are.get(str(v)) is Coordinates.ONES}
    numbers = [s for s in symbols if are.get(s.name) is Coordinates.NUMBER]
    return {"ones": tuple(sorted(vectors, key=str)), "dimension": numbers[0] if numbers else None}


def _both(one: Interval, other: Interval) -> Interval:
    """What lies in both ranges, ends left out if in doubt."""
    if other.is_part_of(one):
        return other
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

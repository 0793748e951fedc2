"""The roles of names: variables, families, indices, numbers of terms; and numbers that stay small."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain, count

from theory.statements.source import Spot, StatementError
from theory.statements.syntax import Member, Minus, Name, Node, Number, Operation, Total, parts, walk, whole

MOST_TERMS = 30  # of a sum whose ends are numbers
LARGEST_POWER, LONGEST_VALUE = 64, 300  # absolute value of a constant exponent; digits of a constant


@dataclass(frozen=True)
class Roles:
    """Names by role. A family's size is the name of its number of members, or ``None`` if its members are listed."""

    variables: tuple[str, ...]
    families: Mapping[str, str | None]
    members: Mapping[str, tuple[int, ...]]  # members of a family that are named by a number
    sizes: Mapping[str, Spot]
    kinds: Mapping[str, str] = field(default_factory=dict)

    def sorted_by(self, kinds: Mapping[str, str]) -> Roles:
        """The same, with the kind of every name."""
        return replace(self, kinds=dict(kinds))


def roles_of(trees: Iterable[Node], definitions: Mapping[str, Node]) -> Roles:
    """Every name's role; raises `StatementError` for a name in two roles, or a sum that is none."""
    finder = _Finder(definitions)
    trees = tuple(trees)
    for tree in trees:
        finder.visit(tree, {})
    finder.check()
    variables = tuple(n for n in finder.variables if n not in finder.sizes)
    members = {name: tuple(sorted(finder.members.get(name, ()))) for name in finder.families}
    return Roles(variables, {n: s for n, (s, _) in finder.families.items()}, members, dict(finder.sizes))


class _Finder:
    def __init__(self, definitions: Mapping[str, Node]) -> None:
        self.definitions = definitions
        self.variables: dict[str, Spot] = {}
        self.indices: dict[str, Spot] = {}
        self.sizes: dict[str, Spot] = {}
        self.families: dict[str, tuple[str | None, Spot]] = {}
        self.members: dict[str, set[int]] = {}

    def visit(self, node: Node, bound: Mapping[str, Total]) -> None:
        """``bound``: the indices around a node, each with its sum."""
        match node:
            case Name(name=name, spot=spot) if name != "pi" and name not in bound and name not in self.definitions:
                self.variables.setdefault(name, spot)
            case Member():
                self._member(node, bound)
            case Total():
                self._total(node, bound)
            case _:
                for part in parts(node):
                    self.visit(part, bound)

    def _total(self, node: Total, bound: Mapping[str, Total]) -> None:
        name = node.index
        if name in bound:
            raise StatementError(f"{name} is the index of a sum around this one", node.spot)
        if name in self.definitions:
            raise StatementError(f"{name} is defined, and cannot be an index", node.spot)
        self.indices.setdefault(name, node.spot)
        low, high = whole(node.low), whole(node.high)
        if low is None:
            raise StatementError("a sum begins at a whole number", node.low.spot)
        if high is None:
            if not isinstance(node.high, Name) or node.high.name in bound or node.high.name in {*self.definitions, "pi"}:
                raise StatementError("a sum ends at a whole number, or at a name for one", node.high.spot)
            if low != 1:
                raise StatementError("a sum over a symbolic number of terms begins at 1", node.low.spot)
            self.sizes.setdefault(node.high.name, node.high.spot)
            self.variables.setdefault(node.high.name, node.high.spot)
        elif not 0 <= high - low < MOST_TERMS:
            raise StatementError(f"a sum of numbers has 1 to {MOST_TERMS} terms, this one {high - low + 1}", node.high.spot)
        self.visit(node.body, {**bound, name: node})

    def _member(self, node: Member, bound: Mapping[str, Total]) -> None:
        if node.name in self.definitions or node.name in bound:
            what = "is defined as one value" if node.name in self.definitions else "is the index of a sum"
            raise StatementError(f"{node.name} {what}, and has no members {node.name}[...]", node.spot)
        number, size = whole(node.index), None
        if number is not None:
            if not 1 <= number <= MOST_TERMS:
                raise StatementError(f"members have numbers from 1 to {MOST_TERMS}", node.index.spot)
            self.members.setdefault(node.name, set()).add(number)
            self.families.setdefault(node.name, (None, node.spot))
            return
        if not isinstance(node.index, Name) or node.index.name not in bound:
            raise StatementError("a member is named by the index of a sum around it, or by a number", node.index.spot)
        total = bound[node.index.name]
        low, high = whole(total.low), whole(total.high)
        if high is not None and low is not None:
            if low < 1:
                raise StatementError("members have numbers from 1 on; the sum begins before that", total.low.spot)
            self.members.setdefault(node.name, set()).update(range(low, high + 1))
        elif isinstance(total.high, Name):
            size = total.high.name
        known = self.families.get(node.name, (None, node.spot))[0]
        if size is not None and known not in (None, size):
            raise StatementError(f"{node.name} has {known} members elsewhere, and {size} here", node.spot)
        self.families[node.name] = (size or known, node.spot)

    def check(self) -> None:
        """No name has two roles, and a family of symbolic size has a first member only."""
        for name, spot in self.variables.items():
            if name in self.indices:
                raise StatementError(f"{name} is the index of a sum; outside of it, it means nothing", spot)
            if name in self.families:
                raise StatementError(f"{name} is a family elsewhere; one member is {name}[...]", spot)
        for name, (size, spot) in self.families.items():
            if name in self.indices or name in self.sizes:
                raise StatementError(f"{name} is an index or a number of terms elsewhere", spot)
            if size is not None and self.members.get(name, set()) - {1}:
                raise StatementError(f"{name} has {size} members, of which only the first is sure to be there", spot)


def free_name(trees: Iterable[Node]) -> str:
    """A letter for a scale factor, ``c`` if it may be, that means nothing in the trees."""
    taken = set[str]()
    for tree in trees:
        for node in walk(tree):
            taken |= {node.name} if isinstance(node, Name | Member) else {node.index} if isinstance(node, Total) else set()
    return next(n for n in chain(("c", "k", "s", "t"), (f"c_{i}" for i in count(1))) if n not in taken)


def check_numbers(tree: Node, definitions: Mapping[str, Node]) -> None:
    """Refuse exponents and constants that are too large to be written out."""
    memo: dict[int, Fraction | None] = {}
    for node in walk(tree):
        _constant(node, definitions, memo)


def _constant(node: Node, definitions: Mapping[str, Node], memo: dict[int, Fraction | None]) -> Fraction | None:
    """The value of a part made of numbers only, or nothing."""
    if id(node) not in memo:
        memo[id(node)] = None
        memo[id(node)] = _value(node, definitions, memo)
    return memo[id(node)]


def _value(node: Node, definitions: Mapping[str, Node], memo: dict[int, Fraction | None]) -> Fraction | None:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name) and node.name in definitions:
        return _constant(definitions[node.name], definitions, memo)
    if isinstance(node, Minus):
        inside = _constant(node.of, definitions, memo)
        return None if inside is None else -inside
    if not isinstance(node, Operation):
        return None
    a, b = (_constant(part, definitions, memo) for part in (node.left, node.right))
    if node.operator == "**" and b is not None and abs(b) > LARGEST_POWER:
        raise StatementError(f"an exponent beyond {LARGEST_POWER}", node.right.spot)
    if node.operator == "**" and b is not None and b.denominator > LARGEST_POWER:
        raise StatementError(f"a root beyond the {LARGEST_POWER}th", node.right.spot)
    if a is None or b is None:
        return None
    if node.operator in ("/", "**") and a == 0 and b == 0 and node.operator == "/":
        raise StatementError("a division by 0", node.spot)
    if (node.operator == "/" and b == 0) or (node.operator == "**" and a == 0 and b < 0):
        raise StatementError("a division by 0", node.spot)
    if node.operator == "**":
        if b.denominator != 1:
            return None
        if _digits(a) * abs(b) > LONGEST_VALUE:
            raise StatementError(f"a number of more than {LONGEST_VALUE} digits", node.spot)
        return Fraction(a) ** int(b)
    result = {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[node.operator]()
    if _digits(result) > LONGEST_VALUE:
        raise StatementError(f"a number of more than {LONGEST_VALUE} digits", node.spot)
    return result


def _digits(value: Fraction) -> float:
    return max(value.numerator.bit_length(), value.denominator.bit_length()) * math.log10(2)

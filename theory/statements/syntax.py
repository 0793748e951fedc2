"""Syntax trees of statements: what was written, before anything is made of it. Plain data, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from theory.statements.source import Source, Spot


@dataclass(frozen=True, eq=False)
class Node:
    """A part of a text; two nodes are the same only if they are one and the same place."""

    spot: Spot


@dataclass(frozen=True, eq=False)
class Number(Node):
    """A number, exact."""

    value: Fraction


@dataclass(frozen=True, eq=False)
class Name(Node):
    """A variable, a definition, the index of a sum, or ``pi``."""

    name: str


@dataclass(frozen=True, eq=False)
class Member(Node):
    """``name[index]``."""

    name: str
    index: Node


@dataclass(frozen=True, eq=False)
class Call(Node):
    """A function of the language with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Total(Node):
    """``sum(body, index, low, high)``."""

    body: Node
    index: str
    low: Node
    high: Node


@dataclass(frozen=True, eq=False)
class Minus(Node):
    """``-x``."""

    of: Node


@dataclass(frozen=True, eq=False)
class Operation(Node):
    """``left operator right`` with one of ``+ - * / **``; the spot is that of the operator."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class Relation(Node):
    """``left operator right`` with one of ``== <= < >= >`` and, in conditions, ``!=``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, eq=False)
class Invariance(Node):
    """``scale_invariant(of, in_)``: ``of`` is the same at ``c * in_`` for every ``c > 0``; ``factor`` is what c is called."""

    of: Node
    in_: Node
    factor: str = "c"


Statement = Relation | Invariance

# name: (kinds of the arguments, kind of the value); "s" scalar, "v" vector, "x" a variable vector, "y" a variable scalar,
# "a" either, the same as the value
FUNCTIONS: dict[str, tuple[str, str]] = {
    "dot": ("vv", "s"), "norm": ("v", "s"), "cos": ("vv", "s"), "unit": ("v", "v"), "proj": ("vv", "v"),
    "grad": ("sx", "v"), "hess": ("sxv", "v"), "diff": ("sy", "s"),
    **dict.fromkeys(("exp", "log", "sqrt", "abs", "sin", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"), ("s", "s")),
}  # fmt: skip
MANY = ("max", "min")  # of two or more scalars
RESERVED = frozenset({*FUNCTIONS, *MANY, "sum", "scale_invariant", "pi"})
COSINE = "cos of a scalar"  # the circular function; nobody can write this name


def parts(node: Node) -> Iterator[Node]:
    """The nodes directly below one."""
    match node:
        case Member(index=index):
            yield index
        case Call(arguments=arguments):
            yield from arguments
        case Total(body=body, low=low, high=high):
            yield from (body, low, high)
        case Minus(of=of):
            yield of
        case Operation(left=left, right=right) | Relation(left=left, right=right):
            yield from (left, right)
        case Invariance(of=of, in_=in_):
            yield from (of, in_)


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it."""
    yield node
    for part in parts(node):
        yield from walk(part)


def whole(node: Node) -> int | None:
    """The value of a whole number that is written down."""
    if isinstance(node, Minus):
        inside = whole(node.of)
        return None if inside is None else -inside
    return int(node.value) if isinstance(node, Number) and node.value.denominator == 1 else None


@dataclass(frozen=True, eq=False)
class Texts:
    """Everything that belongs to one statement, parsed: the statement, definitions by name, and conditions."""

    statement: Statement
    definitions: dict[str, Node] = field(default_factory=dict)
    conditions: tuple[Relation, ...] = ()
    source: Source = field(default_factory=lambda: Source(""))

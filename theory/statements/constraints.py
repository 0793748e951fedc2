"""Vector or scalar: what every part of a text says of its neighbours, settled by repetition."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from theory.statements.source import Spot, StatementError
from theory.statements.syntax import (
    FUNCTIONS,
    Call,
    Invariance,
    Member,
    Minus,
    Name,
    Node,
    Number,
    Operation,
    Relation,
    Total,
    parts,
    walk,
)

SCALAR, VECTOR = "scalar", "vector"
_KIND = {"s": SCALAR, "v": VECTOR, "x": VECTOR, "y": SCALAR}


class Constraints:
    """Constraints between kinds, settled by repetition; what remains open is a scalar."""

    def __init__(self, definitions: Mapping[str, Node]) -> None:
        self._definitions = definitions
        self._nodes: list[Node] = []
        self._kinds: dict[object, str] = {}
        self._facts: list[Callable[[], None]] = []
        self._rules: list[Callable[[], None]] = []

    def _key(self, node: Node) -> object:
        return ("name", node.name) if isinstance(node, Name | Member) and node.name != "pi" else id(node)

    def of_name(self, name: str) -> str:
        return self._kinds[("name", name)]

    def by_node(self) -> dict[int, str]:
        return {id(node): self._kinds.get(self._key(node), SCALAR) for node in self._nodes}

    def demand(self, key: object, kind: str, spot: Spot) -> None:
        known = self._kinds.setdefault(key, kind)
        if known != kind:
            if isinstance(key, tuple):
                raise StatementError(f"{key[1]} is a {known} elsewhere, and a {kind} is needed here", spot)
            raise StatementError(f"a {kind} is needed here, this is a {known}", spot)

    def _same(self, a: Node, b: Node, spot: Spot) -> None:
        def rule() -> None:
            for one, other in ((a, b), (b, a)):
                kind = self._kinds.get(self._key(one))
                if kind is not None and not (kind == SCALAR and _is_zero(one)):
                    if kind == VECTOR and _is_zero(other):
                        continue
                    self.demand(self._key(other), kind, spot)

        self._rules.append(rule)

    def collect(self, node: Node) -> None:
        """Constraints of a tree, small parts first: these are clearer about what is wrong."""
        for inside in reversed(tuple(walk(node))):
            self._nodes.append(inside)
            self._constrain(inside)

    def _needs(self, node: Node, kind: str) -> None:
        self._rules.append(lambda: self.demand(self._key(node), kind, node.spot))

    def _is(self, node: Node, kind: str) -> None:
        """Of what a part is by itself; known before anything is asked of it."""
        self._facts.append(lambda: self.demand(self._key(node), kind, node.spot))

    def _constrain(self, node: Node) -> None:
        match node:
            case Number():
                self._is(node, SCALAR)
            case Name(name=name):
                if name in self._definitions:
                    self._same(node, self._definitions[name], self._definitions[name].spot)
                if name == "pi":
                    self._is(node, SCALAR)
            case Call(function=function, arguments=arguments):
                wanted, value = FUNCTIONS.get(function, ("s" * len(arguments), "s"))
                for argument, kind in zip(arguments, wanted, strict=True):
                    self._needs(argument, _KIND[kind])
                self._is(node, _KIND[value])
            case Total(body=body, low=low, high=high):
                self._same(node, body, body.spot)
                self._needs(low, SCALAR)
                self._needs(high, SCALAR)
            case Minus(of=of):
                self._same(node, of, of.spot)
            case Operation(operator="+" | "-", left=left, right=right, spot=spot):
                self._same(node, left, spot)
                self._same(node, right, spot)
                self._same(left, right, spot)
            case Operation(operator="*", left=left, right=right, spot=spot):
                self._rules.append(lambda: self._product(node, left, right, spot))
            case Operation(operator="/", left=left, right=right, spot=spot):
                self._needs(right, SCALAR)
                self._same(node, left, spot)
            case Operation(left=left, right=right):
                for part in (node, left, right):
                    self._needs(part, SCALAR)
            case Relation(operator=operator, left=left, right=right, spot=spot):
                self._same(left, right, spot)
                for part in (left, right) if operator not in ("==", "!=") else ():
                    self._needs(part, SCALAR)
            case Invariance(in_=in_):
                self._needs(in_, VECTOR)
            case Member(index=index):
                self._needs(index, SCALAR)

    def _product(self, node: Node, left: Node, right: Node, spot: Spot) -> None:
        whole, a, b = (self._kinds.get(self._key(part)) for part in (node, left, right))
        if a == b == VECTOR:
            raise StatementError("a product of two vectors; their inner product is dot(u, v)", spot)
        if VECTOR in (a, b):
            self.demand(self._key(node), VECTOR, spot)
            self.demand(self._key(right if a == VECTOR else left), SCALAR, spot)
        elif a == b == SCALAR:
            self.demand(self._key(node), SCALAR, spot)
        elif whole == SCALAR:
            for part in (left, right):
                self.demand(self._key(part), SCALAR, part.spot)
        elif whole == VECTOR and SCALAR in (a, b):
            self.demand(self._key(right if a == SCALAR else left), VECTOR, spot)

    def prefer(self, node: Node, kind: str) -> None:
        """What a part is, if it may be."""
        self._spread()
        self._kinds.setdefault(self._key(node), kind)

    def _spread(self) -> None:
        before = -1
        while before != len(self._kinds):
            before = len(self._kinds)
            for rule in (*self._facts, *self._rules):
                rule()

    def settle(self) -> None:
        """Until nothing changes; then one open name after the other is taken to be a scalar: in ``a*u`` the first."""
        while True:
            self._spread()
            open_ = next((n for n in reversed(self._nodes) if self._key(n) not in self._kinds), None)
            if open_ is None:
                return
            self._kinds[self._key(self._first_open(open_))] = SCALAR

    def _first_open(self, node: Node) -> Node:
        """The first open node without open nodes below it: a name, wherever there is one."""
        for part in parts(node):
            if self._key(part) not in self._kinds:
                return self._first_open(part)
        return node


def is_constant_zero(node: Node) -> bool:
    """The literal 0, which is a vector, too."""
    return isinstance(node, Number) and node.value == 0


_is_zero = is_constant_zero

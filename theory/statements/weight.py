"""How much there is to do for a statement: what would take hours, or all memory, is refused before it is begun."""

from __future__ import annotations

from collections.abc import Mapping

from theory.statements.source import StatementError
from theory.statements.syntax import MANY, Call, Name, Node, Total, parts, whole

MOST_PARTS = 20_000  # with definitions put in and sums written out
MOST_CONDITIONS = 200
DEEPEST_DERIVATIVE = 6  # derivatives inside each other; a Hessian is two
_DERIVATIVES = {"grad": 1, "diff": 1, "hess": 2}


def check_weight(statement: Node, conditions: tuple[Node, ...], definitions: Mapping[str, Node]) -> None:
    """Raise `StatementError` for the smallest part that is too large when it is written out, or for too many conditions."""
    if len(conditions) > MOST_CONDITIONS:
        raise StatementError(f"more than {MOST_CONDITIONS} conditions", conditions[MOST_CONDITIONS].spot)
    scales = _Scales(definitions)
    for tree in (statement, *conditions, *definitions.values()):
        scales.weigh(tree)


class _Scales:
    def __init__(self, definitions: Mapping[str, Node]) -> None:
        self._definitions = definitions
        self._known: dict[int, tuple[int, int]] = {}

    def weigh(self, node: Node) -> tuple[int, int]:
        """Parts when all is written out, and derivatives inside each other."""
        if id(node) not in self._known:
            self._known[id(node)] = 1, 0  # circles are refused elsewhere
            size, depth = self._weight(node)
            if size > MOST_PARTS:
                raise StatementError(f"written out, this has more than {MOST_PARTS} parts", node.spot)
            if depth > DEEPEST_DERIVATIVE:
                raise StatementError(f"more than {DEEPEST_DERIVATIVE} derivatives inside each other", node.spot)
            self._known[id(node)] = size, depth
        return self._known[id(node)]

    def _weight(self, node: Node) -> tuple[int, int]:
        if isinstance(node, Name) and node.name in self._definitions:
            return self.weigh(self._definitions[node.name])
        each = [self.weigh(part) for part in parts(node)]
        size, depth = 1 + sum(size for size, _ in each), max((depth for _, depth in each), default=0)
        if isinstance(node, Total):
            low, high = whole(node.low), whole(node.high)
            return size * (2 if low is None or high is None else max(1, high - low + 1)), depth
        if isinstance(node, Call) and node.function in _DERIVATIVES:
            times = _DERIVATIVES[node.function]
            return size * 2**times, max(each[0][1] + times, depth)
        if isinstance(node, Call) and node.function in MANY:  # the first is compared, and what comes out is once more
            return sum(size * 2 ** min(len(each) - max(i, 1), 30) for i, (size, _) in enumerate(each)), depth
        return size, depth

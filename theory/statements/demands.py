"""What the parts of a text ask for in order to be defined: divisors, roots, logarithms, kinks, vectors of no direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from theory.statements.evaluation import Place
from theory.statements.kinds import Problem
from theory.statements.places import depends
from theory.statements.rational import value_at
from theory.statements.syntax import COSINE, MANY, Call, Member, Minus, Name, Node, Number, Operation, Total, parts, walk
from theory.statements.typed import typed

NONZERO, NONNEGATIVE, POSITIVE = "must not be 0", "must not be negative", "must be positive"
INSIDE, STRICTLY_INSIDE = "must be between -1 and 1", "must be above -1 and below 1"
DIFFERENT = "must differ"
_NOWHERE = Place(1, {}, {})


@dataclass(frozen=True)
class Demand:
    """One part, or two that must differ, and what is asked of it; ``bound`` are the sums around it, by index."""

    of: tuple[Node, ...]
    what: str
    bound: Mapping[str, Total] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """In the language of the statement."""
        within = {node.name for of in self.of for node in walk(of) if isinstance(node, Name)}
        every = "".join(f" for every {index}" for index in self.bound if index in within)
        return f"{' and '.join(sorted(map(typed, self.of)))} {self.what}{every}"


def demands(problem: Problem, trees: Iterable[Node]) -> Iterator[Demand]:
    """Everything that these trees and the definitions they use ask for, with repetitions."""
    finder = _Finder(problem)
    for tree in trees:
        yield from finder.visit(tree, {}, ())


class _Finder:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._done: set[tuple[str, tuple[str, ...]]] = set()

    def visit(self, node: Node, bound: Mapping[str, Total], by: tuple[Node, ...]) -> Iterator[Demand]:
        """``by``: what the part is differentiated by, outermost first."""
        match node:
            case Name(name=name) if name in self.problem.definitions and name not in bound:
                key = (name, tuple(map(typed, by)))
                if key not in self._done:
                    self._done.add(key)
                    yield from self.visit(self.problem.definitions[name], {}, by)
            case Total(body=body, index=index):
                yield from self.visit(body, {**bound, index: node}, by)
            case Call(function="grad" | "hess" | "diff", arguments=(of, variable, *rest)):
                yield from self.visit(of, bound, (*by, variable))
                for part in rest:
                    yield from self.visit(part, bound, by)
            case _:
                for part in parts(node):
                    yield from self.visit(part, bound, by)
                yield from self._asked(node, bound, by)

    def _asked(self, node: Node, bound: Mapping[str, Total], by: tuple[Node, ...]) -> Iterator[Demand]:
        smooth = any(depends(node, variable, self.problem.definitions) for variable in by)
        match node:
            case Operation(operator="/", right=right):
                yield from self._nonzero(right, bound)
            case Operation(operator="**", left=left, right=right):
                yield from self._power(left, right, bound, smooth)
            case Call(function="log", arguments=(of,)):
                yield from self._positive(of, bound)
            case Call(function="sqrt", arguments=(of,)):
                yield from self._positive(of, bound) if smooth else [Demand((of,), NONNEGATIVE, bound)]
            case Call(function="arcsin" | "arccos", arguments=(of,)):
                yield Demand((of,), STRICTLY_INSIDE if smooth else INSIDE, bound)
            case Call(function="tan", arguments=arguments):
                yield Demand((Call(node.spot, COSINE, arguments),), NONZERO, bound)
            case Call(function="abs" | "norm", arguments=(of,)) if smooth:
                yield from self._nonzero(of, bound)
            case Call(function=function, arguments=arguments) if function in MANY and smooth:
                yield from (Demand(pair, DIFFERENT, bound) for pair in combinations(arguments, 2))
            case Call(function="cos", arguments=arguments):
                for of in arguments:
                    yield from self._nonzero(of, bound)
            case Call(function="unit" | "proj", arguments=(of, *_)):
                yield from self._nonzero(of, bound)

    def _power(self, base: Node, exponent: Node, bound: Mapping[str, Total], smooth: bool) -> Iterator[Demand]:
        value = value_at(exponent, _NOWHERE, self.problem)
        if not isinstance(value, Fraction) or (value.denominator != 1 and (value < 0 or smooth)):
            yield from self._positive(base, bound)
        elif value.denominator != 1:
            yield Demand((base,), NONNEGATIVE, bound)
        elif value < 0:
            yield from self._nonzero(base, bound)

    def _positive(self, of: Node, bound: Mapping[str, Total]) -> Iterator[Demand]:
        if isinstance(of, Operation) and of.operator == "*" and isinstance(of.left, Number) and of.left.value > 0:
            of = of.right
        is_even = isinstance(of, Operation) and of.operator == "**" and isinstance(of.right, Number) and of.right.value % 2 == 0
        if is_even or (isinstance(of, Call) and of.function in ("sqrt", "abs", "norm")):
            yield from self._nonzero(of, bound)
        elif not (isinstance(of, Call) and of.function == "exp"):
            yield Demand((of,), POSITIVE, bound)

    def _nonzero(self, of: Node, bound: Mapping[str, Total]) -> Iterator[Demand]:
        """A product is not 0 if none of its factors is; named vectors never are."""
        match of:
            case Operation(operator="*", left=left, right=right):
                yield from self._nonzero(left, bound)
                yield from self._nonzero(right, bound)
            case Operation(operator="/", left=left):
                yield from self._nonzero(left, bound)
            case Operation(operator="**", left=left):  # of any other exponent the base has to be positive anyway
                yield from self._nonzero(left, bound)
            case Minus(of=inside) | Call(function="unit" | "norm" | "abs", arguments=(inside,)):
                yield from self._nonzero(inside, bound)
            case Call(function="sqrt", arguments=(inside,)):
                yield from self._positive(inside, bound)
            case Number(value=value) if value != 0:
                return
            case Call(function="exp"):
                return
            case Name(name=name) if name in self.problem.definitions and name not in bound:
                body = self.problem.definitions[name]
                inside_ = list(self._nonzero(body, {}))
                whole = len(inside_) == 1 and inside_[0].of == (body,)
                yield from [Demand((of,), NONZERO, bound)] if whole else inside_
            case Name() | Member() if self.problem.is_vector(of):
                return
            case _:
                yield Demand((of,), NONZERO, bound)

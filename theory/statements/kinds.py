"""What every name stands for, found from its use: a vector or a real scalar, one or a family, a number of terms.

The result is a `Problem`: trees in which nothing is ambiguous any more. Whatever has no reading is a
`StatementError` with its place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from theory.statements.constraints import SCALAR, VECTOR, Constraints
from theory.statements.grammar import parse_condition, parse_expression, parse_statement
from theory.statements.names import Roles, check_numbers, free_name, roles_of
from theory.statements.places import check_places, check_used
from theory.statements.source import Source, Spot, StatementError
from theory.statements.syntax import (
    RESERVED,
    Invariance,
    Name,
    Node,
    Relation,
    Statement,
    walk,
)
from theory.statements.weight import check_weight


@dataclass(frozen=True, eq=False)
class Problem:
    """A statement with everything it needs, its names sorted into roles, and the kind of every part."""

    statement: Statement
    definitions: Mapping[str, Node]
    conditions: tuple[Relation, ...]
    roles: Roles
    _kinds: Mapping[int, str] = field(repr=False)

    def is_vector(self, node: Node) -> bool:
        """Whether a part of the texts is a vector."""
        return self._kinds[id(node)] == VECTOR

    def kind_of(self, name: str) -> str:
        """``vector`` or ``scalar``, of a variable, a family or a definition."""
        return self.roles.kinds[name]


def read(statement: str, where: Mapping[str, str] | None = None, given: Sequence[str] = (), shared: Collection[str] = ()) -> Problem:
    """Parse and sort out everything; raises `StatementError` with the place for what cannot be read.

    ``shared`` are names of definitions that may be unused, because they are for other statements as well.
    """
    tree = parse_statement(Source(statement))
    return _problem(tree, where or {}, given, shared=shared)


def read_expression(text: str, where: Mapping[str, str] | None = None, given: Sequence[str] = (), kind: str = SCALAR) -> Problem:
    """One expression of a kind, as the left side of a statement that says nothing."""
    tree = parse_expression(Source(text, "expression"))
    problem = _problem(Relation(tree.spot, "==", tree, tree), where or {}, given, kind)
    if problem.is_vector(tree) != (kind == VECTOR):
        raise StatementError(f"a {kind} is expected, this is a {VECTOR if problem.is_vector(tree) else SCALAR}", tree.spot)
    return problem


def _problem(tree: Statement, where: Mapping[str, str], given: Sequence[str], kind: str = "", shared: Collection[str] = ()) -> Problem:
    definitions: dict[str, Node] = {}
    for name, text in where.items():
        _check_definable(name)
        definitions[name] = parse_expression(Source(text, f"where {name}"))
    conditions = tuple(link for text in given for link in parse_condition(Source(text, "given")))
    used = _used(tree, definitions, conditions)
    if isinstance(tree, Invariance):
        tree = replace(tree, factor=free_name((tree, *conditions, *used.values())))
    roles = roles_of((tree, *conditions, *used.values()), definitions)
    check_used({n: t for n, t in definitions.items() if n not in {*used, *shared}}, (*roles.variables, *roles.families))
    check_places((tree, *conditions, *used.values()), {*roles.variables, *roles.sizes}, roles.families, used)
    check_weight(tree, conditions, used)
    kinds = Constraints(used)
    for node in (tree, *conditions, *used.values()):
        check_numbers(node, used)
        kinds.collect(node)
    for name, spot in roles.sizes.items():
        kinds.demand(("name", name), SCALAR, spot)
    if kind and isinstance(tree, Relation):
        kinds.prefer(tree.left, kind)
    kinds.settle()
    roles = roles.sorted_by({name: kinds.of_name(name) for name in (*roles.variables, *roles.families, *used)})
    return Problem(tree, used, conditions, roles, kinds.by_node())


def _check_definable(name: str) -> None:
    source = Source(name, "name of a definition")
    spot = Spot(source, 0)
    if not name.isascii() or not name.isidentifier():
        at = next((i for i, c in enumerate(name) if not (c.isascii() and (c.isalnum() or c == "_"))), 0)
        raise StatementError("a definition is NAME=EXPRESSION, the name of ASCII letters, digits and _", Spot(source, at))
    if name in RESERVED:
        raise StatementError(f"{name} has a meaning of its own and cannot be defined", spot)


def _used(tree: Node, definitions: Mapping[str, Node], conditions: Iterable[Node]) -> dict[str, Node]:
    """The definitions that are needed, each after those that it needs; cycles are refused."""
    done: dict[str, Node] = {}
    path: list[str] = []

    def visit(node: Node) -> None:
        for inside in walk(node):
            if isinstance(inside, Name) and inside.name in definitions and inside.name not in done:
                name = inside.name
                if name in path:
                    circle = " -> ".join((*path[path.index(name) :], name))
                    raise StatementError(f"definitions go in a circle: {circle}", inside.spot)
                if len(path) > 30:
                    raise StatementError("definitions refer to each other more than 30 deep", inside.spot)
                path.append(name)
                visit(definitions[name])
                path.pop()
                done[name] = definitions[name]

    for node in (tree, *conditions):
        visit(node)
    return done

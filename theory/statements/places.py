"""What derivatives are taken by, and of; and definitions of which nothing is made: mostly slips of the pen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches

from theory.statements.source import Spot, StatementError
from theory.statements.syntax import Call, Invariance, Member, Name, Node, walk, whole

_DERIVATIVES = ("grad", "hess", "diff")


def check_places(
    trees: Iterable[Node], variables: Collection[str], families: Mapping[str, str | None], definitions: Mapping[str, Node]
) -> None:
    """What is differentiated by, or scaled, is a variable on which the rest depends; raises `StatementError` otherwise."""
    for tree in trees:
        for of, by in _derivatives(tree):
            _check_variable(by, variables, families, definitions)
            if not depends(of, by, definitions):
                what = f"{of.name} does" if isinstance(of, Name) else "this does"
                hint = "; is a definition missing?" if _has_open_name(of, definitions) else ""
                raise StatementError(f"{what} not depend on {_shown(by)}{hint}", of.spot)


def _derivatives(tree: Node) -> Iterator[tuple[Node, Node]]:
    """Every derivative or rescaling: of what, and by what; outer ones first."""
    for node in walk(tree):
        if isinstance(node, Call) and node.function in _DERIVATIVES:
            yield node.arguments[0], node.arguments[1]
        elif isinstance(node, Invariance):
            yield node.of, node.in_


def _check_variable(by: Node, variables: Collection[str], families: Mapping[str, str | None], definitions: Mapping[str, Node]) -> None:
    if isinstance(by, Name) and by.name in variables:
        return
    if isinstance(by, Member) and whole(by.index) is not None:
        if (size := families.get(by.name)) is None:
            return
        raise StatementError(f"{by.name} has a symbolic number {size} of members, by one of which nothing can be differentiated", by.spot)
    what = "a definition" if isinstance(by, Name) and by.name in definitions else "no variable"
    raise StatementError(f"derivatives are taken with respect to a variable; this is {what}", by.spot)


def depends(of: Node, by: Node, definitions: Mapping[str, Node]) -> bool:
    """Whether a variable, or one member of a family, occurs in a part or in the definitions that it uses."""
    return any(_may_be(node, by) for node in reached(of, definitions))


def _may_be(node: Node, by: Node) -> bool:
    """Whether a part is that variable or member; a member of the index of a sum may be any."""
    if isinstance(node, Member) and isinstance(by, Member):
        return node.name == by.name and whole(node.index) in (None, whole(by.index))
    return isinstance(node, Name) and isinstance(by, Name) and node.name == by.name


def reached(of: Node, definitions: Mapping[str, Node]) -> Iterator[Node]:
    """All parts, and those of the definitions that are used, each definition once."""
    seen, waiting = set[str](), [of]
    while waiting:
        for node in walk(waiting.pop()):
            yield node
            if isinstance(node, Name) and node.name in definitions and node.name not in seen:
                seen.add(node.name)
                waiting.append(definitions[node.name])


def _has_open_name(of: Node, definitions: Mapping[str, Node]) -> bool:
    """Whether there is a name without a definition: it may have been meant to have one."""
    return any(isinstance(node, Name) and node.name not in {*definitions, "pi"} for node in reached(of, definitions))


def _shown(by: Node) -> str:
    number = whole(by.index) if isinstance(by, Member) else None
    name: str = by.name  # type: ignore[attr-defined]
    return name if number is None else f"{name}[{number}]"


def check_used(unused: Mapping[str, Node], names: Iterable[str]) -> None:
    """Raise `StatementError` for the first definition of which no use is made; ``names`` are those that have none."""
    for name, tree in unused.items():
        close = [n for n in names if n.lower() == name.lower()] or get_close_matches(name, list(names), 3, 0.6)
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        raise StatementError(f"{name} is defined but not used{hint}", Spot(tree.spot.source, 0))

"""Every sign, exponent, factor and comparison of a file, flipped one at a time.

A mutant is the file's syntax tree with one change: a whole number made one larger or negative, any other doubled
or negative; ``+`` for ``-`` and back; ``*`` for ``/`` and back; a unary minus dropped; a comparison turned round.
Text, imports and indices are left alone, and so is what letters stand for: it only says where counterexamples are sought.
"""

from __future__ import annotations

import ast
import importlib.util
import types
from collections.abc import Iterator
from dataclasses import dataclass

_SWAPS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_SYMPY_NUMBERS = {"Zero": "One", "One": "Zero", "NegativeOne": "One"}


@dataclass(frozen=True)
class Mutant:
    """One changed file: where, what, and the function or constant of the file in which it happened.

    ``at`` is the place of the change in the file's syntax tree and the number of the change there; None changes nothing. The tree is
    changed when the mutant is loaded: to copy it for each of a file's mutants takes long, and most are only counted.
    """

    module: str
    line: int
    place: str
    change: str
    at: tuple[tuple[object, ...], int] | None

    @property
    def tree(self) -> ast.Module:
        """The changed syntax tree."""
        changed = _parsed(self.module)
        if self.at is not None:
            path, number = self.at
            node = _at(changed, path)
            _, apply = _changes(node)[number]
            _replace(changed, path, apply(node))
        return ast.fix_missing_locations(changed)

    def load(self) -> types.ModuleType:
        """The mutated module, executed under a name of its own; the real one stays as it is."""
        module = types.ModuleType(f"{self.module}__mutant")
        exec(compile(self.tree, self.module, "exec"), module.__dict__)  # our own source, changed by us
        return module

    def __str__(self) -> str:
        return f"{self.module.rsplit('.', 1)[-1]}:{self.line} in {self.place}: {self.change}"


def _parsed(module: str) -> ast.Module:
    """A new tree each time: it is changed in place."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    with open(spec.origin, encoding="utf-8") as file:
        return ast.parse(file.read())


def changes(module: str) -> Iterator[tuple[str, str]]:
    """Place and change of all mutants of a module, which are not made."""
    for place, node, _ in _walk(_parsed(module)):
        for words, _ in _changes(node):
            yield place, words


def mutants(module: str) -> Iterator[Mutant]:
    """All mutants of a module, in the order of its text."""
    for place, node, path in _walk(_parsed(module)):
        for number, (words, _) in enumerate(_changes(node)):
            yield Mutant(module, node.lineno, place, words, (path, number))  # type: ignore[attr-defined]


def _walk(tree: ast.Module) -> Iterator[tuple[str, ast.AST, tuple[object, ...]]]:
    for i, top in enumerate(tree.body):
        place = getattr(top, "name", None) or ",".join(
            t.id for t in getattr(top, "targets", [getattr(top, "target", None)]) if isinstance(t, ast.Name)
        )
        if isinstance(top, (ast.Import, ast.ImportFrom, ast.Expr)):
            continue
        yield from ((place, node, path) for node, path in _descend(top, ("body", i)))


def _descend(node: ast.AST, path: tuple[object, ...]) -> Iterator[tuple[ast.AST, tuple[object, ...]]]:
    yield node, path
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "slice"} or isinstance(node, ast.JoinedStr) or _is_said(node):
            continue
        if isinstance(value, ast.AST):
            yield from _descend(value, (*path, name))
        elif isinstance(value, list):
            for i, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield from _descend(item, (*path, name, i))


def _is_said(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg == "letters"


def _at(tree: ast.AST, path: tuple[object, ...]) -> ast.AST:
    node: object = tree
    for key in path:
        node = node[key] if isinstance(key, int) else getattr(node, str(key))  # type: ignore[index]
    assert isinstance(node, ast.AST)
    return node


def _replace(tree: ast.AST, path: tuple[object, ...], new: ast.AST) -> None:
    parent: object = tree
    for key in path[:-1]:
        parent = parent[key] if isinstance(key, int) else getattr(parent, str(key))  # type: ignore[index]
    if isinstance(path[-1], int):
        parent[path[-1]] = new  # type: ignore[index]
    else:
        setattr(parent, str(path[-1]), new)


def _changes(node: ast.AST) -> list[tuple[str, object]]:  # pairs of words and node -> node
    if isinstance(node, ast.Constant) and type(node.value) is int:
        value = node.value
        return [(f"{value} -> {new}", lambda _, new=new: ast.Constant(new)) for new in {value + 1, -value} - {value}]
    if isinstance(node, ast.Constant) and type(node.value) is float:
        value = node.value
        return [(f"{value} -> {new}", lambda _, new=new: ast.Constant(new)) for new in {2 * value or 1.0, -value} - {value}]
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OPPOSITES:
        opposite = _OPPOSITES[type(node.ops[0])]
        name = f"{type(node.ops[0]).__name__} -> {opposite.__name__}"
        return [(name, lambda n, opposite=opposite: ast.Compare(n.left, [opposite()], n.comparators))]
    if isinstance(node, ast.BinOp) and type(node.op) in _SWAPS:
        new_op = _SWAPS[type(node.op)]
        name = f"{type(node.op).__name__} -> {new_op.__name__}"
        return [(name, lambda n, new_op=new_op: ast.BinOp(n.left, new_op(), n.right))]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [("minus dropped", lambda n: n.operand)]
    if isinstance(node, ast.Attribute) and node.attr in _SYMPY_NUMBERS:
        new_name = _SYMPY_NUMBERS[node.attr]
        return [(f"{node.attr} -> {new_name}", lambda n, new_name=new_name: ast.Attribute(n.value, new_name, n.ctx))]
    return []

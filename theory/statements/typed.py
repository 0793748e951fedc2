"""Parts of statements as one types them."""

from __future__ import annotations

from theory.statements.syntax import COSINE, Call, Member, Minus, Name, Node, Number, Operation, Total

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 1, 2, 3, 4, 5
_BINDS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}


def typed(node: Node) -> str:
    """An expression in the language it was read from, without superfluous brackets and spaces."""
    return _text(node)[0]


def _text(node: Node) -> tuple[str, int]:
    """The text, and how tightly it binds."""
    match node:
        case Number(value=value):
            return str(value), _ATOM if value.denominator == 1 else _PRODUCT
        case Name(name=name):
            return name, _ATOM
        case Member(name=name, index=index):
            return f"{name}[{typed(index)}]", _ATOM
        case Minus(of=of):
            return f"-{_within(of, _SIGN)}", _SIGN
        case Operation(operator=operator, left=left, right=right):
            own = _BINDS[operator]
            before, after = (_ATOM, _SIGN) if operator == "**" else (own, own + (operator in "-/"))
            gap = " " if own == _SUM else ""
            return f"{_within(left, before)}{gap}{operator}{gap}{_within(right, after)}", own
        case Total(body=body, index=index, low=low, high=high):
            return f"sum({typed(body)}, {index}, {typed(low)}, {typed(high)})", _ATOM
        case Call(function=function, arguments=arguments):
            return f"{'cos' if function == COSINE else function}({', '.join(map(typed, arguments))})", _ATOM
    raise TypeError(f"{type(node).__name__} is no expression")


def _within(node: Node, binding: int) -> str:
    text, own = _text(node)
    return f"({text})" if own < binding else text

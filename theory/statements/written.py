"""Statements on paper: LaTeX of what was typed, as it was typed."""

from __future__ import annotations

from fractions import Fraction

from theory.statements.syntax import (
    COSINE,
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
)

_LETTERS = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega
Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"""
_GREEK = frozenset(_LETTERS.split())
_RELATIONS = {"==": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">", "!=": r"\ne"}
_FUNCTIONS = {"log": r"\ln", "sin": r"\sin", "tan": r"\tan", "arcsin": r"\arcsin", "arccos": r"\arccos", "arctan": r"\arctan",
              "sinh": r"\sinh", "cosh": r"\cosh", "tanh": r"\tanh", COSINE: r"\cos", "max": r"\max", "min": r"\min"}  # fmt: skip
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 1, 2, 3, 4, 5
_BINDS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _ATOM, "**": _POWER}


def written(node: Node) -> str:
    """LaTeX without dollar signs."""
    return _text(node)[0]


def _text(node: Node) -> tuple[str, int]:
    """LaTeX, and how tightly it binds."""
    match node:
        case Number(value=value):
            return _number(value)
        case Name(name=name):
            return _name(name), _ATOM
        case Member(name=name, index=index):
            base = _name(name)
            return f"{{{base}}}_{{{written(index)}}}" if "_" in base else f"{base}_{{{written(index)}}}", _ATOM
        case Minus(of=of):
            return f"-{_within(of, _PRODUCT)}", _SUM
        case Operation():
            return _operation(node)
        case Total(body=body, index=index, low=low, high=high):
            return rf"\sum_{{{_name(index)}={written(low)}}}^{{{written(high)}}} {_within(body, _PRODUCT)}", _SUM
        case Call():
            return _call(node)
        case Relation(operator=operator, left=left, right=right):
            return f"{written(left)} {_RELATIONS[operator]} {written(right)}", 0
        case Invariance(of=of, in_=in_, factor=factor):
            u, f, c = written(in_), _within(of, _ATOM), _name(factor)
            return rf"{f}\big|_{{{u} \to {c} {u}}} = {f} \quad ({c} > 0)", 0
    raise TypeError(f"no LaTeX for {type(node).__name__}")


def _number(value: Fraction) -> tuple[str, int]:
    if value.denominator == 1:
        return str(value.numerator), _ATOM
    return rf"\frac{{{value.numerator}}}{{{value.denominator}}}", _PRODUCT


def _name(name: str) -> str:
    """``tau`` as the letter, ``u_next`` with an index, words upright."""
    base, _, below = name.strip("_").partition("_")
    stem, digits = base.rstrip("0123456789"), base[len(base.rstrip("0123456789")) :]
    if stem in _GREEK or len(stem) == 1:
        base, below = f"\\{stem}" if stem in _GREEK else stem, ",".join(filter(None, (digits, below)))
    else:
        base = rf"\mathrm{{{base}}}"
    escaped = below.replace("_", r"\_")
    return base + (rf"_{{{escaped}}}" if below else "")


def _within(node: Node, binding: int) -> str:
    text, own = _text(node)
    return rf"\left({text}\right)" if own < binding else text


def _operation(node: Operation) -> tuple[str, int]:
    left, right, operator = node.left, node.right, node.operator
    if operator == "/":
        return rf"\frac{{{written(left)}}}{{{written(right)}}}", _PRODUCT
    if operator == "**":
        if isinstance(left, Call) and left.function == "norm":
            return f"{written(left)}^{{{written(right)}}}", _POWER
        return f"{{{_within(left, _ATOM)}}}^{{{written(right)}}}", _POWER
    if operator == "*":
        factors = _within(left, _PRODUCT), _within(right, _PRODUCT)
        glue = r" \cdot " if factors[1][:1].isdigit() or factors[1].startswith(r"\frac") or factors[1].startswith("-") else r"\, "
        return glue.join(factors), _PRODUCT
    return f"{written(left)} {operator} {_within(right, _PRODUCT if operator == '-' or isinstance(right, Minus) else _SUM)}", _SUM


def _call(node: Call) -> tuple[str, int]:
    name, arguments = node.function, node.arguments
    inside = ", ".join(map(written, arguments))
    if name == "norm":
        return rf"\lVert {inside}\rVert", _ATOM
    if name == "dot":
        return rf"\langle {inside}\rangle", _ATOM
    if name == "cos":
        return rf"\cos({inside})", _ATOM
    if name == "unit":
        return rf"\widehat{{{inside}}}", _ATOM
    if name == "proj":
        return rf"P_{{{written(arguments[0])}}} {_within(arguments[1], _ATOM)}", _PRODUCT
    if name == "grad":
        return rf"\nabla_{{{written(arguments[1])}}} {_within(arguments[0], _ATOM)}", _PRODUCT
    if name == "hess":
        return rf"\nabla^2_{{{written(arguments[1])}}} {_within(arguments[0], _ATOM)}\, {_within(arguments[2], _ATOM)}", _PRODUCT
    if name == "diff":
        return rf"\partial_{{{written(arguments[1])}}} {_within(arguments[0], _ATOM)}", _PRODUCT
    if name == "exp":
        return f"e^{{{inside}}}", _POWER
    if name == "sqrt":
        return rf"\sqrt{{{inside}}}", _ATOM
    if name == "abs":
        return rf"\left\lvert {inside}\right\rvert", _ATOM
    return rf"{_FUNCTIONS[name]}\left({inside}\right)", _ATOM

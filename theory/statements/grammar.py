"""Tokens to syntax trees, by recursive descent with precedence climbing. Nothing is looked up or evaluated."""

from __future__ import annotations

from fractions import Fraction

from theory.statements.lexer import Token, tokens
from theory.statements.source import Source, StatementError
from theory.statements.syntax import (
    COSINE,
    FUNCTIONS,
    MANY,
    RESERVED,
    Call,
    Invariance,
    Member,
    Minus,
    Name,
    Node,
    Number,
    Operation,
    Relation,
    Statement,
    Total,
)

DEEPEST, LONGEST_FORMULA, LONGEST_CHAIN = 60, 2000, 100  # nested parts; tokens; operations in a row
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}
_SIGN = 3  # -x**2 is -(x**2), and 2*-x is read
_RELATIONS = ("==", "<=", "<", ">=", ">", "!=")


def parse_statement(source: Source) -> Statement:
    """``left == right`` (or an inequality), or ``scale_invariant(L, u)``."""
    parser = _Parser(source)
    statement = parser.statement()
    if isinstance(statement, Relation) and statement.operator == "!=":
        raise StatementError("!= is a condition, not a statement; the relations are == <= < >= >", statement.spot)
    return statement


def parse_expression(source: Source) -> Node:
    """A scalar or a vector."""
    parser = _Parser(source)
    node = parser.expression()
    parser.finish()
    return node


def parse_condition(source: Source) -> tuple[Relation, ...]:
    """One comparison, or a chain such as ``0 < x <= 1``, as one relation a link."""
    parser = _Parser(source)
    return parser.chain()


class _Parser:
    """Reads one text from left to right."""

    def __init__(self, source: Source) -> None:
        self._tokens, self._at, self._depth = list(tokens(source)), 0, 0
        if len(self._tokens) > LONGEST_FORMULA:
            raise StatementError(f"more than {LONGEST_FORMULA} words and signs", self._tokens[LONGEST_FORMULA].spot)

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, text: str) -> Token:
        if self._next.text != text or self._next.kind == "end":
            raise StatementError(f"{text!r} is expected here, not {_named(self._next)}", self._next.spot)
        return self._take()

    def finish(self) -> None:
        """Nothing may be left."""
        if self._next.kind != "end":
            hint = "; equality is written ==" if self._next.text == "=" else ""
            hint = "; products are written *" if self._next.kind in ("name", "number") or self._next.text == "(" else hint
            raise StatementError(f"the formula is complete before {_named(self._next)}{hint}", self._next.spot)

    def statement(self) -> Statement:
        """A whole statement."""
        if self._next.text == "scale_invariant":
            start = self._take()
            of, in_ = self._arguments(2, "scale_invariant")
            self.finish()
            return Invariance(start.spot, of, in_)
        links = self.chain()
        if len(links) > 1:
            raise StatementError("one relation is a statement; state two statements", links[1].spot)
        return links[0]

    def chain(self) -> tuple[Relation, ...]:
        """``a < b <= c``."""
        links, left = [], self.expression()
        while self._next.text in _RELATIONS:
            relation = self._take()
            right = self.expression()
            links.append(Relation(relation.spot, relation.text, left, right))
            left = right
        if not links and self._next.kind == "end":
            raise StatementError("a relation is missing: one of == <= < >= >", self._next.spot)
        self.finish()
        return tuple(links)

    def expression(self, binding: int = 1) -> Node:
        """A sum, product, power or anything that binds more tightly."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise StatementError(f"nested more than {DEEPEST} deep", self._next.spot)
        left, links = self._signed(), 0
        while self._next.kind == "operator" and _BINDS.get(self._next.text, 0) >= binding:
            operator, links = self._take(), links + 1
            if links > LONGEST_CHAIN:
                raise StatementError(f"more than {LONGEST_CHAIN} operations in a row; use a definition or sum(...)", operator.spot)
            tighter = _BINDS[operator.text] + (operator.text != "**")  # ** groups to the right
            right = self.expression(_SIGN if operator.text == "**" else tighter)
            left = Operation(operator.spot, operator.text, left, right)
        self._depth -= 1
        return left

    def _signed(self) -> Node:
        token = self._next
        if token.kind == "operator" and token.text in "+-":
            self._take()
            of = self.expression(_SIGN)
            return Minus(token.spot, of) if token.text == "-" else of
        return self._atom()

    def _atom(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Number(token.spot, Fraction(token.text))
        if token.text == "(":
            inside = self.expression()
            self._expect(")")
            return inside
        if token.kind != "name":
            hint = "; equality is written ==" if token.text == "=" else ""
            raise StatementError(f"a name, a number or '(' is expected here, not {_named(token)}{hint}", token.spot)
        if self._next.text == "(":
            return self._call(token)
        if self._next.text == "[":
            return self._member(token)
        if token.text in RESERVED and token.text != "pi":
            raise StatementError(f"{token.text} is a function: {token.text}(...)", token.spot)
        return Name(token.spot, token.text)

    def _member(self, name: Token) -> Node:
        if name.text in RESERVED:
            raise StatementError(f"{name.text} has a meaning of its own and no members", name.spot)
        self._take()
        index = self.expression()
        self._expect("]")
        return Member(name.spot, name.text, index)

    def _call(self, name: Token) -> Node:
        if name.text == "sum":
            return self._total(name)
        if name.text == "cos":
            arguments = self._arguments(None, "cos")
            if len(arguments) not in (1, 2):
                raise StatementError("cos takes two vectors, or one scalar", name.spot)
            return Call(name.spot, "cos" if len(arguments) == 2 else COSINE, arguments)
        if name.text in MANY:
            arguments = self._arguments(None, name.text)
            if len(arguments) < 2:
                raise StatementError(f"{name.text} takes two scalars or more", name.spot)
            return Call(name.spot, name.text, arguments)
        if name.text == "scale_invariant":
            raise StatementError("scale_invariant(L, u) is a whole statement, not a part of one", name.spot)
        if name.text not in FUNCTIONS:
            known = ", ".join(sorted({*FUNCTIONS, *MANY, "sum"}))
            raise StatementError(f"{name.text} is no function (products are written *); the functions are {known}", name.spot)
        return Call(name.spot, name.text, self._arguments(len(FUNCTIONS[name.text][0]), name.text))

    def _arguments(self, count: int | None, function: str) -> tuple[Node, ...]:
        start, found = self._expect("("), list[Node]()
        while not found or self._next.text == ",":
            if found:
                self._take()
            found.append(self.expression())
        self._expect(")")
        if count is not None and len(found) != count:
            raise StatementError(f"{function} takes {count} argument{'s' * (count != 1)}, not {len(found)}", start.spot)
        return tuple(found)

    def _total(self, name: Token) -> Node:
        start = self._next
        arguments = self._arguments(4, "sum")
        body, index, low, high = arguments
        if not isinstance(index, Name) or index.name in RESERVED:
            raise StatementError("sum(expression, index, first, last): the index is a name", index.spot if index else start.spot)
        return Total(name.spot, body, index.name, low, high)


def _named(token: Token) -> str:
    return "the end of the text" if token.kind == "end" else repr(token.text)

"""Characters to tokens. Whatever is not of the language is refused here, with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from theory.statements.source import Source, Spot, StatementError

LONGEST_TEXT, LONGEST_NUMBER, LARGEST_EXPONENT = 10_000, 40, 30  # characters; characters; of ten, in a literal
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator>\*\*|==|<=|>=|!=|[-+*/()\[\],<>=])",
    re.ASCII,
)
_HINTS = {"^": "powers are written **", "!": "the relations are == <= < >= >", "·": "products are written *", "×": "products are written *"}
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda",
    "μ": "mu", "ρ": "rho", "σ": "sigma", "τ": "tau", "π": "pi", "≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "∑": "sum", "∇": "grad",
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """``kind`` is ``number``, ``name``, ``operator`` or ``end``."""

    kind: str
    text: str
    spot: Spot


def tokens(source: Source) -> Iterator[Token]:
    """The tokens of a text, ``end`` last; raises `StatementError` at the first character that belongs to none."""
    text, at = source.text, 0
    if len(text) > LONGEST_TEXT:
        raise StatementError(f"the text has {len(text)} characters; {LONGEST_TEXT} are read at most", Spot(source, LONGEST_TEXT))
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise StatementError(_foreign(text[at]), Spot(source, at))
        kind = str(found.lastgroup)
        if kind == "number":
            _check_number(found.group(), Spot(source, at), text[found.end() : found.end() + 1])
        if kind != "space":
            yield Token(kind, found.group(), Spot(source, at))
        at = found.end()
    yield Token("end", "the end", Spot(source, len(text)))


def _foreign(character: str) -> str:
    if character in _GREEK:
        return f"{character!r} is not read; write {_GREEK[character]}"
    if character in _HINTS:
        return f"{character!r} is not read; {_HINTS[character]}"
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"{character!a} ({name}) is not read; names are ASCII letters, digits and _"


def _check_number(text: str, spot: Spot, following: str) -> None:
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > LONGEST_NUMBER or len(exponent) > 5 or abs(int(exponent or 0)) > LARGEST_EXPONENT:
        raise StatementError(f"a number of more than {LONGEST_NUMBER} digits, or beyond 1e{LARGEST_EXPONENT}", spot)
    if following.isalpha() or following in ("_", "."):
        place = Spot(spot.source, spot.position + len(text))
        raise StatementError("a number ends here, and nothing stands between it and what follows; products are written *", place)

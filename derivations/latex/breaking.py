r"""Where a formula may be broken: before relations and signs, then between factors, then inside brackets.

Nothing is rewritten: the rows are the formula. Sides of fractions wider than a line have names before (`derivations.latex.naming`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derivations.latex.widths import width

ELLIPSIS = r"\ \ldots"  # a formula may be broken before it
RELATIONS = (" = ", r" \ge ", r" \le ", " > ", r" \to ", r" \ \Rightarrow\ ")
_APART = (r",\qquad ", r",\quad ", r" \quad ")
_BREAKS = (ELLIPSIS, *_APART, *RELATIONS, " + ", " - ")
_OPEN, _CLOSE = re.compile(r"[{(\[]|\\lVert|\\langle"), re.compile(r"[})\]]|\\rVert|\\rangle")
_ROUND = re.compile(r"(\\left)?\(")
_FACTOR = re.compile(r" (?=\\sum|\\left\(|\()")
_UNFINISHED = re.compile(r"(^|\\sum_\{[^{}]*\}\^(\{[^{}]*\}|.)|[-+=<>,;]|\\(?:[a-z]?quad|cdot|le|ge|to|[,;! ]|))$")
_NARROW = 9.0  # average letters; a factor that is narrower stays with the next one
_SIDE = re.compile(r"\\(left|right)(?![A-Za-z])")


@dataclass(frozen=True)
class Piece:
    """What stays on one line, and whether it is a factor of what is before it."""

    text: str
    factor: bool = False


def pieces(line: str, breaks: tuple[str, ...] = _BREAKS) -> list[str]:
    """The formula cut before every relation and sign that no bracket encloses."""
    cuts, last = [0], 0
    for i in _outside(line):
        found = next((b for b in breaks if line.startswith(b, i)), None)
        if found and i > 0 and i >= last:
            cuts.append(i + (len(found) if found.startswith(",") else 0))
            last = i + len(found)
    return _cut(line, cuts)


def parts(line: str, limit: float) -> list[Piece]:
    """The formula in pieces no wider than the limit, as far as that can be done; wider ones are cut ever deeper."""
    return _parts(Piece(line), limit)


def closed(row: str) -> str:
    r"""A row of a broken formula: ``\left`` and ``\right`` without their partner become brackets of a fixed size."""
    open_: list[int] = []
    alone: dict[int, str] = {}
    for side in _SIDE.finditer(row):
        if side[1] == "left":
            open_.append(side.start())
        elif open_:
            open_.pop()
        else:
            alone[side.start()] = r"\biggr"
    alone |= dict.fromkeys(open_, r"\biggl")
    return _SIDE.sub(lambda side: alone.get(side.start(), side[0]), row)


def _parts(piece: Piece, limit: float) -> list[Piece]:
    line = piece.text
    if width(line) <= limit:
        return [piece]
    levels = (pieces(line, breaks) for breaks in (_APART, RELATIONS, _BREAKS))
    terms, factors = next((found for found in levels if len(found) > 1), []), _factors(line)
    if terms:
        found = [Piece(term) for term in terms]
    elif len(factors) > 1:
        found = [Piece(factor, i > 0) for i, factor in enumerate(factors)]
    else:
        return _inside(piece, limit)
    found[0] = replace(found[0], factor=piece.factor)
    return [smaller for part in found for smaller in _parts(part, limit)]


def _factors(line: str) -> list[str]:
    """One term, cut between its brackets, sums and other factors."""
    places = [i for i in _outside(line) if _FACTOR.match(line, i) or (line[i] == " " and line[i - 1 : i] == ")")]
    cuts = [0]
    for i in places:
        if width(line[cuts[-1] : i]) > _NARROW and not _UNFINISHED.search(line[:i].rstrip()):
            cuts.append(i)
    return _cut(line, cuts)


def _inside(piece: Piece, limit: float) -> list[Piece]:
    """One factor, cut inside its widest bracket."""
    line = piece.text
    spans = [(match.end(), _end(line, match.end())) for i in _outside(line) if (match := _ROUND.match(line, i))]
    if not spans:
        return [piece]
    start, end = max(spans, key=lambda span: width(line[slice(*span)]))
    inner = _parts(Piece(line[start:end]), limit - 3)
    if len(inner) == 1:
        return [piece]
    inner[0] = Piece(line[:start] + inner[0].text, piece.factor)
    inner[-1] = replace(inner[-1], text=inner[-1].text + line[end:])
    return inner


def _outside(line: str) -> Iterator[int]:
    """The places in a formula that no bracket encloses."""
    depth = 0
    for i in range(len(line)):
        if depth == 0:
            yield i
        depth += _OPEN.match(line, i) is not None
        depth -= _CLOSE.match(line, i) is not None


def _end(line: str, start: int) -> int:
    r"""Where the bracket that was opened before ``start`` is closed: before its ``)`` or ``\right)``."""
    depth = 0
    for i in range(start, len(line)):
        if depth == 0 and line[i] == ")":
            return i - len(r"\right") * line.startswith(r"\right", i - len(r"\right"))
        depth += _OPEN.match(line, i) is not None
        depth -= _CLOSE.match(line, i) is not None
    return len(line)


def _cut(line: str, cuts: list[int]) -> list[str]:
    return [line[a:b] for a, b in zip(cuts, [*cuts[1:], len(line)], strict=True) if a < b or not a]

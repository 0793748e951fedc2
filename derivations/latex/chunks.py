r"""The parts of a formula that can have a name of their own: brackets, fractions and their sides, powers of e, sums.

All of it is read off the text that the printer wrote, so a part put back in place of its name gives that text again, letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BEFORE = " {(-,/"  # what may stand before a part; a letter there would make it a function's argument
_TERM_ENDS = (" + ", " - ", r"\,\hat", r"\quad", r"\qquad", r"\ \Rightarrow", r"\right", ", ", r",\ ", r",\quad")
_INDEX = re.compile(r"\\sum_\{([a-z])=")
_OPENING, _CLOSING = re.compile(r"[({\[]|\\langle(?![a-z])"), re.compile(r"[)}\]]|\\rangle(?![a-z])")
_COMMAND = re.compile(r"\\[A-Za-z]+")


@dataclass(frozen=True)
class Chunk:
    """``text[start:end]`` can be a name; ``body`` is what the name stands for, brackets left out."""

    start: int
    end: int
    body: str


def chunks(text: str) -> Iterator[Chunk]:
    """Every part, the outer before the inner."""
    for i in range(len(text)):
        if i and text[i - 1] not in _BEFORE:
            continue
        if text.startswith(r"\frac{", i):
            yield from _fraction(text, i)
        elif text.startswith(r"\left(", i) or text[i] == "(":
            start = i + len(r"\left(") if text[i] == "\\" else i + 1
            end = closing(text, start)
            yield Chunk(i, end + 1, text[start : end - len(r"\right") * text.startswith(r"\right", end - len(r"\right"))])
        elif text.startswith(r"\sqrt{", i):
            start = i + len(r"\sqrt{")
            yield Chunk(start, end := closing(text, start), text[start:end])
        elif text.startswith("e^{", i):
            end = closing(text, i + 3) + 1
            yield Chunk(i, end, text[i:end])
        elif text.startswith(r"\sum_{", i):
            end = term_end(text, i)
            yield Chunk(i, end, text[i:end])


def _fraction(text: str, i: int) -> Iterator[Chunk]:
    above = i + len(r"\frac{")
    middle = closing(text, above)
    below = middle + 2
    end = closing(text, below)
    yield Chunk(i, end + 1, text[i : end + 1])
    yield Chunk(above, middle, text[above:middle])
    yield Chunk(below, end, text[below:end])


def closing(text: str, start: int) -> int:
    """Where the bracket that was opened before ``start`` is closed; the length of the text if it is not."""
    depth = 0
    for i in range(start, len(text)):
        if text[i] in "({[":
            depth += 1
        elif text[i] in ")}]":
            if depth == 0:
                return i
            depth -= 1
    return len(text)


def term_end(text: str, start: int) -> int:
    """Where the term ends that begins at ``start``: at a sign or bracket that is not inside it."""
    depth = 0
    for i in range(start, len(text)):
        opens, closes = _OPENING.match(text, i), _CLOSING.match(text, i)
        if depth == 0 and (closes or (text.startswith(_TERM_ENDS, i) and text[i - 1 : i] != "\\")):
            return i
        depth += (opens is not None) - (closes is not None)
    return len(text)


def is_sum(body: str) -> bool:
    """Whether a part needs brackets as a factor: it has signs that nothing encloses, or begins with one."""
    return body.startswith("-") or any(body.startswith((" + ", " - "), i) for i in _outside(body))


def bracketed(body: str) -> str:
    """A sum as a factor, in the brackets that `theory.typeset` gives it."""
    tall = any(mark in body for mark in (r"\frac", r"\sum", r"\sqrt", r"\left", "^"))
    return rf"\left({body}\right)" if tall else f"({body})"


def indices(text: str) -> list[str]:
    """The letters over which the formula sums."""
    return sorted(set(_INDEX.findall(text)))


def free_indices(body: str, letters: list[str]) -> tuple[str, ...]:
    """Those that a part has from a sum around it."""
    return tuple(letter for letter in letters if _is_free(body, letter))


def _is_free(body: str, letter: str) -> bool:
    while (at := body.find(rf"\sum_{{{letter}=")) >= 0:
        body = body[:at] + body[term_end(body, at) :]
    return re.search(rf"(?<![A-Za-z]){letter}(?![A-Za-z])", _COMMAND.sub(" ", body)) is not None


def _outside(text: str) -> Iterator[int]:
    depth = 0
    for i, char in enumerate(text):
        if depth == 0:
            yield i
        depth += (char in "({[") - (char in ")}]")

r"""Fractions that can be read: one that stands in a fraction is set in full size, unless it is a plain number such as 1/2."""

from __future__ import annotations

import re

from derivations.latex.widths import argument

_FRACTION = re.compile(r"\\frac(?![A-Za-z])")
_ANY_FRACTION = re.compile(r"\\t?frac(?![A-Za-z])")
_FRACTION_OR_INDEX = re.compile(rf"{_FRACTION.pattern}|_\{{")
_NUMBER = re.compile(r"\d+")
_PLAIN = re.compile(r"\d+|d?\s*(?:[A-Za-z]|\\[A-Za-z]+)?")  # a side that can be read in the smaller size


def legible(text: str) -> str:
    r"""The formula with ``\dfrac`` where a fraction would come out smaller than the letters around it; nothing else is changed."""
    return _legible(text, inside=False)


def full_size(text: str) -> str:
    """The formula as it stands in a line of text: fractions as large as in a display."""
    return rf"\displaystyle {legible(text)}" if r"\frac" in text else text


def is_small(text: str) -> bool:
    """Whether a line of text would set a fraction too small to be read: one with anything in it but a number, a letter or d/dt."""
    start = 0
    while found := _ANY_FRACTION.search(text, start):
        above, middle = argument(text, found.end())
        below, start = argument(text, middle)
        if not (_PLAIN.fullmatch(above) and _PLAIN.fullmatch(below)):
            return True
    return False


def _legible(text: str, *, inside: bool) -> str:
    out, start = "", 0
    while found := _FRACTION_OR_INDEX.search(text, start):
        if found[0] == "_{":  # in an index a fraction in full size would tower over what it belongs to
            _, end = argument(text, found.end() - 1)
            out, start = out + text[start:end], end
            continue
        if text[found.end() : found.end() + 1] != "{":  # \\frac12, as an author writes it
            out, start = out + text[start : found.end()], found.end()
            continue
        above, middle = argument(text, found.end())
        below, end = argument(text, middle)
        plain = _NUMBER.fullmatch(above) and _NUMBER.fullmatch(below)
        command = r"\dfrac" if inside and not plain else r"\frac"
        sides = (_legible(side, inside=True) for side in (above, below))
        out += text[start : found.start()] + command + "".join(f"{{{side}}}" for side in sides)
        start = end
    return out + text[start:]

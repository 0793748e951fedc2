r"""Fractions that can be read: one that stands in a fraction is set in full size, unless it is a plain number such as 1/2."""

from __future__ import annotations

import re

from derivations.latex.widths import argument

_FRACTION = re.compile(r"\\frac(?![A-Za-z])")
_NUMBER = re.compile(r"\d+")


def legible(text: str) -> str:
    r"""The formula with ``\dfrac`` where a fraction would come out smaller than the letters around it; nothing else is changed."""
    return _legible(text, inside=False)


def is_nested(text: str) -> bool:
    """Whether a fraction stands in a fraction."""
    return legible(text) != text


def _legible(text: str, *, inside: bool) -> str:
    out, start = "", 0
    while found := _FRACTION.search(text, start):
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

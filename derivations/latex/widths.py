"""How wide a formula is set, roughly, without setting it."""

from __future__ import annotations

import re
from functools import lru_cache

_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_INVISIBLE = {"left", "right", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "big", "Big", ",", "!", ";", "tfrac"}
_WIDE = {"sum": 2.4, "quad": 2.0, "qquad": 4.0, "ln": 1.8, "Rightarrow": 2.2, "arccos": 4.0, "sqrt": 1.2}


@lru_cache(maxsize=20_000)
def width(text: str) -> float:
    """Rough width in average letters: fractions as wide as their wider side, scripts at two thirds."""
    total, i = 0.0, 0
    while i < len(text):
        char = text[i]
        command = _COMMAND.match(text, i)
        if command and command[1] in ("frac", "dfrac", "tfrac"):
            above, i = argument(text, command.end())
            below, i = argument(text, i)
            total += max(width(above), width(below)) * (0.7 if command[1] == "tfrac" else 1.0) + 0.6
        elif command:
            total += 0.0 if command[1] in _INVISIBLE else _WIDE.get(command[1], 1.0)
            i = command.end()
        elif char in "_^":
            script, i = argument(text, i + 1)
            total += 0.66 * width(script)
        else:
            total += 0.0 if char in "{} &\n" else 2.5 if char in "=+-<>" else 1.0
            i += 1
    return total


def argument(text: str, start: int) -> tuple[str, int]:
    """The group, command or letter that begins at ``start``, and where it ends."""
    while start < len(text) and text[start] == " ":
        start += 1
    if command := _COMMAND.match(text, start):
        return command[0], command.end()
    if start >= len(text) or text[start] != "{":
        return text[start : start + 1], start + 1
    depth, i = 0, start
    while i < len(text):
        depth += (text[i] == "{") - (text[i] == "}")
        i += 1
        if depth == 0:
            break
    return text[start + 1 : i - 1], i

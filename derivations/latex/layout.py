"""Displays that fit a page: long formulas are broken at relations and at top-level plus and minus signs."""

from __future__ import annotations

import re

WIDTH = 56.0  # of a line of text, in average letters; a last resort is the macro \\normlawfit
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_RELATIONS = (" = ", r" \ge ", r" \le ", " > ", r" \to ", r" \ \Rightarrow\ ")
_THEREFORE = r" \ \Rightarrow\ "
ELLIPSIS = r"\ \ldots"  # a formula may be broken before it
_BREAKS = (ELLIPSIS, r",\qquad ", r",\quad ", *_RELATIONS, " + ", " - ")
_OPEN, _CLOSE = re.compile(r"[{(\[]|\\lVert|\\langle"), re.compile(r"[})\]]|\\rVert|\\rangle")
_INVISIBLE = {"left", "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", ",", "!", ";", "tfrac"}
_WIDE = {"sum": 2.4, "quad": 2.0, "qquad": 4.0, "ln": 1.8, "Rightarrow": 2.2, "arccos": 4.0, "sqrt": 1.2}


def display(lines: tuple[str, ...], end: str = "") -> str:
    """Formulas in one display, one below the other, each broken where it must be; ``end`` closes the last."""
    rows = [broken(part) for line in lines for part in _conclusions(line)]
    if len(rows) == 1:
        return f"\\[\n{rows[0]}{end}\n\\]"
    return "\\begin{gather*}\n" + " \\\\\n".join(rows) + f"{end}\n\\end{{gather*}}"


def _conclusions(line: str) -> tuple[str, ...]:
    """What follows from something long stands on a line of its own."""
    before, arrow, after = line.partition(_THEREFORE)
    return (before, rf"\Rightarrow\ {after}") if arrow and width(line) > WIDTH else (line,)


def broken(line: str, limit: float = WIDTH) -> str:
    """One formula, in an ``aligned`` if it is wider than the limit."""
    if width(line) <= limit:
        return line
    rows: list[str] = []
    for piece in pieces(line):
        if rows and width(rows[-1] + piece) <= limit - 4 * (len(rows) > 1):
            rows[-1] += piece
        else:
            rows.append(piece)
    if len(rows) == 1:
        return rf"\normlawfit{{{line}}}"
    inside = " \\\\\n".join([f"& {rows[0]}", *(rf"& \qquad {row.strip()}" for row in rows[1:])])
    return _fitted(f"\\begin{{aligned}}\n{inside}\n\\end{{aligned}}", rows, limit)


def _fitted(text: str, rows: list[str], limit: float) -> str:
    return rf"\normlawfit{{{text}}}" if max(map(width, rows)) > limit else text


def pieces(line: str) -> list[str]:
    """The formula cut before every relation and sign that no bracket encloses."""
    cuts, depth, i = [0], 0, 0
    while i < len(line):
        found = next((b for b in _BREAKS if line.startswith(b, i)), None)
        if depth == 0 and found and i > 0:
            cuts.append(i + (len(found) if found.startswith(",") else 0))
            i += len(found)
            continue
        depth += _OPEN.match(line, i) is not None
        depth -= _CLOSE.match(line, i) is not None
        i += 1
    return [line[a:b] for a, b in zip(cuts, [*cuts[1:], len(line)], strict=True)]


def width(text: str) -> float:
    """Rough width in average letters: fractions as wide as their wider side, scripts at two thirds."""
    total, i = 0.0, 0
    while i < len(text):
        char = text[i]
        command = _COMMAND.match(text, i)
        if command and command[1] in ("frac", "tfrac"):
            above, i = _argument(text, command.end())
            below, i = _argument(text, i)
            total += max(width(above), width(below)) * (0.7 if command[1] == "tfrac" else 1.0) + 0.6
        elif command:
            total += 0.0 if command[1] in _INVISIBLE else _WIDE.get(command[1], 1.0)
            i = command.end()
        elif char in "_^":
            script, i = _argument(text, i + 1)
            total += 0.66 * width(script)
        else:
            total += 0.0 if char in "{} &\n" else 2.5 if char in "=+-<>" else 1.0
            i += 1
    return total


def _argument(text: str, start: int) -> tuple[str, int]:
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

"""Formulas for KaTeX: the LaTeX stands in the page, where a reader without the script sees it, and is typeset when it is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from derivations.latex.layout import broken
from derivations.latex.limits import limit_latex
from derivations.latex.naming import Names
from derivations.latex.printed import printed_latex
from derivations.latex.where import LINE
from derivations.latex.words import prose_and_formulas
from derivations.report.markup import Html, el, join, safe

_MATH = re.compile(r"(?<!\\)\$")
_APART = r" ;\quad "  # between the parts of a goal
_FITTED = re.compile(r"^\\normlawfit\{(.*)\}$", re.DOTALL)
_ALIGNED = re.compile(r"\\begin\{aligned\}\n& (.*)\n\\end\{aligned\}", re.DOTALL)
_NEXT_ROW, _TIMES = " \\\\\n& \\qquad ", r"\times"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ROOM = r"\hphantom{"
_ASSIGNED = re.compile(r"[A-Za-z]+\d*(_[\w+*-]+)?(\(\d+\))?"), re.compile(r"[-\w/., ()*]+")


def inline(latex: str) -> Html:
    """A formula in a line of text."""
    return el("span", latex, class_="tex")


def block(latex: str, names: Names | None = None) -> Html:
    """A formula on lines of its own, broken where it is long, with names for parts of what is longer than that."""
    names = names or Names()
    return join(_lines(line, names) for line in latex.split(_APART) if line)


def _lines(formula: str, names: Names) -> Html:
    """The formula whole: itself, and a line for each part that has a name in it."""
    text, parts = names.named(formula, LINE)
    new = [part for part in dict.fromkeys(parts) if not part.known]
    known = dict.fromkeys(part.name for part in parts if part.known and part.name not in {n.name for n in new})
    rows = [_line(text), *(_line(f"{part.name} = {part.body}", "formula part") for part in new)]
    above = [el("p", join(map(inline, known), ", "), " as above.", class_="says")] if known else []
    return join([*rows, *above])


def _line(whole: str, kind: str = "formula") -> Html:
    """What is copied is not broken: the script puts it together again, and where it cannot it is told the whole."""
    shown = broken(whole)
    return el("div", shown, class_=kind, data_copy=None if unbroken(shown) == whole else whole)


def unbroken(shown: str) -> str:
    """A formula that `broken` has broken, as it was, but for what cannot be seen from it; ``unbroken`` in pure.js is the same."""
    fitted = _FITTED.sub(r"\1", shown).replace(r"\dfrac", r"\frac")
    inside = _ALIGNED.fullmatch(fitted)
    if inside is None:
        return fitted
    first, *rows = inside[1].split(_NEXT_ROW)
    rows = [_without_room(row, first) for row in rows]
    text = first + "".join(row[len(_TIMES) :] if row.startswith(_TIMES) else f" {row}" for row in rows)
    return text.replace(r"\biggl", r"\left").replace(r"\biggr", r"\right")


def _without_room(row: str, first: str) -> str:
    """Without the room that is left below the left side, which is what the first row begins with."""
    if not row.startswith(_ROOM):
        return row
    after = row[len(_ROOM) :]
    left = list(takewhile(lambda pair: pair[0] == pair[1], zip(first, after, strict=False)))
    return after[len(left) + len("} ") :]


def words(text: str) -> Html:
    """Words of a record, ``$...$`` in them; a lonely dollar sign is a character."""
    parts = prose_and_formulas(text)
    if len(parts) == 1:
        return safe(_prose(text) if "$" not in text else text)
    return join(inline(part) if i % 2 else _prose(part) for i, part in enumerate(parts))


def _prose(text: str) -> str:
    return re.sub(r'"([^"]*)"', r"“\1”", text)


def definitions(decided: Sequence[Mapping[str, str]], names: Names | None = None) -> Html:
    """What the typed names of a goal stand for, whole, behind one line that opens."""
    if not decided:
        return Html()
    names = names or Names()
    rows = [join((el("p", inline(d["name"]), f" {d['says']}", class_="says"), _lines(d["expression"], names))) for d in decided]
    return el("details", el("summary", "what was compared"), *rows, class_="decided")


def counterexample(values: Mapping[str, str], detail: str) -> Html:
    """The point at which the kernel refuted a statement, and by how much."""
    known = dict(values)
    growth = [join(("grows as ", inline(limit_latex(known.pop("leading")))))] if "leading" in known else []
    pairs = [_assignment(name, value) for name, value in sorted(known.items())]
    at = [join(("at ", join(pairs, ", ")))] if pairs else []
    text, limit, value = detail.partition("the limit is ")
    said = [join((text, limit, inline(limit_latex(value))) if limit else (text,))] if detail else []
    return join([*at, *growth, *said], "; ")


def _assignment(name: str, value: str) -> Html:
    if _ASSIGNED[0].fullmatch(name) and _ASSIGNED[1].fullmatch(value):
        return inline(f"{printed_latex(name)} = {printed_latex(value)}")
    return safe(f"{name} = {value}")


def number(value: Any) -> str:
    """Three digits; a power of ten as on paper. What a ledger writes as a string is said in words."""
    if value is None:
        return "none"
    value = float(value)
    text = f"{value:.3g}"
    if "e" not in text:
        return {"inf": "∞", "-inf": "−∞", "nan": "not a number"}.get(text, text.replace("-", "−"))
    digits, _, power = text.partition("e")
    digits = {"1": "", "-1": "−"}.get(digits, f"{digits}·")
    return f"{digits}10{str(int(power)).translate(_SUPERSCRIPTS)}".replace("-", "−")


def power_of_ten(exponent: int) -> str:
    """A power of ten for an axis: plain from 0.01 to 1000."""
    return f"{10.0**exponent:g}" if -2 <= exponent <= 3 else f"10{str(exponent).translate(_SUPERSCRIPTS)}"

"""Formulas for KaTeX: the LaTeX stands in the page, where a reader without the script sees it, and is typeset when it is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from derivations.latex.definition import Definition
from derivations.latex.layout import broken
from derivations.latex.printed import printed_latex
from derivations.report.markup import Html, el, join, safe

_MATH = re.compile(r"(?<!\\)\$")
_APART = r" ;\quad "  # between the parts of a goal
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ASSIGNED = re.compile(r"[A-Za-z]+\d*(_[\w+*-]+)?(\(\d+\))?"), re.compile(r"[-\w/., ()*]+")


def inline(latex: str) -> Html:
    """A formula in a line of text."""
    return el("span", latex, class_="tex")


def block(latex: str) -> Html:
    """A formula on lines of its own, broken where it is long; what is copied is not."""
    lines = latex.split(_APART)
    return join(_line(line, broken(line)) for line in lines if line)


def _line(whole: str, shown: str) -> Html:
    copied = whole if whole != shown else None
    return el("div", el("span", shown, class_="tex", data_display=True, data_copy=copied), class_="formula")


def words(text: str) -> Html:
    """Words of a record, ``$...$`` in them; a lonely dollar sign is a character."""
    parts = _MATH.split(text)
    if len(parts) % 2 == 0:
        return safe(text)
    return join(inline(part) if i % 2 else _prose(part) for i, part in enumerate(parts))


def _prose(text: str) -> str:
    return re.sub(r'"([^"]*)"', r"“\1”", text)


def definitions(decided: Sequence[Mapping[str, str]]) -> Html:
    """What the typed names of a goal stand for, behind one line that opens; long expressions are shortened."""
    if not decided:
        return Html()
    rows = [join((el("p", inline(d["name"]), f" {d['says']}", class_="says"), _shortened(d))) for d in decided]
    return el("details", el("summary", "what was compared"), *rows, class_="decided")


def _shortened(d: Mapping[str, str]) -> Html:
    definition = Definition(d["name"], d["expression"], d["says"])
    shown = definition.shortened
    return _line(shown, broken(shown))


def counterexample(values: Mapping[str, str], detail: str) -> Html:
    """The point at which the kernel refuted a statement, and by how much."""
    known = dict(values)
    growth = [join(("grows as ", inline(printed_latex(known.pop("leading")))))] if "leading" in known else []
    pairs = [_assignment(name, value) for name, value in sorted(known.items())]
    at = [join(("at ", join(pairs, ", ")))] if pairs else []
    text, limit, value = detail.partition("the limit is ")
    said = [join((text, limit, inline(printed_latex(value))) if limit else (text,))] if detail else []
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
    return f"{digits}·10{str(int(power)).translate(_SUPERSCRIPTS)}".replace("-", "−")


def power_of_ten(exponent: int) -> str:
    """A power of ten for an axis: plain from 0.01 to 1000."""
    return f"{10.0**exponent:g}" if -2 <= exponent <= 3 else f"10{str(exponent).translate(_SUPERSCRIPTS)}"

r"""A fragment without any macro of ours: what amsmath, amssymb and amsthm know, for a paper that wants no ``notation.tex``."""

from __future__ import annotations

import re
from collections.abc import Callable

from derivations.latex.widths import argument, width

_BEGIN_LAW = re.compile(r"\\begin\{law\}\[(.*)\]\\label\{(claim:[^}]*)\}")
_REF = re.compile(r"\\lawref\{([^}]*)\}\{([^}]*)\}")
_NUMBERED = {"hypotheses": (r"\item[(H{})]", ""), "witnesses": (r"\item[(H{})]", r"\small\raggedright"), "steps": (r"\item[{}.]", "")}
_LINES = r"\begingroup\tolerance=2000\emergencystretch=3em\allowdisplaybreaks"  # as the environment `lawfragment` sets lines
_DISPLAYS = re.compile(r"\\\[.*?\\\]|\\begin\{gather\*\}.*?\\end\{gather\*\}", re.DOTALL)


def plain(fragment: str) -> str:
    """The fragment with standard commands only."""
    label = next(iter(_arguments(fragment, r"\normlawlabel")), "")
    text = re.sub(r"\\normlawlabel\{[^}]*\}\n", "", fragment)
    text = _BEGIN_LAW.sub(lambda law: rf"\paragraph{{Law {label} ({law[1]}).}}", text).replace("\\end{law}", "\\par")
    text = text.replace("\\begin{lawfragment}", _LINES).replace("\\end{lawfragment}", r"\par\endgroup")
    text = _REF.sub(lambda ref: ref[2], text)
    text = _DISPLAYS.sub(lambda shown: _replaced(shown[0], r"\normlawfit", 1, lambda a: a[0]), text)
    for name, count, written in _MACROS:
        text = _replaced(text, name, count, written)
    return _lists(text)


_MACROS: tuple[tuple[str, int, Callable[[list[str]], str]], ...] = (
    (r"\lawwhere", 3, lambda a: rf"\par\noindent{{\small where ${a[0]}$ {a[1]} {a[2]}\par}}"),
    (r"\lawand", 3, lambda a: rf", and ${a[0]}$ {a[1]} {a[2]}"),
    (r"\lawalso", 1, lambda a: rf",\quad {a[0]}"),
    (r"\lawwith", 0, lambda _: "where"),
    (r"\lawpart", 1, lambda a: rf"\par\noindent{{\small\hspace*{{1.5em}}{a[0]}\par}}"),
    (r"\lawknown", 1, lambda a: rf"\par\noindent{{\small\hspace*{{1.5em}}${a[0]}$ as above.\par}}"),
    (r"\lawbelow", 1, lambda a: rf"\\*\hspace*{{1.5em}}{a[0]}"),
    (r"\lawrow", 1, lambda a: r"\vadjust{\penalty0}\\\hspace*{1.5em}" + _fitted(r"\qquad{}" + a[0])),
    (r"\normlawfit", 1, lambda a: _fitted(a[0])),
    (r"\lawsymbols", 1, lambda a: rf"\par\noindent{{\small Symbols: {a[0]}.\par}}"),
    (r"\lawcase", 1, lambda a: rf"\par\medskip\noindent\textit{{{a[0]}:}}"),
    (r"\lawnote", 1, lambda a: rf"\par\smallskip\noindent\textit{{{a[0]}}}"),
    (r"\formally", 1, lambda a: rf"{{\small[decided for ${a[0]}$]}}"),
    (r"\decided", 1, lambda a: rf"{{\small[{a[0]}]}}"),
)


_SIZES = ((54.0, ""), (60.0, r"\footnotesize"), (68.0, r"\scriptsize"))  # average letters that fit the text of a stock `article`: measured
_COSINE = 0.9  # of a letter: so much wider than `width` has it is the name of the function where exponents are full of it


def _fitted(formula: str) -> str:
    r"""A formula below a line, in the largest size in which its rows fit: what ``\normlawfit`` measures is estimated here."""
    rows = (row.removeprefix(r"& \qquad").removesuffix(r"\\") for row in formula.split("\n"))
    widest = max(width(row) + _COSINE * row.count(r"\cos") for row in rows)
    size = next((size for room, size in _SIZES if widest <= room), r"\tiny")
    return rf"{{{size}$\displaystyle {formula}$}}" if size else rf"$\displaystyle {formula}$"


def _replaced(text: str, name: str, count: int, written: Callable[[list[str]], str]) -> str:
    """Every use of a macro with its arguments put in."""
    out, start = "", 0
    for found in re.finditer(re.escape(name) + r"(?![A-Za-z])", text):
        if found.start() < start:
            continue  # inside the arguments of one before
        arguments, end = [], found.end()
        for _ in range(count):
            value, end = argument(text, end)
            arguments.append(_replaced(value, name, count, written))
        out += text[start : found.start()] + written(arguments)
        start = end
    return out + text[start:]


def _arguments(text: str, name: str) -> list[str]:
    return [argument(text, found.end())[0] for found in re.finditer(re.escape(name), text)]


def _lists(text: str) -> str:
    """Our numbered lists as ``itemize`` with the numbers written out."""
    rows, open_, number = [], "", 0
    for row in text.split("\n"):
        begun = next((n for n in _NUMBERED if row == rf"\begin{{{n}}}"), "")
        if begun:
            open_, number = begun, 0
            rows.append(rf"\begin{{itemize}}{_NUMBERED[begun][1]}")
        elif open_ and row == rf"\end{{{open_}}}":
            open_ = ""
            rows.append(r"\end{itemize}")
        elif open_ and row.startswith(r"\item "):
            number += 1
            rows.append(_NUMBERED[open_][0].replace("{}", str(number)) + row[len(r"\item") :])
        else:
            rows.append(row)
    return "\n".join(rows)

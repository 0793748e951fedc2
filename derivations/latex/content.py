"""The formal content of a hypothesis: what the kernel is told, beside the words that somebody typed."""

from __future__ import annotations

import re

import sympy as sp

from derivations.latex.printer import formula_latex, goal_lines, range_latex
from derivations.latex.words import words_latex
from theory.claims import Claim
from theory.kernel import Domain, Interval
from theory.substance import expressions
from theory.typesetting.notebook import conclusions


def content_latex(content: Domain) -> tuple[str, ...]:
    """Ranges, right angles and invariances as formulas; empty if the words have no formal content of these kinds."""
    ranges = [range_latex(atom, interval) for atom, interval in content.ranges.items()]
    angles = [rf"{formula_latex(a)} \perp {formula_latex(b)}" for a, b in content.orthogonal]
    losses = [rf"{name}(cu) = {name}(u)\ (c > 0)" for name in getattr(content, "invariant", ())]
    return (*ranges, *angles, *losses)


def is_said(piece: str, words: str) -> bool:
    """Whether the words of a hypothesis have a piece of its formal content, letter by letter; spaces aside."""
    text = re.sub(r"\s|\\ ", "", words)
    parts = [re.sub(r"\s|\\ ", "", part) for part in piece.rstrip(")").split(r"\ (")]
    return all(re.search(rf"(?<![\w^_]){re.escape(part)}(?![\w./^_(])", text) for part in parts)


def assumptions(claim: Claim) -> tuple[str, ...]:
    """What is assumed of every letter that the statement shows, by its name alone: ``\\eta > 0``, ``n = 1, 2, \\dots``.

    A letter once: what only the proof has, or stands behind a typed name, is none of the statement's.
    """
    shown = stated(claim)
    found = [step.goal for step in conclusions(claim)] or list(claim.formulas.values())
    held = list(expressions(found))
    bound = {i for e in held for total in e.atoms(sp.Sum) for i, *_ in total.limits}
    symbols = {s for e in held for s in e.free_symbols if isinstance(s, sp.Symbol)} - bound
    ranges = claim.domain().ranges
    texts = sorted((s.name.lower(), s.name, -_strength(s), _assumed(s, ranges.get(s))) for s in symbols if appears(formula_latex(s), shown))
    return tuple({name: text for _, name, _, text in reversed(texts)}.values())[::-1]


def stated(claim: Claim) -> str:
    """All formulas of a statement as one text: what is concluded, and what the hypotheses say, in words and formally."""
    goals = [line for step in conclusions(claim) for line in goal_lines(step.goal)] or [formula_latex(f) for f in claim.formulas.values()]
    words = [piece for h in claim.hypotheses for piece in _formulas(h.words)]
    return "\n".join([*goals, *words, *(piece for h in claim.hypotheses for piece in content_latex(h.content))])


def explained(claim: Claim) -> str:
    """The formulas in a statement's words, one text: in its title, its hypotheses, and what its cases are said to be."""
    texts = [claim.title, *(h.words for h in claim.hypotheses), *(step.case for step in conclusions(claim))]
    return "\n".join(piece for text in texts for piece in _formulas(text))


def _formulas(words: str) -> list[str]:
    return re.split(r"(?<!\\)\$", words_latex(words))[1::2]


def appears(name: str, text: str) -> bool:
    """Whether a letter, with its index if it has one, stands in a formula; inside a command or under another letter it does not."""
    whole = text if r"\mathrm" in name else re.sub(r"\\(?:text|mathrm|operatorname)\{[^{}]*\}", " ", text)
    before = r"(?<!\\)" if name.startswith("\\") else r"(?<![A-Za-z\\])"
    return re.search(rf"{before}{re.escape(name)}(?![A-Za-z'_])", whole) is not None


def _strength(symbol: sp.Symbol) -> int:
    """How much is assumed of it: where one letter is two symbols, what is assumed of the statement as a whole is the more."""
    return sum(map(bool, (symbol.is_integer, symbol.is_nonnegative, symbol.is_positive)))


def _assumed(symbol: sp.Symbol, box: Interval | None) -> str:
    """What a symbol is made to be; of one that may be any number, the sign that a hypothesis gives it."""
    name = formula_latex(symbol)
    if symbol.is_integer:
        start = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else None
        return rf"{name} \in \mathbb{{Z}}" if start is None else rf"{name} = {start}, {start + 1}, \dots"
    sign = ">" if symbol.is_positive else r"\ge" if symbol.is_nonnegative else "<" if symbol.is_negative else ""
    if not sign and box and box.low == 0 and box.high == sp.oo:
        sign = ">" if box.low_open else r"\ge"
    return f"{name} {sign} 0" if sign else rf"{name} \in \mathbb{{R}}"

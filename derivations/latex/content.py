"""The formal content of a hypothesis: what the kernel is told, beside the words that somebody typed."""

from __future__ import annotations

import re

import sympy as sp

from derivations.latex.printer import formula_latex, range_latex
from theory.claims import Claim
from theory.kernel import Domain
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
    """What is assumed of every symbol of the statement by its name alone: ``\\eta > 0``, ``n = 1, 2, \\dots``."""
    goals = conclusions(claim)
    symbols = {s for e in expressions([*claim.formulas.values(), *goals]) for s in e.free_symbols if isinstance(s, sp.Symbol)}
    bound = {i for e in expressions([*claim.formulas.values(), *goals]) for total in e.atoms(sp.Sum) for i, *_ in total.limits}
    texts = sorted((s.name.lower(), s.name, _assumed(s)) for s in symbols - bound)  # one letter may be two symbols
    return tuple(dict.fromkeys(text for *_, text in texts if text))


def _assumed(symbol: sp.Symbol) -> str:
    name = formula_latex(symbol)
    if symbol.is_integer:
        start = 1 if symbol.is_positive else 0 if symbol.is_nonnegative else None
        return rf"{name} \in \mathbb{{Z}}" if start is None else rf"{name} = {start}, {start + 1}, \dots"
    sign = ">" if symbol.is_positive else r"\ge" if symbol.is_nonnegative else "<" if symbol.is_negative else ""
    return f"{name} {sign} 0" if sign else rf"{name} \in \mathbb{{R}}"

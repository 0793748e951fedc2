"""A hypothesis that was only left out: which of its conditions does not hold at the point where the kernel refuted the statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import sympy as sp

from derivations.latex.printer import formula_latex, range_latex
from derivations.latex.values import point_latex
from theory.claims import Hypothesis
from theory.kernel import Interval, Verdict


def dropped(hypothesis: Hypothesis, verdict: Verdict, *, with_values: bool = True) -> str:
    """Conditions that fail there, with the values that they are about unless these are told beside; empty if none is seen to fail."""
    found = (*_ranges(hypothesis, verdict.values), *_angles(hypothesis, verdict.values))
    return "; ".join(f"{words}: {values}" if with_values else words for words, values in found)


def _ranges(hypothesis: Hypothesis, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    known = {sp.Symbol(name): sp.Rational(value) for name, value in values.items() if _is_number(value)}
    for atom, interval in hypothesis.content.ranges.items():
        about = {str(s) for e in (atom, interval.low, interval.high) for s in sp.sympify(e).free_symbols}
        if about <= {str(s) for s in known} and _is_outside(atom, interval, known):
            yield f"values beyond ${range_latex(atom, interval)}$", point_latex({name: values[name] for name in about})


def _is_outside(atom: sp.Expr, interval: Interval, known: Mapping[sp.Symbol, sp.Rational]) -> bool:
    low, value, high = (sp.sympify(e).xreplace({s: known[sp.Symbol(s.name)] for s in sp.sympify(e).free_symbols})
                        for e in (interval.low, atom, interval.high))  # fmt: skip
    below = value < low or (interval.low_open and value == low)
    return bool(below or value > high or (interval.high_open and value == high))


def _angles(hypothesis: Hypothesis, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for pair in hypothesis.content.orthogonal:
        names = [str(direction) for direction in pair]
        if all(name in values for name in names) and _product(*(values[name] for name in names)) != 0:
            one, other = map(formula_latex, pair)
            yield rf"${one}$ and ${other}$ not orthogonal", point_latex({name: values[name] for name in names})


def _product(one: str, other: str) -> Fraction:
    return sum((Fraction(a) * Fraction(b) for a, b in zip(_numbers(one), _numbers(other), strict=False)), Fraction(0))


def _numbers(vector: str) -> list[str]:
    return vector.strip("()").replace(" ", "").strip(",").split(",")


def _is_number(value: str) -> bool:
    try:
        Fraction(value)
    except ValueError:
        return False
    return True

"""Every formula that a reader is shown: those in the report, of broken variants, of the imprint map, and in the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any

import sympy as sp
from markdown_it import MarkdownIt

from derivations.latex.printer import formula_latex, goal_lines
from derivations.report.formulas import unbroken
from tests.test_formulas.katex import Formula
from theory.broken import variants
from theory.catalogue import catalogue
from theory.claims import Claim, Proof, Step
from theory.imprint_map import regimes
from theory.kernel import Goal, Status, Verdict
from theory.vectors import Vector

UNASKED = Verdict(Status.UNDECIDED, "none", "not asked")


class OfPage(HTMLParser):
    """The formulas of a report, and what is copied of those that are broken into lines."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Formula] = []
        self._display: bool | None = None
        self.feed(page)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        kinds = str(has.get("class")).split()
        if "tex" in kinds or "formula" in kinds:
            self._display = "formula" in kinds
            self.found += [(has["data-copy"], self._display)] if has.get("data-copy") else []  # type: ignore[list-item]

    def handle_data(self, data: str) -> None:
        if self._display is not None:
            self.found += [(text, self._display) for text in ((data, unbroken(data)) if self._display else (data,))]

    def handle_endtag(self, _tag: str) -> None:
        self._display = None


def of_markdown(text: str) -> list[Formula]:
    """The formulas of a page of the documentation, as the parser that the site is built by finds them."""
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)
    tokens = [inner for token in parser.parse(text) for inner in (token, *(token.children or ()))]
    return [(t.content, t.type != "math_inline") for t in tokens if t.type.startswith("math_")]


def of_goal(goal: Goal | None) -> list[Formula]:
    """As it is shown, by lines."""
    return [] if goal is None else [(line, True) for line in goal_lines(goal)]


def of_broken(claim: Claim) -> Iterator[Formula]:
    """What is put into a claim to break it, and the steps that come of it."""
    for broken in variants(claim).values():
        for formula in broken.values():
            yield from _formula(formula)
        variant = claim.replaced(**broken)
        with suppress(AttributeError, TypeError):  # a number in the place of an expression: no step of it can be written, or shown
            yield from (formula for step in variant.steps(variant.formulas) for formula in of_goal(step.goal))


def _formula(formula: Any) -> Iterator[Formula]:
    if isinstance(formula, Vector | sp.Basic):
        yield formula_latex(formula), True


def of_imprint_map() -> Iterator[Formula]:
    """Norms, exponents and conditions."""
    for r in regimes():
        yield rf"r^{r.power} = {formula_latex(r.formula)}", True
        yield from ((formula_latex(e), False) for e in (*r.frequency, r.energy, r.relaxation) if e is not None)
        yield from ((text, False) for words in r.conditions for text in words.split("$")[1::2])


def unasked(claim: Claim) -> Proof:
    """A claim with all of its steps, the kernel asked of none."""
    steps: tuple[Step, ...] = tuple(claim.steps(claim.formulas))
    return Proof(claim, tuple((step, UNASKED) for step in steps), (), 0.0)


def claims() -> list[Claim]:
    """All of them."""
    return list(catalogue())

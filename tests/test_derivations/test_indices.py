"""No formula that a reader is shown binds a letter twice: no sum inside another over the same index, nor beside that index left free."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sympy as sp

from derivations.latex.decided import definitions
from derivations.latex.printer import formula_latex
from tests.test_formulas.sources import of_broken, of_imprint_map
from theory.catalogue import catalogue
from theory.claims import Claim
from theory.kernel import Goal
from theory.language.gram import Family, Norm, family_sum
from theory.typeset import latex
from theory.typesetting.goals import goal_lines

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
_SUM = re.compile(r"\\sum_\{?([A-Za-z])(?![A-Za-z])")
_END = re.compile(r" [-+=<>] |\\(?:le|ge|to|Rightarrow|q?quad)(?![A-Za-z])|(?<!\\), ")
_OPEN, _CLOSE = re.compile(r"[({\[]|\\langle(?![A-Za-z])"), re.compile(r"[)}\]]|\\rangle(?![A-Za-z])")
_COMMAND = re.compile(r"\\(?:text|mathrm|operatorname|mathbb)\{[^{}]*\}|\\[A-Za-z]+")


def scopes(text: str) -> list[tuple[str, range]]:
    """Every sum's index and the places where it holds: up to the sign or bracket that ends its term."""
    return [(found[1], range(found.start(), _term_end(text, found.start()))) for found in _SUM.finditer(text)]


def _term_end(text: str, start: int) -> int:
    depth = 0
    for i in range(start, len(text)):
        closes = _CLOSE.match(text, i)
        if depth == 0 and i > start and (closes or _END.match(text, i)):
            return i
        depth += (_OPEN.match(text, i) is not None) - (closes is not None)
    return len(text)


def twice(text: str) -> set[str]:
    """Letters over which a sum inside a sum over them goes, and those that stand outside their sums as well."""
    found = scopes(text)
    nested = {a for a, outer in found for b, inner in found if a == b and outer.start < inner.start < outer.stop}
    bare = _COMMAND.sub(lambda command: " " * len(command[0]), text)
    places = {letter: [at.start() for at in re.finditer(rf"(?<![A-Za-z]){letter}(?![A-Za-z])", bare)] for letter, _ in found}
    return nested | {letter for letter, at in places.items() if any(all(i not in s for a, s in found if a == letter) for i in at)}


def written(claim: Claim) -> Iterator[str]:
    """Formulas, steps with what their names stand for, witnesses, broken variants."""
    yield from map(formula_latex, claim.formulas.values())
    goals: list[Goal] = [step.goal for step in claim.steps(claim.formulas) if step.goal]
    for hypothesis in claim.hypotheses:
        witness = hypothesis.witness(claim.formulas) if hypothesis.witness else None
        goals += [goal for goal in (witness.goal, witness.instead) if goal] if witness else []
    for goal in goals:
        yield from goal_lines(goal)
        yield from (f"{d.name} = {d.expression}" for d in definitions(goal))
    yield from (text for text, _ in of_broken(claim))


@every_claim
def test_no_formula_binds_a_letter_twice(claim: Claim) -> None:
    assert {text: letters for text in written(claim) if (letters := twice(text))} == {}


def test_no_formula_of_the_map_binds_a_letter_twice() -> None:
    assert [text for text, _ in of_imprint_map() if twice(text)] == []


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        (r"\sum_{j=1}^n x_j + \sum_{j=1}^n y_j", set()),
        (r"\sum_{j=1}^n x_j \sum_{j=1}^n y_j", {"j"}),
        (r"\sum_{j=1}^n \frac{x_j}{\sum_{j=1}^n x_j}", {"j"}),
        (r"\left(\sum_{j=1}^n x_j\right) \sum_{j=1}^n y_j", set()),
        (r"\sum_i y_i/v_i = \sum_{i=1}^n y_i", set()),
        (r"\frac{x_j}{\sum_{j=1}^n x_j}", {"j"}),
        (r"\sum_{j=1}^n \frac{x_j}{\lVert u\rVert}\,\hat{v}_j", set()),
        (r"\sum_{j=1}^n \langle u, v_j\rangle s_j, x_j", {"j"}),
        (r"\sum_{j=1}^n W_j\, (z_j)", set()),
    ],
)
def test_a_letter_that_is_bound_twice_would_be_seen(text: str, letters: set[str]) -> None:
    assert twice(text) == letters


def test_a_sum_inside_is_written_alike_wherever_it_stands() -> None:
    n, j, k = sp.symbols("n j k", integer=True, positive=True)
    a = sp.Function("a")
    whole = sp.Sum(a(j), (j, 1, n))
    assert latex(whole) == r"\sum_{j=1}^n a_j"
    assert latex(sp.Sum(a(j) / whole, (j, 1, n))) == r"\sum_{i=1}^n \frac{a_i}{\sum_{j=1}^n a_j}"
    between = sp.Sum(a(k) / whole, (k, 1, n))
    assert latex(sp.Sum(a(j) * between, (j, 1, n))) == r"\sum_{i=1}^n a_i \sum_{k=1}^n \frac{a_k}{\sum_{j=1}^n a_j}"
    assert latex(a(j) / whole) == r"\frac{a_j}{\sum_{i=1}^n a_i}"
    assert latex(sp.Symbol("p_j") * whole) == r"p_j \sum_{i=1}^n a_i"
    family = Family("v", n)
    pulls = family_sum(family, Norm(family.member(j)) / whole)
    assert formula_latex(pulls) == r"\sum_{i=1}^n \frac{\lVert v_i\rVert}{\sum_{j=1}^n a_j}\,\hat{v}_i"

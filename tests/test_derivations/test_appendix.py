"""The appendix of broken variants: each beside the true formula, with what the kernel found, in formulas and not in program text."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
import sympy as sp

from derivations.latex.companion import broken as broken_variants
from derivations.latex.companion.bounds import AT_LEAST, AT_MOST, is_weaker
from derivations.latex.companion.broken import free_indices, place_of
from derivations.latex.companion.told import Caught
from derivations.latex.companion.told import law as told_law
from derivations.latex.content import appears, explained
from derivations.latex.decided import definitions
from derivations.latex.printer import goal_lines
from derivations.latex.symbols import MEANINGS, legend
from derivations.latex.values import point_latex, values_latex
from derivations.latex.words import words_latex
from tests import law_checks
from tests.test_derivations.test_letters import ALWAYS, in_words
from tests.test_derivations.test_letters import letters as in_formula
from theory.broken import letters, shown, variants, where
from theory.catalogue import catalogue
from theory.claims import Claim
from theory.kernel import Equal, decide

_RELATION = re.compile(r" (?:=|\\le|\\ge|\\sim) |\\text\{: \} ")
_INSTEAD = r"\quad \text{instead of } "
every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])


def raw(words: str) -> bool:
    """Whether words have program text in them: powers and products with stars."""
    return re.search(r"\*\*|(?<!_)\*", words) is not None


def loose(item: str) -> set[str]:
    """Indices that an item has free on the right, and not on the left."""
    said = item.split(r" \quad \text{instead", 1)[0]
    *_, relation = _RELATION.finditer(said)
    left, right = said[: relation.start()], said[relation.end() :]
    return free_indices(f"{right} {item.split('instead of } ', 1)[1]}") - free_indices(left)


def test_a_loose_index_and_program_text_would_be_seen() -> None:
    item = r"\partial L/\partial \cos(u, v_k) = 2 %s \quad \text{instead of } %s"
    assert loose(item % ("v_j", "v_j")) == {"j"}
    assert loose(item % ("v_k", "v_{w,j}")) == {"j"}
    assert loose(item % ("v_k", r"\sum_{j=1}^n v_j")) == set()
    assert raw(r"-2*Gamma*eta + r\_0**4 must be positive")
    assert not raw("at $V_* = 2$, $r_*^{2}$ must not be 0")
    assert free_indices(r"K_{ij} p_j + \sum_i g_i^2") == {"j"}


@every_claim
def test_what_refutes_without_a_hypothesis_has_no_program_text(claim: Claim) -> None:
    assert [found for w in law_checks.proof(claim.id).witnesses if raw(found := values_latex(w.verdict))] == []


@every_claim
def test_no_broken_variant_repeats_the_true_formula(claim: Claim) -> None:
    assert [(words, name) for words, some in variants(claim).items() for name, f in some.items() if f == claim.formulas[name]] == []


@every_claim
def test_every_broken_variant_is_in_the_appendix_with_what_the_kernel_found(claim: Claim) -> None:
    caught = law_checks.caught(claim.id)
    assert [c.words for c in caught] == list(variants(claim))
    assert {c.status for c in caught} <= {"refuted", "undecided"}
    assert [c.words for c in caught if c.weaker and c.kind != "weaker"] == []
    formulas = [text for c in caught for text in c.formulas]
    assert all(text.count(_INSTEAD) == 1 and _RELATION.search(text.split(_INSTEAD)[0]) for text in formulas)
    assert all(c.found and c.step for c in caught)
    assert [c.words for c in caught if "has no attribute" in c.found] == []  # the kernel was asked, of formulas
    assert [c.found for c in caught if raw(c.found)] == []
    assert [text for c in caught for text in c.formulas if loose(text)] == []
    items = broken_variants.appendix((law_checks.proof(claim.id),)).split(r"\item ")[1:]
    assert len(items) == len(caught)
    for item, c in zip(items, caught, strict=True):
        assert item.startswith(f"{words_latex(c.words)}:")
        assert c.found in item or (c.weaker and c.status == "undecided")
        assert (f"step~{c.number}" in item) == (c.number is not None and not (c.weaker and c.status == "undecided"))
        assert (r"\textbf{undecided}" in item) == (c.kind == "undecided")
        assert ("true, and weaker" in item) == c.weaker


@every_claim
def test_no_two_variants_say_the_same(claim: Claim) -> None:
    pairs = [(one, other) for one, other in combinations(variants(claim).items(), 2) if one[1].keys() == other[1].keys()]
    assert [(a, b) for (a, one), (b, other) in pairs if all(same(one[name], other[name], claim) for name in one)] == []


def same(one: object, other: object, claim: Claim) -> bool:
    """Whether two formulas are one function where the claim is made."""
    if not (isinstance(one, sp.Basic) and isinstance(other, sp.Basic)):
        return one == other
    return decide(Equal(one, other), claim.domain()).proved


@every_claim
def test_no_variant_shows_a_formula_by_its_name_in_the_program(claim: Claim) -> None:
    changed = {name for broken in variants(claim).values() for name in broken}
    nameless = {name for name in changed - shown(claim).keys() if place_of(claim, name) is None}
    assert {name for name in nameless if any(isinstance(b.get(name), sp.Basic) for b in variants(claim).values())} == set()
    assert set(shown(claim)) <= changed  # and none is said for nothing


def test_a_weaker_bound_is_printed_as_a_bound() -> None:
    """It is no equation that fails: the law's bound is attained, and the variant holds as well."""
    for label, bound in (("A6", r"\lVert g\rVert \le"), ("B2", r"\lVert u_{k+1}\rVert^2 \ge"), ("D3", r"\lVert\tilde u\rVert^2 \le")):
        claim = catalogue()[label]
        undecided = [c for c in law_checks.caught(claim.id) if c.status == "undecided"]
        assert undecided
        ratio = r"\frac{\lVert\tilde u\rVert}{\lVert\tilde v\rVert} - 1 \le"  # D3 has a bound of that as well
        assert all(c.formulas[0].startswith((f"{bound} ", f"{ratio} ")) for c in undecided)


def test_a_recursion_that_fails_says_after_how_many_steps() -> None:
    found = {c.words: c.values for c in law_checks.caught("momentum-multiplies-the-energy")}
    assert found["the growth has no transient"]["K"] == "1"


def test_a_variant_that_is_proved_would_be_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broken_variants, "variants", lambda claim: {"nothing is wrong": dict(claim.formulas)})
    assert r"\textbf{proved: this variant is not caught.}" in broken_variants.appendix((law_checks.proof("sgd-step-is-pythagorean"),))


def told(label: str) -> dict[str, str]:
    """The items of a law's list by what is wrong."""
    claim = catalogue()[label]
    caught = law_checks.caught(claim.id)
    items = "\n".join(told_law(claim, caught, letters(claim))).split(r"\item ")[1:]
    return {c.words: item for c, item in zip(caught, items, strict=True)}


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("B4", "the drives count once"), ("B4", "the start is missing"), ("B9a", "the growth is halved"), ("B9a", "the share is doubled"),
        ("B9b", "1/k goes on"), ("B10c", "AdaGrad's bound is doubled"), ("B12g", "the upper bound is doubled"),
        ("B13d", "rounded up to three times"), ("B13d", "rounded down to a half"), ("A6", "the bound is doubled"),
    ],
)  # fmt: skip
def test_a_bound_that_is_true_is_never_called_refuted(label: str, words: str) -> None:
    item = told(label)[words]
    assert "true, and weaker than the law's bound" in item
    assert "refuted" not in item
    assert "undecided" not in item


def test_a_bound_of_which_only_an_equation_failed_says_so() -> None:
    assert "undecided} as a bound; an equation that has it is refuted" in told("B13c")["the share of a length"]
    assert r"refuted as $(\hat D - D)_{\max} = 0$" in told("C7")["the estimate has no excess"]
    assert "z_1" not in told("B4")["the drives count once"].split("weaker")[1]  # a typed name hides what was changed: as printed it is true


@every_claim
def test_no_bound_that_is_refuted_follows_from_the_law(claim: Claim) -> None:
    """And one that is called weaker is not below the law's at any point where its letters mean what they say."""
    for of in law_checks.caught(claim.id):
        broken = variants(claim)[of.words]
        sides = [(shown(claim).get(name, "")[-3:], wrong, claim.formulas[name]) for name, wrong in broken.items()]
        bounds = [(sign, wrong, true) for sign, wrong, true in sides if sign in (AT_MOST, AT_LEAST)]
        follows = len(bounds) == len(broken) and all(is_weaker(claim, *bound) for bound in bounds)
        assert of.weaker == follows
        for sign, wrong, true in bounds if of.weaker else ():
            assert not is_weaker(claim, sign, true, wrong)  # nor is it the law's bound in other letters


def test_a_stronger_bound_is_not_taken_for_a_weaker_one() -> None:
    claim = catalogue()["D3"]
    assert is_weaker(claim, AT_MOST, sp.Integer(2), sp.Integer(1))
    assert not is_weaker(claim, AT_LEAST, sp.Integer(2), sp.Integer(1))
    assert not is_weaker(claim, AT_MOST, sp.Symbol("x", real=True), sp.Integer(1))


@every_claim
def test_ranges_said_of_a_bound_are_those_of_its_own_letters(claim: Claim) -> None:
    used = {s for f in claim.formulas.values() if isinstance(f, sp.Basic) for s in f.free_symbols}
    assert set(where(claim)) <= used


@every_claim
def test_letters_that_only_the_variants_have_are_said_to_be_something_and_no_others(claim: Claim) -> None:
    caught = law_checks.caught(claim.id)
    formulas = " ".join(text for c in caught for text in c.formulas)
    values = " ".join(f"{name} " for c in caught for name in c.values)
    assert [name for name in letters(claim) if not appears(name, formulas) and name not in values] == []
    new = {letter for text in (formulas, values_of(caught)) for letter in in_formula(text)} - known(claim) - set(" ".join(letters(claim)))
    assert {letter for letter in new if not any(letter in in_formula(name) for name in letters(claim))} - ALWAYS == set()


def values_of(caught: tuple[Caught, ...]) -> str:
    """Names of the letters that have values."""
    points = (point_latex({name: value for name, value in c.values.items() if name != "leading"}) for c in caught)
    return " ".join(name for point in points for name in re.findall(r"\$([^$=]*) (?:=|\\approx)", point))


def known(claim: Claim) -> set[str]:
    """Letters that a law or its proof has, in words or in formulas, and those of the table of symbols."""
    lines = [line for step in claim.written for line in goal_lines(step.goal)]
    behind = [text for step in claim.written for d in definitions(step.goal) for text in (d.name, d.expression)]
    words = " ".join([explained(claim), *(step.words for step in claim.written), *legend(claim), *(f"${s}$ {m}" for s, m in MEANINGS)])
    return {letter for text in (*lines, *behind) for letter in in_formula(text)} | in_words(words)


def test_words_are_followed_by_a_colon_and_a_symbol_by_its_relation() -> None:
    assert r"\text{ is } 0\text{: } \frac{1}{4} \quad" in " ".join(told("B6").values())
    assert r"- 1 \le 0 \quad" in told("D3")["norms do not differ"]
    assert r"r_*^4 \text{ (decoupled)} = " in " ".join(told("B8d").values())


def test_a_step_whose_words_have_a_formula_in_them_has_its_number_too() -> None:
    assert [c.words for c in law_checks.caught("accumulated-steps-grow-logarithmically") if c.number is None] == []


def test_what_the_kernel_asks_for_is_said_in_words() -> None:
    said = " ".join(item for label in ("B4", "B5", "B9a") for item in told(label).values())
    assert "must" not in said
    assert "off by $5" not in said
    assert "the proof by induction fails, and no run that breaks it was found" in told("B9a")["the excess is that of squares"]
    assert r"$-2 \Gamma \eta + r_0^{4} > 0$" in told("B5")["the norm falls"]


def test_a_step_is_quoted_once_and_values_that_stand_above_are_not_said_again() -> None:
    items = list(told("B4").values())
    assert sum("After one step the upper bound is attained" in item for item in items) == 1
    assert sum("step~2" in item for item in items) == 4
    assert sum("at the same values" in item for item in items) >= 2
    assert "``at most" not in told("B13b")["half of the largest variance"]

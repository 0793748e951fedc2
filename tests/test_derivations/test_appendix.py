"""The appendix of broken variants: each beside the true formula, with what the kernel found, in formulas and not in program text."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
import sympy as sp

from derivations.latex.companion import broken as broken_variants
from derivations.latex.companion.broken import free_indices, place_of
from derivations.latex.values import values_latex
from derivations.latex.words import words_latex
from tests import law_checks
from theory.broken import shown, variants
from theory.catalogue import catalogue
from theory.claims import Claim
from theory.kernel import Equal, decide

_RELATION = re.compile(r" (?:=|\\le|\\ge|\\sim) ")
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
    formulas = [text for c in caught for text in c.formulas]
    assert all(text.count(r"\quad \text{instead of } ") == 1 and _RELATION.search(text.split(r"\quad")[0]) for text in formulas)
    assert all(c.found and c.step for c in caught)
    assert [c.words for c in caught if "has no attribute" in c.found] == []  # the kernel was asked, of formulas
    assert [c.found for c in caught if raw(c.found)] == []
    assert [text for c in caught for text in c.formulas if loose(text)] == []
    items = broken_variants.appendix((law_checks.proof(claim.id),)).split(r"\item ")[1:]
    assert len(items) == len(caught)
    for item, c in zip(items, caught, strict=True):
        assert item.startswith(f"{words_latex(c.words)}:")
        assert all(part in item for part in (c.found, words_latex(c.step.rstrip(".,;: "))))
        assert (r"\textbf{undecided}" in item) == (c.status == "undecided")


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
        assert all(c.formulas[0].startswith(f"{bound} ") for c in undecided)


def test_a_recursion_that_fails_says_after_how_many_steps() -> None:
    found = {c.words: c.values for c in law_checks.caught("momentum-multiplies-the-energy")}
    assert found["the growth has no transient"]["K"] == "1"


def test_a_variant_that_is_proved_would_be_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broken_variants, "variants", lambda claim: {"nothing is wrong": dict(claim.formulas)})
    assert r"\textbf{proved: this variant is not caught.}" in broken_variants.appendix((law_checks.proof("sgd-step-is-pythagorean"),))

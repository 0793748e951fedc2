"""The appendix of broken variants: each beside the true formula, with what the kernel found, in formulas and not in program text."""

from __future__ import annotations

import re

import pytest

from derivations.latex.companion import broken as broken_variants
from derivations.latex.companion.broken import free_indices
from derivations.latex.values import values_latex
from derivations.latex.words import words_latex
from tests import law_checks
from theory.broken import variants
from theory.catalogue import catalogue
from theory.claims import Claim

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])


def raw(words: str) -> bool:
    """Whether words have program text in them: powers and products with stars."""
    return re.search(r"\*\*|(?<!_)\*", words) is not None


def loose(item: str) -> set[str]:
    """Indices that an item has free on the right, and not on the left."""
    left, right = item.split(r" \quad \text{instead", 1)[0].rsplit(" = ", 1)
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
    assert all(text.count(r"\quad \text{instead of } ") == 1 and " = " in text.split(r"\quad")[0] for c in caught for text in c.formulas)
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


def test_a_variant_that_is_proved_would_be_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broken_variants, "variants", lambda claim: {"nothing is wrong": dict(claim.formulas)})
    assert r"\textbf{proved: this variant is not caught.}" in broken_variants.appendix((law_checks.proof("sgd-step-is-pythagorean"),))

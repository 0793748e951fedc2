"""Tables of the companion say in words and letters what they are about."""

from __future__ import annotations

import pytest

from derivations.latex.companion import assumptions, imprint, ledger
from derivations.latex.dropped import dropped
from derivations.latex.fragment import proof_latex
from derivations.latex.words import words_latex
from tests import law_checks
from theory.catalogue import catalogue
from theory.typeset import latex

LEFT_OUT = [claim.id for claim in catalogue() if any(h.witness is None for h in claim.hypotheses)]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_the_table_says_what_fails_where_a_hypothesis_was_only_left_out(name: str) -> None:
    proof = law_checks.proof(name)
    said = [dropped(h, w.verdict) for h, w in zip(proof.claim.hypotheses, proof.witnesses, strict=True) if h.witness is None]
    text = assumptions.table((proof,))
    assert all(words and words in text for words in said)
    assert "the statement itself" not in text
    fragment = proof_latex(proof)
    assert "the statement itself" not in fragment
    assert all(words.split(": ")[0].rstrip(":") in fragment for words in said)


def test_every_letter_of_the_map_is_said_to_be_something() -> None:
    from theory.imprint_map import regimes

    shown = {letter for r in regimes() for e in (r.formula, *r.frequency, r.energy) for letter in e.free_symbols}
    assert shown == set(imprint.LETTERS)
    assert all(f"${latex(letter)}$, " in imprint.table() for letter in shown)


def test_what_was_compared_keeps_the_index_of_a_gradient() -> None:
    said = words_latex(ledger.readable("<x, grad_x L> in every vector, and normalized_sgd; |u| |grad_u L| above the sum of slopes"))
    assert r"$\langle x, \nabla_x L\rangle$ in every vector, and normalized sgd" in said
    assert r"$\lVert u\rVert$ $\lVert\nabla_u L\rVert$ above" in said


def test_a_figure_close_to_its_bound_is_shown_on_its_side_of_it() -> None:
    assert ledger._pair(6.27e-14, 6.2701e-14) == (r"$6.27 \cdot 10^{-14}$", r"$6.2701 \cdot 10^{-14}$")
    assert ledger._pair(0.123456789, 0.123456788) == ("$0.123456789$", "$0.123456788$")
    assert ledger._pair(1.0, 2.0) == ("$1$", "$2$")
    assert ledger._pair(0.0, 0.0) == ("$0$", "$0$")
    assert ledger._pair(None, None) == ("", "")
    assert ledger._pair("nan", "inf") == (r"$\text{nan}$", r"$\infty$")

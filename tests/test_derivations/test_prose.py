"""Formulas in the words of the records are set as formulas, and words stay words."""

from __future__ import annotations

import re

import pytest

from derivations.latex.prose import with_formulas
from derivations.latex.words import words_latex
from theory.broken import variants
from theory.catalogue import catalogue
from theory.claims import Claim


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("eta lambda = 2: it turns", r"$\eta \lambda = 2$: it turns"),
        ("density exp(kappa t + t^2): not", r"density $\exp(\kappa t + t^2)$: not"),
        ("temperature 1/|u|", r"temperature $1/\lVert u\rVert$"),
        ("L = |cos(u, v)| at u orthogonal to v", r"$L = \lvert \cos(u, v)\rvert$ at $u$ orthogonal to $v$"),
        ("by sqrt(eta lambda (d-1)/(2 kappa A)), to", r"by $\sqrt{\eta \lambda (d-1)/(2 \kappa A)}$, to"),
        ("a drift of -V*", r"a drift of $-V_*$"),
        ("error rate 1e-9", r"error rate $10^{-9}$"),
        ("of the distance of directions, |u^ - v^|^2", r"of the distance of directions, $\lVert \hat u - \hat v\rVert^2$"),
        ("bfloat16 (b = 8) < 1/4096.", r"bfloat16 ($b = 8$) < $1/4096$."),
        ("du/dt = -g - lambda u", r"$du/dt = -g - \lambda u$"),
        ("by a factor of 2^(1-b)", r"by a factor of $2^{1-b}$"),
        ("A third of a linear decay", "A third of a linear decay"),
        ("two-valued noise, half of it; I do - as said - so", "two-valued noise, half of it; I do - as said - so"),
        ("drift and heat (lazy: visits), 31 % lower, 7 of 8", "drift and heat (lazy: visits), 31 % lower, 7 of 8"),
        ("rows of `table_of u` and rises_below", "rows of `table_of u` and rises_below"),
        ("L2 inside Adam (B12f)", "L2 inside Adam (B12f)"),
    ],
)
def test_a_formula_in_plain_letters_is_set_and_words_are_not(text: str, written: str) -> None:
    assert with_formulas(text) == written


@pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
def test_no_word_of_a_claim_is_left_with_raw_formulas(claim: Claim) -> None:
    words = [claim.title, claim.evidence, claim.remark, *(h.words for h in claim.hypotheses), *variants(claim)]
    words += [step.words for step in claim.steps(claim.formulas)]
    for text in words:
        outside = re.sub(r"(?<!\\)\$.*?(?<!\\)\$", "", words_latex(text), flags=re.DOTALL)
        raw = re.findall(r"\\textasciicircum|\\textbar|\b(?:eta|lambda|beta|tau|kappa|epsilon|sqrt)\b(?![-'])", outside)
        assert raw == [], text

"""Formulas on a terminal: nothing may read as another formula than the one that was written."""

from __future__ import annotations

import pytest

from derivations.latex.printer import goal_latex
from derivations.latex.words import words_latex
from derivations.terminal.plain_math import measured_words, plain_math, plain_prose
from theory.catalogue import catalogue


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\lVert u_{k+1}\rVert^2", "‖uₖ₊₁‖²"),
        (r"\frac{1}{\tau \lVert u\rVert} P_u", "1/(τ‖u‖) Pᵤ"),
        (r"\frac{a - b}{c}", "(a - b)/c"),
        (r"\frac{2 a}{b c}", "2 a/(b c)"),
        (r"\frac{a_0^2/z_0}{M(M+1)}", "(a₀²/z₀)/(M(M + 1))"),
        (r"\frac{d}{dt}\lVert u\rVert^2", "d/dt ‖u‖²"),
        (r"\tfrac1x - \tfrac1{x+2a}", "1/x - 1/(x + 2a)"),
        (r"\ln\frac{a}{b} + 1", "ln(a/b) + 1"),
        (r"\log{\left(\frac{a}{b} \right)}", "log(a/b)"),
        (r"\sqrt[4]{2 G t + r_{0}^{4}}", "⁴√(2 G t + r₀⁴)"),
        (r"\sqrt G\,\hat{v}_j", "√G v̂ⱼ"),
        (r"r^{\frac{1}{4}}", "r^(1/4)"),
        (r"e^{-4\lambda t}", "e^(-4λt)"),
        (r"\left(\frac{1}{2}\right)^{n}", "(1/2)ⁿ"),
        (r"\frac{2 \arcsin \rho}{\pi}", "(2 arcsin ρ)/π"),
        (r"\frac{2 (a + \sin m)}{b}", "2 (a + sin m)/b"),
        (r"e^{s c_{uv_j}}", "e^(s c_(uvⱼ))"),
        (r"f|_{r^2=\eta\sqrt G}", "f|_(r²=η√G)"),
        (r"u^\top H u \ge -1", "uᵀH u ≥ -1"),
        (r"\mathbb E\lVert g\rVert", "𝔼‖g‖"),
        (r"\unknown x", "unknown x"),
        (r"\frac{a", "a/"),
        ("", ""),
        ("\\", "\\"),
    ],
)
def test_latex_becomes_one_line_of_text(latex, text):
    assert plain_math(latex) == text


def test_prose_keeps_its_words_and_converts_its_formulas():
    assert plain_prose(r"The floor at $r^2 = \eta$ (a square).") == "The floor at r² = η (a square)."
    assert plain_prose(r"costs \$5 each") == r"costs \$5 each"


def test_every_formula_of_the_catalogue_is_readable():
    for claim in catalogue():
        for step in claim.steps(claim.formulas):
            for text in (plain_math(goal_latex(step.goal)), plain_prose(step.words)):
                assert text
                assert not set("\\{}$&") & set(text), f"{claim.id}: {text}"


@pytest.mark.parametrize(
    ("words", "plain", "paper"),
    [
        ("<u, grad L> for infonce", "⟨u, ∇L⟩ for infonce", r"$\langle u, \nabla L\rangle$ for infonce"),
        ("<x, grad_x L> in all", "⟨x, ∇ₓL⟩ in all", r"$\langle x, \nabla_x L\rangle$ in all"),
        ("a share below 1", "a share below 1", "a share below 1"),
        ("x < 1, y > 2", "x < 1, y > 2", "$x < 1$, $y > 2$"),
    ],
)
def test_what_was_measured_is_written_as_formulas_are(words: str, plain: str, paper: str) -> None:
    assert measured_words(words) == plain
    assert words_latex(words) == paper

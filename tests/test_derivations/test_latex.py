"""Formulas, goals and fragments as LaTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, get_args

import pytest
import sympy as sp

from derivations.__main__ import main
from derivations.commands import export as export_command
from derivations.latex import export as export_module
from derivations.latex.companion.bibliography import bibtex, source
from derivations.latex.fragment import claim_latex, proof_latex
from derivations.latex.layout import WIDTH, broken, display
from derivations.latex.markdown import claim_markdown
from derivations.latex.plain import plain
from derivations.latex.printer import formula_latex, goal_latex, goal_lines
from derivations.latex.symbols import MEANINGS
from derivations.latex.widths import width
from derivations.latex.words import plain_latex, words_latex, words_markdown
from tests import law_checks
from tests.test_derivations.invented import false, invented
from theory import notation
from theory.catalogue import Catalogue, catalogue
from theory.claims import Reference, prove
from theory.kernel import (
    All,
    AtLeast,
    ByInduction,
    Equal,
    Expands,
    Goal,
    Interval,
    Same,
    Solves,
    Tends,
    Within,
)
from theory.losses import infonce
from theory.notation import G, a, candidates, eta, k, lam, n, r, r0, t, tau, u, v, z, z0
from theory.typeset import slashed
from theory.vectors import Cosine, Jet, Norm, equal_vectors, family_sum, unit

MEMBER = candidates.member(candidates.index)
X = sp.Symbol("x", positive=True)
QUARTER = sp.Rational(1, 4)


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (Norm(u) ** 2 + eta**2 * G / Norm(u) ** 2, r"\lVert u\rVert^2 + \frac{\eta^2 G}{\lVert u\rVert^2}"),
        ((r0**4 + 2 * eta * G * t) ** QUARTER, r"\left(r_0^4 + 2 \eta G t\right)^{1/4}"),
        (1 / sp.sqrt(2 * G * k), r"\frac{1}{\sqrt{2 G k}}"),
        (sp.sqrt(2) * X, r"\sqrt{2} x"),
        (2 * eta * sp.sqrt(G), r"2 \eta \sqrt{G}"),
        (z0 + (z - z0) * sp.exp(-4 * lam * t), r"z_0 + (z - z_0) e^{-4 \lambda t}"),
        (sp.exp(-(r**2) / (2 * tau)), r"e^{-r^2/(2 \tau)}"),
        (eta * G / (lam * (2 - eta * lam)), r"\frac{\eta G}{\lambda (2 - \eta \lambda)}"),
        ((1 - eta * lam) ** 2 * r**2, r"(1 - \eta \lambda)^2 r^2"),
        (sp.log(z), r"\ln z"),
        (sp.log(1 + a), r"\ln(1 + a)"),
        (sp.log(z / z0) ** 2, r"\ln^{2}\left(\frac{z}{z_0}\right)".replace("{2}", "2")),
        (G * sp.log(1 + z / z0) / 2, r"\frac{G}{2} \ln\left(1 + \frac{z}{z_0}\right)"),
        (G * sp.log(z) / 2, r"\frac{G \ln z}{2}"),
        (sp.acos(1 - eta * lam), r"\arccos(1 - \eta \lambda)"),
        (sp.Function("Gamma")(t), r"\Gamma(t)"),
        (1 - Cosine(u, v) ** 2, r"1 - \cos^2(u, v)"),
        (Cosine(u, MEMBER), r"\cos(u, v_j)"),
        (candidates.total(-Cosine(u, MEMBER)) / n, r"-\frac{1}{n} \sum_{j=1}^n \cos(u, v_j)"),
        (Jet(sp.Symbol("L"), 1, 1) * Norm(u), r"\lVert u\rVert \, \partial_{r}L".replace("{r}", "r")),
        (-r / 2, r"-\frac{r}{2}"),
        (sp.Rational(-3, 8), r"-\frac{3}{8}"),
        (X**-4, r"\frac{1}{x^4}"),
        (sp.S.Zero, "0"),
        (sp.oo, r"\infty"),
        (u, r"\hat{u}"),
    ],
)  # fmt: skip
def test_a_formula_reads_as_a_mathematician_writes_it(expression: sp.Expr, written: str) -> None:
    assert formula_latex(expression) == written


D, H, J = sp.Symbol("d", positive=True), sp.Symbol("h", positive=True), sp.Symbol("j", integer=True)
B = sp.Symbol("b", integer=True, positive=True)


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (D * X / H, r"\frac{x d}{h}"),
        (D * t / tau, r"\frac{t d}{\tau}"),
        (eta**2 * D * X**2, r"\eta^2 x^2 d"),
        (D * H**J * X, r"h^j x d"),
        (D * sp.Function("a")(J), r"a_j d"),
        (D * sp.log(H), r"d \cdot \ln h"),
        (D * (1 - X), r"d (1 - x)"),
        (1 / (D * X), r"\frac{1}{x d}"),
        (sp.Symbol("d_i") * X, r"d_i x"),
    ],
)
def test_a_letter_d_does_not_read_as_a_differential(expression: sp.Expr, written: str) -> None:
    assert formula_latex(expression) == written


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (2**-B / 2, r"\frac{1}{2^{1 + b}}"),
        (X * 4**-B / 4, r"\frac{x}{4^{1 + b}}"),
        (2**-B / 6, r"\frac{1}{3 \cdot 2^{1 + b}}"),
        (sp.exp(-B) / 2, r"\frac{e^{-b}}{2}"),
        (X / 4, r"\frac{x}{4}"),
    ],
)
def test_a_number_below_a_bar_joins_the_powers_of_its_base(expression: sp.Expr, written: str) -> None:
    assert formula_latex(expression) == written


def test_in_a_line_or_an_index_fractions_are_slashed() -> None:
    assert slashed(eta * G / (2 * lam)) == r"\eta G/(2 \lambda)"
    assert slashed(4 / (1 - X)) == "4/(1 - x)"
    assert slashed(-X / 2) == "-x/2"
    assert formula_latex(1 / eta) == r"\frac{1}{\eta}"


def test_a_vector_is_coefficients_before_directions_with_signs_in_front() -> None:
    vector = unit(v) - Cosine(u, v) * unit(u) + family_sum(candidates, -1 / n)
    assert formula_latex(vector) == r"\hat{v} - \cos(u, v)\,\hat{u} - \sum_{j=1}^n \frac{1}{n}\,\hat{v}_j"


def test_the_printer_never_writes_function_braces() -> None:
    assert r"{\left(" not in formula_latex(infonce.LOSS.value)
    assert r"\log" not in formula_latex(infonce.LOSS.value)


SLACK = sp.Symbol("s", nonnegative=True)
GOALS: list[tuple[Goal, str]] = [
    (Equal(r, G / r), r"r = \frac{G}{r}"),
    (Equal(r, G / r, "r_1"), r"r_1 = \frac{G}{r}"),
    (Same(X * unit(u), X * unit(u), r"\nabla L", r"\hat u"), r"\nabla L = \hat u"),
    (Same(X * unit(u), unit(u)), r"x\,\hat{u} = \hat{u}"),
    (equal_vectors(2 * unit(u), 2 * unit(u), "g"), r"g = 2\,\hat{u}"),
    (AtLeast(X, sp.S.Zero), r"x \ge 0"),
    (AtLeast(X, sp.S.One, strict=True, name="y"), "y > 1"),
    (Tends(1 / X, X, sp.S.Zero), r"\frac{1}{x} \to 0 \quad (x \to \infty)"),
    (Tends(X, X, sp.S.Zero, at_zero=True, name="f"), r"f \to 0 \quad (x \to 0^+)"),
    (Tends(X, X, sp.S.Zero, name=r"\lim f"), r"\lim f = 0"),
    (Expands(sp.exp(-X), X, (sp.S.One, -sp.S.One), "f"), "f = 1 - x + O(x^2)"),
    (Expands(X**2, X, (sp.S.Zero, sp.S.Zero)), "x^2 = O(x^2)"),
    (Solves(z0 + t, z, t, sp.S.One, z0), r"\dot{z} = 1,\ z(0) = z_0 \ \Rightarrow\ z = t + z_0"),
    (Solves(z0 + t, z, t, sp.S.One, z0, "f(t)"),
     r"\frac{d}{dt} f(t) = 1,\ f(t)\big|_{t=0} = z_0 \ \Rightarrow\ f(t) = t + z_0"),
    (ByInduction(z - a, {}, {}, (z, a + SLACK), SLACK), r"z - a \ge 0"),
    (ByInduction(z - a, {}, {}, (z, a + SLACK), SLACK, exact=True), "z - a = 0"),
    (ByInduction(z, {}, {}, (z, SLACK), SLACK, shown=r"z_K \ge 0"), r"z_K \ge 0"),
    (ByInduction(z, {}, {}, (z, SLACK), SLACK, exact=True, name="z_K", shown="z_0 + K"), "z_K = z_0 + K"),
    (ByInduction(z, {}, {}, (z, SLACK), SLACK, name=r"z_K \le", shown="z_0 + K"), r"z_K \le z_0 + K"),
    (All((Equal(X, X), AtLeast(X, sp.S.Zero))), r"x = x,\qquad x \ge 0"),
    (Within(AtLeast(X, sp.S.Zero), {X: Interval(sp.S.Half, sp.S.One, high_open=False)}),
     r"x \ge 0 \quad (1/2 < x \le 1)"),
    (Within(Equal(X, X), {X: Interval(sp.S.One, sp.oo)}), r"x = x \quad (x > 1)"),
    (Within(Equal(X, X), {X: Interval(-sp.oo, sp.S.One)}), r"x = x \quad (x < 1)"),
]  # fmt: skip


@pytest.mark.parametrize(("goal", "written"), GOALS)
def test_a_goal_is_one_formula(goal: Goal, written: str) -> None:
    assert goal_latex(goal) == written


def test_every_kind_of_goal_is_written() -> None:
    assert {type(goal) for goal, _ in GOALS} == set(get_args(Goal))


def test_every_induction_of_a_law_says_what_it_is_of() -> None:
    """B9b and C9 printed a state of the recursion less its claimed value, and nothing about what that state is."""
    for claim in catalogue():
        for step in claim.steps(claim.formulas):
            goals = step.goal.goals if isinstance(step.goal, All) else (step.goal,)
            assert all(goal.shown for goal in goals if isinstance(goal, ByInduction)), (claim.label, step.words)


def test_an_unknown_kind_of_goal_is_refused_by_name() -> None:
    @dataclass
    class Guess:
        pass

    stranger: Any = Guess()
    with pytest.raises(TypeError, match="Guess"):
        goal_latex(stranger)


def test_the_shown_side_of_an_inequality_is_used_where_it_has_one() -> None:
    if "shown" not in {f.name for f in fields(AtLeast)}:
        pytest.skip("inequalities have no shown side")
    assert goal_latex(AtLeast(X, X**2, name="b", shown="a")) == r"b \ge a"


def test_parts_of_a_goal_may_stand_on_lines_of_their_own() -> None:
    assert len(goal_lines(All((Equal(X, X), Equal(X, X))))) == 2
    assert display(("a", "b")) == "\\begin{gather*}\na \\\\\nb\n\\end{gather*}"
    assert display(("a",), r" \qedhere") == "\\[\na \\qedhere\n\\]"


def test_a_long_formula_breaks_before_signs_that_no_bracket_encloses() -> None:
    line = "y = " + " + ".join(["(a + b)"] * 20)
    rows = broken(line).split("\n")[1:-1]
    assert len(rows) > 1
    assert all(row.count("(") == row.count(")") for row in rows)
    assert all(width(row) <= WIDTH + 4 for row in rows)
    assert "".join(rows).replace("&", "").replace(r"\\", "").replace(r"\qquad", "").replace(r"\hphantom{y}", "").split() == line.split()


def test_a_long_formula_without_a_break_is_made_to_fit() -> None:
    assert broken(r"\frac{" + "x" * 90 + "}{2}").startswith(r"\normlawfit{")


def test_the_conclusion_of_a_long_problem_stands_on_its_own_line() -> None:
    line = r"\dot{z} = " + "x" * 30 + r" \ \Rightarrow\ z = " + "y" * 30
    assert display((line,)).count(r"\\") == 1


def test_a_fraction_is_as_wide_as_its_wider_side() -> None:
    assert width(r"\frac{a}{bcd}") == width(r"\frac{bcd}{a}") < width("a/bcd") + 1
    assert width(r"\left(x\right)") == 3


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("50% of $x_1$ & more", r"50\% of $x_1$ \& more"),
        ("some_name #1 x^2 ~", r"some\_name \#1 $x^2$ \textasciitilde{}"),
        (r"already \& done", r"already \& done"),
        ("costs 5$", r"costs 5\$"),
        ('say "so"', "say ``so''"),
        ("|u| → ∞", r"$\lVert u\rVert$ $\to$ $\infty$"),
    ],
)
def test_words_keep_their_formulas_and_escape_the_rest(text: str, written: str) -> None:
    assert words_latex(text) == written


def test_plain_text_is_escaped_altogether() -> None:
    assert plain_latex(r"{$x$} \a_b") == r"\{\$x\$\} \textbackslash{}a\_b"


def test_markdown_escapes_its_own_markup_outside_of_formulas_only() -> None:
    assert words_markdown("some_name [c] $x_1*y$") == r"some\_name \[c\] $x_1*y$"


def test_a_fragment_holds_statement_hypotheses_steps_and_provenance() -> None:
    text = claim_latex(catalogue()["B2"])
    for part in (
        r"\normlawlabel{B2}",
        r"\label{claim:sgd-step-is-pythagorean}",
        r"\begin{hypotheses}",
        r"\lVert u_{k+1}\rVert^2 = \lVert u\rVert^2 + \frac{\eta^2 G}{\lVert u\rVert^2}",
        r"\decided{normal form}",
        r"Law~\lawref{gradient-is-orthogonal}{A1}",
        "decoupled decay switched on (at $",
        r"reconstructed here; known from \cite[{Lemma 2.4}]{arora2019}",
        r"\qedhere",
    ):
        assert part in text


def test_what_is_not_proved_is_not_typeset_as_proved() -> None:
    text = claim_latex(invented().replaced(square=X**2))
    assert r"Derivation (\textbf{refuted})" in text
    assert r"\decided{\textbf{refuted}" in text
    assert r"\qedhere" not in text


def test_a_hypothesis_without_a_counterexample_is_shown_as_such() -> None:
    claim = invented()
    toothless = replace(false(claim.formulas), goal=Equal(X, X))
    weak = replace(claim, hypotheses=(replace(claim.hypotheses[0], witness=lambda _: toothless),))
    assert r"\textbf{no counterexample found}" in claim_latex(weak)
    assert "Each hypothesis is needed" not in claim_latex(weak)
    assert "Each hypothesis is needed" in claim_latex(claim)


def test_every_claim_is_set_without_raw_printer_output() -> None:
    for claim in catalogue():
        text = proof_latex(law_checks.proof(claim.id))
        assert not re.search(r"\\(?!frac|normlawfit)[a-z]+\{\\left\(", text), claim.id
        for trace in (r"\log{", "Direction", "operatorname{Norm", "**", "Dummy", "_{u}^{"):
            assert trace not in text, (claim.id, trace)


def test_a_reference_is_listed_once() -> None:
    sources = tuple(Reference("a2020", "Arbor, A title.", where) for where in ("p. 1", "p. 2"))
    claim = invented(references=sources)
    assert bibtex([claim, claim]).count("@misc{a2020,") == 1
    assert bibtex([invented()]) == ""


@pytest.mark.parametrize(
    ("words", "authors", "title"),
    [
        ("Arora, Li, Lyu, Theoretical analysis of auto rate-tuning", ("Arora", "Li", "Lyu"), "Theoretical analysis of auto rate-tuning"),
        ("van den Oord, Li, Representation learning", ("van den Oord", "Li"), "Representation learning"),
        ("Deng et al., ArcFace: Additive margin", ("Deng", "others"), "ArcFace: Additive margin"),
        ("Li, Tai, E, Stochastic modified equations, in parts", ("Li", "Tai", "E"), "Stochastic modified equations, in parts"),
        ("Euler's theorem on homogeneous functions", (), "Euler's theorem on homogeneous functions"),
    ],
)
def test_a_reference_is_taken_apart_at_its_title(words: str, authors: tuple[str, ...], title: str) -> None:
    found = source(Reference("key1999x", words))
    assert (found.authors, found.title, found.year) == (authors, title, "1999")


def test_one_key_means_one_source() -> None:
    words: dict[str, set[str]] = {}
    for reference in (reference for claim in catalogue() for reference in claim.references):
        words.setdefault(reference.key, set()).add(reference.words)
    assert [key for key, said in words.items() if len(said) > 1] == []
    assert [source(Reference(key, *said)).authors for key, said in words.items() if key != "euler"].count(()) == 0


def test_every_symbol_of_the_notation_is_explained() -> None:
    table = " ".join(symbol + " " + meaning for symbol, meaning in MEANINGS)
    symbols = [s for s in vars(notation).values() if isinstance(s, sp.Symbol)]
    assert symbols
    for symbol in symbols:
        assert formula_latex(symbol) in table, symbol


def test_what_is_refuted_is_no_law_in_any_line_that_somebody_may_paste() -> None:
    """An outside reader's false law: its fragment had a clean heading, needed hypotheses, and a source."""
    claim = invented(references=(Reference("noether1918", "Noether", "sec. 1"),))
    right, wrong = prove(claim), prove(claim.replaced(square=X**2 + 2 * X + 2))
    assert (right.stands, wrong.stands, wrong.outcome) == (True, False, "refuted")
    for text, heading in ((proof_latex(wrong), r"\begin{law}["), (plain(proof_latex(wrong)), r"\paragraph{Law")):
        assert r"\textbf{REFUTED}" in next(line for line in text.splitlines() if line.startswith(heading))
        assert text.index("DO NOT CITE") < text.index("The kernel refutes this") < text.index("Suppose that")
        assert "needed" not in text
        assert r"\cite" not in text
    assert claim_markdown(wrong).splitlines()[0].startswith(f"# {claim.label}. REFUTED: ")
    assert "## Proof" not in claim_markdown(wrong)
    for text in (proof_latex(right), claim_markdown(right)):
        assert "REFUTED" not in text.upper().replace("*REFUTED, ", "")


@pytest.mark.parametrize("broken", [False, True])
def test_export_of_what_is_refuted_says_so_and_exits_with_1(
    broken: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    claim = invented()
    claims = Catalogue((claim.replaced(square=X**2 + 2 * X + 2) if broken else claim,))
    for module in (export_command, export_module):
        monkeypatch.setattr(module, "catalogue", lambda: claims)
    for arguments in ([claim.label], ["--out", str(tmp_path / "paper"), "--format", "markdown", "--quiet"]):
        assert main(["export", *arguments]) == int(broken)
        assert ("it-holds is refuted: it is no law" in capsys.readouterr().err) == broken

"""A typed name may say anything: what was decided is printed with it, everywhere, and whole in JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

import derivations.commands.show
import derivations.commands.verify
from derivations.__main__ import main
from derivations.latex.decided import bare, definitions
from derivations.latex.definition import LONGEST, Definition
from derivations.latex.export import export
from derivations.latex.printer import goal_lines
from derivations.ledger.examination import proof_of
from derivations.terminal.plain_math import plain_math
from tests.test_derivations.invented import X, false, invented, measured
from theory.catalogue import Catalogue, catalogue
from theory.claims import Claim, Hypothesis, Step, prove
from theory.kernel import All, AtLeast, ByInduction, Domain, Equal, Expands, Goal, Interval, Same, Solves, Tends, Within
from theory.notation import u, v
from theory.typeset import tidy
from theory.typesetting.goals import induction_line
from theory.vectors import unit

Y, S = sp.Symbol("y", positive=True), sp.Symbol("s", nonnegative=True)
INDUCTION = ByInduction(Y - X, {Y: X}, {Y: Y + 1}, (Y, X + S), S, shown="1 = 2")


def stands(goal: Goal) -> dict[str, str]:
    return {d.name: d.expression for d in definitions(goal)}


@pytest.mark.parametrize(
    ("goal", "found"),
    [
        (Equal(X + 1, X + 1, "e^x"), {"e^x": "1 + x"}),
        (Equal(X, X), {}),
        (Equal(X**2, X, "x^{2}"), {}),
        (Equal(1 + X, X, "1+x"), {}),
        (Same(X * unit(u), Y * unit(u), "g", "h"), {"g": r"x\,\hat{u}", "h": r"y\,\hat{u}"}),
        (Same(X * unit(u) + Y * unit(v), X * unit(u), "g"), {"g": r"x\,\hat{u} + y\,\hat{v}"}),
        (AtLeast(X, Y, name="g", shown="h"), {"g": "x", "h": "y"}),
        (AtLeast(X, Y), {}),
        (Tends(1 / X, X, sp.S.Zero, name="f"), {"f": r"\frac{1}{x}"}),
        (Tends(1 / X, X, sp.S.Zero, name=r"\lim_{y\to 3} f"), {r"\lim_{y\to 3} f": r"\lim_{x \to \infty} \frac{1}{x}"}),
        (Tends(1 + X, X, sp.oo, name=r"\lim f"), {r"\lim f": r"\lim_{x \to \infty} \left(1 + x\right)"}),
        (Expands(X, X, (0, 1), "f"), {"f": "x"}),
        (Solves(X, X, Y, sp.S.Zero, X, "any"), {}),
        (INDUCTION, {"1 = 2": r"y - x \ge 0,\quad \text{from } y = x\quad \text{by } y \mapsto 1 + y"}),
        (replace(INDUCTION, shown="", exact=True), {"y - x = 0": r"y - x = 0,\quad \text{from } y = x\quad \text{by } y \mapsto 1 + y"}),
        (All((Equal(X, X, "a"), Within(Equal(Y, Y, "b"), {Y: Interval(1, 2)}))), {"a": "x", "b": "y"}),
    ],
)  # fmt: skip
def test_every_typed_name_is_defined_unless_it_is_the_expression(goal: Goal, found: dict[str, str]) -> None:
    assert stands(goal) == found


def test_every_name_of_the_catalogue_is_defined_or_is_the_expression() -> None:
    def typed(goal: Any) -> set[str]:
        inside = {name for part in getattr(goal, "goals", ()) for name in typed(part)}
        inside |= typed(goal.goal) if hasattr(goal, "goal") else set()
        if isinstance(goal, All | Within | Solves):  # their names are never printed
            return inside
        if isinstance(goal, ByInduction):  # a recursion has the line that is printed of it
            return inside | ({tidy(induction_line(goal))} if goal.shown else set())
        return (inside | {goal.name}) - {""}

    seen = 0
    for claim in catalogue():
        for step in claim.steps(claim.formulas):
            defined, lines = stands(step.goal), " ".join(goal_lines(replace_names(step.goal)))
            for name in typed(step.goal):
                assert name in defined or bare(name) in bare(lines), (claim.id, name)
                seen += name in defined
    assert seen > 50


def replace_names(goal: Any) -> Any:
    """The goal as it is written without the names that somebody typed."""
    if isinstance(goal, All):
        return replace(goal, goals=tuple(map(replace_names, goal.goals)))
    if isinstance(goal, Within):
        return replace(goal, goal=replace_names(goal.goal))
    return replace(goal, name="", **({"shown": ""} if hasattr(goal, "shown") else {}))


def test_a_short_expression_is_printed_whole_and_a_long_one_by_its_first_terms_and_a_digest() -> None:
    short, other = Definition("a", "x + y"), " + ".join(["y"] * LONGEST)
    long = Definition("a", " + ".join(["x"] * LONGEST))
    assert short.shortened == "x + y"
    assert long.shortened.startswith("x + x + ")
    assert len(long.shortened) < LONGEST + 60
    assert rf"\ldots\ (\text{{{len(long.expression)} characters, sha256 {long.digest}}})" in long.shortened
    assert Definition("b", long.expression).digest == long.digest != Definition("a", other).digest
    assert long.document()["expression"] == long.expression


def test_a_term_that_fits_no_line_is_left_out_and_brackets_stay_closed() -> None:
    wide = Definition("a", r"x + \left(" + " + ".join(["y"] * 99) + r"\right)")
    assert wide.shortened.startswith(r"x\ \ldots")
    for claim in catalogue():
        for step in claim.steps(claim.formulas):
            for definition in definitions(step.goal):
                assert definition.shortened.count("{") == definition.shortened.count("}")
                assert definition.shortened.count(r"\left") == definition.shortened.count(r"\right")


def lie(numeric_only: bool = False) -> Claim:
    """A claim that is proved and whose statement reads as something else, which is false."""
    goal = Equal((X + 1) ** 2, X**2 + 2 * X + 1, r"\lVert u\rVert^2")
    return invented(steps=lambda _: (Step("By inspection.", goal, concludes=True),), numeric_only=numeric_only)


DECIDED = "(1 + x)^2"


def test_show_prints_what_was_decided_beside_a_name_that_lies(capsys, monkeypatch) -> None:
    monkeypatch.setattr(derivations.commands.show, "catalogue", lambda: Catalogue((lie(),)))
    outputs = []
    for form in ((), ("--latex",), ("--json",)):
        assert main(["show", "it-holds", *form]) == 0
        outputs.append(capsys.readouterr().out)
    text, latex, document = outputs
    assert text.count(f"where ‖u‖² stands for {plain_math(DECIDED)}") == 2
    assert rf"\lawwhere{{\lVert u\rVert^2}}{{stands for}}{{${DECIDED}$" in latex
    assert latex.index(r"\lawwhere") > latex.index(r"\begin{steps}")  # with the step that decides it
    (decided,) = json.loads(document)["steps"][0]["decided"]
    assert (decided["name"], decided["expression"]) == (r"\lVert u\rVert^2", DECIDED)


def test_a_hypothesis_is_printed_with_what_the_kernel_is_told_of_it(capsys, monkeypatch, tmp_path: Path) -> None:
    content = Domain({X: Interval(0, 1)}, orthogonal=((u, v),))
    words = Hypothesis("positive", "$x > 0$", content, false)
    narrow = replace(lie(), hypotheses=(words,))
    monkeypatch.setattr(derivations.commands.show, "catalogue", lambda: Catalogue((narrow,)))
    assert main(["show", "it-holds"]) == main(["show", "it-holds", "--latex"]) == 0
    out = capsys.readouterr().out
    assert "\n    x > 0\n      decided for 0 < x < 1, û ⊥ v̂\n" in out
    formal = r"0 < x < 1,\ \hat{u} \perp \hat{v}"
    assert rf"\item $x > 0$ \formally{{{formal}}}." in out
    for form in ("markdown", "json"):
        export(tmp_path, form, (prove(narrow),))
    assert f"1. $x > 0$ (decided for ${formal}$)" in (tmp_path / "it-holds.md").read_text()
    (hypothesis,) = json.loads((tmp_path / "claims.json").read_text())["claims"][0]["hypotheses"]
    assert hypothesis["content"] == ["0 < x < 1", r"\hat{u} \perp \hat{v}"]


def test_every_exported_format_prints_what_was_decided(tmp_path: Path) -> None:
    for form in ("latex", "markdown", "json"):
        export(tmp_path / form, form, (prove(lie()),))
    assert DECIDED in (tmp_path / "latex/claims/it-holds.tex").read_text()
    assert rf"where $\lVert u\rVert^2$ stands for ${DECIDED}$" in (tmp_path / "markdown/it-holds.md").read_text()
    (step,) = json.loads((tmp_path / "json/claims.json").read_text())["claims"][0]["steps"]
    assert step["decided"][0]["expression"] == DECIDED


def test_the_ledger_prints_what_was_decided(invent, capsys, tmp_path) -> None:
    invent((lie(), measured()))
    assert main(["verify", "it-holds", "--json", "--out", str(tmp_path)]) == 0
    (claim,) = json.loads(capsys.readouterr().out)["claims"]
    assert claim["steps"][0]["decided"][0]["expression"] == DECIDED
    assert claim["hypotheses"][0]["symbolic"]["latex"] == "1 + 2 x + x^2 = x"


@pytest.mark.parametrize("name", [claim.id for claim in catalogue()])
def test_a_witness_shows_the_statement_that_was_refuted(name: str) -> None:
    for witness in proof_of(catalogue()[name]).witnesses.values():
        assert witness.step.latex

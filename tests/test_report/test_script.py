"""What the page's script works out of text, in a JavaScript engine without a browser; and what it asks of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from py_mini_racer import mini_racer

from derivations.latex.layout import broken
from derivations.latex.naming import unfolded
from derivations.report import assets
from derivations.report.formulas import block, definitions, unbroken
from tests.test_formulas.katex import faults
from tests.test_formulas.sources import OfPage
from tests.test_report.runs import undecided_run
from tests.test_report.test_page import Outline

Made = Callable[[bool], Path]


def asked(expression: str, *values: Any) -> Any:
    """The value of ``expression`` with ``a``, ``b``, ... for the values."""
    with mini_racer() as engine:
        engine.eval(assets.pure() + f";globalThis.asked = (a, b, c, d) => JSON.stringify({expression}); 0")
        return json.loads(str(engine.call("asked", *values)))


@pytest.fixture(scope="module")
def goals(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every goal of every claim, as a ledger has it."""
    ledger = json.loads((undecided_run(tmp_path_factory.mktemp("run")) / "ledger.json").read_text())["claims"]
    kernels = [h["symbolic"] for c in ledger for h in c["hypotheses"] if h["symbolic"]]
    return [*(step for c in ledger for step in c["steps"]), *kernels]


def test_what_is_copied_is_the_formula_before_it_was_broken(goals: list[dict[str, Any]]) -> None:
    lines = sorted({line for goal in goals for line in goal["latex"].split(r" ;\quad ")})
    shown = [broken(line) for line in lines]
    assert sum(a != b for a, b in zip(lines, shown, strict=True)) > 100
    assert list(map(unbroken, shown)) == lines
    assert asked("a.map(pure.unbroken)", shown) == lines


def test_a_formula_is_copied_with_the_parts_that_have_names_in_it() -> None:
    copied = asked("pure.together(a, b)", r"x = \mathcal{A}", [r"\mathcal{A} = \frac{1}{2}"])
    assert copied == "\\begin{gathered}\nx = \\mathcal{A} \\\\\n\\mathcal{A} = \\frac{1}{2}\n\\end{gathered}"
    assert faults([(copied, True)]) == []
    assert asked("pure.together(a, b)", "x", []) == "x"


def test_a_formula_that_cannot_be_put_together_again_is_carried_whole() -> None:
    whole = "x = " + " + ".join([r"\biggl( y_{1234567890} \biggr)"] * 12)
    assert unbroken(broken(whole)) != whole
    assert OfPage(block(whole)).found[0] == (whole, True)


def test_long_expressions_are_shown_whole_with_names_for_their_parts(goals: list[dict[str, Any]]) -> None:
    decided = {d["expression"]: d for goal in goals for d in goal["decided"]}
    long = sorted(decided, key=len)[-25:]
    assert len(long[-1]) > 5000
    for expression in long:
        page = definitions([decided[expression]])
        lines = list(dict.fromkeys(unbroken(text) for text, display in OfPage(page).found if display))
        parts = dict(line.split(" = ", 1) for line in lines[1:])
        assert unfolded(lines[0], parts) == expression
        assert "sha256" not in page


CLAIM = {"chapter": "geometry", "verdict": "holds"}


@pytest.mark.parametrize(
    ("chapters", "verdicts", "typed", "fits"),
    [
        ([], [], "", True),
        (["geometry"], [], "", True),
        (["dynamics"], [], "", False),
        (["dynamics", "geometry"], ["holds"], "cosine A4", True),
        (["geometry"], ["short"], "", False),
        ([], [], "  COSINE\tadam ", False),
        ([], [], "λ", True),
        ([], [], "\\lambda", True),
        ([], [], "ω", False),
    ],
)
def test_filters_and_search_agree(chapters: list[str], verdicts: list[str], typed: str, fits: bool) -> None:
    text = '"a4 cosine \\\\\\\\lambda"'
    assert asked(f"pure.fits({{...a, text: () => {text}}}, b, c, pure.sought(d))", CLAIM, chapters, verdicts, typed) is fits


def test_the_page_has_all_that_its_script_asks_for(made: Made) -> None:
    text = made(True).read_text(encoding="utf-8")
    outline, script = Outline(text), assets.script().removeprefix(assets.katex())
    wanted = set(re.findall(r'byId\("([\w-]+)"\)', script))
    assert len(wanted) > 8
    assert wanted <= set(outline.ids)
    classes = {kind for _, a in outline.elements for kind in str(a.get("class")).split()}
    assert {"again", "whole", "scrolled", "formula", "tex", "reset", "claim", "label"} <= classes
    assert {a["data-verdict"] for _, a in outline.elements if "data-verdict" in a} == {"short", "holds"}


def test_all_can_be_operated_by_keyboard_and_is_named_without_a_browser(made: Made) -> None:
    """Native controls only; headings without a gap; what moves moves only for those who want it."""
    text = made(True).read_text(encoding="utf-8")
    elements = Outline(text).elements
    assert not [a for _, a in elements if any(name.startswith("on") for name in a)]
    assert {str(a["tabindex"]) for _, a in elements if "tabindex" in a} <= {"0", "-1"}
    assert all(a.get("aria-label") for tag, a in elements if a.get("role") in ("img", "region", "group") or tag == "textarea")
    assert all(a.get("scope") for tag, a in elements if tag == "th")
    assert re.findall(r"<details[^>]*>(?!<summary)", text) == []
    body = text[text.index("<body") : text.index("<script>")]
    levels = [int(level) for level in re.findall(r"<h([1-6])", body)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    style = assets.style()
    calm = style[style.index("@media (prefers-reduced-motion: no-preference)") :].split("\n}", 1)[0]
    assert style.count("transition:") == calm.count("transition:") == 1
    assert style.count("scroll-behavior") == calm.count("scroll-behavior") == 1

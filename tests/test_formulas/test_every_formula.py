"""Every formula that a reader is shown is set by KaTeX, strictly, without a browser; an unknown command is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.docs.sources import sources as pages
from tests.test_formulas import sources
from tests.test_formulas.katex import faults
from tests.test_report.runs import undecided_run
from theory.typesetting.notebook import markdown

FIT = {"normlawfit": "#1"}  # as in the script of the page


def test_an_unknown_command_and_a_broken_formula_are_found() -> None:
    wrong = [r"\lVert u\rVrt", r"\frac{1", r"x^2^3", r"\normlawfit{x}", "ü"]
    assert sorted(text for text, _ in faults([(text, True) for text in [*wrong, r"\lVert u\rVert"]])) == sorted(wrong)
    assert "Undefined control sequence: \\rVrt" in faults([(wrong[0], False)])[0][1]


def test_the_page_of_every_claim(tmp_path: Path) -> None:
    """Statements, hypotheses, steps, what was compared, witnesses; as they are shown, and as they are copied."""
    assert main(["report", "--ledger", str(undecided_run(tmp_path)), "--out", str(tmp_path), "--quiet"]) == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    found = sources.OfPage(page).found
    assert len(found) > 3000
    assert faults(found, **FIT) == []
    spoiled = set(sources.OfPage(page.replace(r"\lVert", r"\lVret", 1)).found) - set(found)
    assert len(faults(spoiled, **FIT)) == 1, "a command that is unknown has to be found in the page"


def test_broken_variants() -> None:
    found = [formula for claim in sources.claims() for formula in sources.of_broken(claim)]
    assert len(found) > 1000
    assert faults(found) == []


def test_the_map_of_the_imprint() -> None:
    found = list(sources.of_imprint_map())
    assert len(found) > 50
    assert faults(found) == []


def test_every_page_of_the_documentation() -> None:
    """But the tutorial, whose formulas are set where it is run; and what a notebook shows of every claim."""
    pytest.importorskip("mdit_py_plugins", reason="the parser of the site is in the extra docs")
    everything = pages([sources.unasked(claim) for claim in sources.claims()], {}, tutorial="# T\n")
    everything |= {f"notebook/{claim.id}": markdown(sources.unasked(claim)) for claim in sources.claims()}
    found = {name: sources.of_markdown(text) for name, text in everything.items()}
    assert [name for name in found if name.startswith("claims/") and name != "claims/index.md" and not found[name]] == []
    assert faults(formula for some in found.values() for formula in some) == []

"""A law whose derivation stumbles is undecided wherever it is shown, and takes nothing else down with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from derivations.__main__ import main
from derivations.latex.export import export
from derivations.latex.fragment import proof_latex
from derivations.latex.markdown import claim_markdown
from tests.test_derivations.invented import invent, invented, measured
from theory.claims import Claim, Formulas, Step, prove

__all__ = ["invent"]


def stumbling() -> Claim:
    """Its formulas are sound, its steps cannot be written."""

    def steps(_: Formulas) -> tuple[Step, ...]:
        raise ZeroDivisionError("division by zero")

    return invented("it-stumbles", steps=steps)


def test_its_fragment_says_that_it_is_undecided_and_states_nothing() -> None:
    text = proof_latex(prove(stumbling()))
    assert r"\textbf{UNDECIDED}" in text
    assert "No conclusion was put to the kernel" in text
    assert "measured, not proved" not in text
    assert "division by zero" in text
    assert r"\lawsymbols{$x > 0$}" in text
    assert "undecided" in claim_markdown(prove(stumbling())).lower()
    assert "measured, not proved:" in proof_latex(prove(invented("it-is-measured", steps=lambda _: (), numeric_only=True)))


def test_a_notebook_and_the_documentation_show_it() -> None:
    said = r"\text{no conclusion is written, or none could be}"
    claim = stumbling()
    assert said in claim._repr_latex_()
    assert said in claim._repr_markdown_()
    assert "cannot be written" in prove(claim)._repr_markdown_()
    assert said not in invented("it-is-measured", steps=lambda _: (), numeric_only=True)._repr_latex_()


def test_the_paper_of_others_is_made_with_it(tmp_path: Path) -> None:
    files = export(tmp_path, "latex", (prove(invented()), prove(stumbling())))
    written = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert "DO NOT CITE" in written["it-stumbles.tex"]
    assert "DO NOT CITE" not in written["it-holds.tex"]


@pytest.mark.parametrize("arguments", [["show", "it-stumbles"], ["show", "it-stumbles", "--json"], ["export", "it-stumbles"]])
def test_every_command_that_prints_it_says_so(
    arguments: list[str], invent: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    invent((invented(), measured()), (stumbling(), measured()))
    assert main(arguments) == int(arguments[0] == "export")
    out = capsys.readouterr().out
    assert "undecided" in out
    assert "the steps cannot be written: division by zero" in out
    if "--json" in arguments:
        assert json.loads(out)["proof"] == "undecided"

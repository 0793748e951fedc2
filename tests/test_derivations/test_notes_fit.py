"""Lecture notes and `normlaw show` fit the terminal, and what falls short in them is said in plain signs."""

from __future__ import annotations

import pytest

from derivations.__main__ import main
from derivations.ledger.proofs import StepRecord
from derivations.terminal.derivation import show_step
from derivations.terminal.tables import console


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("law", ["B8b", "B8e", "B8f", "C3"])
def test_no_line_of_a_derivation_is_wider_than_the_terminal(
    law: str, columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["show", law]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > columns] == []
    assert [line for line in lines if "**" in line] == [], "what the kernel found is a formula too"


def test_a_verdict_that_is_folded_says_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    terms = " + ".join(f"beta**{i}*eta" for i in range(12))
    record = StepRecord("Words.", "x", "proved", "leading term", f"the limit is {terms}")
    show_step(console(no_color=True), 1, record)
    said = " ".join(capsys.readouterr().out.split())
    assert "proved leading term: the limit is β⁰ η + βη" in said.replace("β¹", "β")
    assert said.count("η") == 12

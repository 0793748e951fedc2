"""What a name stands for: on one page if it is short, and over the end of a page if it is long."""

from __future__ import annotations

import pytest
import sympy as sp

from derivations.latex.naming import Names
from derivations.latex.plain import plain
from derivations.latex.where import shown, step_rows, where_rows
from theory.kernel import Equal


def _said(terms: int) -> str:
    """A name for so many terms."""
    total = sp.Add(*(sp.Symbol(f"a_{i}") * sp.Symbol(f"b_{i}") for i in range(terms)))
    return where_rows(Equal(total, sp.S.Zero, r"\mathbb E X"), Names())[0]


def test_a_long_one_has_rows_of_its_own_between_which_a_page_may_end() -> None:
    row = _said(60)
    assert row.count(r"\lawrow{") >= 5
    assert "aligned" not in row
    assert [f"a_{{{i}}}" in row for i in range(10, 60)] == [True] * 50


def test_a_short_one_stays_together() -> None:
    assert r"\lawrow" not in _said(16)
    assert "aligned" in _said(16)


@pytest.mark.parametrize("terms", [4, 16])
def test_a_proof_ends_in_the_row_of_what_was_said_last(terms: int) -> None:
    total = sp.Add(*(sp.Symbol(f"a_{i}") * sp.Symbol(f"b_{i}") for i in range(terms)))
    row = step_rows(Equal(total, sp.S.Zero, r"\mathbb E X"), Names(), r" \qedhere")[-1]
    assert row.startswith(r"\lawwhere")
    assert row.endswith(r" \qedhere}")


def test_the_parts_of_a_formula_continue_its_sentence() -> None:
    side = "(" + " + ".join(rf"\frac{{a_{{{i}}}}}{{b}}" for i in range(30)) + ")"
    line = rf"x = \frac{{\sqrt{{{side}}}}}{{\sqrt{{2 + {side}}}}}"
    first, *rest = [row for row in shown((line,), Names()) if row.startswith(r"\lawpart")]
    assert first.startswith(r"\lawpart{\lawwith ")
    assert not any(r"\lawwith" in row for row in rest)
    assert plain(first).startswith(r"\par\noindent{\small\hspace*{1.5em}where ")


def test_a_plain_fragment_has_its_rows_in_standard_commands() -> None:
    text = plain(_said(60))
    assert r"\law" not in text
    assert text.count(r"\vadjust{\penalty0}\\") == _said(60).count(r"\lawrow{")

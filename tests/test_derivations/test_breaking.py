"""Long formulas are broken where a mathematician breaks them, and the rows read as one formula."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from derivations.latex.breaking import closed, parts, pieces
from derivations.latex.decided import definitions
from derivations.latex.layout import INDENT, WIDTH, broken
from derivations.latex.naming import Names
from derivations.latex.printed import printed_latex
from derivations.latex.printer import goal_lines
from derivations.latex.widths import width
from theory.catalogue import catalogue

LONG = " + ".join(["abcdefgh"] * 5)


def texts(line: str, limit: float) -> list[str]:
    return [part.text for part in parts(line, limit)]


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("a = b + c", ["a = b + c"]),
        (f"a = {LONG}", ["a", " = abcdefgh", *[" + abcdefgh"] * 4]),
        (f"a = ({LONG})", ["a", " = (abcdefgh", *[" + abcdefgh"] * 3, " + abcdefgh)"]),
        (r"abcdefghijk (bcdefghijkl) \sum_{j=1}^n cdefghijklm", ["abcdefghijk", " (bcdefghijkl)", r" \sum_{j=1}^n cdefghijklm"]),
        (r"\sum_{i=1}^n \sum_{j=1}^n \left(abcdefghijklmnopq\right)", [r"\sum_{i=1}^n \sum_{j=1}^n \left(abcdefghijklmnopq\right)"]),
        (rf"\frac{{{LONG}}}{{2}}", [rf"\frac{{{LONG}}}{{2}}"]),
    ],
)  # fmt: skip
def test_a_formula_is_cut_no_deeper_than_its_width_asks(line: str, rows: list[str]) -> None:
    assert texts(line, 16) == rows


def test_a_factor_on_a_row_of_its_own_begins_with_a_times_sign() -> None:
    rows = broken(" ".join(["(" + "x" * 30 + ")"] * 3)).split("\n")[1:-1]
    assert [r"\times" in row for row in rows] == [False, *[True] * (len(rows) - 1)]
    assert len(rows) > 1


def test_what_goes_on_below_stands_right_of_the_relation_of_a_short_left_side() -> None:
    rows = broken(f"abcd = {' + '.join(['abcdefgh'] * 9)}").split("\n")[1:-1]
    assert len(rows) > 1
    assert [r"\hphantom{abcd}" in row for row in rows] == [False, *[True] * (len(rows) - 1)]
    assert r"\hphantom" not in broken(f"{'a' * 30} = {' + '.join(['abcdefgh'] * 9)}")
    assert r"\hphantom" not in broken(f"a = b = {' + '.join(['abcdefgh'] * 9)}")


def test_brackets_without_a_partner_in_their_row_get_a_fixed_size() -> None:
    assert closed(r"\left(a + \left(b\right)") == r"\biggl(a + \left(b\right)"
    assert closed(r"c\right) + \left(d\right)") == r"c\biggr) + \left(d\right)"
    assert closed(r"\leftarrow") == r"\leftarrow"


def test_separators_stay_at_the_end_of_their_row() -> None:
    assert pieces(r"a = b,\quad c,\quad") == ["a", r" = b,\quad ", r"c,\quad"]


def lines(names: Names, formulas: tuple[str, ...]) -> Iterator[str]:
    """The formulas and the parts of them that have names, as the paper has them."""
    for formula in formulas:
        text, some = names.named(formula, WIDTH - 3 * INDENT)
        yield from (text, *(f"{part.name} = {part.body}" for part in some))


def test_every_formula_of_the_catalogue_keeps_its_brackets_and_nearly_all_fit_in_full_size() -> None:
    fitted = seen = 0
    for claim in catalogue():
        for step in claim.steps(claim.formulas):
            for line in lines(Names(), (*goal_lines(step.goal), *(d.expression for d in definitions(step.goal)))):
                text = broken(line)
                rows = re.findall(r"^& (?:\\qquad )?(.*?)(?: \\\\)?$", text, re.MULTILINE)
                for row in rows:
                    assert row.count("{") == row.count("}"), row
                    assert row.count(r"\left") == row.count(r"\right"), row
                assert text.count("(") == text.count(")")
                for opening, closing in ((r"\langle", r"\rangle"), ("{", "}"), ("(", ")")):
                    assert line.count(opening) == line.count(closing), line
                assert not line.rstrip().endswith((",", "+", "-", "=", "\\")), line
                fitted += any(width(row) > WIDTH for row in rows)
                seen += len(rows) > 1
    assert seen > 50
    assert fitted < seen / 10


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("1/(c*|u|)", r"1/(c \lVert u\rVert)"),
        ("-2/(c**2*|u|**2)", r"-2/(c^{2} \lVert u\rVert^{2})"),
        ("2*sqrt(3)/3", r"2 \sqrt{3}/3"),
        ("4*V_***2*sigma**2*p**1", r"4 V_*^{2} \sigma^{2} p"),
        ("alpha_x(1)", r"\alpha_x(1)"),
        ("v_-", "v_-"),
        ("v_+*u1", "v_+ u_1"),
        ("a_+ + b", "a_+ + b"),
        ("-oo", r"-\infty"),
        ("p**(1/2)", "p^{1/2}"),
        ("-3/8", "-3/8"),
        ("kappa**(-4*k)", r"\kappa^{-4 k}"),
        ("x**(-k*(n+1))", "x^{-k (n+1)}"),
        ("(-2*Gamma*eta + r_0**4)**(1/4)", r"(-2 \Gamma \eta + r_0^{4})^{1/4}"),
    ],
)
def test_what_the_kernel_prints_is_typeset(printed: str, written: str) -> None:
    assert printed_latex(printed) == written

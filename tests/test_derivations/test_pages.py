"""What the companion allows a page to end between, and what not."""

from __future__ import annotations

from derivations.latex.companion.pages import MANY, over_pages


def shown(rows: int, end: str = "") -> str:
    inside = " \\\\\n".join(["& a", *["& \\qquad + b"] * (rows - 1)])
    return f"\\[\n\\begin{{aligned}}\n{inside}\n\\end{{aligned}}{end}\n\\]"


def test_a_page_may_end_between_the_rows_of_a_long_display_and_nothing_of_it_is_lost() -> None:
    broken = over_pages(shown(MANY, r" \qedhere"))
    assert broken.startswith("\\begin{align*}\n& a \\\\\n")
    assert broken.endswith("+ b \\qedhere\n\\end{align*}")
    assert broken.count("+ b") == MANY - 1


def test_a_short_display_stays_together_and_so_does_one_of_several_formulas() -> None:
    for text in (shown(MANY - 1), f"\\begin{{gather*}}\na \\\\\n{shown(MANY)[3:-3]}\n\\end{{gather*}}"):
        assert over_pages(text) == text


def test_rows_of_something_inside_are_not_taken_for_those_of_the_display() -> None:
    inside = shown(MANY).replace("+ b", "+ \\begin{cases}\nb \\\\\nc\n\\end{cases}", 1)
    assert over_pages(inside) == inside


def test_two_displays_are_broken_each_for_itself() -> None:
    text = f"{shown(1)}\nwords\n{shown(MANY)}"
    assert over_pages(text) == f"{shown(1)}\nwords\n{over_pages(shown(MANY))}"


def test_what_announces_a_formula_stays_with_it() -> None:
    assert over_pages("Then\n\\lawcase{one}\n") == "Then\\par\\nobreak\n\\lawcase{one}\n"
    assert over_pages("off by $1$); there instead\n\\[") == "off by $1$); there~instead\\displaywidowpenalty=10000\n\\["
    assert over_pages("Then\n\\[") == "Then\n\\["  # TeX itself keeps a display with the line before it

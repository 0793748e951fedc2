"""The style: every role is told apart in grey too, words can be read, and no other module types a colour of its own."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from derivations.figures import marks
from derivations.figures.style import DASHED, DASHES, MARKERS, SOLID, STYLES, Style, contrast, lightness, worded

ROOT = Path(__file__).parents[2]
JUST = 2.3  # of lightness: two colours side by side that are just told apart (Mahy and others, 1994)


def test_lightness_is_that_of_the_standard_and_contrast_that_of_the_guidelines() -> None:
    assert lightness("#000000") == 0
    assert lightness("#ffffff") == pytest.approx(100)
    assert lightness("#777777") == pytest.approx(50.03, abs=0.01)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_roles_differ_in_lightness_by_far_more_than_is_just_seen(style: Style) -> None:
    roles = (style.theory, style.simulation, style.bound, style.broken)
    assert all(abs(lightness(a) - lightness(b)) > 4 * JUST for a, b in combinations(roles, 2))


def test_roles_differ_without_any_colour() -> None:
    """Theory is a solid line, what is broken a dashed one; settings have markers and dashes of their own."""
    assert SOLID != DASHED
    assert len(set(MARKERS)) == len(MARKERS)
    assert len(set(DASHES)) == len(DASHES)


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_settings_of_one_picture_are_told_apart_in_grey_or_by_their_markers(style: Style) -> None:
    assert len(style.series) <= len(MARKERS)
    first = style.series[:3]
    assert all(abs(lightness(a) - lightness(b)) > JUST for a, b in combinations(first, 2))


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_words_and_lines_stand_out_from_the_paper(style: Style) -> None:
    assert contrast(style.ink, style.paper) >= 7
    assert all(contrast(c, style.paper) >= 3 for c in (style.theory, style.simulation, style.broken, style.quiet))
    assert {c: contrast(c, style.paper) for c in style.series if contrast(c, style.paper) < 3} == {}
    assert contrast(style.bound, style.paper) > 1.2


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_words_in_a_colour_are_as_dark_as_words_must_be(style: Style) -> None:
    """Guidelines ask 3 of a line and 4.5 of small letters."""
    colours = (*style.series, style.quiet, style.broken, style.simulation)
    assert {c: contrast(worded(c, style), style.paper) for c in colours if contrast(worded(c, style), style.paper) < 4.5} == {}
    assert all(worded(c, style) == c for c in colours if contrast(c, style.paper) >= 4.5)


def test_pictures_set_their_words_in_such_colours() -> None:
    for style in STYLES.values():
        axes = Figure().add_subplot()
        marks.words(axes, "word", (0, 0), style, color=style.series[1])
        assert [contrast(to_hex(t.get_color()), style.paper) >= 4.5 for t in axes.texts] == [True]


def test_no_other_module_types_a_colour() -> None:
    own = ROOT / "derivations" / "figures" / "style.py"
    drawing = [p for p in (*ROOT.glob("derivations/**/*.py"), *ROOT.glob("benchmarks/*.py")) if "matplotlib" in p.read_text("utf-8")]
    assert len(drawing) > 10
    found = {str(p): re.findall(r'"#[0-9a-fA-F]{6}"', p.read_text("utf-8")) for p in drawing if p != own}
    assert {p: c for p, c in found.items() if c} == {}

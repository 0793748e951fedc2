"""The site in a real browser: every formula is set, where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivations.docs import site
from derivations.docs.sources import sources
from tests.law_checks import proof
from tests.test_report.chromium import chromium, program


def test_formulas_are_set_and_stay_in_their_line_where_there_is_room(tmp_path: Path) -> None:
    """Also those of a counterexample, which are emphasised."""
    if program() is None:
        pytest.skip("no Chromium here: install chromium to look at the site in a browser")
    for module in site.PACKAGES:
        pytest.importorskip(module, reason="the site is built by the extra docs")
    pages = sources([proof("cosine-gradient-is-projected-direction"), proof("gradient-is-orthogonal"), proof("sgd-step-is-pythagorean")],
                    {}, tutorial="# Tutorial\n")  # fmt: skip
    pages["tutorial.md"] = r"# T" + "\n\n*refuted at $x = 1$, $y = 2$*\n\n" + "$" + "+".join(["x_{1234567890}"] * 60) + "$\n"
    built = site.build(pages, tmp_path / "site").parent
    with chromium(tmp_path / "profile") as page:
        page.open((built / "claims" / "sgd-step-is-pythagorean.html").as_uri())
        page.until("document.querySelectorAll('.math .katex').length > 20")
        assert page.do("document.querySelectorAll('.math:not(:has(.katex)), .katex-error').length") == 0
        page.open((built / "tutorial.html").as_uri())
        page.until("document.title.startsWith('T') && document.querySelector('em .katex')")
        assert page.do("[...document.querySelectorAll('em .math')].map(m => m.classList.contains('wide'))") == [False, False]
        assert page.do("[...document.querySelectorAll('.math.wide')].length") <= 1
        assert page.errors == []

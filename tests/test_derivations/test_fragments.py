"""A fragment in somebody else's paper: a stock `article`, plain or with the macros."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from derivations.latex.companion.build import first_error, read_log
from derivations.latex.fragment import proof_latex
from derivations.latex.macros import NOTATION
from derivations.latex.plain import plain
from tests import law_checks
from theory.catalogue import catalogue
from theory.claims import Claim

TOGETHER = [tuple(catalogue())[i : i + 13] for i in range(0, len(catalogue()), 13)]
needs_latex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
HEAD = "\\documentclass{article}\n\\usepackage{amsmath,amssymb,amsthm}\n\\begin{document}\n"


def faults(body: str, folder: Path) -> list[str]:
    """What the engine says of a stock `article` (10 pt, lines of 345 pt) with this in it; citations are somebody else's."""
    (folder / "paper.tex").write_text(f"{HEAD}{body}\n\\end{{document}}\n", encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "paper"]
    done = subprocess.run(command, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=120, check=False)
    said = done.stdout.decode("utf-8", "replace")
    log = (folder / "paper.log").read_text(encoding="utf-8", errors="replace")
    return [first_error(said)] if done.returncode else [fault for fault in read_log(log) if not fault.startswith("nothing is called")]


def of_all(claims: Sequence[Claim], folder: Path) -> list[str]:
    """Faults of their fragments in one article: plain before the macros are defined, which it has to do without."""
    fragments = [proof_latex(law_checks.proof(claim.id)) for claim in claims]
    return faults("\n\\clearpage\n".join([*map(plain, fragments), NOTATION, *fragments]), folder)


@needs_latex
@pytest.mark.parametrize("claims", TOGETHER, ids=[f"{some[0].label}-{some[-1].label}" for some in TOGETHER])
def test_fragments_fit_a_stock_article_plain_and_with_macros(claims: Sequence[Claim], tmp_path: Path) -> None:
    """Some in one article, as the engine takes long to start; one by one if there is a fault, to say whose it is."""
    if of_all(claims, tmp_path):
        assert {claim.id: found for claim in claims if (found := of_all([claim], tmp_path))} == {}
        pytest.fail("there is a fault if they are together, and none if each is alone")


@needs_latex
def test_what_sticks_out_or_is_not_defined_would_be_seen(tmp_path: Path) -> None:
    assert "Overfull" in faults(rf"$\displaystyle \frac{{{'x' * 90}}}{{2}}$", tmp_path)[0]
    assert "Undefined control sequence" in faults(r"\lawpart{$x$}", tmp_path)[0]

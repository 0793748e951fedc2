"""A fragment in somebody else's paper: a stock `article`, plain or with the macros."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from derivations.latex.companion.build import first_error, read_log
from derivations.latex.fragment import proof_latex
from derivations.latex.macros import NOTATION
from derivations.latex.plain import plain
from tests import law_checks
from theory.catalogue import catalogue
from theory.claims import Claim

every_claim = pytest.mark.parametrize("claim", catalogue(), ids=[c.id for c in catalogue()])
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


@needs_latex
@every_claim
def test_a_fragment_fits_a_stock_article_plain_and_with_macros(claim: Claim, tmp_path: Path) -> None:
    """Plain before the macros are defined: it has to do without them."""
    fragment = proof_latex(law_checks.proof(claim.id))
    assert faults(f"{plain(fragment)}\n\\clearpage\n{NOTATION}\n{fragment}", tmp_path) == []


@needs_latex
def test_what_sticks_out_or_is_not_defined_would_be_seen(tmp_path: Path) -> None:
    assert "Overfull" in faults(rf"$\displaystyle \frac{{{'x' * 90}}}{{2}}$", tmp_path)[0]
    assert "Undefined control sequence" in faults(r"\lawpart{$x$}", tmp_path)[0]

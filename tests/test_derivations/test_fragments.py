"""A fragment in somebody else's paper: a stock `article`, plain or with the macros."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from derivations.latex.companion.build import first_error, read_log
from derivations.latex.export import fragments
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


# A paper with names of its own, each of which a fragment uses for something else, and a style of theorems that it relies on.
HOST = r"""\newtheorem{law}{Principle}
\newenvironment{steps}{\begin{enumerate}}{\end{enumerate}}\newenvironment{hypotheses}{\begin{quote}}{\end{quote}}
\newenvironment{witnesses}{\begin{quote}}{\end{quote}}\newcommand{\decided}{settled}\newcommand{\lawref}[1]{Principle~\ref{#1}}
"""
HOST_GOES_ON = r"""\newtheorem{lemma}{Lemma}
\begin{law}\label{own}Lengths grow.\end{law}\begin{lemma}\makeatletter\typeout{shape of a lemma: \f@shape}\makeatother So it is.\end{lemma}
\begin{hypotheses}\begin{steps}\item It is \decided, by \lawref{own}.\end{steps}\end{hypotheses}\begin{witnesses}None.\end{witnesses}
"""


def printed(*names: str) -> list[str]:
    """What ``normlaw export ID`` prints of each, one command a law."""
    return [fragments((law_checks.proof(name),), "latex") for name in names]


@needs_latex
def test_fragments_taken_one_by_one_stand_together_in_a_paper_that_has_laws_of_its_own(tmp_path: Path) -> None:
    one, other = printed("sgd-step-is-pythagorean", "gradient-is-orthogonal")
    assert faults(f"{HOST}{HOST_GOES_ON}{one}\n{other}\n{HOST_GOES_ON.replace('own', 'again').replace('lemma', 'remark')}", tmp_path) == []
    log = (tmp_path / "paper.log").read_text(encoding="utf-8", errors="replace")
    assert log.count("shape of a remark: it") == log.count("shape of a lemma: it") == 1


@needs_latex
def test_a_paper_may_define_its_names_after_a_fragment(tmp_path: Path) -> None:
    assert faults(f"{printed('gradient-is-orthogonal')[0]}\n{HOST}{HOST_GOES_ON}", tmp_path) == []


def test_what_the_macros_define_outside_a_fragment_begins_with_the_name_of_the_project() -> None:
    outside = NOTATION.split(r"\newcommand{\normlawnames}")[0]
    names = re.findall(r"\\new(?:command|environment|theorem|counter|savebox)\{\\?(\w+)\}", outside)
    assert len(names) > 7
    assert [name for name in names if not name.startswith("normlaw")] == ["lawfragment"]
    assert r"\def" not in outside

"""The companion paper: everything in its order, from proofs, a ledger where there is one, and figures where there are any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from derivations.latex.companion import assumptions, broken, figures, imprint, ledger, summary
from derivations.latex.companion.tables import ragged, unnumbered
from derivations.latex.symbols import MEANINGS
from derivations.latex.words import plain_latex, words_latex
from theory.catalogue import catalogue
from theory.claims import Claim, Proof

_HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath,amssymb,amsthm}
\usepackage{array,booktabs,longtable,graphicx}
\usepackage[numbers]{natbib}
\usepackage[hidelinks,pdfusetitle]{hyperref}
\setlength{\textwidth}{160mm}\setlength{\oddsidemargin}{0mm}\setlength{\evensidemargin}{0mm}
\setlength{\textheight}{235mm}\setlength{\topmargin}{-12mm}
\setlength{\emergencystretch}{3em}
\makeatletter\renewcommand*{\l@section}{\@dottedtocline{1}{0em}{1.8em}}\makeatother
\makeatletter\setlength{\@fptop}{0pt}\makeatother  % pages of figures begin at the top
\raggedbottom\allowdisplaybreaks\setlength{\jot}{6pt}
\input{notation}\normlawnames
\title{The laws of contrastive embedding norms}
"""
_TITLE_ENDS = r"""\date{}
\begin{document}
\maketitle
"""
_BY = "Stated, proved and typeset by"
_BY_SOME = "Stated, proved or measured, and typeset by"
_BY_FALLEN = r"\textbf{Not all of it holds: see the abstract} \\ Stated, put to a proof kernel and typeset by"

_REFERENCES = r"\renewcommand{\bibsection}{\section*{\refname}\addcontentsline{toc}{section}{\refname}}"
_SAID = r"""What else is written on the left of a formula is a name for what the kernel was given. The step of the proof that decides
it says what the name stands for; where it says nothing, working it out gave the right-hand side at once.

In square brackets stands how the kernel decided a step. \emph{Normal form}: the difference of both sides is brought to a polynomial
that is 0. \emph{Certificate}: a reason why something is not negative, checked by normal form: a combination of squares and of what
is known not to be negative, \emph{coefficients} none of which is negative, or, as \emph{monotone}, a value at the start and a derivative
that are not negative. \emph{Induction}: base and step. \emph{Leading term}: a limit by the terms that are largest there. \emph{Series}:
derivatives at 0. \emph{ODE}: substitution and initial value. After a hypothesis, \emph{decided for} says what the kernel took."""


def master(
    proofs: Sequence[Proof],
    run: Mapping[str, Any] | None = None,
    pictures: Sequence[str] = (),
    tell: broken.Tell = lambda _fraction, _words: None,
) -> str:
    """The document that holds every claim: compiles with ``pdflatex``, ``bibtex``, ``pdflatex`` twice.

    ``run`` is the document of a ledger; without it the paper says that nothing was measured. ``pictures`` are names of PDF files
    under ``figures/``. The kernel is asked for the broken variants, which takes about a minute for the whole catalogue.
    """
    claims = [proof.claim for proof in proofs]
    parts = [
        _head(proofs, run) + _elsewhere(claims) + summary.abstract(proofs, run),
        r"\tableofcontents\clearpage",
        summary.overview(proofs),
        notation(),
        imprint.table() if _whole(proofs) else "",
        figures.section(pictures),
    ]
    for chapter in dict.fromkeys(c.chapter for c in claims):
        parts.append(rf"\section{{{plain_latex(chapter.capitalize())}}}")
        parts += [rf"\input{{claims/{c.id}}}" for c in claims if c.chapter == chapter]
    parts += [
        assumptions.table(proofs),
        ledger.table(run, {c.id: c.label for c in claims}),
        r"\appendix",
        broken.appendix(proofs, tell),
    ]
    if any(c.references for c in claims):
        parts += [r"\begingroup\raggedright\small", _REFERENCES, r"\bibliographystyle{plainnat}", r"\bibliography{normlaw}", r"\endgroup"]
    return "\n".join([*filter(None, parts), r"\end{document}"]) + "\n"


def _head(proofs: Sequence[Proof], run: Mapping[str, Any] | None) -> str:
    """Up to the title, which calls nothing proved where something does not stand or fell short in the run."""
    short = any(proof.fallen or not proof.stands for proof in proofs) or bool(run and run["summary"]["falls_short"])
    by = _BY_FALLEN if short else _BY if all(proof.outcome == "proved" for proof in proofs) else _BY_SOME
    return rf"{_HEAD}\author{{{by} \texttt{{normlaw}}}}" + f"\n{_TITLE_ENDS}"


def _elsewhere(claims: Sequence[Claim]) -> str:
    """Labels of laws that are referred to and not in the document, such as a chapter's own."""
    here = {c.id for c in claims}
    missing = dict.fromkeys(name for c in claims for name in c.derived_from if name not in here)
    known = {c.id: c.label for c in catalogue()} if missing else {}
    return "".join(
        rf"{{\renewcommand{{\thenormlawtheorem}}{{{known.get(name, name)}}}\refstepcounter{{normlawtheorem}}\label{{claim:{name}}}}}" + "\n"
        for name in missing
    )


def _whole(proofs: Sequence[Proof]) -> bool:
    """Whether every claim that the map of the imprint names is in the document."""
    return imprint.needed() <= {proof.claim.label for proof in proofs}


def notation() -> str:
    """The table of symbols."""
    rows = [rf"${symbol}$ & {words_latex(meaning)} \\" for symbol, meaning in MEANINGS]
    head = [unnumbered("Notation"), r"\begin{center}\small", rf"\begin{{tabular}}{{@{{}}l{ragged(118)}@{{}}}}", r"\toprule"]
    return "\n".join([*head, *rows, r"\bottomrule", r"\end{tabular}", r"\end{center}", _SAID])

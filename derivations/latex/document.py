"""The master document, the macros that every fragment needs, and the bibliography."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derivations.latex.symbols import MEANINGS
from derivations.latex.words import plain_latex, words_latex
from theory.claims import Claim, Proof

NOTATION = r"""% Macros and environments of normlaw's fragments; needs amsmath, amssymb, amsthm.
\newcommand{\normlawname}{}
\newcommand{\normlawlabel}[1]{\renewcommand{\normlawname}{#1}}
\theoremstyle{plain}
\newtheorem{law}{Law}
\renewcommand{\thelaw}{\normlawname}
\newcounter{normlawitem}
\newcommand{\normlawnumbered}[1]{\csname @beginparpenalty\endcsname=10000
  \begin{list}{#1}{\usecounter{normlawitem}\setlength{\itemsep}{1pt}%
  \setlength{\parsep}{0pt}\setlength{\topsep}{3pt}\setlength{\leftmargin}{2.4em}\setlength{\labelwidth}{2em}}}
\newenvironment{hypotheses}{\normlawnumbered{\normalfont(H\arabic{normlawitem})}}{\end{list}}
\newenvironment{witnesses}{\small\normlawnumbered{(H\arabic{normlawitem})}}{\end{list}}
\newenvironment{steps}{\normlawnumbered{\arabic{normlawitem}.}}{\end{list}}
\newcommand{\lawnote}[1]{\par\smallskip\noindent\textit{#1}}
% What was decided under a name that somebody typed: name, words, expression.
\newcommand{\lawsymbols}[1]{\par\noindent{\small Symbols: $#1$.\par}}
\newcommand{\lawwhere}[3]{\par\noindent{\small\interlinepenalty=10000 where $#1$ #2 #3\par}}
\newcommand{\lawbelow}[1]{\advance\linewidth by -1.5em\\*\hspace*{1.5em}#1}
\newcommand{\formally}[1]{{\small[decided for $#1$]}}
\newcommand{\decided}[1]{{\small[#1]}}
% A formula in the largest size in which it fits the line.
\newsavebox{\normlawbox}
\newcommand{\normlawtry}[2]{\sbox{\normlawbox}{#1$\displaystyle #2$}}
\newcommand{\normlawfit}[1]{\normlawtry{}{#1}%
  \ifdim\wd\normlawbox>\linewidth\normlawtry{\small}{#1}\fi
  \ifdim\wd\normlawbox>\linewidth\normlawtry{\footnotesize}{#1}\fi
  \ifdim\wd\normlawbox>\linewidth\normlawtry{\scriptsize}{#1}\fi
  \ifdim\wd\normlawbox>\linewidth\normlawtry{\tiny}{#1}\fi
  \usebox{\normlawbox}}
"""

_HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath,amssymb,amsthm}
\usepackage{booktabs,longtable}
\usepackage[hidelinks,pdfusetitle]{hyperref}
\setlength{\textwidth}{160mm}\setlength{\oddsidemargin}{0mm}\setlength{\evensidemargin}{0mm}
\setlength{\textheight}{235mm}\setlength{\topmargin}{-12mm}
\setlength{\emergencystretch}{3em}
\raggedbottom\allowdisplaybreaks\setlength{\jot}{6pt}
\input{notation}
\title{The laws of contrastive embedding norms}
\author{Stated, proved and typeset by \texttt{normlaw}}
\date{}
\begin{document}
\maketitle
"""


def master(proofs: Sequence[Proof]) -> str:
    """The document that holds every claim; compiles with ``pdflatex``, twice."""
    claims = [proof.claim for proof in proofs]
    parts = [_HEAD + _summary(proofs), _notation_table()]
    for chapter in dict.fromkeys(c.chapter for c in claims):
        parts.append(rf"\section{{{plain_latex(chapter.capitalize())}}}")
        parts += [rf"\input{{claims/{c.id}}}" for c in claims if c.chapter == chapter]
    return "\n".join([*parts, bibliography(claims), r"\end{document}"]) + "\n"


def _summary(proofs: Iterable[Proof]) -> str:
    rows = [
        rf"\ref{{claim:{c.id}}} & {plain_latex(c.title)} & {_verdict(p)} & {c.provenance.value} \\"
        for p, c in ((p, p.claim) for p in proofs)
    ]
    return "\n".join([
        r"\section*{Summary}", _SUMMARY, r"{\small",
        r"\begin{longtable}{@{}p{9mm}p{101mm}p{14mm}l@{}}",
        r"\toprule", r"Law & Statement & Verdict & Provenance \\", r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot",
        *rows, r"\end{longtable}}",
    ])  # fmt: skip


_SUMMARY = r"""A law is \emph{proved} when the kernel decided every step exactly; the method that decided it
stands behind each step in brackets. For every hypothesis the kernel is given a setting in which only that
hypothesis fails; what it found there stands under each law."""


def _verdict(proof: Proof) -> str:
    status = proof.outcome
    return status if status == "proved" else rf"\textbf{{{status}}}"


def _notation_table() -> str:
    rows = [rf"${symbol}$ & {words_latex(meaning)} \\" for symbol, meaning in MEANINGS]
    head = [r"\section*{Notation}", r"\begin{center}\small", r"\begin{tabular}{@{}ll@{}}", r"\toprule"]
    return "\n".join([*head, *rows, r"\bottomrule", r"\end{tabular}", r"\end{center}"])


def bibliography(claims: Iterable[Claim]) -> str:
    """Every reference once, by key; needs no BibTeX run."""
    words = {reference.key: reference.words for claim in claims for reference in claim.references}
    if not words:
        return ""
    items = [rf"\bibitem{{{key}}} {words_latex(words[key].rstrip('.'))}." for key in sorted(words)]
    return "\n".join([r"\begin{thebibliography}{99}", *items, r"\end{thebibliography}"])

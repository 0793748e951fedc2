"""The macros and environments that every fragment needs.

A fragment is pasted into papers that have a ``law`` or ``steps`` of their own, and beside other fragments: outside ``lawfragment``
nothing is defined but what begins with ``normlaw``, and that once. A document of ours makes the short names known throughout.
"""

from __future__ import annotations

NOTATION = r"""% Macros and environments of normlaw's fragments; needs amsmath, amssymb, amsthm. To have them twice does no harm.
\ifdefined\normlawnames\else
\newcommand{\normlawname}{}
\newcommand{\normlawlabel}[1]{\renewcommand{\normlawname}{#1}}
% Formulas in text and displays of several rows need room: looser lines, and pages that may end between rows.
\newenvironment{lawfragment}{\par\normlawnames\tolerance=2000\emergencystretch=3em\allowdisplaybreaks
  \clubpenalty=10000\displaywidowpenalty=10000}{\par}
\begingroup\theoremstyle{definition}\newtheorem{normlawtheorem}{Law}\endgroup % in a group: your style of theorems stays
\renewcommand{\thenormlawtheorem}{\normlawname}
\newcounter{normlawitem}
\newcommand{\normlawnumbered}[1]{\csname @beginparpenalty\endcsname=10000
  \begin{list}{#1}{\usecounter{normlawitem}\setlength{\itemsep}{1pt}%
  \setlength{\parsep}{0pt}\setlength{\topsep}{3pt}\setlength{\leftmargin}{2.4em}\setlength{\labelwidth}{2em}}}
% A formula in the largest size in which it fits the line.
\newsavebox{\normlawbox}
\newcommand{\normlawtry}[2]{\sbox{\normlawbox}{#1$\displaystyle #2$}}
\newcommand{\normlawfit}[1]{\normlawtry{}{#1}%
  \ifdim\wd\normlawbox>\linewidth\normlawtry{\small}{#1}\fi
  \ifdim\wd\normlawbox>\linewidth\normlawtry{\footnotesize}{#1}\fi
  \ifdim\wd\normlawbox>\linewidth\normlawtry{\scriptsize}{#1}\fi
  \ifdim\wd\normlawbox>\linewidth\normlawtry{\tiny}{#1}\fi
  \usebox{\normlawbox}}
% Short names, inside a fragment only: your paper may have its own.
\newcommand{\normlawnames}{%
  \let\law\normlawtheorem \let\endlaw\endnormlawtheorem
  \def\hypotheses{\normlawnumbered{\normalfont(H\arabic{normlawitem})}}\def\endhypotheses{\end{list}}%
  \def\witnesses{\small\normlawnumbered{(H\arabic{normlawitem})}\raggedright}\def\endwitnesses{\end{list}}%
  \def\steps{\csname @endparpenalty\endcsname=10000 \normlawnumbered{\arabic{normlawitem}.}\setlength{\itemsep}{5pt}}%
  \def\endsteps{\end{list}}%
  % The number of a law, or its label where the law is not in the document.
  \def\lawref##1##2{\ifcsname r@claim:##1\endcsname\ref{claim:##1}\else##2\fi}%
  \def\lawnote##1{\par\smallskip\noindent\textit{##1}}%
  % What the formulas that follow in a statement are about.
  \def\lawcase##1{\par\medskip\noindent\textit{##1:}}%
  \def\lawsymbols##1{\par\noindent{\small\raggedright Symbols: ##1.\par}}%
  % What was decided under a name that somebody typed: name, words, expression.
  \def\lawwhere##1##2##3{\par\noindent
    {\small\raggedright\interlinepenalty=10000\lineskiplimit=3pt\lineskip=5pt where $##1$ ##2 ##3\par}}%
  \def\lawand##1##2##3{, and $##1$ ##2 ##3}%
  \def\lawpart##1{\par\noindent{\small\raggedright\interlinepenalty=10000\lineskiplimit=3pt\lineskip=5pt
    \hspace*{1.5em}\advance\linewidth by -1.5em ##1\par}}%
  \def\lawwith{where\ \advance\linewidth by -3.5em}%
  \def\lawalso##1{,\quad ##1}%
  \def\lawknown##1{\par\noindent{\small\lineskiplimit=3pt\lineskip=5pt\hspace*{1.5em}$##1$ as above.\par}}%
  \def\lawbelow##1{\advance\linewidth by -1.5em\\*\hspace*{1.5em}##1}%
  % A further row of many, before which a page may end.
  \def\lawrow##1{\vadjust{\penalty0}\\\hspace*{1.5em}\normlawfit{\qquad{}##1}}%
  \def\formally##1{{\small[decided for $##1$]}}%
  \def\decided##1{{\small[##1]}}}
\fi
"""

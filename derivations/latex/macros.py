"""The macros and environments that every fragment needs."""

from __future__ import annotations

NOTATION = r"""% Macros and environments of normlaw's fragments; needs amsmath, amssymb, amsthm.
\newcommand{\normlawname}{}
\newcommand{\normlawlabel}[1]{\renewcommand{\normlawname}{#1}}
% Formulas in text and displays of several rows need room: looser lines, and pages that may end between rows.
\newenvironment{lawfragment}{\par\tolerance=2000\emergencystretch=3em\allowdisplaybreaks
  \clubpenalty=10000\displaywidowpenalty=10000}{\par}
\theoremstyle{definition}
\newtheorem{law}{Law}
\renewcommand{\thelaw}{\normlawname}
\newcounter{normlawitem}
\newcommand{\normlawnumbered}[1]{\csname @beginparpenalty\endcsname=10000
  \begin{list}{#1}{\usecounter{normlawitem}\setlength{\itemsep}{1pt}%
  \setlength{\parsep}{0pt}\setlength{\topsep}{3pt}\setlength{\leftmargin}{2.4em}\setlength{\labelwidth}{2em}}}
\newenvironment{hypotheses}{\normlawnumbered{\normalfont(H\arabic{normlawitem})}}{\end{list}}
\newenvironment{witnesses}{\small\normlawnumbered{(H\arabic{normlawitem})}\raggedright}{\end{list}}
\newenvironment{steps}{\csname @endparpenalty\endcsname=10000 \normlawnumbered{\arabic{normlawitem}.}\setlength{\itemsep}{5pt}}{\end{list}}
% The number of a law, or its label where the law is not in the document.
\newcommand{\lawref}[2]{\ifcsname r@claim:#1\endcsname\ref{claim:#1}\else#2\fi}
\newcommand{\lawnote}[1]{\par\smallskip\noindent\textit{#1}}
% What the formulas that follow in a statement are about.
\newcommand{\lawcase}[1]{\par\medskip\noindent\textit{#1:}}
% What was decided under a name that somebody typed: name, words, expression.
\newcommand{\lawsymbols}[1]{\par\noindent{\small\raggedright Symbols: #1.\par}}
\newcommand{\lawwhere}[3]{\par\noindent{\small\raggedright\interlinepenalty=10000\lineskiplimit=3pt\lineskip=5pt where $#1$ #2 #3\par}}
\newcommand{\lawand}[3]{, and $#1$ #2 #3}
\newcommand{\lawpart}[1]{\par\noindent{\small\raggedright\interlinepenalty=10000\lineskiplimit=3pt\lineskip=5pt
  \hspace*{1.5em}\advance\linewidth by -1.5em #1\par}}
\newcommand{\lawwith}{where\ \advance\linewidth by -3.5em}
\newcommand{\lawalso}[1]{,\quad #1}
\newcommand{\lawknown}[1]{\par\noindent{\small\lineskiplimit=3pt\lineskip=5pt\hspace*{1.5em}$#1$ as above.\par}}
\newcommand{\lawbelow}[1]{\advance\linewidth by -1.5em\\*\hspace*{1.5em}#1}
% A further row of many, before which a page may end.
\newcommand{\lawrow}[1]{\vadjust{\penalty0}\\\hspace*{1.5em}\normlawfit{\qquad{}#1}}
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

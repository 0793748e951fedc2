"""The notation table: what every shared symbol means, in words; the symbols come from the theory."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sympy as sp

from derivations.latex.content import appears, assumptions, stated
from derivations.latex.printer import goal_lines
from theory import notation
from theory.claims import Claim
from theory.letters import words
from theory.typeset import latex
from theory.typesetting.notebook import conclusions
from theory.vectors import Cosine, Norm

MEANINGS: tuple[tuple[str, str], ...] = (
    (latex(Norm(notation.u)),
     r"norm of the embedding $u$, $r_0$ at the start, $r_*$ at an equilibrium (short: $r$); $\hat u = u/\lVert u\rVert$"),
    (latex(Cosine(notation.u, notation.v)), r"cosine of the angle between $u$ and $v$, $\langle\hat u, \hat v\rangle$"),
    (latex(notation.eta), "learning rate"),
    (latex(notation.lam), "weight decay"),
    (latex(notation.tau), "temperature"),
    (r"\rho", r"decay factor of the squared norm, $(1 - \eta\lambda)^2$"),
    (latex(notation.G), r"gradient energy on the unit sphere, $\lVert u\rVert^2 \lVert g\rVert^2$ with $g = \nabla_u L$"),
    (r"\hat t",
     r"direction of the gradient, $\hat t = t/\lVert t\rVert$ and $g = \lVert g\rVert\,\hat t$; $\hat m$ that of the momentum $m$"),
    (latex(notation.z), r"fourth power of the norm, $\lVert u\rVert^4$; $z_0$ at the start"),
    (latex(notation.a), r"drive of the fourth power, $\eta^2 G$; $A_K = \sum_{k<K} a_k$"),
    (r"\partial_r L,\ \partial_j L", r"derivatives of the loss by the norm and by the cosine $\cos(u, v_j)$"),
    (latex(notation.n), r"number of candidates $v_1, \dots, v_n$; $v_+$ is the positive, $n_+$ the number of further ones"),
    (f"{latex(notation.t)},\\ {latex(notation.k)}", r"time of the flow; number of steps ($t$ in a cosine: a vector along the gradient)"),
    (r"\delta", r"angle between $u_k$ and $u_{k+1}$, by which a step turns the embedding; in laws of roundings what a number is to lose"),
    (latex(notation.c), "a positive scale factor"),
    (r"\mathcal{A},\ \mathcal{B}_j", r"parts of long formulas, named below them, with the index of a sum around them; each for its law"),
)

_ROTATION = re.compile(r"\\(?:cos|sin|tan)(?:\^2)? ?\\delta")
_NOW, _NEXT = re.compile(r"(?<![A-Za-z])u(?=\\rVert|[,)])"), "u_{k+1}"
_ALONG = (r"$\hat t$ (direction of the gradient, $\nabla_u L = \lVert \nabla_u L\rVert\,\hat t$;"
          r" $\cos(t, u) = \langle\hat t, \hat u\rangle$)")  # fmt: skip
_SAID = {  # for a reader who has a statement without the table
    latex(notation.eta): "learning rate",
    latex(notation.lam): "weight decay",
    latex(notation.tau): "temperature",
    latex(notation.G): r"gradient energy, $\lVert u\rVert^2 \lVert \nabla_u L\rVert^2$",
}


def legend(claim: Claim) -> tuple[str, ...]:
    """What the letters of a statement are, as words with formulas, each once: conditions, and what the shared ones mean."""
    shown = stated(claim)
    own = {latex(sp.Symbol(name)): words(letter) for name, letter in claim.letters.items()}
    held = assumptions(claim)
    rows = [_told(text, own) for text in held]
    typed = "\n".join(line for step in conclusions(claim) for line in goal_lines(step.goal))
    rows += [f"${name}$ ({own[name]})" for name in own if appears(name, typed) and name not in {text.split(" ")[0] for text in held}]
    rows += [r"$\delta$ (the angle between $u_k$ and $u_{k+1}$)"] if _ROTATION.search(shown) else []
    rows += [_ALONG] if r"\hat t" in shown or r"\hat{t}" in shown else []
    return (*rows, *(["$u = u_k$"] if _NEXT in shown and _NOW.search(shown) else []))


def _told(text: str, own: Mapping[str, str]) -> str:
    """A condition on a letter, and what it is: the claim's own words for it, or those for one that all claims share."""
    name = text.split(" ")[0]
    if name in own:
        return f"${text}$ ({own[name]})"
    if text == f"{latex(notation.r)} > 0":
        return rf"${name} = \lVert u\rVert > 0$"
    return f"${text}$ ({_SAID[name]})" if name in _SAID else f"${text}$"

"""The notation table: what every shared symbol means, in words; the symbols come from the theory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import sympy as sp

from derivations.latex.content import appears, assumptions, explained, stated
from theory import notation
from theory.claims import Claim
from theory.letters import words
from theory.typeset import latex
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
    (r"\tilde g", r"gradient at the unit vector $\hat u$, $\lVert u\rVert\,g$"),
    ("u'", "the embedding after a step, as $u_{k+1}$ is"),
    (latex(notation.z), r"fourth power of the norm, $\lVert u\rVert^4$; $z_0$ at the start"),
    (latex(notation.a), r"drive of the fourth power, $\eta^2 G$; $A_K = \sum_{k<K} a_k$"),
    (r"\partial_r L,\ \partial_j L", r"derivatives of the loss by the norm and by the cosine $\cos(u, v_j)$"),
    (latex(notation.n),
     r"number of candidates $v_1, \dots, v_n$; $v_+$ is the positive, $n_+$ the number of further ones. In laws of frequency: of visits"),
    (f"{latex(notation.t)},\\ {latex(notation.k)}", r"time of the flow; number of steps ($t$ in a cosine: a vector along the gradient)"),
    (r"\delta", r"angle between $u_k$ and $u_{k+1}$, by which a step turns the embedding; in laws of roundings what a number is to lose"),
    (latex(notation.c), "a positive scale factor"),
    (r"\mathcal{A},\ \mathcal{B}_j", r"parts of long formulas, named below them, with the index of a sum around them; each for its law"),
)

_ROTATION = re.compile(r"\\(?:cos|sin|tan)(?:\^2)? ?\\delta")
_NOW, _NEXT = re.compile(r"(?<![A-Za-z])u(?=\\rVert|[,)])"), "u_{k+1}"
_ALONG = (r"$\hat t$ (direction of the gradient, $\nabla_u L = \lVert \nabla_u L\rVert\,\hat t$;"
          r" $\cos(t, u) = \langle\hat t, \hat u\rangle$)")  # fmt: skip
_SAID = {  # for a reader who has a statement without the table; each is the same in all claims that have no word of their own for it
    latex(notation.eta): "learning rate",
    latex(notation.lam): "weight decay",
    latex(notation.tau): "temperature",
    latex(notation.G): r"gradient energy, $\lVert u\rVert^2 \lVert \nabla_u L\rVert^2$",
    latex(notation.r0): "norm at the start",
    latex(notation.z0): "fourth power of the norm at the start",
    "r_*": "norm at the equilibrium",
    "v_+": "the positive",
    "u'": "embedding after a step",
}
_WRITTEN = {  # names that are written in formulas as they are, and no symbols: where they stand there, and what is said of them
    "r": (r"(?<![A-Za-z\\])r(?![A-Za-z'_])", r"$r = \lVert u\rVert$"),
    "g": (r"\\lVert g\\rVert", r"$g = \nabla_u L$"),
    r"\tilde g": (r"\\tilde g", r"$\tilde g$ (gradient at $\hat u$, $\lVert u\rVert\,\nabla_u L$)"),
    r"\partial_r": (r"\\partial_r ?L", r"$\partial_r L$ (derivative of the loss by the norm)"),
    r"\partial_j": (r"\\partial_j ?L", r"$\partial_j L$ (derivative of the loss by the cosine $\cos(u, v_j)$)"),
    "t": (r"frac\{d\}\{dt\}", "$t$ (time of the flow)"),
}


def legend(claim: Claim) -> tuple[str, ...]:
    """What the letters of a statement are, as words with formulas, each once: conditions, and what the shared ones mean."""
    shown, held = stated(claim), assumptions(claim)
    own = {printed(name): words(letter) for name, letter in claim.letters.items()}
    rows = [_told(text, own) for text in held]
    told = {text.split(" ")[0] for text in held}
    written = [name for name in own if name not in told and stands(name, shown)]
    rows += [f"${name}$ ({own[name]})" for name in written]
    rows += _shared(shown, explained(claim), {*told, *written})
    rows += [r"$\delta$ (the angle between $u_k$ and $u_{k+1}$)"] if _ROTATION.search(shown) and r"\delta" not in told else []
    rows += [_ALONG] if (r"\hat t" in shown or r"\hat{t}" in shown) and r"\hat{t}" not in own else []
    return (*rows, *(["$u = u_k$"] if _NEXT in shown and _NOW.search(shown) else []))


def _shared(shown: str, spoken: str, told: AbstractSet[str]) -> Iterator[str]:
    """What has one meaning in all claims, and is no symbol that something is assumed of; unless the claim's own words have it."""
    for name, said in _SAID.items():
        if name not in told and appears(name, shown) and not appears(name, spoken):
            yield f"${name}$ ({said})"
    yield from (row for name, (where, row) in _WRITTEN.items() if name not in told and re.search(where, shown))


def printed(name: str) -> str:
    """A letter that a claim explains, by the name of its symbol or as it is written, in LaTeX."""
    return latex(sp.Symbol(name)) if name.isidentifier() else name


def stands(name: str, shown: str) -> bool:
    """Whether formulas have a letter of its own, or what is always written alike of one."""
    return appears(name, shown) or (name in _WRITTEN and re.search(_WRITTEN[name][0], shown) is not None)


def _told(text: str, own: Mapping[str, str]) -> str:
    """A condition on a letter, and what it is: the claim's own words for it, or those for one that all claims share."""
    name = text.split(" ")[0]
    if name in own:
        return f"${text}$ ({own[name]})"
    if text == f"{latex(notation.r)} > 0":
        return rf"${name} = \lVert u\rVert > 0$"
    return f"${text}$ ({_SAID[name]})" if name in _SAID else f"${text}$"

"""The notation table: what every shared symbol means, in words; the symbols come from the theory."""

from __future__ import annotations

from theory import notation
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
    (r"\hat t", r"direction of the gradient, $g = \lVert g\rVert\,\hat t$; $\hat m$ that of the momentum $m$"),
    (latex(notation.z), r"fourth power of the norm, $\lVert u\rVert^4$; $z_0$ at the start"),
    (latex(notation.a), r"drive of the fourth power, $\eta^2 G$; $A_K = \sum_{k<K} a_k$"),
    (r"\partial_r L,\ \partial_j L", r"derivatives of the loss by the norm and by the cosine $\cos(u, v_j)$"),
    (latex(notation.n), r"number of candidates $v_1, \dots, v_n$; $v_+$ is the positive"),
    (f"{latex(notation.t)},\\ {latex(notation.k)}", "time of the flow; number of steps"),
    (latex(notation.c), "a positive scale factor"),
    (r"\mathcal{A},\ \mathcal{B}_j", r"parts of long formulas, named below them, with the index of a sum around them; each for its law"),
)

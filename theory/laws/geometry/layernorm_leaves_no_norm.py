"""A9b. LayerNorm without affine part ends at ``|f|^2 = d s/(s + e)``, ``s`` the variance of its input: no norm to read."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import AtLeast, Equal, Goal, Tends
from theory.letters import Coordinates, Letter
from theory.notation import u, w
from theory.vectors import Cosine, Norm, Vector, direction, squared_norm, tangential, vector

D = sp.Symbol("d", integer=True, positive=True)  # dimension
VARIANCE = sp.Symbol("s", positive=True)  # of the coordinates of the input
EPSILON = sp.Symbol("epsilon", positive=True)
GAIN = sp.Symbol("gamma", positive=True)
NAME = r"\lVert\mathrm{LN}(x)\rVert^2"
ONES = direction("o")  # of the vector (1, ..., 1)
FORMULAS = {
    "variance": Norm(u) ** 2 * (1 - Cosine(u, ONES) ** 2) / D,
    "squared_norm": D * VARIANCE / (VARIANCE + EPSILON),  # after LayerNorm
    "limit": D,  # as epsilon vanishes
    "normalized": sp.S.One,  # after division by the norm
}


def layernorm(formulas: Formulas, gain: sp.Expr = sp.S.One) -> Vector:
    """``gain * (x - mean)/sqrt(variance + e)``: the mean is the part along the ones."""
    return (gain / sp.sqrt(formulas["variance"] + EPSILON)) * tangential(ONES, vector(u))


def statement(formulas: Formulas, out: Vector) -> Goal:
    """The squared norm of what comes out."""
    claimed = formulas["squared_norm"].subs(VARIANCE, formulas["variance"])
    return Equal(squared_norm(out), claimed, NAME)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Variance; norm after LayerNorm, its limit and what it can still say; after a division by the norm."""
    after = formulas["squared_norm"]
    divided = Norm(u) ** sp.S.NegativeOne * vector(u)
    return (
        Step("The mean lies along the ones: what is left has the variance, times $d$, for its squared length.",
             Equal(squared_norm(tangential(ONES, vector(u))) / D, formulas["variance"], r"s"), concludes=True),
        Step("So after LayerNorm the squared norm is", statement(formulas, layernorm(formulas)), concludes=True),
        Step("which is never above", AtLeast(formulas["limit"], after, name="d", shown=NAME), concludes=True),
        Step("and without $\\epsilon$ is the same for every input.", Tends(after, EPSILON, formulas["limit"], at_zero=True),
             concludes=True),
        Step("A last division by the norm leaves 1.",
             Equal(squared_norm(divided), formulas["normalized"], r"\lVert u/\lVert u\rVert\rVert^2"), concludes=True),
    )  # fmt: skip


def _gain(formulas: Formulas) -> Witness:
    out = layernorm(formulas, GAIN)
    claimed = formulas["squared_norm"].subs(VARIANCE, formulas["variance"])
    return Witness(r"a gain $\gamma$ after it", statement(formulas, out),
                   instead=Equal(squared_norm(out), GAIN**2 * claimed, NAME))


def _shift(formulas: Formulas) -> Witness:
    """A bias: the norm then depends on the direction."""
    return Witness("a bias $w$ after it", statement(formulas, layernorm(formulas) + vector(w)))


CLAIM = Claim(
    id="layernorm-leaves-no-norm",
    chapter="geometry",
    label="A9b",
    title="After LayerNorm without affine part, or a last division by the norm, there is no norm to read",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("no-gain", "LayerNorm has no gain", witness=_gain),
        Hypothesis("no-bias", "and no bias after it", witness=_shift),
    ),
    letters={
        "d": Letter("dimension", Coordinates.NUMBER), r"\epsilon": "what LayerNorm adds to the variance",
        "s": "variance of the coordinates of $u$", "o": Letter(r"the vector $(1, \dots, 1)$", Coordinates.ONES),
        "x": "input of LayerNorm, here $u$",
    },
    steps=steps,
    evidence="encoders that end in LayerNorm or in a division: norms against the formula, whatever the weights",
    provenance=Provenance.DERIVED,
    references=(Reference("ba2016", "Ba, Kiros, Hinton, Layer normalization"),),
    derived_from=("layers-have-no-radial-gradient",),
    remark="With a gain that is not the same in all coordinates, or a bias, the norm varies with the direction: a function of it,"
    " which no scale-invariant loss feels.",
)

"""B12h. signSGD on white symmetric noise is blind as AdamW is; noise of mean 0 that is skewed makes it march: ``r^2 ~ (eta b k)^2 d``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import SHARE as PROPER_SHARE
from theory.hypotheses import SIGN_MEAN, perpendicular
from theory.kernel import AtLeast, ByInduction, Domain, Equal, Goal, Interval
from theory.letters import Coordinates, Letter
from theory.notation import eta, lam, u
from theory.optimizers import sign_sgd
from theory.typeset import latex
from theory.vectors import Norm, direction, inner, squared_norm, unit, vector

DIM = sp.Symbol("d", integer=True, positive=True)
SIGNS = direction("s")
BIAS = sp.Symbol("b", real=True)  # mean of a sign
SHARE = sp.Symbol("w", positive=True)  # probability of a positive gradient
STEPS = sp.Symbol("k", integer=True, nonnegative=True)
A, X, SLACK, START = (sp.Symbol(name, nonnegative=True) for name in ("A", "X", "x", "A_0"))  # X: E|u_k|^2 along the march
FORMULAS = {
    "next_squared_norm": (1 - eta * lam) ** 2 * A + eta**2 * DIM,  # E|u'|^2 from A
    "equilibrium": eta * DIM / (lam * (2 - eta * lam)),  # r*^2
    "relaxation": (1 - eta * lam) ** 2,  # by which a deviation of E|u|^2 from it shrinks in a step
    "cos_rotation": 1 - eta * lam,  # E<u, u'>/E|u|^2
    "bias": 2 * SHARE - 1,  # b of noise that is positive with that probability, whatever its mean
    "marched": START + eta**2 * DIM * (STEPS + STEPS * (STEPS - 1) * BIAS**2),  # E|u_k|^2 without decay, for signs of mean b
}


def _after() -> tuple[sp.Expr, sp.Expr]:
    """``E<u, u'>`` and ``E|u'|^2`` after a step along signs, which have squared length d."""
    after = sign_sgd.step(vector(u), sp.sqrt(DIM) * unit(SIGNS), eta, lam)
    return inner(vector(u), after), squared_norm(after)


def statement(formulas: Formulas) -> Equal:
    """The mean squared norm after a step."""
    return Equal(_after()[1], formulas["next_squared_norm"].subs(A, Norm(u) ** 2), r"\mathbb E\lVert u'\rVert^2")


def marches(formulas: Formulas, drift: sp.Expr) -> Goal:
    """By induction: a step adds ``eta^2 d``, and ``-2 eta E<u, s>`` with ``E<u_k, s> = -eta k drift``."""
    step = 2 * eta**2 * STEPS * drift + eta**2 * DIM
    claimed = formulas["marched"]
    update = {X: X + step, STEPS: STEPS + 1}
    return ByInduction(X - claimed, {X: START, STEPS: sp.S.Zero}, update, (X, SLACK + claimed), SLACK, exact=True,
                       shown=rf"\mathbb E\lVert u_k\rVert^2 = {latex(claimed)}")  # fmt: skip


MARCH = r"skewed noise, positive with probability $w$, without decay, $b = 2w - 1$"


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Symmetric noise: norm, equilibrium, rotation; skewed noise: the march."""
    star, after = formulas["equilibrium"], formulas["next_squared_norm"]
    return (
        Step("Signs have squared length $d$. Of white symmetric noise they have mean 0 whatever went before:"
             " $\\mathbb E\\langle u, s\\rangle = 0$.",
             statement(formulas), concludes=True),
        Step("At equilibrium a step leaves the squared norm alone;",
             Equal(after.subs(A, star), star, r"r_*^2 = \mathbb E\lVert u'\rVert^2\big|_{r_*}"),
             concludes=True),
        Step("it is positive;", AtLeast(star, sp.S.Zero, strict=True, name="r_*^2"), concludes=True),
        Step("a deviation, however large, shrinks in every step by",
             Equal(after.subs(A, star + A) - star, A * formulas["relaxation"], r"\mathbb E\lVert u'\rVert^2 - r_*^2"), concludes=True),
        Step("the rotation there is that of SGD.",
             Equal(_after()[0] / Norm(u) ** 2, formulas["cos_rotation"], r"\mathbb E\langle u, u'\rangle/\lVert u\rVert^2"),
             concludes=True),
        Step("Noise that is positive with probability $w$ has signs $s_i$ of mean",
             Equal(SHARE - (1 - SHARE), formulas["bias"], r"\mathbb E s_i"), concludes=True, case=MARCH),
        Step("which the mean of a coordinate $g_i$ says nothing of: large positive and small negative values may balance.",
             Equal(SHARE * (1 - SHARE) - (1 - SHARE) * SHARE, sp.S.Zero, r"\mathbb E g_i\big|_{g_i = 1 - w,\ -w}")),
        Step("Two different steps then have $\\mathbb E\\langle s, s'\\rangle = d b^2$, so that $\\mathbb E\\langle u_k, s\\rangle"
             " = -\\eta k d b^2$, and without decay the embedding marches; $X$ is"
             " $\\mathbb E\\lVert u_k\\rVert^2$.", marches(formulas, DIM * BIAS**2), concludes=True, case=MARCH),
    )  # fmt: skip


def _skewed(formulas: Formulas) -> Witness:
    growth = formulas["next_squared_norm"].subs(lam, 0) - A
    goal = Equal(formulas["marched"] - START, STEPS * growth, r"\mathbb E\lVert u_k\rVert^2 - r_0^2")
    instead = Equal(goal.left - goal.right, eta**2 * DIM * STEPS * (STEPS - 1) * BIAS**2, r"\mathbb E\lVert u_k\rVert^2 - A_0 - \eta^2 k d")
    return Witness("signs of mean b: the embedding marches", goal, Domain(ranges={BIAS: _RANGES[BIAS]}), instead)


def _aslant(formulas: Formulas) -> Witness:
    return Witness("signs that lean on the embedding", statement(formulas), Domain(ranges={lam: _RANGES[lam]}))


def _overshoots(formulas: Formulas) -> Witness:
    star = formulas["equilibrium"].subs(lam, sp.Rational(5, 2) / eta)
    goal = AtLeast(star, sp.S.Zero, strict=True, name="r_*^2")
    return Witness("eta lambda = 5/2: the formula gives a negative square", goal, instead=Equal(star, goal.right - 4 * eta**2 * DIM / 5))


_RANGES = {lam: Interval(0, 2 / eta), BIAS: SIGN_MEAN, SHARE: PROPER_SHARE}
CLAIM = Claim(
    id="sign-steps-need-symmetric-noise",
    chapter="dynamics",
    label="B12h",
    title="signSGD is blind to the gradient energy on symmetric noise, and marches on skewed noise of mean 0",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("no-radial-part", r"$\mathbb E\langle u_k, s_k\rangle = 0$, as for symmetric noise that knows nothing of the past"
                   " (for all but the march)",
                   perpendicular(u, SIGNS), _aslant),
        Hypothesis("symmetric", r"signs have mean 0, but in the march the mean $b = 2w - 1$ of noise that is positive with probability"
                   r" $0 < w < 1$, the same at every step", Domain(ranges={x: _RANGES[x] for x in (BIAS, SHARE)}), _skewed),
        Hypothesis("decay-in-range", r"decoupled decay, $0 < \eta\lambda < 2$ (for all but the march, which has none)",
                   Domain(ranges={lam: _RANGES[lam]}), _overshoots),
    ),
    letters={
        "A": r"deviation of $\mathbb E\lVert u\rVert^2$ from $r_*^2$", "A_0": r"$\lVert u\rVert^2$ at the start",
        "d": Letter("dimension", Coordinates.NUMBER), "k": "number of steps",
        "s_k": "signs of the gradient at step $k$", "s": Letter("signs of the gradient", Coordinates.SIGNS),
        "s_i": "sign of a coordinate", "w": "probability that $s_i = 1$", "b": "mean of a sign, $2w - 1$",
        "r_*": r"at the equilibrium: $r_*^2$ is the mean of $\lVert u\rVert^2$",
    },
    steps=steps,
    evidence="signSGD on white tangential noise at equilibrium, and on gradients of mean 0 that are skewed: intervals over replicates",
    provenance=Provenance.DERIVED,
    references=(Reference("bernstein2018", "Bernstein et al., signSGD: compressed optimisation for non-convex problems"),),
    remark="At equilibrium the norm is the same for all items and the rotation is SGD's: neither carries a meaning; it is reached in"
    " 1/(2 eta lambda) steps. The march is the drift of C0 with a cause in the noise's shape alone: at a direction where the mean"
    " gradient vanishes, signs still pull. It lasts until the direction has turned to where signs balance, a median in place of a mean.",
)

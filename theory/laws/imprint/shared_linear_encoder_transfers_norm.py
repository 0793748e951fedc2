"""C8a. ``u_i = W x_i``: ``d/dt r_i^2 = -2 sum_j p_j <u_i, K_ij g_j>``, ``K_ij = <x_i, x_j>``, while ``|W|_F`` stands still."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.encoders import INPUT, ITEMS, MEMBER, PULL, SHARE, SHARES, SLOPE, SLOPES, felt, gradient, kernel, weights_along_gradient, x
from theory.kernel import Equal, Goal, Interval, finite
from theory.letters import PROBABILITY, Letter, third_cosine
from theory.notation import eta, n, u, v
from theory.optimizers import gradient_flow, sgd
from theory.vectors import Calculus, Cosine, Norm, Vector, direction, inner, squared_norm, vector

P = sp.Symbol("p_j", positive=True)  # share of item j
K = sp.Symbol("K_ij", real=True)
S = sp.Symbol("s_j", real=True)  # slope of its loss along the pull v_j
RI, RJ = sp.symbols("r_i r_j", positive=True)
CV, CO, CU = sp.symbols("c_i c_j c_ij", real=True)  # cosines of u_i with v_j, of u_j with v_j, of u_i with u_j
FORMULAS = {
    "transfer": -2 * P * K * S * (RI / RJ) * (CV - CO * CU),  # what item j adds to d r_i^2/dt
    "at_equal_norms": -2 * P * K * S * (CV - CO * CU),
    "own": sp.S.Zero,  # what item i itself adds
    "weight_rate": sp.S.Zero,  # of |W|_F^2
}
DECAY = sp.Symbol("lambda", positive=True)
VELOCITY = gradient_flow.velocity(felt())
NAME = r"\frac{d}{dt}\lVert u\rVert^2"


def transferred(formulas: Formulas) -> sp.Expr:
    """The claimed rate: all others' terms and the item's own."""
    gram = {P: SHARES, K: kernel(x, INPUT), S: SLOPES, RI: Norm(u), RJ: Norm(MEMBER),
            CV: Cosine(u, PULL), CO: Cosine(MEMBER, PULL), CU: Cosine(u, MEMBER)}  # fmt: skip
    return formulas["own"] + ITEMS.total(formulas["transfer"].subs(gram, simultaneous=True))


def statement(formulas: Formulas, velocity: Vector) -> Goal:
    """The rate of the squared norm along a velocity of ``u``."""
    return Equal(2 * inner(vector(u), velocity), transferred(formulas), NAME)


WEIGHTS = r"\frac{d}{dt}\lVert W\rVert_F^2"


def weight_rate(radial: sp.Expr = sp.S.Zero) -> sp.Expr:
    """Of ``|W|_F^2`` along the flow."""
    return -2 * weights_along_gradient(radial)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The item itself; all of them; the weights; equal norms."""
    w = direction("w")
    own = inner(vector(u), kernel(x, x) * gradient(u, v, SLOPE))
    equal = formulas["transfer"].subs(RJ, RI)
    return (
        Step("Whatever the velocity $w$ of $u$,",
             Equal(Calculus(u, (w,)).derivative(Norm(u) ** 2, vector(w)), 2 * inner(vector(u), vector(w)), NAME), free=True),
        Step("$W$ moves by $-\\sum_j p_j g_j x_j^\\top$, hence $u = Wx$ by $-\\sum_j p_j\\langle x_j, x\\rangle g_j$. The item's own term"
             " vanishes, as its gradient is tangential,", Equal(own, formulas["own"], r"\langle u_i, K_{ii} g_i\rangle"), concludes=True),
        Step("and what is left comes from the others, however many.", statement(formulas, VELOCITY), concludes=True),
        Step("Since $\\langle W, g_j x_j^\\top\\rangle = \\langle u_j, g_j\\rangle$, the weights keep their length.",
             Equal(weight_rate(), formulas["weight_rate"], WEIGHTS), concludes=True),
        Step("A term carries $r_i/r_j$: only at equal norms is it free of scale.",
             Equal(equal, formulas["at_equal_norms"], r"-2 p_j\langle u_i, K_{ij} g_j\rangle\big|_{r_i = r_j}"), concludes=True),
    )  # fmt: skip


def _radial(formulas: Formulas) -> Witness:
    rate = weight_rate(sp.S.One)
    instead = Equal(rate, -2 * (SHARE * SLOPE + ITEMS.total(SHARES * SLOPES)), WEIGHTS)
    words = "gradients with a radial part: the weights change their length"
    return Witness(words, Equal(rate, formulas["weight_rate"], WEIGHTS), instead=instead)


def _bias(formulas: Formulas) -> Witness:
    """An encoder ``Wx + b``: the kernel is larger by 1."""
    more = inner(vector(u), felt(bias=sp.S.One) - felt())
    instead = Equal(2 * inner(vector(u), gradient_flow.velocity(felt(bias=sp.S.One))), transferred(FORMULAS) - 2 * more, NAME)
    return Witness("a bias beside the matrix", statement(formulas, gradient_flow.velocity(felt(bias=sp.S.One))), instead=instead)


def _finite(formulas: Formulas) -> Witness:
    """With one other item."""
    felt_by_two, one = felt(), {n: sp.S.One}
    moved = finite((squared_norm(sgd.step(vector(u), felt_by_two, eta)) - Norm(u) ** 2) / eta, one)
    instead = Equal(moved, finite(transferred(FORMULAS) + eta * squared_norm(felt_by_two), one), NAME)
    return Witness("a step of finite size, per unit of time", Equal(moved, finite(transferred(formulas), one), NAME), instead=instead)


def _decays(formulas: Formulas) -> Witness:
    shrinking = VELOCITY - DECAY * vector(u)
    instead = Equal(2 * inner(vector(u), shrinking), transferred(FORMULAS) - 2 * DECAY * Norm(u) ** 2, NAME)
    return Witness("a flow with weight decay", statement(formulas, shrinking), instead=instead)


CLAIM = Claim(
    id="shared-linear-encoder-transfers-norm",
    chapter="imprint",
    label="C8a",
    title="A shared linear encoder passes norm from item to item and keeps that of its weights",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"each loss is scale-invariant: $g_j = (s_j/r_j) P_{u_j}\hat v_j \perp u_j$", witness=_radial),
        Hypothesis("linear-encoder", r"$u_i = W x_i$ for every item, and all of $W$ learns", witness=_bias),
        Hypothesis("continuous-time", r"$\dot W = -\sum_j p_j \nabla_W L_j$: steps are infinitesimal", witness=_finite),
        Hypothesis("no-weight-decay", "no weight decay", witness=_decays),
    ),
    letters={
        "p_j": Letter("share of item $j$ in the loss", PROBABILITY),
        "p": Letter("share of another item in the loss", Interval(sp.S.Zero, sp.Rational(1, 2), high_open=False)),
        "c_i": Letter("cosine of $u_i$ with $v_j$", third_cosine(CO, CU)), "c_j": Letter("cosine of $u_j$ with $v_j$", Interval(-1, 1)),
        "c_ij": Letter("cosine of $u_i$ with $u_j$", Interval(-1, 1)), "K_ij": r"$\langle x_i, x_j\rangle$",
        "s_j": r"slope of the loss of item $j$ along $\hat v_j$", "n": "number of the items $j$", "x": "input of the item $u$",
        "r_j": r"$\lVert u_j\rVert$", r"\lVert W\rVert_F": "Frobenius norm",
    },
    steps=steps,
    evidence="linear encoders: slopes of squared norms along the gradient of the weights, against the formula, to rounding; length of the"
    " weights along the flow, whose drift falls at the order of the integrator; embeddings of equal norms",
    provenance=Provenance.RECONSTRUCTED,
    references=(
        Reference("jacot2018", "Jacot, Gabriel, Hongler, Neural tangent kernel", "the kernel"),
        Reference("kunin2021", "Kunin et al., Neural mechanics: symmetry and broken conservation laws in deep learning dynamics"),
    ),
    derived_from=("loss-of-cosines-has-tangential-gradient", "gradient-flow-conserves-norm"),
    remark="The sign of a term is free: one item can lengthen and another shorten at the same time. In deeper"
    " encoders the item's own term does not vanish (C8b).",
)

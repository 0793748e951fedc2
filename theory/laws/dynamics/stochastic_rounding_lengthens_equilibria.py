"""B13c. Kept in ``b`` bits with stochastic rounding a norm settles, if ``eta lambda > 4^(-b)``, and higher than in exact arithmetic."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, perpendicular, tangential_gradient
from theory.kernel import All, AtLeast, Combination, Domain, Equal, Goal, Interval
from theory.letters import PROBABILITY, SEVERAL, Letter
from theory.notation import G, eta, lam, u, w
from theory.optimizers import sgd, sgd_decoupled_decay
from theory.typeset import latex
from theory.vectors import Norm, Vector, direction, squared_norm, unit, vector

BITS = sp.Symbol("b", integer=True, positive=True)  # significant, the leading one included
S1, S2 = sp.symbols("sigma_1 sigma_2", nonnegative=True)  # heat of rounding after decay and after the step, over the square rounded
A = sp.Symbol("A", positive=True)  # E|u|^2
M, SHARE = sp.Symbol("m", positive=True), sp.Symbol("f", real=True)  # the number is m 2^e; where it lies between its neighbours
X, GAP, MOVE = sp.Symbol("x", real=True), sp.Symbol("h", positive=True), sp.Symbol("delta", nonnegative=True)
THETA, PHI = sp.symbols("theta phi", positive=True)  # sum h_i |u_i|/|u|^2 and sum h_i |s_i|/(|u||s|)
SIZE = sp.Symbol("s", nonnegative=True)  # |s_i|
FURTHER = sp.symbols("x_1 x_2", nonnegative=True)
HALF = sp.Rational(1, 2)
FORMULAS = {
    "share": 4 ** (-BITS),  # S1 and S2 are at most that
    "next_squared_norm": (1 + S2) * ((1 + S1) * (1 - eta * lam) ** 2 * A + eta**2 * G / A),  # E|u'|^2
    "energy": A**2 * (1 / (1 + S2) - (1 + S1) * (1 - eta * lam) ** 2) / eta**2,  # G whose equilibrium is A; exact arithmetic: sigma 0
    "next_square": X**2 - 2 * X * MOVE + GAP * MOVE,  # E x'^2 of a coordinate that is to lose delta, at most one gap h
    "fine_next": A * (1 - eta * lam * (2 - THETA)) + eta * PHI * sp.sqrt(G),  # E|u'|^2, decay and step below a gap everywhere
    "fine_square": PHI * sp.sqrt(G) / (lam * (2 - THETA)),  # r*^2 then: no learning rate in it
}
FIRST, SECOND = direction("n_1"), direction("n_2")  # errors of rounding


def statement(formulas: Formulas, gradient: Vector) -> Equal:
    """The mean squared norm after decay, rounding, step, rounding; the last one adds its share of what it rounds."""
    shrunk = sgd_decoupled_decay.step(vector(u), 0 * gradient, eta, lam)
    stored = shrunk + sp.sqrt(S1) * (1 - eta * lam) * Norm(u) * unit(FIRST)
    moved = squared_norm(sgd.step(stored, gradient, eta))
    claimed = formulas["next_squared_norm"].subs(A, Norm(u) ** 2)
    return Equal((1 + S2) * moved, claimed, r"\mathbb E\lVert u'\rVert^2")


def share(formulas: Formulas) -> Goal:
    """What rounding adds to a square is at most a share of it; over ``4^e``, so that the gap is ``2^-b``."""
    heat, limit = SHARE * (1 - SHARE) * 2 ** (-2 * BITS), formulas["share"] * M**2
    certificate = Combination(((2 ** (-2 * BITS), M - HALF, M + HALF), (2 ** (-2 * BITS), (SHARE - HALF) ** 2)))
    return All((AtLeast(limit, heat, certificate, name="4^{-b} m^2"),
                Equal(limit.subs(M, HALF), heat.subs(SHARE, HALF),
                      r"4^{-b} m^2\big|_{m = 1/2} = 4^{-b} f(1 - f)\big|_{f = 1/2}")))  # fmt: skip


def fixed(formulas: Formulas, more: sp.Expr = sp.S.One) -> Equal:
    """The mean squared norm stays, at so many times the claimed energy."""
    after = formulas["next_squared_norm"].subs(G, more * formulas["energy"])
    return Equal(after, A, r"\mathbb E\lVert u'\rVert^2\big|_{r_*}")


def _only_raises(formulas: Formulas) -> AtLeast:
    """With more heat of rounding the same norm takes less energy."""
    x, y = FURTHER
    energy, kept = formulas["energy"], (1 - eta * lam) ** 2
    less = energy.subs({S1: S1 + x, S2: S2 + y}, simultaneous=True)
    scale = A**2 / eta**2
    certificate = Combination(((scale, y, 1 / ((1 + S2) * (1 + S2 + y))), (scale, x, kept)))
    return AtLeast(energy, less, certificate, name=r"G_*(\sigma_1, \sigma_2)", shown=r"G_*(\sigma_1 + x_1, \sigma_2 + x_2)")


def _settles(formulas: Formulas) -> Goal:
    """Where decay takes more than two roundings can add; at the threshold it takes more by ``16^(-b)``, which is little."""
    s = formulas["share"]
    kept = (1 + s) * (1 - eta * lam)
    return All((AtLeast(sp.S.One, kept, strict=True, name="1"),
                Equal(kept.subs(lam, s / eta), 1 - s**2, r"(1 + 4^{-b})(1 - \eta\lambda)\big|_{\eta\lambda = 4^{-b}}")))  # fmt: skip


def square(formulas: Formulas, above: sp.Expr = X, up: sp.Expr = 1 - MOVE / GAP) -> Equal:
    """Of one coordinate between ``above - h`` and ``above``: the mean of its two values' squares."""
    return Equal((1 - up) * (above - GAP) ** 2 + up * above**2, formulas["next_square"], r"\mathbb E x'^2")


COARSE, FINE = "rounded after decay and after the step", "decay and steps finer than a gap, to first order"


def _fine(formulas: Formulas) -> tuple[Step, ...]:
    """Decay and steps below a gap."""
    drop = formulas["next_square"] - X**2
    decayed, stepped = drop.subs(MOVE, eta * lam * X), drop.subs(MOVE, eta * SIZE)
    star = formulas["fine_square"]
    return (
        Step("Finer than a gap $h$, a coordinate that is to lose $\\delta \\le h$ loses the first order, and is heated by $h\\delta$:"
             " exact arithmetic would heat by $\\delta^2$.", square(formulas), concludes=True, case=FINE),
        Step("So decay $\\delta = \\eta\\lambda x$ and a step $\\delta = \\eta s$, $s = \\lvert s_i\\rvert$, together change a square,"
             " in the mean over the step's"
             " sign against $x$, by", Equal(decayed + (stepped + stepped.subs({X: -X}, simultaneous=True)) / 2,
                                       -eta * lam * X * (2 * X - GAP) + eta * GAP * SIZE, r"\mathbb E x'^2 - x^2")),
        Step("Summed, with $\\theta = \\sum h_i\\lvert u_i\\rvert/\\lVert u\\rVert^2$ and"
             " $\\phi = \\sum h_i\\lvert s_i\\rvert/(\\lVert u\\rVert\\lVert s\\rVert)$, of"
             " $\\lVert u\\rVert\\lVert s\\rVert = \\sqrt G$:",
             Equal(A - eta * lam * (2 * A - THETA * A) + eta * PHI * sp.sqrt(G), formulas["fine_next"], r"\mathbb E\lVert u'\rVert^2"),
             concludes=True, case=FINE),
        Step("which comes to rest at a norm that no learning rate moves.",
             Equal(formulas["fine_next"].subs(A, star), star, r"r_*^2 = \mathbb E\lVert u'\rVert^2\big|_{r_*}"), concludes=True, case=FINE),
    )  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """What rounding adds; the recursion; its fixed point between two bounds; and the limit of fine steps."""
    rounded = squared_norm(vector(w) + sp.sqrt(S2) * Norm(w) * unit(SECOND))
    return (
        Step("A number $m\\,2^e$, a share $f$ above its lower neighbour, is stored with its mean kept and the variance $f(1-f)h^2$,"
             " $h = 2^{e-b}$: over its square at most", share(formulas), concludes=True,
             case="the heat of one rounding and its bound, over $4^e$"),
        Step("An error of mean 0 is orthogonal, in the mean, to what is rounded, and adds its heat, a share $\\sigma$ of the square.",
             Equal(rounded, (1 + S2) * Norm(w) ** 2, r"\mathbb E\lVert w + n\rVert^2")),
        Step("So after decay, rounding, step, rounding,", statement(formulas, tangential_gradient()), concludes=True, case=COARSE),
        Step("which stays, $r_*^4$ standing for $\\mathbb E \\lVert u\\rVert^2/\\mathbb E \\lVert u\\rVert^{-2}$, at the norm whose"
             " energy is $G_*$.", fixed(formulas),
             concludes=True, case=COARSE),
        Step("More heat of rounding only raises the norm: it is at least that of exact arithmetic, at most that of the largest shares.",
             _only_raises(formulas), concludes=True, case=COARSE),
        Step("With the largest shares it still settles if $\\eta\\lambda > 4^{-b}$, for then"
             " $(1 + \\sigma_1)(1 + \\sigma_2)(1 - \\eta\\lambda)^2 < 1$.", _settles(formulas), concludes=True, case=COARSE),
        *_fine(formulas),
    )  # fmt: skip


def _subnormal(formulas: Formulas) -> Witness:
    """Spaced four times as far as a normal number of its size."""
    heat, limit = (4 * 2 ** (-BITS)) ** 2 / 4, formulas["share"] * M**2
    name = r"\frac{f(1 - f)h^2}{4^{-b} m^2}\Big|_{f = m = 1/2,\ h = 2^{2-b}}"
    instead = Equal(heat / limit.subs(M, HALF), 16, name)
    return Witness("a subnormal number, half way between neighbours four spacings apart", AtLeast(limit, heat, name="4^{-b} m^2"),
                   Domain(ranges={M: RANGES[M]}), instead)  # fmt: skip


def _aslant(formulas: Formulas) -> Witness:
    inside = replace(UNBIASED, ranges={lam: RANGES[lam]})
    return Witness("a gradient with a radial part, as inner products give", statement(formulas, tangential_gradient()), inside)


def _biased(formulas: Formulas) -> Witness:
    inside = replace(perpendicular(TANGENT, u), ranges={lam: RANGES[lam]})
    return Witness("errors that lean on the embedding", statement(formulas, tangential_gradient()), inside)


def _weak(formulas: Formulas) -> Witness:
    """Half of the threshold: more is added than taken."""
    s = formulas["share"]
    kept = (1 + s) * (1 - s / 2)
    goal = AtLeast(sp.S.One, kept, strict=True, name="1")
    instead = Equal(kept, goal.left + s / 2 - s**2 / 2, r"(1 + 4^{-b})(1 - \eta\lambda)\big|_{\eta\lambda = 4^{-b}/2}")
    return Witness("half of that decay: rounding may add more than decay takes", goal, instead=instead)


def _doubled(formulas: Formulas) -> Witness:
    goal = fixed(formulas, sp.Integer(2))
    instead = Equal(goal.left - A, (1 + S2) * eta**2 * formulas["energy"] / A, r"\mathbb E\lVert u'\rVert^2 - A")
    return Witness("the energy doubles: the norm is not kept", goal, Domain(ranges=RANGES), instead)


def _coarse(formulas: Formulas) -> Witness:
    """Between the second and the first neighbour below, it goes up with probability ``2 - delta/h``."""
    goal = square(formulas, above=X - GAP, up=2 - MOVE / GAP)
    instead = Equal(goal.left, (X - MOVE) ** 2 + (MOVE - GAP) * (2 * GAP - MOVE), goal.name)
    return Witness("a step of between one and two gaps", goal, Domain(ranges={MOVE: Interval(GAP, 2 * GAP)}), instead)


_AT_MOST = Interval(sp.S.Zero, 4 ** (-BITS), low_open=False, high_open=False)
RANGES = {M: Interval(HALF, 1, low_open=False), lam: Interval(4 ** (-BITS) / eta, 1 / eta), THETA: Interval(0, 2)}
UNBIASED = Domain(orthogonal=((FIRST, u), (FIRST, TANGENT), (SECOND, w)))
CLAIM = Claim(
    id="stochastic-rounding-lengthens-equilibria",
    chapter="dynamics",
    label="B13c",
    title="With stochastic rounding norms settle, higher than in exact arithmetic by the heat of rounding",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, and $g_k$ is taken at $u_k$: $g_k \perp u_k$",
                   perpendicular(TANGENT, u), _aslant),
        Hypothesis("stochastic", r"both results, of decay and of the step, are stored stochastically, so that errors have mean 0",
                   UNBIASED, _biased),
        Hypothesis("normal", r"every coordinate is 0 or a normal number $m\,2^e$, $1/2 \le m < 1$; then $\theta \le 2^{1-b} < 2$",
                   Domain(ranges={M: RANGES[M], THETA: RANGES[THETA]}),
                   _subnormal),
        Hypothesis("constant-energy", r"$\lVert u_k\rVert^2\,\mathbb E[\lVert g_k\rVert^2 \mid \text{past}] = G$", witness=_doubled),
        Hypothesis("decay-outweighs-rounding", r"$4^{-b} < \eta\lambda < 1$ (for the bounds)", Domain(ranges={lam: RANGES[lam]}),
                   _weak),
        Hypothesis("within-gap", r"$\eta\lambda\lvert u_i\rvert$ and $\eta\lvert s_i\rvert$ are at most the gap they fall in (for the last"
                   r" three formulas)", Domain(ranges={MOVE: Interval(0, GAP, low_open=False, high_open=False)}), _coarse),
    ),
    letters={
        "f": Letter("place of a number between its neighbours, from 0 to 1", PROBABILITY), "delta": "what $x$ is to lose",
        "theta": Letter(r"$\sum_i h_i\lvert u_i\rvert/\lVert u\rVert^2$", Interval(sp.S.Zero, 2 ** (1 - BITS))),
        "phi": Letter(r"$\sum_i h_i\lvert s_i\rvert/(\lVert u\rVert\lVert s\rVert)$", Interval(sp.S.Zero, 2 ** (1 - BITS))),
        "sigma_1": Letter("heat of rounding after decay, over the square rounded", _AT_MOST),
        "sigma_2": Letter("heat of rounding after the step, over the square rounded", _AT_MOST), "A": r"mean of $\lVert u\rVert^2$",
        "b": Letter("number of significant bits", SEVERAL), "h": "gap between neighbours", "m": "a stored number over $2^e$",
        "x": "a coordinate", "x'": "$x$ as it is stored",
        "s_i": r"coordinate of the step over $-\eta$", "x_1": r"any amount more of $\sigma_1$", "x_2": r"any amount more of $\sigma_2$",
        "G_*": rf"energy whose equilibrium is $A$, $G_*(\sigma_1, \sigma_2) = {latex(FORMULAS['energy'])}$",
        r"\hat{n}_1": "direction of the error of the first rounding",
        r"\hat{n}_2": "direction of the error of the second", r"\hat{w}": "direction of what the second rounds",
    },
    steps=steps,
    evidence="embeddings kept in bfloat16 and float16 with stochastic rounding, at equilibrium and in steps below a gap: intervals over"
    " runs",
    provenance=Provenance.DERIVED,
    references=(Reference("connolly2021", "Connolly, Higham, Mary, Stochastic rounding and its probabilistic error analysis"),),
    derived_from=("stochastic-rounding-is-unbiased", "decay-equilibrium"),
    remark="bfloat16 (b = 8): settled for eta lambda > 1.5e-5, where rounding to nearest needs 1/512 for any decay at all; r*^4 is higher"
    " by a share of at most 1/(4^b eta lambda). The remark of B13b, h eta |s| in place of eta^2 |s|^2, is for steps below a gap, in the"
    " mean for rotations sqrt(2 eta lambda) below 2^-b: there r*^2 is phi sqrt(G)/(2 lambda), phi <= 2^(1-b), still the fourth root of"
    " the energy, so that the order of norms by energy is kept.",
)  # fmt: skip

"""B12i. RMSProp: ``|s_k|^2 = d/(1 - beta^k)``, a fast start and then ``d``; norm and rotation at equilibrium know no gradient energy."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import perpendicular
from theory.kernel import All, AtLeast, ByInduction, Combination, Domain, Equal, Goal, Instance, Interval, Monotone, Tends
from theory.notation import eta, lam, u
from theory.optimizers import rmsprop
from theory.vectors import Norm, direction, inner, squared_norm, unit, vector

BETA = sp.Symbol("beta", positive=True)  # of the mean of squares
DIM = sp.Symbol("d", integer=True, positive=True)
LEFT = sp.Symbol("f", positive=True)  # beta^k after k steps
SCALED = direction("s")
A, H = sp.symbols("A H", positive=True)  # E|u|^2, E|s|^2
V, W = sp.symbols("v v'", positive=True)  # v_i before and after a step
GRADIENT = sp.Symbol("g_i", real=True)
SQUARE, EPSILON = sp.symbols("y epsilon", positive=True)
GROWN = sp.Symbol("x", nonnegative=True)  # (1 - beta) g_i^2/(beta v_i)
SLACK, TOTAL, COUNT = sp.symbols("q S K", nonnegative=True)
FIRST = sp.Symbol("v_0", positive=True)
FORMULAS = {
    "share": (1 - BETA * V / W) / (1 - BETA),  # s_i^2, of any gradient
    "cap": 1 / (1 - BETA),  # its largest value, that of the first step
    "second_moment": SQUARE * (1 - LEFT),  # v_i after k steps, if g_i^2 = y at each
    "heat": DIM / (1 - LEFT),  # |s_k|^2 then
    "long_run": -DIM * sp.log(BETA) / (1 - BETA),  # no mean of |s|^2 over a long time is above that, of any gradients
    "next_squared_norm": (1 - eta * lam) ** 2 * A + eta**2 * H,  # E|u'|^2
    "growth": eta**2 * DIM,  # of E|u|^2 a step, settled, without decay
    "equilibrium": eta * DIM / (lam * (2 - eta * lam)),  # r*^2
    "cos_rotation": 1 - eta * lam,  # E<u, u'>/E|u|^2
    "relaxation": (1 - eta * lam) ** 2,  # by which a deviation of E|u|^2 shrinks in a step
}
LOG_GAP = sp.log(1 + GROWN) - GROWN / (1 + GROWN)


def _move(gradient: sp.Expr, before: sp.Expr, epsilon: sp.Expr = sp.S.Zero) -> sp.Expr:
    """``s_i`` of a gradient that finds ``v_i = before``."""
    return rmsprop.scaled(gradient, rmsprop.second_moment(before, gradient, BETA), epsilon)


def share(formulas: Formulas, epsilon: sp.Expr = sp.S.Zero) -> Equal:
    """``s_i^2`` by ``v_i`` alone."""
    claimed = formulas["share"].subs(W, rmsprop.second_moment(V, GRADIENT, BETA))
    return Equal(_move(GRADIENT, V, epsilon) ** 2, claimed, "s_i^2")


def _accumulates(formulas: Formulas) -> Goal:
    """By induction from ``v_0 = 0``: the first step, and one more."""
    claimed, g = formulas["second_moment"], sp.sqrt(SQUARE)
    return All((
        Equal(rmsprop.second_moment(sp.S.Zero, g, BETA), claimed.subs(LEFT, BETA), "v_1"),
        Equal(rmsprop.second_moment(claimed, g, BETA), claimed.subs(LEFT, BETA * LEFT), r"v_{k+1}\big|_{v_k = (1 - f) y}"),
    ))  # fmt: skip


def _heat(formulas: Formulas) -> Goal:
    """Over coordinates of any sizes ``y_i``."""
    i, sizes = sp.Symbol("i", integer=True, positive=True), sp.Function("y", positive=True)
    second = formulas["second_moment"].subs(SQUARE, sizes(i))
    return Equal(sp.Sum(sizes(i) / second, (i, 1, DIM)), formulas["heat"], r"\lVert s_k\rVert^2 = \sum_i y_i/v_i")


def _long_run(formulas: Formulas) -> Goal:
    """By induction in ``v``, which becomes ``beta v (1 + x)``: ``ln(1 + x) >= x/(1 + x)``."""
    bound = COUNT * formulas["long_run"] / DIM + sp.log(W / FIRST) / (1 - BETA)
    following = BETA * W * (1 + GROWN)
    moved = formulas["share"].subs({V: W, W: following}, simultaneous=True)
    certificate = Combination(((SLACK,), (1 / (1 - BETA), Instance(LOG_GAP, GROWN, GROWN, Monotone(GROWN, sp.S.Zero)))))
    return ByInduction(bound - TOTAL, {TOTAL: sp.S.Zero, COUNT: sp.S.Zero, W: FIRST},
                       {TOTAL: TOTAL + moved, COUNT: COUNT + 1, W: following}, (TOTAL, bound - SLACK), SLACK, certificate,
                       starts_equal=True, name=r"\sum_{k\le K} s_{ik}^2 \le",
                       shown=r"K\frac{\ln(1/\beta)}{1-\beta} + \frac{\ln(v_K/v_0)}{1-\beta}")  # fmt: skip


def _after() -> tuple[sp.Expr, sp.Expr]:
    """``E<u, u'>`` and ``E|u'|^2`` after a step along a scaled gradient of squared length ``H``."""
    after = rmsprop.step(vector(u), sp.sqrt(H) * unit(SCALED), eta, lam)
    return inner(vector(u), after), squared_norm(after)


def statement(formulas: Formulas) -> Equal:
    """The mean squared norm after a step."""
    return Equal(_after()[1], formulas["next_squared_norm"].subs(A, Norm(u) ** 2), r"\mathbb E\lVert u'\rVert^2")


def grows(formulas: Formulas, heat: sp.Expr) -> Equal:
    """The growth of the squared norm by a step of this heat, without decay."""
    after = formulas["next_squared_norm"].subs({lam: 0, H: heat}, simultaneous=True)
    return Equal(after - A, formulas["growth"], r"\mathbb E\lVert u'\rVert^2 - \mathbb E\lVert u\rVert^2")


def _scales(formulas: Formulas) -> tuple[Step, ...]:
    """One coordinate and its mean of squares."""
    small = sp.Symbol("h", positive=True)
    return (
        Step("A coordinate moves by $\\eta s_i$, and $s_i^2$ is how much of $v_i$ is new, over $1-\\beta$.", share(formulas),
             concludes=True),
        Step("So it is at most", AtLeast(formulas["cap"], _move(sp.sqrt(SQUARE), V) ** 2, name=r"\frac{1}{1-\beta}"), concludes=True),
        Step("which the first step is, for it finds $v_i = 0$, which nothing corrects.",
             Equal(_move(sp.sqrt(SQUARE), sp.S.Zero) ** 2, formulas["cap"], "s_{i1}^2"), concludes=True),
        Step("If $g_i^2 = y$ at every step, with $f = \\beta^k$ after $k$ of them,", _accumulates(formulas), concludes=True),
        Step("and all coordinates together, of whatever sizes, move by", _heat(formulas), concludes=True),
        Step("of which a share of $f = \\beta^k$ is beyond the dimension; the gradient energy is in none of it.",
             Equal(formulas["heat"] - DIM, LEFT * formulas["heat"], r"\lVert s_k\rVert^2 - d"), concludes=True),
        Step("Of any gradients, steady or not: $1 - \\beta v/v' \\le \\ln(v'/(\\beta v))$, which telescopes, so that in $K$ steps"
             " from any $v_0 > 0$ a coordinate moves by no more than ($S$ is the sum so far, and $v'$ becomes $\\beta v'(1 +"
             " x)$)", _long_run(formulas), concludes=True),
        Step("on average. For small $h = 1-\\beta$ that is hardly above what steady gradients reach.",
             Tends(formulas["long_run"].subs(BETA, 1 - small), small, DIM, at_zero=True, name=r"\frac{\ln(1/\beta)}{1-\beta}\, d"),
             concludes=True),
    )  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The scaled gradient's length; then the norm."""
    star, after = formulas["equilibrium"], formulas["next_squared_norm"].subs(H, DIM)
    return (
        *_scales(formulas),
        Step("$v_i$ does not know the gradient's sign. If $g$ and $-g$ are equally likely whatever went before, then $s$ has mean 0,"
             " at any $\\beta$, and in the mean is orthogonal to $u$;",
             Equal(_move(GRADIENT, V) + _move(-GRADIENT, V), sp.S.Zero, "s(g) + s(-g)")),
        Step("so the mean squared norm becomes",
             statement(formulas), concludes=True),
        Step("It grows, settled and without decay, by", grows(formulas, DIM), concludes=True),
        Step("With decay it comes to rest",
             Equal(after.subs(A, star), star, r"r_*^2 = \mathbb E\lVert u'\rVert^2\big|_{r_*}"), concludes=True),
        Step("at a positive value,", AtLeast(star, sp.S.Zero, strict=True, name="r_*^2"), concludes=True),
        Step("from which a deviation shrinks in every step by",
             Equal(after.subs(A, star + A) - star, A * formulas["relaxation"], r"\mathbb E\lVert u'\rVert^2 - r_*^2"),
             concludes=True),
        Step("and at which a step turns it as it turns under SGD.",
             Equal(_after()[0] / Norm(u) ** 2, formulas["cos_rotation"], r"\mathbb E\langle u, u'\rangle/\lVert u\rVert^2"),
             concludes=True),
    )  # fmt: skip


def _uneven(formulas: Formulas) -> Witness:
    """At every step a gradient whose square is 0, which moves nothing, or 2, with ``v = 1`` before."""
    heat = DIM * _move(sp.sqrt(2), sp.S.One) ** 2 / 2
    goal = grows(formulas, heat)
    return Witness("gradients of square 0 or 2, half of the time each: the large ones raise their own v", goal,
                   Domain(ranges=RANGES), Equal(goal.left, eta**2 * DIM / (2 - BETA), goal.name))  # fmt: skip


def _first(formulas: Formulas) -> Witness:
    goal = grows(formulas, formulas["heat"].subs(LEFT, BETA))
    return Witness("the first step", goal, Domain(ranges=RANGES), Equal(goal.left, eta**2 * DIM / (1 - BETA), goal.name))


def _with_epsilon(formulas: Formulas) -> Witness:
    goal = share(formulas, EPSILON)
    root = sp.sqrt(rmsprop.second_moment(V, GRADIENT, BETA))
    instead = Equal(goal.left * (root + EPSILON) ** 2, GRADIENT**2, r"s_i^2(\sqrt{v'} + \epsilon)^2")
    return Witness("epsilon above 0", goal, Domain(ranges=RANGES), instead)


def _aslant(formulas: Formulas) -> Witness:
    return Witness("steps that lean on the embedding", statement(formulas), Domain(ranges={lam: RANGES[lam]}))


def _overshoots(formulas: Formulas) -> Witness:
    star = formulas["equilibrium"].subs(lam, sp.Rational(5, 2) / eta)
    goal = AtLeast(star, sp.S.Zero, strict=True, name="r_*^2")
    return Witness("eta lambda = 5/2: the formula gives a negative square", goal, instead=Equal(star, goal.right - 4 * eta**2 * DIM / 5))


RANGES = {BETA: Interval(0, 1), LEFT: Interval(0, 1), lam: Interval(0, 2 / eta)}
CLAIM = Claim(
    id="rmsprop-starts-fast-and-is-blind",
    chapter="dynamics",
    label="B12i",
    title="RMSProp starts fast, for nothing corrects its first means, and then is blind to the gradient energy",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("symmetric",
                   r"$g_k$ and $-g_k$ are equally likely whatever went before, so that $\mathbb E\langle u_k, s_k\rangle = 0$",
                   perpendicular(SCALED, u), _aslant),
        Hypothesis("steady-squares", r"$g_i^2$ is the same at every step, or $\beta \to 1$ at a steady norm (for all but the first two"
                   r" formulas and the long run)", witness=_uneven),
        Hypothesis("settled", r"more than $1/(1-\beta)$ steps have been made (for growth and equilibrium)", witness=_first),
        Hypothesis("no-epsilon", r"$\epsilon = 0$", witness=_with_epsilon),
        Hypothesis("in-range", r"$0 < \beta < 1$, so that $0 < f = \beta^k < 1$; decoupled decay, $0 < \eta\lambda < 2$",
                   Domain(ranges=RANGES), _overshoots),
    ),
    letters={
        "A": r"deviation of $\mathbb E\lVert u\rVert^2$ from $r_*^2$", "d": "dimension", "H": r"$\mathbb E\lVert s\rVert^2$",
        "h": r"$1 - \beta$", "K": "number of steps", "s_i": r"coordinate of the step over $-\eta$", "s_{ik}": "$s_i$ at step $k$",
        "v": "second moment of a coordinate before a step",
        "v_0": "second moment before the first of $K$ steps, above 0: they begin after the first step of the run",
        "v_k": "second moment after $k$ steps",
        "y": "a coordinate's $g_i^2$", "r_*": r"at the equilibrium: $r_*^2$ is the mean of $\lVert u\rVert^2$",
    },
    steps=steps,
    evidence="RMSProp on a standing gradient, to rounding, and on white tangential noise, energies over six decades: intervals over"
    " replicates",
    provenance=Provenance.DERIVED,
    references=(Reference("tieleman2012", "Tieleman, Hinton, RMSProp: divide the gradient by a running average of its recent magnitude"),),
    derived_from=("adam-norm-grows-by-dimension", "adamw-equilibrium"),
    remark="Settled, it is B12b and B12c at beta_1 = 0; relaxation takes 1/(2 eta lambda) steps. But Adam corrects the bias of v, and"
    " RMSProp does not: its first step is 1/sqrt(1 - beta) times as long as a later one, and the start"
    " adds the sum of beta^k/(1 - beta^k) over k,"
    " near (0.58 + ln(1/(1 - beta)))/(1 - beta), times eta^2 d to the squared norm: 7500 steps' growth at beta = 0.999. A row drawn late"
    " has that start late. For random squares the settled growth is lower by a share of (1 - beta)(E g^4/(E g^2)^2 - 1)/2 to first"
    " order. So the norm carries no meaning but how often a row moved: none at equilibrium.",
)  # fmt: skip

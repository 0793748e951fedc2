"""B12b. Adam on white noise: ``r^2`` grows by ``eta^2 d`` a step, whatever the gradient energy, its shape and ``beta_1``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import SOME_DECAY
from theory.kernel import All, AtLeast, Domain, Equal, Goal, Interval
from theory.letters import Letter
from theory.notation import eta, lam, u
from theory.optimizers import adam
from theory.vectors import Norm, direction, inner, squared_norm, vector

MOMENT, NOISE = direction("m"), direction("x")  # first moment over its scale, and the new gradient over its scale
BETA = sp.Symbol("beta", real=True)  # beta_1
A, C, E = (sp.Symbol(name, nonnegative=True) for name in ("A", "C", "E"))  # E|u|^2, E|m|^2, E|x|^2
B = sp.Symbol("B", real=True)  # E<u, m>
MET = sp.Symbol("C'", nonnegative=True)  # E|m|^2 after the gradient
KEEP = sp.Symbol("q", real=True)  # 1 - eta lambda
DIM = sp.Symbol("d", integer=True, positive=True)
FORMULAS = {
    "next_momentum": BETA**2 * C + (1 - BETA) ** 2 * E,
    "next_overlap": KEEP * BETA * B - eta * MET,
    "next_squared_norm": KEEP**2 * A - 2 * eta * KEEP * BETA * B + eta**2 * MET,
    "noise": DIM,  # E|x|^2 where v is the mean square of the gradient
    "heat": DIM * (1 - BETA) / (1 + BETA),  # E|s|^2 of the step s, settled
    "drift": eta * DIM * BETA / (1 + BETA),  # -E<u, s>, settled: what momentum remembers is no longer orthogonal
    "growth": eta**2 * DIM,  # of E|u|^2 a step
}
SECOND = sp.Function("h", positive=True)  # E g_i^2, coordinate by coordinate
I = sp.Symbol("i", integer=True, positive=True)  # noqa: E741
HERE = {A: Norm(u) ** 2, B: inner(vector(u), vector(MOMENT)), C: Norm(MOMENT) ** 2, E: Norm(NOISE) ** 2, KEEP: 1 - eta * lam}


def statement(formulas: Formulas) -> Goal:
    """The three second moments after a step."""
    moment = adam.momentum(vector(MOMENT), vector(NOISE), BETA)
    after = adam.step(vector(u), moment, eta, lam)
    met = formulas["next_momentum"].subs(HERE, simultaneous=True)
    here = {**HERE, MET: met}
    return All((
        Equal(squared_norm(moment), met, r"\mathbb E\lVert m'\rVert^2"),
        Equal(inner(after, moment), formulas["next_overlap"].subs(here, simultaneous=True), r"\mathbb E\langle u', m'\rangle"),
        Equal(squared_norm(after), formulas["next_squared_norm"].subs(here, simultaneous=True), r"\mathbb E\lVert u'\rVert^2"),
    ))  # fmt: skip


def settled(keep: sp.Expr, noise: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """``E|m|^2`` and ``E<u, m>`` that the recursion leaves alone."""
    moment = noise * (1 - BETA) / (1 + BETA)
    return moment, -eta * moment / (1 - keep * BETA)


def next_moments(formulas: Formulas, moment: sp.Expr, overlap: sp.Expr, keep: sp.Expr, noise: sp.Expr) -> tuple[sp.Expr, ...]:
    """``E|m|^2``, ``E<u, m>`` and ``E|u|^2`` after a step from ``A`` and these."""
    met = formulas["next_momentum"].subs({C: moment, E: noise}, simultaneous=True)
    known = {B: overlap, MET: met, KEEP: keep}
    return met, *(formulas[name].subs(known, simultaneous=True) for name in ("next_overlap", "next_squared_norm"))


def _mean_square(formulas: Formulas, stale: sp.Expr = sp.S.One) -> Goal:
    """``E|x|^2 = sum E g_i^2/v_i`` for ``v_i = stale * E g_i^2``."""
    total = sp.Sum(SECOND(I) / (stale * SECOND(I)), (I, 1, DIM))
    return Equal(total, formulas["noise"], r"\mathbb E\lVert x\rVert^2 = \sum_i \mathbb E g_i^2/v_i")


def grows(formulas: Formulas, overlap: sp.Expr | None = None, moment: sp.Expr | None = None) -> Equal:
    """The growth of ``E|u|^2`` in a step without decay, settled unless told."""
    usual = settled(sp.S.One, formulas["noise"])
    start = tuple(own if given is None else given for given, own in zip((moment, overlap), usual, strict=True))
    after = next_moments(formulas, start[0], start[1], sp.S.One, formulas["noise"])
    return Equal(after[2] - A, formulas["growth"], r"\mathbb E\lVert u'\rVert^2 - \mathbb E\lVert u\rVert^2")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """A closed recursion of second moments; what it leaves alone; heat and drift add up to the dimension."""
    noise = formulas["noise"]
    moment, overlap = settled(sp.S.One, noise)
    after = next_moments(formulas, C, B, sp.S.One, noise)
    return (
        Step("Primes are after a step $u' = (1 - \\eta\\lambda)u - \\eta m'$, $m' = \\beta m + (1 - \\beta)x$. White noise: the gradient"
             " over its scale, $x_i = g_i/\\sqrt{v_i}$, has mean 0 whatever went before, so that in the inner product"
             " $\\mathbb E\\langle\\cdot,\\cdot\\rangle$ it is orthogonal to $u$ and $m$. The second moments close.",
             statement(formulas), concludes=True),
        Step("Each of the $d$ coordinates of $x$ has mean square 1, of whatever size and shape the noise is.",
             _mean_square(formulas), concludes=True),
        Step("Without decay $C = \\mathbb E\\lVert m\\rVert^2$ and $B = \\mathbb E\\langle u, m\\rangle$ settle at values $C_*$ and"
             " $B_*$ which a step leaves alone; other values come nearer by $\\beta_1^2$ and by $\\beta_1$.",
             All((Equal(after[0] - moment, BETA**2 * (C - moment), r"\mathbb E\lVert m'\rVert^2 - C_*"),
                  Equal(after[1].subs(C, moment) - overlap, BETA * (B - overlap), r"\mathbb E\langle u', m'\rangle - B_*"),
                  AtLeast(sp.S.One, BETA, strict=True, name="1")))),
        Step("There the own energy of a step $s = m'$ is small, the heat, and the rest of the growth is radial drift: momentum still"
             " pushes along gradients to which the embedding is no longer orthogonal.",
             All((Equal(moment, formulas["heat"], r"\mathbb E\lVert s\rVert^2"),
                  Equal(-BETA * overlap, formulas["drift"], r"-\mathbb E\langle u, s\rangle"))), concludes=True),
        Step("Together they are the dimension, whatever $\\beta_1$.",
             Equal(eta**2 * formulas["heat"] + 2 * eta * formulas["drift"], formulas["growth"],
                   r"\eta^2\,\mathbb E\lVert s\rVert^2 - 2\eta\,\mathbb E\langle u, s\rangle"), concludes=True),
        Step("So the recursion grows by", grows(formulas), concludes=True),
    )  # fmt: skip


def _stale(formulas: Formulas) -> Witness:
    stale = sp.Integer(4)
    instead = _mean_square({**formulas, "noise": DIM / 4}, stale)
    return Witness("a second moment four times the present mean square: the gradients have shrunk", _mean_square(formulas, stale),
                   instead=instead)  # fmt: skip


def _first_step(formulas: Formulas) -> Witness:
    goal = grows(formulas, sp.S.Zero, sp.S.Zero)
    instead = Equal(goal.left, (1 - BETA) ** 2 * formulas["noise"] * eta**2, goal.name)
    return Witness("a momentum that has seen nothing yet", goal, Domain(ranges=RANGE), instead)


def _correlated(formulas: Formulas) -> Witness:
    return Witness("gradients that lean on momentum and embedding", statement(formulas), Domain(ranges={**RANGE, lam: SOME_DECAY}))


RANGE = {BETA: Interval(0, 1, low_open=False)}
WHITE = Domain(orthogonal=((NOISE, u), (NOISE, MOMENT)))
CLAIM = Claim(
    id="adam-norm-grows-by-dimension",
    chapter="dynamics",
    label="B12b",
    title="Adam on white noise adds the dimension times the squared learning rate to the squared norm, blind to the gradient energy",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("white", r"$\mathbb E[g_k \mid \text{past}] = 0$: no mean gradient, and gradients uncorrelated in time", WHITE,
                   _correlated),
        Hypothesis("settled-scale",
                   r"$\epsilon = 0$, and $v_i$ is the present mean square of $g_i$: $\beta_2 \to 1$, and the norm changes little in"
                   r" $1/(1-\beta_2)$ steps",
                   witness=_stale),
        Hypothesis("settled-momentum", r"$0 \le \beta = \beta_1 < 1$, and many more than $1/(1-\beta_1)$ steps have been made (for heat,"
                                       r" drift and growth, all without decay)",
                   Domain(ranges=RANGE), _first_step),
    ),
    letters={
        lam.name: Letter("weight decay", SOME_DECAY), "d": "dimension", "x": r"gradient over its scale, $x_i = g_i/\sqrt{v_i}$",
        "m": "momentum of $x$", "m'": "momentum after a step", "s": r"step over $-\eta$, which is $m'$",
    },
    steps=steps,
    evidence="Adam on white tangential noise, energies over six decades: growth, heat and drift, by intervals over replicates",
    provenance=Provenance.RECONSTRUCTED,
    references=(
        Reference("kingma2015", "Kingma, Ba, Adam: a method for stochastic optimization", "for the rule"),
        Reference("kosson2024", "Kosson, Messmer, Jaggi, Rotational equilibrium: how weight decay balances learning across networks"),
    ),
    remark="Neither isotropy nor orthogonality of the gradients is used: each coordinate of any white noise counts 1. So under Adam"
    " the norm of an embedding says how often it moved, not how strongly. For finite beta_2 the growth is lower by a share of"
    " (1 - beta_2)(E g^4/(E g^2)^2 - 1)/2 to first order. RMSProp is beta_1 = 0.",
)  # fmt: skip

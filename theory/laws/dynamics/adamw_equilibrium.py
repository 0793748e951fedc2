"""B12c. AdamW on white noise: ``r*^2 = eta d/(2 lambda)``, rotation ``sqrt(2 eta lambda (1 - beta)/(1 + beta))``, to first order.

Exactly, with ``p = eta lambda`` and ``v`` held at the mean squares: `FORMULAS`. None of it knows the gradient energy.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import All, AtLeast, Domain, Equal, Goal, Interval, Tends
from theory.laws.dynamics.adam_norm_grows_by_dimension import BETA, DIM, MOMENT, NOISE, WHITE, A, next_moments, settled
from theory.laws.dynamics.adam_norm_grows_by_dimension import FORMULAS as MOMENTS
from theory.notation import eta, lam, u
from theory.optimizers import adam
from theory.vectors import Norm, inner, squared_norm, vector

P = sp.Symbol("p", positive=True)  # eta lambda
KEPT = 1 - P
REST = r"\mathbb E\lVert u'\rVert^2\big|_{r_*}"
FORMULAS = {
    "equilibrium": eta**2 * DIM * (1 - BETA) * (1 + (1 - P) * BETA) / ((1 + BETA) * (1 - (1 - P) * BETA) * P * (2 - P)),  # r*^2
    "small_equilibrium": eta * DIM / (2 * lam),  # for p much below 1 - beta
    "cos_rotation": 1 - P * (1 - BETA) / (1 + (1 - P) * BETA),  # E<u, u'>/E|u|^2
    "small_rotation": sp.sqrt(2 * P * (1 - BETA) / (1 + BETA)),  # delta, to first order in p
    "relaxation": (1 - P) ** 2,  # by which a deviation of r^2 shrinks in a step
}


def _after(formulas: Formulas, noise: sp.Expr = DIM, squared_norm_before: sp.Expr | None = None) -> tuple[sp.Expr, ...]:
    """What a step makes of the settled moments of momentum and overlap, and of a squared norm."""
    moment, overlap = settled(KEPT, DIM)
    before = formulas["equilibrium"] if squared_norm_before is None else squared_norm_before
    return tuple(e.subs(A, before) for e in next_moments(MOMENTS, moment, overlap, KEPT, noise))


def fixed(formulas: Formulas, noise: sp.Expr = DIM) -> Equal:
    """The squared norm is left alone."""
    return Equal(_after(formulas, noise)[2], formulas["equilibrium"], rf"r_*^2 = {REST}")


def _one_step(keep: sp.Expr) -> Goal:
    """The squared norm after one step from any ``u`` and ``m``, as the recursion of moments has it."""
    after = adam.step(vector(u), adam.momentum(vector(MOMENT), vector(NOISE), BETA), eta, P / eta)
    here = {A: Norm(u) ** 2}
    found = next_moments(MOMENTS, Norm(MOMENT) ** 2, inner(vector(u), vector(MOMENT)), keep, Norm(NOISE) ** 2)
    return Equal(squared_norm(after), found[2].subs(here), r"\mathbb E\lVert u'\rVert^2")


def cosine(squared: sp.Expr) -> sp.Expr:
    """``E<u, u'>/E|u|^2`` at a squared norm, with settled overlap: ``<u, u'> = q|u|^2 - eta beta <u, m>``."""
    return KEPT - eta * BETA * settled(KEPT, DIM)[1] / squared


def _rotation(formulas: Formulas, squared: sp.Expr) -> Equal:
    return Equal(cosine(squared), formulas["cos_rotation"], r"\mathbb E\langle u, u'\rangle / \mathbb E\lVert u\rVert^2")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The recursion's fixed point, its rotation and its relaxation, and what is left of them for small decay."""
    star, moment, overlap = formulas["equilibrium"], *settled(KEPT, DIM)
    after = _after(formulas)
    return (
        Step("One step with decoupled decay, $p = \\eta\\lambda$, from any $u$ and $m$.", _one_step(KEPT)),
        Step("Momentum and overlap settle,",
             All((Equal(after[0], moment, r"\mathbb E\lVert m'\rVert^2"), Equal(after[1], overlap, r"\mathbb E\langle u', m'\rangle")))),
        Step("and the squared norm at its equilibrium, in which there is no gradient energy.", fixed(formulas), concludes=True),
        Step("It is positive.", AtLeast(star, sp.S.Zero, strict=True, name="r_*^2")),
        Step("A deviation of the squared norm shrinks in every step by the same factor: half as fast as for SGD.",
             Equal(_after(formulas, squared_norm_before=star + A)[2] - star, A * formulas["relaxation"],
                   r"\mathbb E\lVert u'\rVert^2 - r_*^2"), concludes=True),
        Step("The rotation at equilibrium, from the inner product that is kept: in the mean its cosine"
             " is", _rotation(formulas, star), concludes=True),
        Step("For small decay, $p \\ll 1 - \\beta_1$, the equilibrium is",
             Tends(star / formulas["small_equilibrium"].subs(lam, P / eta), P, sp.S.One, at_zero=True,
                   name=r"r_*^2 \Big/ \frac{\eta d}{2\lambda}"), concludes=True),
        Step("and the squared rotation $\\delta^2$, which is $2(1 - \\cos\\delta)$ to leading order, over $p$,",
             Tends(2 * (1 - formulas["cos_rotation"]) / P, P, formulas["small_rotation"] ** 2 / P, at_zero=True,
                   name=r"\frac{2(1-\cos\delta)}{\eta\lambda}"), concludes=True),
    )  # fmt: skip


def _stale(formulas: Formulas) -> Witness:
    goal = fixed(formulas, 4 * DIM)
    instead = Equal(goal.left, formulas["equilibrium"] + 3 * eta**2 * (1 - BETA) ** 2 * DIM, REST)
    return Witness("a gradient twice as long as v knows", goal, Domain(ranges=_RANGES), instead)


def _correlated(formulas: Formulas) -> Witness:
    """Persistent to the end: ``x`` is the same at every step, so that ``m = x`` and ``<u, x> = -(eta/p)|x|^2``: ``r^2 = eta^2 d/p^2``."""
    persistent = eta**2 * DIM / P**2
    goal = Equal(formulas["equilibrium"], persistent, r"r_*^2")
    kept = Equal(KEPT**2 * persistent + 2 * eta * KEPT * eta * DIM / P + eta**2 * DIM, persistent, r"\lVert (1 - p) u - \eta x\rVert^2")
    return Witness("one gradient for ever: u = -(eta/p) x is where it stays", goal, Domain(ranges=_RANGES), kept)


def _elsewhere(formulas: Formulas) -> Witness:
    goal = _rotation(formulas, 2 * formulas["equilibrium"])
    instead = Equal(goal.left, KEPT + BETA * P * (2 - P) / (2 * (1 + KEPT * BETA)), goal.name)
    return Witness("twice the equilibrium's squared norm", goal, Domain(ranges=_RANGES), instead)


def _overshoots(formulas: Formulas) -> Witness:
    goal = AtLeast(formulas["equilibrium"].subs({P: sp.Rational(5, 2), BETA: 0}), sp.S.Zero, name="r_*^2")
    instead = Equal(goal.left, goal.right - 4 * eta**2 * DIM / 5)
    return Witness("eta lambda = 5/2, no momentum: the formula gives a negative square", goal, instead=instead)


_RANGES = {P: Interval(0, 2), BETA: Interval(0, 1, low_open=False)}
CLAIM = Claim(
    id="adamw-equilibrium",
    chapter="dynamics",
    label="B12c",
    title="AdamW on white noise has an equilibrium and a rotation that are blind to the gradient energy",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("white", r"$\mathbb E[g_k \mid \text{past}] = 0$: no mean gradient, and gradients uncorrelated in time", WHITE,
                   _correlated),
        Hypothesis("settled-scale", r"$\epsilon = 0$, and $v_i$ is the present mean square of $g_i$: $\beta_2 \to 1$ at a steady norm",
                   witness=_stale),
        Hypothesis("at-equilibrium", r"the norm has relaxed, for $1/(2\eta\lambda)$ steps and more (but for the relaxation itself)",
                   witness=_elsewhere),
        Hypothesis("decay-in-range", r"decoupled decay, $0 < p = \eta\lambda < 2$, and $0 \le \beta_1 < 1$", Domain(ranges=_RANGES),
                   _overshoots),
    ),
    letters={
        "p": r"decay of a step, $\eta\lambda$", "A": r"deviation of $\mathbb E\lVert u\rVert^2$ from $r_*^2$", r"\beta": r"$\beta_1$",
        "d": "dimension", "x": r"gradient over its scale, $x_i = g_i/\sqrt{v_i}$", "m": "momentum of $x$",
        "r_*": r"at the equilibrium: $r_*^2$ is the mean of $\lVert u\rVert^2$",
    },
    steps=steps,
    evidence="AdamW on white tangential noise, energies over six decades: norm, rotation and relaxation, by intervals over replicates",
    provenance=Provenance.RECONSTRUCTED,
    references=(
        Reference("kosson2024", "Kosson, Messmer, Jaggi, Rotational equilibrium: how weight decay balances learning across networks"),
    ),
    derived_from=("adam-norm-grows-by-dimension",),
    remark="The first-order forms need p well below 1 - beta_1, not only below 1: at beta_1 = 0.9 and p = 0.05 the equilibrium is"
    " 31 % lower. Under AdamW a norm at equilibrium carries no meaning at all, neither energy nor specificity.",
)  # fmt: skip

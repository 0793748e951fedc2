"""C12. One step of size ``eta``: a shared encoder changes ``r^2`` at first order in ``eta``, a lookup row at second order."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.encoders import INPUT, ITEMS, MEMBER, PULL, SHARE, SHARES, SLOPE, SLOPES, felt, gradient, kernel, x
from theory.kernel import Equal, Expands, Goal, Interval, Tends
from theory.letters import Letter
from theory.notation import G, eta, lam, r, u, v
from theory.optimizers import sgd, sgd_decoupled_decay
from theory.vectors import Cosine, Norm, Vector, inner, squared_norm, vector

P = sp.Symbol("p_j", positive=True)  # share of item j
FELT = sp.Symbol("f_ij", real=True)  # <u_i, K_ij g_j>
FORMULAS = {
    "shared_order": sp.S.One,
    "shared_term": -2 * P * FELT,  # of item j, times eta
    "lookup_order": sp.Integer(2),
    "lookup_growth": P**2 * G / r**2,  # times eta^2
}
ROW = SHARE * gradient(u, v, SLOPE)  # of a lookup row
HEAT = {G: (SLOPE**2 * (1 - Cosine(u, v) ** 2)), P: SHARE}


def shared_sum(formulas: Formulas) -> sp.Expr:
    """The claimed terms of all items; in ``f_ij`` the gradient of ``u_j`` has its two parts."""
    weight = kernel(x, INPUT) * SLOPES / Norm(MEMBER)
    pulled = Norm(u) * (Cosine(u, PULL) - Cosine(MEMBER, PULL) * Cosine(u, MEMBER))
    others = ITEMS.total(formulas["shared_term"].subs({FELT: weight * pulled, P: SHARES}, simultaneous=True))
    itself = inner(vector(u), kernel(x, x) * gradient(u, v, SLOPE))
    return others + formulas["shared_term"].subs({FELT: itself, P: SHARE}, simultaneous=True)


def lookup_sum(formulas: Formulas) -> sp.Expr:
    """The claimed growth of a row."""
    return formulas["lookup_growth"].subs({**HEAT, r: Norm(u)}, simultaneous=True)


def leading(following: Vector, order: sp.Expr, coefficient: sp.Expr) -> Goal:
    """The squared norm after a step: what it was, nothing below this order of ``eta``, and there this coefficient."""
    name = r"\lVert u_{k+1}\rVert^2"
    if not (order.is_Integer and order > 0):  # no power series: a limit
        change = (squared_norm(following) - Norm(u) ** 2) / eta**order
        return Tends(change, eta, coefficient, at_zero=True, name=name)
    nothing = [sp.S.Zero] * (int(order) - 1)
    return Expands(squared_norm(following), eta, (Norm(u) ** 2, *nothing, coefficient), name)


def first_order(following: Vector, coefficient: sp.Expr) -> Goal:
    """What holds in the setting of a witness."""
    return Expands(squared_norm(following), eta, (Norm(u) ** 2, coefficient), r"\lVert u_{k+1}\rVert^2")


def shared(formulas: Formulas, following: Vector) -> Goal:
    """The change is of the order claimed of shared encoders."""
    return leading(following, formulas["shared_order"], shared_sum(formulas))


def lookup(formulas: Formulas, following: Vector) -> Goal:
    """The change is of the order claimed of lookup rows, and nothing is above it."""
    change = eta ** formulas["lookup_order"] * lookup_sum(formulas)
    return Equal(squared_norm(following), Norm(u) ** 2 + change, r"\lVert u_{k+1}\rVert^2")


def _step(gradient: Vector) -> Vector:
    return sgd.step(vector(u), gradient, eta)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Both expansions, and that of the encoder's step in the items' gradients."""
    return (
        Step("A step moves $W$ by $-\\eta\\sum_j p_j g_j x_j^\\top$ and $u = Wx$ by $-\\eta\\sum_j p_j \\langle x_j, x\\rangle g_j$, so the"
             " change is of first order.", shared(formulas, _step(felt())), concludes=True,
             case="a linear encoder, $u = Wx$"),
        Step("A lookup row feels its own gradient alone, at a right angle: the change is of second order, exactly.",
             lookup(formulas, _step(ROW)), concludes=True, case="a lookup row"),
    )  # fmt: skip


def _lookup(formulas: Formulas) -> Witness:
    words = "a lookup table: every item has a row of its own"
    return Witness(words, shared(formulas, _step(ROW)), instead=first_order(_step(ROW), sp.S.Zero))


def _radial(formulas: Formulas) -> Witness:
    """A part along ``u``, as inner products give."""
    leaning = _step(SHARE * gradient(u, v, SLOPE, radial=sp.S.One))
    words, instead = "a row whose gradient has a radial part", first_order(leaning, -2 * SHARE * SLOPE)
    return Witness(words, lookup(formulas, leaning), instead=instead)


def _decays(formulas: Formulas) -> Witness:
    decay = sp.Symbol(str(lam), positive=True)
    moved = sgd_decoupled_decay.step(vector(u), ROW, eta, decay)
    return Witness("a row that decays", lookup(formulas, moved), instead=first_order(moved, -2 * decay * Norm(u) ** 2))


CLAIM = Claim(
    id="shared-encoder-moves-norm-at-first-order",
    chapter="imprint",
    label="C12",
    title="One step changes a norm at first order in the learning rate if the encoder is shared, at second order in a lookup table",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"each loss is scale-invariant: $g_j = (s_j/r_j) P_{u_j}\hat v_j \perp u_j$", witness=_radial),
        Hypothesis("shared-encoder", r"for the first order: $u_i = W x_i$, and the step is taken in $W$", witness=_lookup),
        Hypothesis("plain-step", r"one step of plain gradient descent, without weight decay", witness=_decays),
    ),
    letters={
        "p": Letter("share of an item in the loss", Interval(sp.S.Zero, sp.Rational(1, 2), high_open=False)),
        "n": "number of the items $j$", "x": "input of the item $u$", "p_j": "share of item $j$ in the loss",
        "s": r"slope of the row's loss along $\hat v$", "s_j": r"slope of the loss of item $j$ along $\hat v_j$",
        "r_j": r"$\lVert u_j\rVert$",
    },
    steps=steps,
    evidence="steps of encoders with one and two layers and of lookup rows, over a ladder of step sizes: order 1 and order 2, and the"
    " limits of the change over that power of the step",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("jacot2018", "Jacot, Gabriel, Hongler, Neural tangent kernel", "the kernel"),),
    derived_from=("shared-linear-encoder-transfers-norm", "sgd-step-is-pythagorean"),
    remark="Proved for linear encoders; for a two-layer ReLU encoder the coefficient of first order is C8b's rate, and is measured here."
    " Where the terms of first order cancel, as for a single item in a linear encoder, the order is higher.",
)

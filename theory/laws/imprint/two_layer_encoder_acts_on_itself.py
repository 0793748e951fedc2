"""C8b. ``u = sum_m h_m a_m``, ``h_m = relu(<b_m, x>)``: the own term of C8a survives; both layers keep their length."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.kernel import Equal, Goal, finite
from theory.letters import PROBABILITY, Letter
from theory.vectors import Direction, Family, Norm, Vector, direction, inner, squared_norm, unit, vector

M = sp.Symbol("M", integer=True, positive=True)  # hidden units
UPPER, LOWER = Family("a", M), Family("b", M)  # weights of the last and of the first layer, by unit
INDEX = UPPER.index
A, B = UPPER.member(INDEX), LOWER.member(INDEX)
x, y, v, q, w = (direction(name) for name in "xyvqw")  # inputs of two items, which name them, and what pulls them
P_X, P_Y, S = sp.Symbol("p_x", positive=True), sp.Symbol("p_y", positive=True), sp.Symbol("s_x", real=True)
SHARE, HIDDEN, INPUTS, DIRECT, THROUGH = sp.symbols("p h k c b", real=True)
FORMULAS = {
    "transfer": -2 * SHARE * (HIDDEN * DIRECT + INPUTS * THROUGH),  # h = <h_x, h_y>, k = <x, y>
    "own": -2 * SHARE * INPUTS * THROUGH,
    "layer_rate": sp.S.Zero,
}
NAME = r"\frac{d}{dt}\lVert u_x\rVert^2"


def gate(item: Direction) -> sp.Expr:
    """Slope of the activation at unit m, by item: 0 or 1 of a ReLU, anything of a leaky one."""
    return sp.Function(f"alpha_{item}", real=True)(INDEX)


def hidden(item: Direction) -> sp.Expr:
    """Activation of unit m: homogeneous of degree 1, so slope times argument."""
    return gate(item) * inner(vector(B), vector(item))


def output(item: Direction, shift: sp.Expr = sp.S.Zero) -> Vector:
    """``sum_m h_m a_m``; a ``shift`` of all activations is not homogeneous."""
    return Vector({}, {UPPER: (hidden(item) + shift) * Norm(A)})


def gradient(item: Direction, radial: sp.Expr = sp.S.Zero, shift: sp.Expr = sp.S.Zero) -> Vector:
    """``<q, u> v - <v, u> q``: tangential at the item's embedding, and any such vector for some v and q (take q = u).

    ``radial`` adds a multiple of ``u``.
    """
    u = output(item, shift)
    return inner(unit(q), u) * unit(v) - inner(unit(v), u) * unit(q) + radial * u


def through(item: Direction, other: Direction, g: Vector) -> sp.Expr:
    """``<D_x A^T u_x, D_y A^T g_y>``: both pulled back to the hidden units, as far as the gates let them."""
    return UPPER.total(gate(item) * gate(other) * inner(vector(A), output(item)) * inner(vector(A), g))


def moved_by(item: Direction, other: Direction, share: sp.Expr, g: Vector) -> Vector:
    """Velocity of ``u_x`` when ``a_m`` moves by ``-p h_m(y) g`` and ``b_m`` by ``-p alpha_m(y) <a_m, g> y``."""
    last = UPPER.total(hidden(item) * hidden(other)) * g
    pulled = gate(item) * gate(other) * inner(vector(A), g) * inner(vector(item), vector(other))
    return (-share) * (last + Vector({}, {UPPER: pulled * Norm(A)}))


def term(formulas: Formulas, name: str, item: Direction, other: Direction, share: sp.Expr, g: Vector) -> sp.Expr:
    """What the gradient of one item is claimed to do to the squared norm of another."""
    gram = {
        SHARE: share, HIDDEN: UPPER.total(hidden(item) * hidden(other)), INPUTS: inner(vector(item), vector(other)),
        DIRECT: inner(output(item), g), THROUGH: through(item, other, g),
    }  # fmt: skip
    return sp.sympify(formulas[name]).subs(gram, simultaneous=True)


def layer_rates(share: sp.Expr, item: Direction, g: Vector) -> tuple[sp.Expr, sp.Expr]:
    """``d/dt`` of ``sum_m |a_m|^2`` and of ``sum_m |b_m|^2``."""
    upper = UPPER.total(hidden(item) * inner(vector(A), g))
    lower = LOWER.total(gate(item) * inner(vector(A), g) * inner(vector(B), vector(item)))
    return -2 * share * upper, -2 * share * lower


def layers_stand_still(formulas: Formulas, g: Vector) -> tuple[Goal, Goal]:
    """Both layers under the gradient of any one item."""
    names = (rf"\frac{{d}}{{dt}}\sum_m \lVert {m}_m\rVert^2" for m in "ab")
    upper, lower = (Equal(rate, formulas["layer_rate"], name) for rate, name in zip(layer_rates(P_X, x, g), names, strict=True))
    return upper, lower


def by_another(formulas: Formulas) -> Goal:
    """The rate of the squared norm under the gradient of another item, whatever that is."""
    g = unit(w)
    return Equal(2 * inner(moved_by(x, y, P_Y, g), output(x)), term(formulas, "transfer", x, y, P_Y, g), NAME)


def by_itself(formulas: Formulas) -> Goal:
    """Under the item's own gradient, which is tangential."""
    g = gradient(x)
    return Equal(2 * inner(moved_by(x, x, P_X, g), output(x)), term(formulas, "own", x, x, P_X, g), NAME)


def chain_rule(item: Direction, g: Vector) -> Goal:
    """``<g, u>`` along any change ``e_m`` of ``a_m`` and ``f_m`` of ``b_m`` is the pairing with the gradients used above."""
    e, f = Family("e", M).member(INDEX), Family("f", M).member(INDEX)
    eps = sp.Symbol("epsilon", real=True)
    unit_there = inner(vector(A) + eps * vector(e), g) * gate(item) * inner(vector(B) + eps * vector(f), vector(item))
    pairing = hidden(item) * inner(vector(e), g) + gate(item) * inner(vector(A), g) * inner(vector(f), vector(item))
    slope = UPPER.total(sp.diff(unit_there, eps).subs(eps, 0))
    return Equal(slope, UPPER.total(pairing), r"\frac{d}{d\epsilon}\langle g, u\rangle")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Gradients of the weights; the rate of a squared norm; both layers."""
    upper, lower = layers_stand_still(formulas, gradient(x))
    return (
        Step("The gradient in $a_m$ is $h_m(x)\\,g$, in $b_m$ it is $\\alpha_m(x)\\langle a_m, g\\rangle x$: along any change"
             " $\\epsilon e_m$ of $a_m$ and $\\epsilon f_m$ of $b_m$.", chain_rule(x, unit(w))),
        Step("So item $y$ adds $-2p_y(\\langle h_x, h_y\\rangle\\langle u_x, g_y\\rangle + \\langle x, y\\rangle"
             "\\langle D_xA^\\top u_x, D_yA^\\top g_y\\rangle)$, items named by their inputs, $h_x$ the activations $h_m(x)$, $A$ the"
             " matrix of columns $a_m$ and $D_x$ the diagonal one of the slopes $\\alpha_m(x)$, here with $g_y$ of length 1 along $w$; and"
             " rates of several items add up;", by_another(formulas), concludes=True, case="the term of another item, $y$"),
        Step("of its own term item $x$ keeps the second part, as only $\\langle u_x, g_x\\rangle$ is 0.", by_itself(formulas),
             concludes=True, case="the term of the item itself"),
        Step("The last layer keeps its length, whichever item moves it;", upper, concludes=True, case="the last layer"),
        Step("so does the first.", lower, concludes=True, case="the first layer"),
    )  # fmt: skip


def _two_units(rate: sp.Expr) -> sp.Expr:
    return finite(rate, {M: sp.Integer(2)})


def _radial(formulas: Formulas) -> Witness:
    rate = _two_units(layer_rates(P_X, x, gradient(x, radial=S))[0])
    name = r"\frac{d}{dt}\sum_m \lVert a_m\rVert^2"
    instead = Equal(rate, _two_units(-2 * P_X * S * squared_norm(output(x))), name)
    return Witness("a gradient with a radial part $s_x u_x$, and two units", Equal(rate, formulas["layer_rate"], name), instead=instead)


def _shifted(formulas: Formulas) -> Witness:
    """``relu + 1``: slope times argument falls short of the activation by 1."""
    g = gradient(x, shift=sp.S.One)
    rate, name = _two_units(layer_rates(P_X, x, g)[1]), r"\frac{d}{dt}\sum_m \lVert b_m\rVert^2"
    instead = Equal(rate, _two_units(2 * P_X * UPPER.total(inner(vector(A), g))), name)
    return Witness("activations shifted by 1, and two units", Equal(rate, formulas["layer_rate"], name), instead=instead)


def _decays(formulas: Formulas) -> Witness:
    decay, name = sp.Symbol("lambda", positive=True), r"\frac{d}{dt}\sum_m \lVert a_m\rVert^2"
    shrinking = UPPER.total(2 * inner(vector(A), -decay * vector(A)))
    rate = layer_rates(P_X, x, gradient(x))[0] + shrinking
    instead = Equal(rate, -2 * decay * UPPER.total(Norm(A) ** 2), name)
    return Witness("a flow with weight decay", Equal(rate, formulas["layer_rate"], name), instead=instead)


CLAIM = Claim(
    id="two-layer-encoder-acts-on-itself",
    chapter="imprint",
    label="C8b",
    title="In a two-layer encoder an item moves its own norm too, and both layers keep their length",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"each loss is scale-invariant: $g_x \perp u_x$", witness=_radial),
        Hypothesis("homogeneous-activation", r"$u = \sum_m h_m(x) a_m$ over $M$ hidden units, with activations $h_m(x) ="
                                             r" \alpha_m(x)\langle b_m, x\rangle$,"
                   r" homogeneous of degree 1 with any slopes $\alpha_m(x)$ on the two sides of 0, by unit (ReLU: 0 and 1); off kinks",
                   witness=_shifted),
        Hypothesis("plain-gradient-flow", r"all weights follow $\dot W = -\sum_x p_x\nabla_W L_x$: infinitesimal steps, no weight decay",
                   witness=_decays),
    ),
    letters={
        "M": "number of hidden units", "a_j": "weights of hidden unit $j$ in the last layer",
        "b_j": "weights of hidden unit $j$ in the first layer", r"\alpha_{x,j}": r"$\alpha_j(x)$, any slope of unit $j$'s activation",
        "x": "input of the item", "y": "input of another item", "u_x": "embedding of item $x$",
        "p_x": Letter("share of item $x$ in the loss", PROBABILITY), "p_y": Letter("share of item $y$ in the loss", PROBABILITY),
        "w": "direction of the other item's gradient $g_y$, of length 1",
        "v": r"makes with $q$ the own gradient, $\langle\hat q, u_x\rangle\hat v - \langle\hat v, u_x\rangle\hat q$",
        "q": "any direction",
    },
    steps=steps,
    evidence="two-layer ReLU encoders: slopes of squared norms along the weights' gradient, against the formula, to rounding;"
    " own terms by products of Jacobians; rates of the lengths of both layers, to rounding",
    provenance=Provenance.DERIVED,
    references=(
        Reference("jacot2018", "Jacot, Gabriel, Hongler, Neural tangent kernel", "the kernel"),
        Reference("du2018", "Du, Hu, Lee, Algorithmic regularization in learning deep homogeneous models", "balancedness"),
    ),
    derived_from=("shared-linear-encoder-transfers-norm",),
    remark="A correction: that the term $y = x$ vanishes holds where $K_{xx}$ is a multiple of the identity, as in a linear encoder or"
    r" a lookup table. Here $\langle u_x, K_{xx} g_x\rangle = \lVert x\rVert^2\langle D_xA^\top u_x, D_xA^\top g_x\rangle$"
    r" has either sign, although $g_x \perp u_x$.",
)

"""C8c. Where an item already is what its neighbours are drawn to, a shared linear encoder lengthens it: prototypes lengthen."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.encoders import ITEMS, MEMBER, PULL, PULLS, SHARES, J
from theory.kernel import AtLeast, Combination, Equal, Goal, Termwise
from theory.notation import n, u
from theory.optimizers import gradient_flow
from theory.vectors import Cosine, Norm, Vector, inner, vector

P, K, PULLED = sp.symbols("p_j K_ij a_j", positive=True)  # share, kernel, and strength of the pull, -dL_j/dc
RI, RJ = sp.symbols("r_i r_j", positive=True)
C = sp.Symbol("c_j", real=True)  # cosine of item j with its target
FORMULAS = {
    "lengthening": 2 * P * K * PULLED * (RI / RJ) * (1 - C**2),  # what neighbour j adds to d r_i^2/dt
    "opposite": sp.S.NegativeOne,  # that factor where item i is opposite to the target
}
KERNEL = sp.Function("K", positive=True)(J)  # <x_i, x_j>, of inputs at acute angles
STRENGTH = sp.Function("a", positive=True)(J)
NAME = r"\frac{d}{dt}\lVert u\rVert^2"


def drift(side: int = 1, kernel: sp.Expr = KERNEL, strength: sp.Expr = STRENGTH, elsewhere: bool = False) -> sp.Expr:
    """Rate of the squared norm of ``u``, the neighbours being drawn to ``side * u^`` (or to targets of their own, elsewhere).

    ``u`` moves by ``-sum_j p_j K_ij g_j``, with ``g_j = -(a_j/r_j) P_{u_j}`` of the target.
    """
    weight = SHARES * kernel * strength / Norm(MEMBER)
    cosine = Cosine(MEMBER, PULL) if elsewhere else side * Cosine(u, MEMBER)
    towards = Vector({}, {PULLS: weight}) if elsewhere else Vector({u: side * ITEMS.total(weight)}, {})
    felt = (-1) * (towards - Vector({}, {ITEMS: weight * cosine}))
    return 2 * inner(vector(u), gradient_flow.velocity(felt))


def claimed(formulas: Formulas, kernel: sp.Expr = KERNEL, strength: sp.Expr = STRENGTH) -> sp.Expr:
    """The claimed rate: all neighbours' terms."""
    gram = {P: SHARES, K: kernel, PULLED: strength, RI: Norm(u), RJ: Norm(MEMBER), C: Cosine(u, MEMBER)}
    return ITEMS.total(formulas["lengthening"].subs(gram, simultaneous=True))


def at_target(formulas: Formulas, rate: sp.Expr) -> Goal:
    """The rate where item and target are one direction."""
    return Equal(rate, claimed(formulas), NAME)


def no_less(left: sp.Expr, right: sp.Expr, pull: sp.Expr, name: str = "", shown: str = "") -> AtLeast:
    """``left >= right``, which differ by the claimed sum for neighbours of that ``pull > 0``, kernel times strength."""
    weight = 2 * SHARES * pull * Norm(u) / Norm(MEMBER)
    squares = Combination(((1 - Cosine(u, MEMBER), 1 + Cosine(u, MEMBER)),))
    return AtLeast(left, right, Combination(((Termwise(((J, n),), weight, squares),),)), name=name, shown=shown)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """At the target; its sign; opposite to it."""
    pull, opposite = KERNEL * STRENGTH, formulas["opposite"] * claimed(formulas)
    return (
        Step("The term of a neighbour is C8a's, with $\\hat v_j = \\hat u$, whose cosine with $\\hat u$ is 1:",
             at_target(formulas, drift()), concludes=True, case="at the target"),
        Step("no neighbour shortens it,",
             no_less(claimed(formulas), sp.S.Zero, pull, name=NAME), concludes=True, case="at the target"),
        Step("and opposite to the target all is reversed:", Equal(drift(-1), opposite, NAME), concludes=True,
             case="opposite to the target"),
        Step("no neighbour lengthens the item.", no_less(sp.S.Zero, opposite, pull, name="0", shown=NAME), concludes=True,
             case="opposite to the target"),
    )  # fmt: skip


def _elsewhere(formulas: Formulas) -> Witness:
    return Witness("neighbours drawn to targets of their own", at_target(formulas, drift(elsewhere=True)))


DRIVEN, OBTUSE = (sp.Function(name, negative=True)(J) for name in "aK")  # a_j < 0, K_j < 0


def _reversed(words: str, formulas: Formulas, kernel: sp.Expr = KERNEL, strength: sp.Expr = STRENGTH) -> Witness:
    """With one factor below 0 the rate is as claimed, and its sign the other one: proved with that factor as less a positive one."""
    rate = claimed(formulas, kernel, strength)
    instead = no_less(sp.S.Zero, drift(strength=-STRENGTH), KERNEL * STRENGTH, name="0", shown=NAME)
    return Witness(words, AtLeast(rate, sp.S.Zero, name=NAME), instead=instead)


def _separate(formulas: Formulas) -> Witness:
    """Then the kernel of different items is 0."""
    rate = drift(kernel=sp.S.Zero)
    return Witness("rows of a table instead of a shared matrix", at_target(formulas, rate), instead=Equal(rate, sp.S.Zero, NAME))


CLAIM = Claim(
    id="row-at-its-neighbours-target-lengthens",
    chapter="imprint",
    label="C8c",
    title="An item at its neighbours' target is lengthened by them, one opposite to it is shortened",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("at-the-target",
                   r"the loss of every neighbour $j$ draws it to $\hat u$, the direction of the item $u = u_i$ itself", witness=_elsewhere),
        Hypothesis("attraction", r"$a_j = -\partial L_j/\partial c_j > 0$: neighbours are drawn, not driven away",
                   witness=lambda f: _reversed("neighbours driven away from it, $a_j < 0$", f, strength=DRIVEN)),
        Hypothesis("acute-inputs", r"$K_j = \langle x, x_j\rangle > 0$",
                   witness=lambda f: _reversed("inputs at obtuse angles, $K_j < 0$", f, kernel=OBTUSE)),
        Hypothesis("shared-linear-encoder", r"$u_j = W x_j$ for all items, and $W$ follows the gradient flow", witness=_separate),
    ),
    letters={
        "n": "number of neighbours", "K_j": r"$\langle x, x_j\rangle$ of $u$ and neighbour $j$",
        "p_j": "share of neighbour $j$ in the loss", "c_j": "cosine of $u_j$ with its target",
    },
    steps=steps,
    evidence="linear encoders whose items are all drawn to one of them: slope of its squared norm along the weights' gradient, to"
    " rounding, and never below 0; the same with all drawn to its opposite",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("jacot2018", "Jacot, Gabriel, Hongler, Neural tangent kernel", "the kernel"),),
    derived_from=("shared-linear-encoder-transfers-norm",),
    remark="So the sign of a drift is a conclusion:"
    " the same neighbours lengthen an item or shorten it, as their target is its own direction or the opposite.",
)

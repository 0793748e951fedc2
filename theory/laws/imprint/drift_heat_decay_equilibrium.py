"""C0. Drift, heat and decay: the mean of ``r^2`` after a step, its fixed point, and how fast it is approached.

With ``D = -E<u, s>``, ``H = r^2 E|s|^2``, ``D* = D/lambda``, ``V*^2 = eta H/lambda`` and ``p = eta lambda``:
``r_eq^2 = (D* + sqrt(D*^2 + 2 V*^2))/2``, up to a relative error of first order in ``p`` whose coefficient is given.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import DECAY
from theory.kernel import AtLeast, Domain, Equal, Expands, Goal, Interval
from theory.notation import eta, lam, n, r, u, v
from theory.optimizers import sgd_decoupled_decay
from theory.typeset import latex
from theory.vectors import Cosine, Family, Norm, Vector, inner, squared_norm, unit, vector

P = sp.Symbol("p", real=True)  # eta lambda
X = sp.Symbol("X", positive=True)  # r^2
DRIFT, HEAT = sp.Symbol("D", real=True), sp.Symbol("H", positive=True)  # -E<u, s> and r^2 E|s|^2
D_STAR, V_STAR = sp.Symbol("D_*", real=True), sp.Symbol("V_*", positive=True)
LEADING = sp.Symbol("X_0", positive=True)  # the equilibrium to leading order
ROOT = sp.sqrt(D_STAR**2 + 2 * V_STAR**2)
FORMULAS = {
    "mean_next_squared_norm": (1 - eta * lam) ** 2 * r**2 + 2 * (1 - eta * lam) * eta * DRIFT + eta**2 * HEAT / r**2,
    "drift_scale": DRIFT / lam,  # D*
    "heat_scale": eta * HEAT / lam,  # V*^2
    "equilibrium": (D_STAR + ROOT) / 2,  # r_eq^2, to leading order in p
    "exact_equilibrium": ((1 - P) * D_STAR + sp.sqrt((1 - P) ** 2 * D_STAR**2 + (2 - P) * V_STAR**2)) / (2 - P),
    "first_correction": (LEADING - 2 * D_STAR) / (2 * (2 * LEADING - D_STAR)),  # of p, relative to r_eq^2
    "relaxation_rate": 2 * P * (1 + V_STAR**2 / (2 * X**2)),  # of r^2 at X = r_eq^2, per step
    "rate_defect": P**2,  # what the exact rate falls short of it
}
STEPS = Family("s", n)  # the steps that may be drawn, equally likely
J = STEPS.index


def drawn(index: sp.Expr = J) -> Vector:
    """One of the steps, of any length and direction."""
    member = STEPS.member(index)
    return Vector({member: Norm(member)}, {})


def mean(body: sp.Expr) -> sp.Expr:
    """The mean over the steps."""
    return STEPS.total(body) / n


def drift() -> sp.Expr:
    """``-E<u, s>``."""
    member = STEPS.member(J)
    return -mean(Norm(u) * Norm(member) * Cosine(u, member))


def heat() -> sp.Expr:
    """``|u|^2 E|s|^2``."""
    return Norm(u) ** 2 * mean(Norm(STEPS.member(J)) ** 2)


def statement(formulas: Formulas, step: Vector) -> Equal:
    """The mean squared norm after a step."""
    after = sgd_decoupled_decay.step(vector(u), step, eta, lam)
    claimed = formulas["mean_next_squared_norm"].subs({r: Norm(u), DRIFT: drift(), HEAT: heat()}, simultaneous=True)
    return Equal(mean(squared_norm(after)), claimed, r"\mathbb{E}\lVert u_{k+1}\rVert^2")


def mean_map(formulas: Formulas, at: sp.Expr = X, root: sp.Expr = V_STAR) -> sp.Expr:
    """The mean as a map of ``X = r^2``, in ``p``, ``D*`` and ``V*``; ``root`` stands in for V* where that moves with X."""
    scaled = {DRIFT: lam * D_STAR, HEAT: lam * root**2 / eta, r: sp.sqrt(X)}
    return formulas["mean_next_squared_norm"].subs(scaled, simultaneous=True).subs(lam, P / eta).subs(X, at)


def velocity(formulas: Formulas) -> sp.Expr:
    """To first order in ``p`` the change of ``X`` in a step, over ``p``."""
    return sp.diff(mean_map(formulas), P).subs(P, 0)


def _root(formulas: Formulas) -> sp.Expr:
    """The positive root of ``X`` times the velocity, which is a quadratic with a negative leading coefficient."""
    second, first, constant = sp.Poly(sp.expand(X * velocity(formulas)), X).all_coeffs()
    return -(first + sp.sqrt(first**2 - 4 * second * constant)) / (2 * second)


def multiplier(formulas: Formulas, root: sp.Expr = V_STAR) -> Goal:
    """One minus the factor of a small deviation of ``r^2``."""
    exact = formulas["relaxation_rate"].subs(V_STAR, root) - formulas["rate_defect"]
    return Equal(1 - sp.diff(mean_map(formulas, root=root), X), exact, "1 - f'(X)")


def positive(rate: sp.Expr) -> Goal:
    """A deviation shrinks."""
    return AtLeast(rate, sp.S.Zero, strict=True, name=latex(rate))


def _scales(formulas: Formulas) -> Goal:
    """In ``D*`` and ``V*^2`` as they are defined the map is that of ``D`` and ``H``."""
    named = mean_map(formulas).subs({P: eta * lam, D_STAR: formulas["drift_scale"], V_STAR: sp.sqrt(formulas["heat_scale"])})
    return Equal(named, formulas["mean_next_squared_norm"].subs(r, sp.sqrt(X)), r"f(X)")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """The mean recursion; its fixed point; the leading order; the correction; the rate of relaxation."""
    exact, leading = formulas["exact_equilibrium"], formulas["equilibrium"]
    image = sp.expand(X * mean_map(formulas)).subs(X, exact)
    corrected = leading * formulas["first_correction"].subs(LEADING, leading)
    return (
        Step("The mean over the steps $s_1, \\dots, s_n$ that may be drawn, equally likely: shrink, the cross term is the drift, the square"
             " the heat.",
             statement(formulas, drawn()), concludes=True),
        Step("So $X = r^2$ moves in the mean by a map $f$ that depends on $p$, $D_*$ and $V_*^2$ only.",
             _scales(formulas), concludes=True),
        Step("Its fixed point $X_*$, exactly (compared as $X f(X) = X^2$):", Equal(image, exact**2, r"X_* f(X_*)"), concludes=True),
        Step("To first order in $p$ the velocity $\\dot X$, here times $X$, vanishes at $r_{\\mathrm{eq}}^2 = (D_* +"
             " \\sqrt{D_*^2 + 2V_*^2})/2$,",
             Equal(sp.expand(X * velocity(formulas)).subs(X, leading), sp.S.Zero, r"X \dot X|_{X = r_{\mathrm{eq}}^2}")),
        Step("the positive root of this quadratic in $X$,", Equal(_root(formulas), leading, r"r_{\mathrm{eq}}^2"), concludes=True),
        Step("which is what the exact fixed point tends to, with a correction of first order in $p$:",
             Expands(exact, P, (leading, corrected), name="X_*"), concludes=True),
        Step("A small deviation of $r^2$ shrinks, at any $X$, by a share of", multiplier(formulas), concludes=True),
        Step("To first order in $p$ that rate is positive.", positive(formulas["relaxation_rate"]), concludes=True),
    )  # fmt: skip


def _lagging(formulas: Formulas) -> Witness:
    """Heavy ball: a part of the last step, here of length 1, is carried along, and points anywhere at ``u``."""
    words = ("a part of the last step is carried along (momentum), here of length 1 along $v$: drift and heat of what is drawn are not"
             " those of the step")
    goal, carried = statement(formulas, drawn() + unit(v)), unit(v)
    crossed = (1 - eta * lam) * inner(vector(u), carried) - eta * mean(inner(drawn(), carried))
    instead = Equal(goal.left, goal.right - 2 * eta * crossed + eta**2, goal.name)
    return Witness(words, goal, Domain(ranges={lam: RANGE[lam]}), instead)


def _swelling(formulas: Formulas) -> Witness:
    """Steps of a length that does not depend on the norm, as Adam's: ``V*^2`` is ``X``."""
    goal = multiplier(formulas, root=sp.sqrt(X))
    assert isinstance(goal, Equal)
    slower = Equal(goal.left, 2 * P - P**2, "1 - f'(X)")
    words = "steps of one length whatever the norm (Adam): heat grows with r^2, relaxation is slower"
    return Witness(words, goal, Domain(ranges={P: RANGE[P]}), slower)


def _growing(formulas: Formulas) -> Witness:
    rate = formulas["relaxation_rate"].subs(P, sp.S.NegativeOne)
    return Witness("eta lambda = -1, growth in place of decay: deviations grow", positive(rate), instead=positive(-rate))


RANGE = {P: Interval(sp.S.Zero, sp.S.One), lam: DECAY}

CLAIM = Claim(
    id="drift-heat-decay-equilibrium",
    chapter="imprint",
    label="C0",
    title="Drift, heat and decay set the norm",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("white-steps", r"drift $D = -\mathbb{E}\langle u, s\rangle$ and heat $H = r^2\,\mathbb{E}\lVert s\rVert^2$ are those"
                   r" of the whole step, given $u$: nothing is carried along from earlier steps", witness=_lagging),
        Hypothesis("steady-heat", r"$D$ and $H$ do not depend on $r$ (for the fixed point and the rate)", witness=_swelling),
        Hypothesis("decay-in-range", r"the step is $u_{k+1} = (1 - p)u_k - \eta s_k$ with $0 < p = \eta\lambda < 1$; $D_* = D/\lambda$ and"
                   r" $V_*^2 = \eta H/\lambda$",
                   Domain(ranges=RANGE), _growing),
    ),
    letters={
        "X": r"$\lVert u\rVert^2$", "X_*": "fixed point of $f$", "f": "what a step makes of $X$ in the mean",
        "n": "number of steps that may be drawn", "s_j": r"a step that may be drawn, over $-\eta$",
        r"r_{\mathrm{eq}}": "norm at the equilibrium, to leading order in $p$",
    },
    steps=steps,
    evidence="runs whose drift and heat are read off along the way: map, fixed point and rate to rounding; leading order and"
    " correction over ladders of eta lambda, six drifts of both signs",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("su2026", "Su, Ren, Veitch, Optimization Dynamics Imprint Semantic Specificity in Contrastive Embedding Norms",
                          "the leading form, as reported by others; its scales are read here"),),
    remark="Exact for the mean after one step, whatever r was. A stationary mean of r^2 is above the fixed point, by the spread"
    " of r^2 at most (C0a). The leading form errs by O(eta lambda), with the coefficient given. Drift and heat read off the"
    " applied steps satisfy it even with momentum; those of the fresh gradients do not.",
)

"""C3. Positives von Mises-Fisher about the row: dispersion ``(d - 1) A_d(kappa)/kappa`` falls with concentration, and so does the norm.

With ``t`` the cosine of a positive and ``f(t) = exp(kappa t) (1 - t^2)^((d-3)/2)`` its density up to a factor, ``A_d = E t``.
"""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import SHARE
from theory.kernel import All, AtLeast, Combination, Domain, Equal, Goal, Interval, Tangent
from theory.laws.imprint.drift_heat_decay_equilibrium import D_STAR, HEAT, V_STAR
from theory.laws.imprint.drift_heat_decay_equilibrium import FORMULAS as CENTRE
from theory.letters import COSINE, PROBABILITY, SEVERAL, Letter
from theory.notation import eta, lam, tau, u, v
from theory.substance import ranges_within
from theory.vectors import Calculus, Cosine, Norm, squared_norm

D, KAPPA, DECAY = sp.Symbol("d", positive=True), sp.Symbol("kappa", positive=True), sp.Symbol("lambda", positive=True)
A = sp.Symbol("A", positive=True)  # A_d(kappa), the mean cosine
T, S = sp.symbols("t s", real=True)  # cosines of independent positives
SUM, APART = sp.symbols("x w", positive=True)  # t + s, t - s
SPREAD = sp.Symbol("y", positive=True)  # the dispersion
FORMULAS = {
    "dispersion": (D - 1) * A / KAPPA,  # E|P_u v|^2 = E[1 - t^2]
    "slope_pair": -((T - S) ** 2) * (T + S) / 2,  # its mean over t, s is d/d kappa of the dispersion
    "with_image": -((T - S) ** 2) * (T + S) * (1 - sp.exp(-2 * KAPPA * (T + S))) / 2,  # the same, over pairs with t + s > 0
    "sample_heat": (1 - T**2) / tau**2,  # of the loss -cos/tau, for one positive
    "equilibrium": eta * (D - 1) * A / (2 * DECAY * KAPPA * tau**2),  # r_eq^4
}
SINGLE = Calculus(u, (v,))


def exponent(cosine: sp.Expr) -> sp.Expr:
    """Logarithm of the density, up to a constant."""
    return KAPPA * cosine + (D - 3) / 2 * sp.log(1 - cosine**2)


def by_parts(formulas: Formulas, density: sp.Expr) -> Equal:
    """``d/dt [(1 - t^2) f]`` over ``kappa f``: its mean is 0, and on the right the dispersion, linear in A, is that of the mean cosine."""
    left = sp.diff((1 - T**2) * sp.exp(density), T) * sp.exp(-density) / KAPPA
    return Equal(sp.expand(left), (1 - T**2) - formulas["dispersion"].subs(A, T), r"\frac{((1-t^2) f)'}{\kappa f}")


def _log_slope() -> Equal:
    return Equal(sp.diff(exponent(T), KAPPA), T, r"\frac{d}{d\kappa}\ln f(t)")


def _pair(formulas: Formulas) -> Goal:
    """Covariance as half a mean over pairs: ``d/d kappa E h = Cov(h, t)``, with ``h = 1 - t^2``, up to a constant."""
    h = [-(x**2) for x in (T, S)]
    return Equal((h[0] - h[1]) * (T - S) / 2, formulas["slope_pair"], r"\frac{1}{2}(h(t) - h(s))(t - s)")


def _image(formulas: Formulas) -> Goal:
    """At ``(-t, -s)`` the pair has its value there, and the density ``exp(-2 kappa (t + s))`` times that at ``(t, s)``."""
    value = formulas["slope_pair"]
    ratio = sum(exponent(-x) - exponent(x) for x in (T, S))
    both = value + value.subs({T: -T, S: -S}, simultaneous=True) * sp.exp(ratio)
    return Equal(both, formulas["with_image"], r"m(t, s) + m(-t, -s)\frac{f(-t)f(-s)}{f(t)f(s)}")


def _falls(formulas: Formulas) -> Goal:
    """What a pair and its image add is below 0 at any sum and difference above 0; the difference enters by its square."""
    apart = formulas["with_image"].subs({T: (SUM + APART) / 2, S: (SUM - APART) / 2}, simultaneous=True)
    swapped = formulas["with_image"].subs({T: S, S: T}, simultaneous=True)
    least = KAPPA * (APART * SUM) ** 2 * sp.exp(-2 * KAPPA * SUM)
    above_tangent = Combination(((SUM * APART**2 / 2, sp.exp(-2 * KAPPA * SUM), Tangent(2 * KAPPA * SUM)),))
    return All((
        Equal(swapped, formulas["with_image"], r"\bar m(s, t) = \bar m(t, s)"),
        AtLeast(-apart, least, above_tangent, name=r"-\bar m(t, s)"),
        AtLeast(least, sp.S.Zero, strict=True, name=r"\kappa w^2 x^2 e^{-2\kappa x}"),
    ))  # fmt: skip


def sample(formulas: Formulas, loss: sp.Expr) -> Equal:
    """Squared tangential gradient on the unit sphere, for one positive."""
    energy = Norm(u) ** 2 * squared_norm(SINGLE.gradient(loss))
    return Equal(energy, formulas["sample_heat"].subs(T, Cosine(u, v)), r"\lVert\tilde g\rVert^2")


def settled(formulas: Formulas, drift: sp.Expr = sp.S.Zero) -> Equal:
    """C0's equilibrium at the mean of the sample heat."""
    heat = formulas["sample_heat"].subs(T, sp.sqrt(1 - formulas["dispersion"]))
    root = sp.sqrt(CENTRE["heat_scale"].subs({HEAT: heat, lam: DECAY}))
    return Equal(CENTRE["equilibrium"].subs({V_STAR: root, D_STAR: drift}) ** 2, formulas["equilibrium"], "r_{\\mathrm{eq}}^4")


def _short(formulas: Formulas) -> Equal:
    times = eta / (2 * DECAY * tau**2)  # does not depend on kappa
    return Equal(times * formulas["dispersion"], formulas["equilibrium"], r"\frac{\eta}{2\lambda\tau^2}\mathbb{E}[1 - t^2]")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Dispersion by parts; that it falls; the heat of a linear loss; the equilibrium, that falls with it."""
    return (
        Step("By parts: $(1-t^2) f$ vanishes at $t = \\pm1$ for $d > 1$, so the mean of its derivative over $f$ is 0.",
             by_parts(formulas, exponent(T)), concludes=True),
        Step("The mean of $h$ is the integral of $h f$ over that of $f$, the density without its normaliser, whose logarithm has the slope",
             _log_slope()),
        Step("so that the slope of a mean of $h$ is $\\mathrm{Cov}(h, t)$, the mean over independent pairs of $m(t, s)$, for $h = 1 - t^2$",
             _pair(formulas), concludes=True),
        Step("A pair of sum $x = t + s > 0$ and its mirror image, which has the smaller density, together add $\\bar m$ to it,",
             _image(formulas), concludes=True),
        Step("which is negative but for $t = s$, $w = \\lvert t - s\\rvert$: dispersion falls strictly with $\\kappa$.",
             _falls(formulas), concludes=True),
        Step("For a loss linear in the cosine a positive heats by", sample(formulas, -Cosine(u, v) / tau), concludes=True),
        Step("and a row without drift settles at C0's norm $r_{\\mathrm{eq}}$", settled(formulas), concludes=True),
        Step("in proportion to the dispersion, with which it falls as $\\kappa$ grows: specific rows are short.", _short(formulas),
             concludes=True),
    )  # fmt: skip


def _bent(formulas: Formulas) -> Witness:
    """A density with ``exp(t^2)`` besides."""
    goal = by_parts(formulas, exponent(T) + T**2)
    more = Equal(goal.left, goal.right + 2 * T * (1 - T**2) / KAPPA, goal.name)
    words = "positives with density exp(kappa t + t^2): not von Mises-Fisher about the row"
    return Witness(words, goal, Domain(ranges=ranges_within(goal, _INSIDE.ranges)), more)


def _saturating(formulas: Formulas) -> Witness:
    """Against one candidate of logit 0: the softmax saturates."""
    c = Cosine(u, v)
    goal = sample(formulas, sp.log(1 + sp.exp(-c / tau)))
    miss = sp.exp(-c / tau) / (1 + sp.exp(-c / tau))
    cooler = Equal(goal.left, (1 - c**2) * miss**2 / tau**2, goal.name)
    return Witness("InfoNCE against a candidate of logit 0: heat is lower by the squared probability of a miss", goal, instead=cooler)


def _drifting(formulas: Formulas) -> Witness:
    heat = formulas["sample_heat"].subs(T, sp.sqrt(1 - formulas["dispersion"]))
    against = -sp.sqrt(CENTRE["heat_scale"].subs({HEAT: heat, lam: DECAY}))
    goal, known = settled(formulas, drift=against), {A: KAPPA * SPREAD / (D - 1)}  # at any dispersion: A is a function of d and kappa
    left, claimed = (side.subs(known) for side in (goal.left, goal.right))
    inside = Domain(ranges=ranges_within(Equal(left, claimed), {**_INSIDE.ranges, SPREAD: SHARE}))
    instead = Equal(left, (2 - sp.sqrt(3)) * eta * SPREAD / (2 * DECAY * tau**2), goal.name)
    return Witness("a drift of $-V_*$, at a dispersion $y$", Equal(left, claimed, goal.name), inside, instead)


_INSIDE = Domain(ranges={T: Interval(sp.S.NegativeOne, sp.S.One), S: Interval(sp.S.NegativeOne, sp.S.One), D: Interval(sp.S.One, sp.oo),
                         A: SHARE})  # fmt: skip
CLAIM = Claim(
    id="specific-rows-are-short",
    chapter="imprint",
    label="C3",
    title="Specific rows are short: dispersion falls with concentration",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("von-mises-fisher", r"positives are von Mises-Fisher about $\hat u$, of concentration $\kappa > 0$, $d > 1$",
                   _INSIDE, _bent),
        Hypothesis("linear-loss", r"$L = -\cos(u, v_+)/\tau$ (for heat and equilibrium)", witness=_saturating),
        Hypothesis("no-drift", "$D = 0$: a lookup row under SGD (C1)", witness=_drifting),
    ),
    letters={
        "d": Letter("dimension", SEVERAL), "A": Letter("mean of $t$", PROBABILITY), "kappa": "concentration of the positives",
        "t": Letter(r"cosine of a positive with $\hat u$", COSINE),
        "s": Letter("cosine of an independent positive", Interval(-T, 1)), "x": "$t + s$", "w": r"$\lvert t - s\rvert$",
        "f": "density of $t$ without its normaliser", "h": "$h(t) = 1 - t^2$", "m": r"$m(t, s) = \frac12(h(t) - h(s))(t - s)$",
        r"\bar m": "what $(t, s)$ and $(-t, -s)$ add together, over the density of $(t, s)$", "v": "the positive, $v_+$",
        r"r_{\mathrm{eq}}": r"norm at the equilibrium, to leading order in $\eta\lambda$",
        "y": "share of a positive's square that is across the row, in the mean",
    },
    steps=steps,
    evidence="draws about a row: their dispersion, in intervals; slope by quadrature; heat to rounding; settled rows as decay vanishes",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("mardia2000", "Mardia, Jupp, Directional Statistics", "ch. 9 and 10: A is a ratio of Bessel functions"),),
    derived_from=("drift-heat-decay-equilibrium", "lookup-rows-have-no-drift"),
    remark="A is the mean cosine of the density f; that it is I_{d/2}(kappa)/I_{d/2-1}(kappa) is cited and enters the numbers only."
    " Where positives are about a fixed meaning, the row strays from it by an angle of mean square sqrt(eta lambda (d-1)/(2 kappa A)),"
    " to leading order: of the order of the root of eta lambda, not of eta lambda.",
)

"""B10c. AdaGrad-norm and WNGrad: ``r^2`` grows by at most ``2 eta^2 ln(b_K/b_0)``, ``eta^2 ln(b_K/b_0)``; with decay it falls as 1/k."""

from __future__ import annotations

from types import ModuleType

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import DECAY, TANGENT, tangential_gradient
from theory.kernel import All, AtLeast, ByInduction, Combination, Domain, Equal, Goal, Instance, Interval, Monotone, Tends
from theory.notation import G, eta, k, lam, u
from theory.optimizers import adagrad_norm, sgd_decoupled_decay, wngrad
from theory.rule_hypotheses import rule_hypotheses
from theory.substance import ranges_within
from theory.typeset import latex, slashed
from theory.vectors import Norm, Vector, inner, squared_norm, unit, vector

B, N = sp.symbols("b b'", positive=True)  # accumulator before and after a step
B0, W, X = sp.symbols("b_0 w X", positive=True)  # accumulator at the start; its square; r^2
A = sp.Symbol("A", positive=True)  # r_k^2 k in the limit
KEPT = sp.Symbol("rho", positive=True)  # the decay factor
Y = sp.Symbol("y", nonnegative=True)
P = sp.Symbol("p", positive=True)  # eta lambda
SLACK = sp.Symbol("s", nonnegative=True)
LOG_GAP = sp.log(1 + Y) - Y / (1 + Y)  # not negative: step 3
FORMULAS = {
    "decay_factor": (1 - eta * lam) ** 2,  # of r^2
    "adagrad_growth": eta**2 * (1 - B**2 / N**2),  # of r^2 in a step
    "wngrad_growth": eta**2 * (B / N) * (1 - B / N),
    "adagrad_bound": 2 * eta**2 * sp.log(N / B),  # of the growth of r^2 without decay while b goes from b to b'
    "wngrad_bound": eta**2 * sp.log(N / B),
    "adagrad_fall": 2 * eta / (lam * (2 - eta * lam)),  # of r_k^2 k with decay, as k grows
    "wngrad_fall": eta / (lam * (2 - eta * lam)),
    "cos_rotation": 1 - eta * lam,  # then
    "adagrad_relaxation": KEPT - (1 - KEPT) * B**2 / N**2,  # by which a step multiplies a small deviation of r^2
    "wngrad_relaxation": KEPT - (1 - KEPT) * (2 * B / N - 1),  # from the one that it leaves alone, b being given
    "adagrad_accumulator": G * k**2 / (2 * A),  # b_k^2 then
    "wngrad_accumulator": G * k**2 / A,
}
FALL = A / k  # r_k^2 with decay, as k grows
RULES: dict[str, ModuleType] = {"adagrad": adagrad_norm, "wngrad": wngrad}
ENERGIES = {"adagrad": X * (N**2 - B**2), "wngrad": X * B * (N - B)}  # with which a step from r^2 = X takes b to b'
_GAINS = {  # of b^2, by the rule
    "adagrad": r"\lVert g_k\rVert^2",
    "wngrad": r"(b_k + \lVert g_k\rVert^2/b_k)^2 - b_k^2",
}
RESTING = r"\frac{d \lVert u_{k+1}\rVert^2}{d \lVert u_k\rVert^2}\Big|_{\lVert u_{k+1}\rVert = \lVert u_k\rVert}"
ALONE = r"with decay, at the norm that $b$ leaves alone, $\lVert u_{k+1}\rVert = \lVert u_k\rVert$"
_WRITTEN = {"adagrad": "AdaGrad-norm", "wngrad": "WNGrad"}


def _adagrad(gradient: Vector) -> Vector:
    return adagrad_norm.step(vector(u), B, gradient, eta, lam)


def growth(formulas: Formulas, rule: str, following: Vector) -> Goal:
    """The squared norm after the step, from the accumulators."""
    after = RULES[rule].accumulated(B, tangential_gradient())
    right = formulas["decay_factor"] * Norm(u) ** 2 + formulas[f"{rule}_growth"].subs(N, after)
    return Equal(squared_norm(following), right, r"\lVert u_{k+1}\rVert^2")


def statement(formulas: Formulas, following: Vector) -> Goal:
    """AdaGrad-norm's."""
    return growth(formulas, "adagrad", following)


def _adagrad_bound(formulas: Formulas) -> Goal:
    """By induction, in ``w = b^2``, which grows by any ``y``: ``ln(1 + y/w) >= (y/w)/(1 + y/w)``."""
    claimed, start = formulas["adagrad_bound"].subs({B: B0, N: sp.sqrt(W)}, simultaneous=True), sp.Symbol("r_0", positive=True)
    step = formulas["adagrad_growth"].subs({B: sp.sqrt(W), N: sp.sqrt(W + Y)}, simultaneous=True)
    certificate = Combination(((SLACK,), (eta**2, Instance(LOG_GAP, Y, Y / W, Monotone(Y, sp.S.Zero)))))
    return ByInduction(start**2 + claimed - X, {X: start**2, W: B0**2}, {X: X + step, W: W + Y}, (X, start**2 + claimed - SLACK), SLACK,
                       certificate, starts_equal=True, name=r"\lVert u_K\rVert^2 \le", shown=r"r_0^2 +"
                                                                                             r" 2\eta^2\ln\frac{b_K}{b_0}")  # fmt: skip


def _wngrad_bound(formulas: Formulas) -> Goal:
    """The same, ``b`` growing by any ``y``."""
    claimed, start = formulas["wngrad_bound"].subs({B: B0, N: W}, simultaneous=True), sp.Symbol("r_0", positive=True)
    step = formulas["wngrad_growth"].subs({B: W, N: W + Y}, simultaneous=True)
    z = Y / W
    certificate = Combination(((SLACK,), (eta**2, Instance(LOG_GAP, Y, z, Monotone(Y, sp.S.Zero))), (eta**2 * z**2 / (1 + z) ** 2,)))
    return ByInduction(start**2 + claimed - X, {X: start**2, W: B0}, {X: X + step, W: W + Y}, (X, start**2 + claimed - SLACK), SLACK,
                       certificate, starts_equal=True, name=r"\lVert u_K\rVert^2 \le", shown=r"r_0^2 +"
                                                                                             r" \eta^2\ln\frac{b_K}{b_0}")  # fmt: skip


def _sharp(formulas: Formulas) -> Goal:
    """For small increments of ``b`` the growth of a step is that of the bound."""

    def slope(name: str) -> sp.Expr:
        return sp.diff(formulas[name], N).subs(N, B)

    return All(tuple(
        Equal(slope(f"{rule}_growth"), slope(f"{rule}_bound"), rf"\frac{{d}}{{db'}} {latex(formulas[f'{rule}_growth'])}\Big|_{{b'=b}}")
        for rule in RULES))  # fmt: skip


def _next(e: sp.Expr) -> sp.Expr:
    """One step later."""
    return e.subs(k, k + 1)


def balance(formulas: Formulas, rule: str, energy: sp.Expr = G) -> Goal:
    """With ``r^2 = A/k`` both recursions balance: both sides of each have one leading term."""
    square = formulas[f"{rule}_accumulator"]
    fall = formulas[f"{rule}_fall"].subs(lam, P / eta)
    b = sp.sqrt(square)
    gradient = energy / FALL  # |g|^2
    added = RULES[rule].accumulated(b, sp.sqrt(gradient) * unit(TANGENT)) ** 2 - square
    grown = formulas[f"{rule}_growth"].subs({B: b, N: _next(b)}, simultaneous=True)
    kept = formulas["decay_factor"].subs(lam, P / eta) * FALL
    shrunk = (_next(FALL) - grown) / kept
    step = latex(formulas[f"{rule}_growth"].subs({B: sp.Symbol("b_k"), N: sp.Symbol("b_{k+1}")}))
    return All((Tends((_next(square) - square) / added, k, sp.S.One, name=rf"\frac{{b_{{k+1}}^2 - b_k^2}}{{{_GAINS[rule]}}}"),
                Tends(shrunk.subs(A, fall), k, sp.S.One,
                      name=rf"\frac{{\lVert u_{{k+1}}\rVert^2 - {step}}}{{\rho\, \lVert u_k\rVert^2}}")))  # fmt: skip


def _falling(formulas: Formulas, rule: str) -> str:
    """Where the balance is: the fall, and the accumulator that goes with it."""
    fall, square = (slashed(formulas[f"{rule}_{name}"]) for name in ("fall", "accumulator"))
    return rf"{_WRITTEN[rule]}, with decay, at $\lVert u_k\rVert^2 = A/k$ and $b_k^2 = {square}$ with $A = {fall}$"


def _turns(formulas: Formulas, rule: str) -> Goal:
    """Of the old embedding decay keeps its share, and the norm hardly changes."""
    following = RULES[rule].step(vector(u), B, tangential_gradient(), eta, lam)
    kept = inner(vector(u), following) / squared_norm(vector(u))
    return Tends(kept * sp.sqrt(FALL) / sp.sqrt(_next(FALL)), k, formulas["cos_rotation"], name=r"\cos\delta_k")


def _accumulated(rule: str) -> sp.Expr:
    """b' as a function of ``X = r^2``."""
    after: sp.Expr = RULES[rule].accumulated(B, sp.sqrt(G / X) * unit(TANGENT))
    return after


def _multiplier(formulas: Formulas, rule: str) -> Goal:
    """The slope in ``X = r^2`` of the next one, through b' as well, where growth makes up for decay."""
    grown = formulas[f"{rule}_growth"]
    slope = KEPT + sp.diff(grown, N) * sp.diff(_accumulated(rule), X).subs(G, ENERGIES[rule])
    return Equal(slope.subs(X, grown / (1 - KEPT)), formulas[f"{rule}_relaxation"], RESTING)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Pythagoras in accumulators; the logarithm; two inductions; the balance with decay."""
    gradient = tangential_gradient()
    second = wngrad.step(vector(u), B, gradient, eta, lam)
    return (
        Step("AdaGrad-norm: $\\lVert g\\rVert^2 = b'^2 - b^2$, so the leg $\\eta\\lVert g\\rVert/b'$ needs no gradient to be known.",
             statement(formulas, _adagrad(gradient)), concludes=True, case="AdaGrad-norm"),
        Step("WNGrad: $\\lVert g\\rVert^2 = b(b' - b)$.", growth(formulas, "wngrad", second), concludes=True, case="WNGrad"),
        Step("$\\ln(1+y) \\ge y/(1+y)$: equal at 0, and the derivative of the difference is $y/(1+y)^2$.",
             AtLeast(LOG_GAP, sp.S.Zero, Monotone(Y, sp.S.Zero))),
        Step("Without decay AdaGrad-norm's steps add up to a logarithm at most, for any gradients; here $X = \\lVert u\\rVert^2$, and"
             " $w = b^2$ grows by any $y$;", _adagrad_bound(formulas), concludes=True, case="AdaGrad-norm, without decay"),
        Step("and WNGrad's to half of it; here $w = b$ grows by any $y$.", _wngrad_bound(formulas), concludes=True,
             case="WNGrad, without decay"),
        Step("Small steps attain both bounds: in $b'$ the growth of a step rises as its bound does.", _sharp(formulas)),
        Step("With decay and constant energy there is no equilibrium: a fall $\\lVert u_k\\rVert^2 = A/k$ and a linear accumulator solve"
             " both recursions to leading order, AdaGrad-norm,", balance(formulas, "adagrad"), concludes=True,
             case=_falling(formulas, "adagrad")),
        Step("WNGrad.", balance(formulas, "wngrad"), concludes=True, case=_falling(formulas, "wngrad")),
        *(Step(words, _turns(formulas, rule), concludes=True, case=f"{_WRITTEN[rule]}, with decay, at that fall")
          for rule, words in zip(RULES, ("It falls so slowly that the rotation is that of SGD at rest:", "likewise."), strict=True)),
        Step("From $\\lVert u\\rVert^2 = X$ the accumulator becomes $b'$ by the energies $X(b'^2 - b^2)$ and $X b(b' - b)$.",
             All(tuple(Equal(_accumulated(rule).subs(G, energy), N, rf"{latex(_accumulated(rule))}\Big|_{{G = {latex(energy)}}}")
                       for rule, energy in ENERGIES.items()))),
        Step("A given accumulator $b$ leaves one norm alone; there a small deviation of $\\lVert u\\rVert^2$ from it is multiplied by,",
             _multiplier(formulas, "adagrad"), concludes=True, case=f"AdaGrad-norm, {ALONE}"),
        Step("and likewise.", _multiplier(formulas, "wngrad"), concludes=True, case=f"WNGrad, {ALONE}"),
    )  # fmt: skip


def _sgd(formulas: Formulas) -> Witness:
    following = sgd_decoupled_decay.step(vector(u), tangential_gradient(), eta, lam)
    goal = statement(formulas, following)
    domain = Domain(ranges=ranges_within(goal, RANGES), orthogonal=((TANGENT, u),))
    instead = Equal(squared_norm(following), formulas["decay_factor"] * Norm(u) ** 2 + eta**2 * G / Norm(u) ** 2, r"\lVert u_{k+1}\rVert^2")
    return Witness("SGD's step", goal, domain, instead)


def _energy_grows(formulas: Formulas) -> Witness:
    goal = balance(formulas, "adagrad", energy=G * k)
    return Witness("energies that grow as k", goal, Domain(ranges=ranges_within(goal, RANGES)))


def _overshoot(formulas: Formulas) -> Witness:
    fall = formulas["adagrad_fall"].subs(lam, 3 / eta)
    return Witness("eta lambda = 3: the squared norm would be negative", Equal(sp.Abs(fall), fall),
                   instead=Equal(3 * fall, -2 * eta**2))  # fmt: skip


RANGES = {P: Interval(sp.S.Zero, sp.S.One), lam: DECAY, KEPT: Interval(sp.S.Zero, sp.S.One), N: Interval(B, sp.oo)}
CLAIM = Claim(
    id="accumulated-steps-grow-logarithmically",
    chapter="dynamics",
    label="B10c",
    title="AdaGrad-norm and WNGrad lengthen the embedding by a logarithm at most; with decay a fall of its square as 1/k is in balance",
    formulas=FORMULAS,
    hypotheses=(
        *rule_hypotheses(statement, _adagrad, RANGES),
        Hypothesis("accumulated", r"the step is $\eta g/b'$, $b'$ the accumulator with the gradient in it: $b'^2 = b^2 +"
                   r" \lVert g\rVert^2$ (AdaGrad-norm), $b' = b + \lVert g\rVert^2/b$ (WNGrad)", witness=_sgd),
        Hypothesis("constant-energy", "$G$ does not change (for the fall with decay)", witness=_energy_grows),
        Hypothesis("decay-in-range", r"$0 < p = \eta\lambda < 1$ (or $\lambda = 0$ where it says so)", Domain(ranges=RANGES), _overshoot),
    ),
    letters={
        "b": "accumulator before a step", "b'": "accumulator after a step", "b_0": "accumulator at the start", "p": r"$\eta\lambda$",
        "b_k": "accumulator after $k$ steps", "K": "number of steps",
        "k": "number of steps", r"\rho": r"decay factor of $\lVert u\rVert^2$, $(1 - \eta\lambda)^2$",
    },
    steps=steps,
    evidence="steps on both losses and whole runs against the bounds, to rounding; multipliers of deviations;"
    " decaying runs at k up to thousands: limits of k r^2, of b^2/k^2 and of the rotation",
    provenance=Provenance.DERIVED,
    references=(Reference("duchi2011", "Duchi, Hazan, Singer, Adaptive subgradient methods for online learning and stochastic optimization",
                          "for AdaGrad"),
                Reference("ward2019", "Ward, Wu, Bottou, AdaGrad stepsizes: sharp convergence over nonconvex landscapes"),
                Reference("wu2018", "Wu, Ward, Bottou, WNGrad: learn the learning rate in gradient descent", "for WNGrad")),
    derived_from=("gradient-is-orthogonal",),
    remark="Two annealings at once: b grows with the gradients, and the gradients shrink with the norm. After the first steps the norm is"
    " nearly r_0 for ever, and with decay r_k^2 goes to 2 eta/(lambda (2 - eta lambda) k) (WNGrad: half of it), from which the energy"
    " has gone: an age, not a meaning; the rotation is as blind. That the balance is approached is measured, not proved. A deviation"
    " from what b sets is gone in 1/(4 eta lambda) steps, as under SGD, since b'/b is near 1; another start of b is another age.",
)  # fmt: skip

"""B12d. Lion on white Gaussian noise: signs correlate by an arcsine law, and with decay that sets the equilibrium."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import MEMORY, SHARE
from theory.kernel import All, Domain, Equal, Goal, Interval, Solves
from theory.letters import COSINE, Letter
from theory.notation import eta, n
from theory.optimizers import lion
from theory.vectors import Family, Vector, direction, family_sum, inner, squared_norm, unit

NEAR, FAR = sp.Symbol("beta_1", real=True), sp.Symbol("beta_2", real=True)
V, S = sp.Symbol("V", positive=True), sp.Symbol("S", positive=True)  # E m_i^2 and E c_i^2, over E g_i^2
RHO = sp.Symbol("rho", nonnegative=True)  # correlation of two c_i
DIM = sp.Symbol("d", integer=True, positive=True)
Q = sp.Symbol("q", positive=True)  # 1 - eta lambda
T = sp.Symbol("T", nonnegative=True)  # sum of q^(j - 1) a_j over lags, a_j the correlation of signs j steps apart
FORMULAS = {
    "momentum_variance": (1 - FAR) / (1 + FAR),  # V, settled
    "variance": NEAR**2 * V + (1 - NEAR) ** 2,  # of c_i
    "lag_one": NEAR**2 * FAR * V + NEAR * (1 - NEAR) * (1 - FAR),  # covariance of c_i with the one before
    "lag_ratio": FAR,  # of the covariance one lag on
    "sign_correlation": 2 / sp.pi * sp.asin(RHO),
    "overlap": -eta * DIM * T,  # E<u, s'> with the step to come
    "equilibrium": eta**2 * DIM * (1 + 2 * Q * T) / (1 - Q**2),  # r*^2
    "relaxation": Q**2,  # by which a deviation of E|u|^2 from it shrinks in a step
    "cos_rotation": Q + T * (1 - Q**2) / (1 + 2 * Q * T),  # E<u, u'>/E|u|^2
}
PAST, NOW, NEXT, LATER = (direction(name) for name in ("m", "g", "g'", "g''"))
MOMENT = sp.sqrt(V) * unit(PAST)
STEPS = Family("s", n)  # the steps so far, the latest first
TO_COME = direction("s'")
CORRELATION = sp.Function("a", real=True)  # of signs, by lag
BIAS = sp.Symbol("b", positive=True)
MORE = sp.Symbol("A", positive=True)  # of r^2 beyond the equilibrium


def _lags(formulas: Formulas) -> tuple[Goal, ...]:
    """Second moments of ``m`` and ``c`` along white noise of variance 1."""
    here = lion.seen(MOMENT, unit(NOW), NEAR)
    once = lion.seen(MOMENT, unit(NOW), FAR)
    twice = lion.seen(once, unit(NEXT), FAR)
    settled = formulas["momentum_variance"]
    one, two = lion.seen(once, unit(NEXT), NEAR), lion.seen(twice, unit(LATER), NEAR)
    return (
        Equal(squared_norm(once).subs(V, settled), settled, r"\mathbb E m_i'^2\big|_{V}"),
        Equal(squared_norm(here), formulas["variance"], r"\mathbb E c_i^2"),
        Equal(inner(here, one), formulas["lag_one"], r"\mathbb E c_i c_i'"),
        Equal(inner(here, two), formulas["lag_ratio"] * formulas["lag_one"], r"\mathbb E c_i c_i''"),
    )


def _signs(formulas: Formulas) -> Goal:
    """Price's theorem: the slope in ``rho`` is 4 times the density of the pair at the origin."""
    density = 1 / (2 * sp.pi * sp.sqrt(1 - RHO**2))
    state = sp.Symbol("a", real=True)
    return Solves(formulas["sign_correlation"], state, RHO, 4 * density, sp.S.Zero, r"\mathbb E\,\mathrm{sign}\,c\;\mathrm{sign}\,c'")


def overlap(formulas: Formulas, extra: sp.Expr = sp.S.Zero) -> Equal:
    """``E<u, s'>`` of an embedding made of ``n`` steps, whose signs correlate with those to come by ``a_j + extra``."""
    j = STEPS.index
    u = family_sum(STEPS, -eta * sp.sqrt(DIM) * Q ** (j - 1))
    found = inner(u, sp.sqrt(DIM) * unit(TO_COME)).replace(
        lambda e: e.func.__name__ == "Cosine", lambda e: CORRELATION(next(iter(e.free_symbols))) + extra)  # fmt: skip
    total = sp.Sum(Q ** (j - 1) * CORRELATION(j), (j, 1, n))
    return Equal(found, formulas["overlap"].subs(T, total), r"\mathbb E\langle u, s'\rangle")


def _step(formulas: Formulas, before: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """``E<u, u'>`` and ``E|u'|^2`` after a step from a squared norm, ``u`` being slanted to the step by the claimed overlap."""
    u, s = unit(direction("u")), unit(TO_COME)
    size, length = sp.sqrt(before), sp.sqrt(DIM)
    after: Vector = lion.step(size * u, length * s, eta, (1 - Q) / eta)
    slant = formulas["overlap"] / (size * length)

    def known(e: sp.Expr) -> sp.Expr:
        return e.replace(lambda x: x.func.__name__ == "Cosine", lambda _: slant)

    return known(inner(size * u, after)), known(squared_norm(after))


def rotation(formulas: Formulas, before: sp.Expr) -> Equal:
    """The cosine of the rotation from a squared norm."""
    return Equal(_step(formulas, before)[0] / before, formulas["cos_rotation"], r"\mathbb E\langle u, u'\rangle/\mathbb E\lVert u\rVert^2")


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """From the correlations of ``c`` to those of signs, to the overlap of embedding and step, to norm and rotation."""
    star = formulas["equilibrium"]
    return (
        Step("What signs are taken of, $c_i = \\beta_1 m_i + (1-\\beta_1) g_i$: variance, covariance with the next, and how it falls with"
             " the lag, for white noise of variance 1.", All(_lags(formulas)), concludes=True),
        Step("Signs of Gaussian pairs correlate by the arcsine law: 0 for none, and by Price's theorem the slope is four times the"
             " density at the origin, $1/(2\\pi\\sqrt{1-\\rho^2})$.", _signs(formulas), concludes=True),
        Step("The embedding is the decayed sum of its steps, $u = -\\eta\\sum_j q^{j-1}s_j$, each of squared length $d$: it leans against"
             " the step to come, and momentum makes it grow.", overlap(formulas), concludes=True),
        Step("The squared norm that a step leaves alone is",
             Equal(_step(formulas, star)[1], star, r"r_*^2 = \mathbb E\lVert u'\rVert^2\big|_{r_*}"),
             concludes=True),
        Step("The overlap with the step to come is made of steps and not of the norm, so that a deviation shrinks by",
             Equal(_step(formulas, star + MORE)[1] - star, MORE * formulas["relaxation"], r"\mathbb E\lVert u'\rVert^2 - r_*^2"),
             concludes=True),
        Step("At equilibrium the rotation is", rotation(formulas, star), concludes=True),
        Step("Without memory ($\\beta_1 = 0$: signSGD) signs do not correlate, and both are those of normalised steps of length"
             " $\\eta\\sqrt d$.",
             All((Equal(formulas["lag_one"].subs(NEAR, 0), sp.S.Zero, r"\mathbb E c_ic_i'|_{\beta_1=0}"),
                  Equal(formulas["cos_rotation"].subs(T, 0), Q, r"\cos\delta|_{T=0}")))),
    )  # fmt: skip


def _correlated(formulas: Formulas) -> Witness:
    ranges = {b: _RANGES[b] for b in (NEAR, FAR)}
    return Witness("gradients that are correlated in time", All(_lags(formulas)), Domain(ranges=ranges))


def _two_valued(formulas: Formulas) -> Witness:
    """``c = 2e + e'``, ``c' = e + 2e'`` with signs ``e``, ``e'``: their correlation is 4/5, that of their signs 0."""
    one, other = 2 * unit(NOW) + unit(NEXT), unit(NOW) + 2 * unit(NEXT)
    correlation = inner(one, other) / squared_norm(one)
    goal = Equal(formulas["sign_correlation"].subs(RHO, correlation), inner(unit(NOW), unit(NEXT)), r"\mathbb E ee'")
    pair = Domain(orthogonal=((NOW, NEXT),))
    instead = Equal(correlation, sp.Rational(4, 5), r"\mathbb E cc'/\mathbb E c^2")
    words = "two-valued noise: c = 2e + e', c' = e + 2e' have the signs e and e', which are independent and fair"
    return Witness(words, goal, pair, instead)


def _skewed(formulas: Formulas) -> Witness:
    goal = overlap(formulas, BIAS**2)
    more = sp.Sum(eta * DIM * Q ** (STEPS.index - 1) * BIAS**2, (STEPS.index, 1, n))
    return Witness("noise of mean 0 whose sign has the mean b: signs correlate at every lag", goal,
                   Domain(ranges={Q: _RANGES[Q], BIAS: SHARE}),
                   Equal(goal.left, overlap(formulas).left - more, goal.name))  # fmt: skip


def _elsewhere(formulas: Formulas) -> Witness:
    goal = rotation(formulas, 2 * formulas["equilibrium"])
    instead = Equal(goal.left, Q + T * (1 - Q**2) / (1 + 2 * Q * T) / 2, goal.name)
    return Witness("twice the equilibrium's squared norm", goal, Domain(ranges={Q: _RANGES[Q], eta: SHARE}), instead)


_RANGES = {Q: Interval(0, 1), NEAR: MEMORY, FAR: Interval(0, 1, low_open=False),
           RHO: Interval(0, 1, low_open=False)}  # fmt: skip
WHITE = Domain(orthogonal=((PAST, NOW), (PAST, NEXT), (PAST, LATER), (NOW, NEXT), (NOW, LATER), (NEXT, LATER)))
CLAIM = Claim(
    id="lion-equilibrium-by-arcsines",
    chapter="dynamics",
    label="B12d",
    title="Lion's equilibrium on Gaussian noise follows from an arcsine law of its signs",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("white", r"gradients have mean 0 whatever went before, and are uncorrelated in time", WHITE, _correlated),
        Hypothesis("gaussian", r"the coordinates of a gradient are Gaussian, of a steady variance", witness=_two_valued),
        Hypothesis("symmetric", r"a sign is as often $+$ as $-$", witness=_skewed),
        Hypothesis("at-equilibrium", r"$0 < q = 1 - \eta\lambda < 1$, decoupled, $0 \le \beta_1, \beta_2 < 1$, and the norm has"
                   r" relaxed (but for the relaxation itself)",
                   Domain(ranges=_RANGES), _elsewhere),
    ),
    letters={
        "T": r"$\sum_j q^{j-1} a_j$ over all lags", "a": Letter("correlation of signs", COSINE),
        "A": r"deviation of $\mathbb E\lVert u\rVert^2$ from $r_*^2$", "a_j": "correlation of signs $j$ steps apart",
        "c_i": r"what signs are taken of, $\beta_1 m_i + (1-\beta_1) g_i$", "c": "any $c_i$", "c'": "$c$ at a later step", "d": "dimension",
        "g": "gradient, before $g'$ and $g''$", "m": "momentum before $g$", "m_i'": "coordinate of the momentum after $g$",
        "n": "number of steps that $u$ is the decayed sum of", r"\rho": "correlation of $c$ and $c'$", "s'": r"step to come, over $-\eta$",
        "V": "variance of $m_i$ for gradients of variance 1", "r_*": r"at the equilibrium: $r_*^2$ is the mean of $\lVert u\rVert^2$",
    },
    steps=steps,
    evidence="Lion on white tangential noise: correlations of its signs lag by lag, norm and rotation at equilibrium, by intervals",
    provenance=Provenance.DERIVED,
    references=(Reference("chen2023lion", "Chen et al., Symbolic discovery of optimization algorithms"),
                Reference("price1958", "Price, A useful theorem for nonlinear devices having Gaussian inputs")),
    remark="The variance of the gradient has gone: like AdamW, Lion is blind to the gradient energy, in norm, rotation and relaxation."
    " A linearised Lion (c over its"
    " deviation for its sign) has rho_j where signs have (2/pi) asin(rho_j), which is smaller: at default betas 1 + 2 q T is 71.1 by"
    " the one and 45.9 by the other as eta lambda -> 0, 64.7 and 41.9 at eta lambda = 0.001.",
)  # fmt: skip

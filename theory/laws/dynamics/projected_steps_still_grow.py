"""B10e. Projected steps (SGDP, AdamP) still lengthen by Pythagoras; what goes is the drift of momentum: a share ``2 beta/(1 + beta)``."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import DECAY, tangential_gradient
from theory.kernel import All, AtLeast, ByInduction, Domain, Equal, Goal, Interval, Within
from theory.letters import Letter
from theory.notation import eta, lam, r, u
from theory.optimizers import heavy_ball, projected, sgd
from theory.rule_hypotheses import rule_hypotheses
from theory.vectors import Norm, Vector, direction, inner, squared_norm, vector

M_DIRECTION = direction("m")
MOMENTUM = vector(M_DIRECTION)
BETA = sp.Symbol("beta", positive=True)
KEPT = sp.Symbol("kappa", positive=True)  # what decay leaves of the embedding
S = sp.Symbol("S", nonnegative=True)  # |P s|^2, squared length of the step
H = sp.Symbol("H", positive=True)  # |P s|^2 r^2
X, MORE = sp.symbols("X A", positive=True)  # r^2, and what it is beyond rest
M = sp.Symbol("M", nonnegative=True)  # |m|^2
D = sp.Symbol("D", real=True)  # -<u, m>, the radial drift
SUM = sp.Symbol("Sigma", nonnegative=True)  # of all M
RN = sp.Symbol("r'", positive=True)  # norm after the step
DECAYS = {KEPT: Interval(sp.S.Zero, sp.S.One)}
FORMULAS = {
    "next_squared_norm": KEPT**2 * r**2 + eta**2 * S,
    "projected_square": M - D**2 / r**2,  # S
    "cos_rotation": KEPT * r / RN,
    "kept_sgdp": 1 - eta * lam / (10 * (1 - BETA)),  # both implementations leave a tenth of the decay
    "kept_adamp": 1 - eta * lam / 10,
    "rest_of_length": eta**2 * S / (1 - KEPT**2),  # r*^2 of steps of one length at any norm (AdamP)
    "rest_of_energy": eta**2 * H / (1 - KEPT**2),  # r*^4 of steps with S = H/r^2 (SGDP)
    "relaxation_of_length": KEPT**2,  # by which a step multiplies a deviation of r^2 from it
    "relaxation_of_energy": 2 * KEPT**2 - 1,  # a small one
    "next_drift": BETA * (KEPT * D + eta * M),  # of heavy ball
    "plain_growth": eta**2 * SUM * (1 + BETA) / (1 - BETA) - 2 * eta * D / (1 - BETA),  # of heavy ball's r^2 without decay
    "kept_share": (1 - BETA) / (1 + BETA),  # of that, what projection leaves
}


HEAVY = r"heavy ball, not projected: $u_{k+1} = \kappa u_k - \eta m_k$"
UNDECAYED = r"heavy ball, not projected and without decay, $\kappa = 1$, from $m_0 = g_0$"


def statement(formulas: Formulas, following: Vector) -> Goal:
    """The squared norm after a step along ``m``."""
    left = formulas["projected_square"].subs({M: squared_norm(MOMENTUM), D: inner(vector(u), MOMENTUM)})  # its square counts
    right = formulas["next_squared_norm"].subs(S, left).subs(r, Norm(u))
    return Equal(squared_norm(following), right, r"\lVert u_{k+1}\rVert^2")


def _next_momentum(gradient: Vector) -> Vector:
    """At ``u``, the embedding after the last step."""
    return heavy_ball.decoupled_step(vector(u), MOMENTUM, gradient, eta, BETA)[1]


def drift(formulas: Formulas, momentum: Vector) -> Goal:
    """At the new embedding, ``u``, the old momentum's; and that from the embedding before, now ``u``, which a step along ``m`` moves."""
    after = KEPT * vector(u) - eta * MOMENTUM
    claimed = formulas["next_drift"].subs({M: squared_norm(MOMENTUM), D: -inner(vector(u), MOMENTUM)})
    return All((
        Equal(-inner(vector(u), momentum), -BETA * inner(vector(u), MOMENTUM), r"-\langle u_{k+1}, m_{k+1}\rangle\big|_{u_{k+1} = u}"),
        Equal(-BETA * inner(after, MOMENTUM), claimed, r"-\beta\langle u_{k+1}, m\rangle"),
    ))  # fmt: skip


def _plain_growth(formulas: Formulas) -> Goal:
    """By induction from ``m_0 = g_0``: growth, the sum of the ``M`` and the drift are the state."""
    growth, slack = sp.Symbol("x", real=True), sp.Symbol("s", nonnegative=True)
    claimed = formulas["plain_growth"]
    update = {growth: growth + 2 * eta * D + eta**2 * M, SUM: SUM + M, D: formulas["next_drift"].subs(KEPT, 1)}
    return ByInduction(growth - claimed, {growth: sp.S.Zero, SUM: sp.S.Zero, D: sp.S.Zero}, update, (growth, claimed + slack), slack,
                       exact=True, name=r"\lVert u_K\rVert^2 - r_0^2",
                       shown=r"\lVert u_K\rVert^2 - r_0^2 ="
                             r" \frac{1+\beta}{1-\beta}\,\eta^2\sum_{k<K} M_k - \frac{2\eta D_K}{1-\beta}")  # fmt: skip


def _decay(formulas: Formulas) -> Goal:
    """A tenth of the decay of heavy ball, whose steps are longer by ``1/(1 - beta)``, and of Adam."""
    share = (1 - formulas["kept_sgdp"]) * (1 - BETA)
    return All((Equal(share, 1 - formulas["kept_adamp"], r"(1-\beta)(1 - \kappa_{\mathrm{SGDP}})"),
                Equal(10 * (1 - formulas["kept_adamp"]), eta * lam, r"10\,(1 - \kappa_{\mathrm{AdamP}})")))  # fmt: skip


def _rests(formulas: Formulas) -> tuple[Step, ...]:
    """With decay, where growth makes up for it, and what is left of a deviation (free of roots: as X f(X) = X^2)."""
    image = formulas["next_squared_norm"].subs(r, sp.sqrt(X))
    rest, energetic, fourth = formulas["rest_of_length"], image.subs(S, H / X), formulas["rest_of_energy"]
    slope = sp.diff(energetic, X).subs(X, sp.sqrt(fourth))
    length, energy = "projected steps of one length, as AdamP's on white noise", "projected steps of one energy, as SGDP's"
    said: dict[str, Goal] = {
        "With decay, projected steps of one length $\\sqrt S$, as AdamP's on white noise, take $r^2$ to a new value $f(r^2)$ and come to"
            " rest at":
            Equal(image.subs(X, rest), rest, "r_*^2 = f(r_*^2)"),
        "and multiply any deviation $A$ by $\\kappa^2$;":
            Equal(image.subs(X, rest + MORE) - rest, MORE * formulas["relaxation_of_length"], "f(r_*^2 + A) - r_*^2"),
        "steps of one energy $H = r^2 S$, as SGDP's, come to rest where $r_*^4$ is":
            Equal(sp.expand(X * energetic).subs(X, sp.sqrt(fourth)), fourth, "r_*^4 = r_*^2 f(r_*^2)"),
        "and multiply a small deviation by": Equal(slope, formulas["relaxation_of_energy"], "f'(r_*^2)"),
    }  # fmt: skip
    goals = zip(said.items(), (length, length, energy, energy), strict=True)
    return tuple(Step(words, Within(goal, DECAYS), concludes=True, case=case) for (words, goal), case in goals)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Pythagoras for the projected step; the drift of the plain one, and its sum."""
    following = projected.step(u, MOMENTUM, eta, KEPT)
    plain = sgd.step(vector(u), MOMENTUM, eta)
    squared = Norm(u) ** 2 + 2 * eta * D + eta**2 * M
    cosine = formulas["cos_rotation"].subs({r: Norm(u), RN: sp.sqrt(squared_norm(following))})
    along = inner(vector(u), following) / (Norm(u) * sp.sqrt(squared_norm(following)))
    free = formulas["plain_growth"].subs(D, 0)
    return (
        Step("A projected step is a leg at a right angle, however its length came about: the square still grows.",
             statement(formulas, following), concludes=True),
        Step("It turns the embedding by $\\delta$, of cosine", Equal(along, cosine, r"\cos\delta"), concludes=True),
        Step("so that at a norm that rests the cosine is $\\kappa$,",
             Equal(formulas["cos_rotation"].subs(RN, r), KEPT, r"\cos\delta|_{r' = r}")),
        Step("where weight decay is a tenth of what it is elsewhere.", _decay(formulas), concludes=True),
        *_rests(formulas),
        Step("Without projection there is the drift $D = -\\langle u, m\\rangle$ beside it.",
             Equal(squared_norm(plain), squared.subs({M: squared_norm(MOMENTUM), D: -inner(vector(u), MOMENTUM)}),
                   r"\lVert u - \eta m\rVert^2")),
        Step("Momentum lags: gradients that were tangential point outwards now. A new gradient adds nothing to the drift of heavy ball,"
             " as it is tangential where it is taken (there, in the first line, $u_{k+1} = u$). What is left is the drift of the old"
             " momentum, $m = m_k$, after a step $u_{k+1} = \\kappa u - \\eta m$ from $u = u_k$.",
             drift(formulas, _next_momentum(tangential_gradient())), concludes=True, case=HEAVY),
        Step("Without decay, summed over a run of heavy ball from $m_0 = g_0$, for any gradients, white or not, with"
             " $M_k = \\lVert m_k\\rVert^2$, $D_k = -\\langle u_k, m_k\\rangle$ and $x$ for the growth so far:", _plain_growth(formulas),
             concludes=True, case=UNDECAYED),
        Step("Of this, $\\eta^2\\Sigma$ with $\\Sigma = \\sum_{k<K} M_k$ is what steps of the same lengths keep that are projected: the"
             " share",
             Equal(eta**2 * SUM / free, formulas["kept_share"], r"\frac{\eta^2\Sigma}{\lVert u_K\rVert^2 - r_0^2}\Big|_{D_K ="
                                                                r" 0}"), concludes=True, case=UNDECAYED),
        Step("which is positive.", AtLeast(formulas["kept_share"], sp.S.Zero, strict=True)),
    )  # fmt: skip


def _plain(formulas: Formulas) -> Witness:
    """Heavy ball's own step."""
    following = KEPT * vector(u) - eta * MOMENTUM
    grown = KEPT**2 * Norm(u) ** 2 - 2 * KEPT * eta * inner(vector(u), MOMENTUM) + eta**2 * Norm(M_DIRECTION) ** 2
    instead = Equal(squared_norm(following), grown, r"\lVert u_{k+1}\rVert^2")
    return Witness("a step that is not projected", statement(formulas, following), Domain(ranges=RANGES), instead)


RANGES = {BETA: Interval(sp.S.Zero, sp.S.One)}
CLAIM = Claim(
    id="projected-steps-still-grow",
    chapter="dynamics",
    label="B10e",
    title="Projected steps still lengthen the embedding; they take away the drift of momentum, not its heat",
    formulas=FORMULAS,
    hypotheses=(
        *rule_hypotheses(drift, _next_momentum, RANGES),
        Hypothesis("projected", r"the step is $u_{k+1} = \kappa u_k - \eta P_{u_k} m_k$ with $P_u$ the projection off $u$, $\kappa > 0$"
                                r" what decay"
                   r" leaves ($1$ without it) (SGDP and AdamP project where $|\cos(u, g)|$ is below a threshold, and take a tenth of the"
                   r" decay there); heavy ball, beside which they are put, has $m_{k+1} = \beta m_k + g_{k+1}$, $0 < \beta < 1$, and is not"
                   r" projected", Domain(ranges=RANGES), _plain),
    ),
    letters={
        r"\kappa_{\mathrm{SGDP}}": r"$\kappa$ of SGDP", r"\kappa_{\mathrm{AdamP}}": r"$\kappa$ of AdamP",
        "kappa": Letter("share of the norm that decay leaves", Interval(sp.S.Zero, sp.S.One, high_open=False)),
        lam.name: Letter("weight decay", DECAY), "A": r"deviation of $\lVert u\rVert^2$ from $r_*^2$",
        "S": r"squared length of a projected step, over $\eta^2$", "H": r"energy of a projected step, $\lVert u\rVert^2 S$",
        r"\Sigma": r"$\sum_{k<K} M_k$", "M_k": r"$\lVert m_k\rVert^2$", "D_K": r"$-\langle u_K, m_K\rangle$", "K": "number of steps",
        "f": r"what a step makes of $\lVert u\rVert^2$", "m": "$m_k$",
        "M": "squared length of the momentum",
    },
    steps=steps,
    evidence="SGDP, AdamP and heavy ball on both losses: norms, rotations, drifts and whole growth; steps at rest and beside it;"
    " all to rounding",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("heo2021", "Heo et al., AdamP: slowing down the slowdown for momentum optimizers on scale-invariant weights",
                          "for the rule, and the growth that momentum adds"),),
    derived_from=("gradient-is-orthogonal",),
    remark="One reads that projected steps, like Riemannian ones, do not grow. That is so of Riemannian steps, which are scaled back;"
    " projection takes out what is radial in the step, and the leg it leaves still"
    " lengthens the embedding, exactly as SGD's does (with beta = 0 SGDP"
    " is SGD, with all of its growth). Against heavy ball the share (1 - beta)/(1 + beta) of the growth is left, 1/19 at beta = 0.9, of"
    " the same form in heat: the meaning is SGD's, r^4 with |P m|^2 r^2 in place of G, slower. AdamP's heat is Adam's, blind to G; so is"
    " either's rotation at rest. Norms relax in a tenth of the decay: 10/(2 eta lambda) steps for AdamP's r^2, 10 (1 - beta)/(4 eta"
    " lambda) for SGDP's r^4.",
)  # fmt: skip

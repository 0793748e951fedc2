"""B12f. L2 regularisation inside Adam: ``4 lambda^2 r*^6 = eta^2 d (G + lambda^2 r*^4)``, not AdamW's blind ``eta d/(2 lambda)``."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import TANGENT, perpendicular
from theory.kernel import Domain, Equal, Interval, Tends
from theory.laws.dynamics.adam_norm_grows_by_dimension import DIM
from theory.notation import G, eta, lam, u
from theory.optimizers import sgd, sgd_decoupled_decay
from theory.vectors import Norm, inner, squared_norm, unit, vector

A = sp.Symbol("A", positive=True)  # r^2
ROOT = sp.Symbol("s", positive=True)  # sqrt(v)
SHARE = sp.Symbol("w", positive=True)  # of the embedding, that decay takes in a step at equilibrium
FORMULAS = {
    "second_moment": (G / A + lam**2 * A) / DIM,  # v, shared evenly by the coordinates
    "next_squared_norm": (1 - eta * lam / ROOT) ** 2 * A + eta**2 * G / (A * ROOT**2),
    "root_at_equilibrium": 2 * lam * A / (eta * DIM),  # sqrt(v) where a step keeps the squared norm
    "energy_at_equilibrium": lam**2 * A**2 * (4 * A / (eta**2 * DIM) - 1),  # G whose equilibrium is A
    "share": eta**2 * DIM / (2 * A),  # w, eta lambda/sqrt(v) at the equilibrium A
    "relaxation": 1 - 3 * SHARE + SHARE**2,  # by which a small deviation of r^2 is multiplied in a step
    "cos_rotation": 1 - SHARE,  # <u, u'>/|u|^2 there
    "sixth_power": eta**2 * DIM * G / (4 * lam**2),  # r*^6, for small steps
}
GRADIENT = sp.sqrt(G) / Norm(u) * unit(TANGENT)
STEP = sgd.step(vector(u), GRADIENT + lam * vector(u), eta / ROOT)
SQUARE = {A: Norm(u) ** 2}
RESTING = r"at the equilibrium, $\lVert u\rVert^2 = A$"


def statement(formulas: Formulas, coupled: bool = True) -> Equal:
    """The squared norm after a step along ``(g + lambda u)/s``; decoupled, ``g/s`` and decay beside it."""
    after = STEP if coupled else sgd_decoupled_decay.step(vector(u), GRADIENT.map(lambda e: e / ROOT), eta, lam)
    claimed = formulas["next_squared_norm"].subs(SQUARE, simultaneous=True)
    return Equal(squared_norm(after), claimed, r"\lVert u'\rVert^2")


def _slope(formulas: Formulas) -> sp.Expr:
    """Of the next squared norm in the squared norm, through the scale as well, at the equilibrium."""
    after, moment, energy = (formulas[name] for name in ("next_squared_norm", "second_moment", "energy_at_equilibrium"))
    scale = sp.diff(moment, A) / (2 * ROOT)  # of sqrt(v)
    return (sp.diff(after, A) + sp.diff(after, ROOT) * scale).subs(G, energy).subs(ROOT, formulas["root_at_equilibrium"])


def _rotation(formulas: Formulas) -> sp.Expr:
    """Of a step from the equilibrium, by the inner product that it keeps."""
    return (inner(vector(u), STEP) / Norm(u) ** 2).subs(ROOT, formulas["root_at_equilibrium"]).subs(A, Norm(u) ** 2)


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """A step of given scale; the scale at which it keeps the norm; the energy that has this scale."""
    root, energy = formulas["root_at_equilibrium"], formulas["energy_at_equilibrium"]
    moment = formulas["second_moment"]
    kept = formulas["next_squared_norm"].subs(G, A * (DIM * ROOT**2 - lam**2 * A))
    return (
        Step("The regulariser's gradient $\\lambda u$ goes through Adam's scale $s = \\sqrt v$ with the rest: decay becomes"
             " $\\eta\\lambda/\\sqrt v$.",
             statement(formulas), concludes=True),
        Step("The scale knows both, $v d = \\lVert g\\rVert^2 + \\lambda^2\\lVert u\\rVert^2$; so the energy is",
             Equal(moment.subs(G, A * (DIM * ROOT**2 - lam**2 * A)), ROOT**2, r"v\big|_{G = \lVert u\rVert^2(v d - \lambda^2 "
                                                                              r"\lVert u\rVert^2)}")),
        Step("with which a step keeps the squared norm, $A = r_*^2$, at one scale only, $\\sqrt v = 2\\lambda A/(\\eta d)$,",
             Equal(kept.subs(ROOT, root), A, r"\lVert u'\rVert^2\big|_{\sqrt v}"), concludes=True),
        Step("the scale of the energy $G_* = \\lambda^2A^2(4A/(\\eta^2 d) - 1)$.",
             Equal(moment.subs(G, energy), root**2, r"v\big|_{G_*}"), concludes=True),
        Step("Decay takes a share of the norm in a step,",
             Equal(eta * lam / root, formulas["share"], r"\eta\lambda/\sqrt v"), concludes=True, case=RESTING),
        Step("which is the rotation's as well.",
             Equal(_rotation(formulas), formulas["cos_rotation"].subs(SHARE, formulas["share"]).subs(SQUARE),
                   r"\langle u, u'\rangle/\lVert u\rVert^2"), concludes=True, case=RESTING),
        Step("A small deviation of $\\lVert u\\rVert^2$ moves the scale with it, and is multiplied by",
             Equal(_slope(formulas), formulas["relaxation"].subs(SHARE, formulas["share"]), r"\frac{d\lVert u'\rVert^2}{d "
                                                                                            r"\lVert u\rVert^2}"),
             concludes=True, case=RESTING),
        Step("For $\\eta^2 d \\ll \\lVert u\\rVert^2$ the norm at equilibrium is the sixth root of the energy: not blind to it, as"
             " AdamW's is.",
             Tends(formulas["sixth_power"].subs(G, energy) / A**3, eta, sp.S.One, at_zero=True,
                   name=r"\frac{\eta^2 d G_*}{4\lambda^2} \Big/ r_*^6"),
             concludes=True, case=RESTING),
    )  # fmt: skip


def _aslant(formulas: Formulas) -> Witness:
    return Witness("a gradient with a radial part, as inner products give", statement(formulas), Domain(ranges=_RANGE))


def _decoupled(formulas: Formulas) -> Witness:
    goal, inside = statement(formulas, coupled=False), replace(perpendicular(TANGENT, u), ranges=_RANGE)
    beside = (1 - eta * lam) ** 2 * Norm(u) ** 2 + eta**2 * G / (Norm(u) * ROOT) ** 2
    return Witness("decay beside the step, as in AdamW", goal, inside, Equal(goal.left, beside, goal.name))


def _piled(formulas: Formulas) -> Witness:
    """All of ``u`` in one coordinate, whose second moment is ``v_1 = G/(A d) + lambda^2 A``."""
    goal = Equal(G / (A * DIM) + lam**2 * A, formulas["second_moment"], "v_1")
    instead = Equal(goal.left - goal.right, lam**2 * A * (DIM - 1) / DIM, r"v_1 - v")
    return Witness("an embedding along one coordinate, whose second moment is $v_1$, in two dimensions or more", goal,
                   Domain(ranges=_RANGE), instead)


_RANGE = {lam: Interval(0, sp.oo)}
CLAIM = Claim(
    id="l2-in-adam-is-not-decoupled-decay",
    chapter="dynamics",
    label="B12f",
    title="L2 inside Adam leaves a norm at equilibrium that grows as the sixth root of the gradient energy",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("scale-invariant", r"$L(cu) = L(u)$ for all $c > 0$, and $g_k$ is taken at $u_k$: $g_k \perp u_k$",
                   perpendicular(TANGENT, u), _aslant),
        Hypothesis("coupled", r"$\lambda u$ is added to the gradient before Adam sees it; $\lambda > 0$", Domain(ranges=_RANGE),
                   _decoupled),
        Hypothesis("even", r"gradient and embedding are spread evenly over the coordinates, in the mean over the memory of $v$"
                   r" ($\beta_2 \to 1$, but $1/(1-\beta_2) \ll 1/w$, $w = \eta^2 d/(2r_*^2)$, for the relaxation); $\beta_1 = \epsilon ="
                   r" 0$", witness=_piled),
    ),
    letters={
        "A": r"$\lVert u\rVert^2$ at the equilibrium", "d": "dimension", "s": r"scale of the coordinates, $\sqrt v$",
        "v": "second moment of every coordinate", "G_*": "energy whose equilibrium is $A$",
    },
    steps=steps,
    evidence="Adam with L2 on white tangential noise, energies over six decades: norm, scale and rotation at equilibrium, and what a step"
    " leaves of a deviation, by intervals over replicates",
    provenance=Provenance.DERIVED,
    references=(Reference("loshchilov2019", "Loshchilov, Hutter, Decoupled weight decay regularization"),),
    derived_from=("adam-norm-grows-by-dimension",),
    remark="A row with large gradients is regularised less, eta lambda/sqrt(v): that is how meaning comes back into the norm, with the"
    " exponent 1/6 of the energy where SGD has 1/4 and AdamW 0. The rotation is not blind either, sqrt(2 w) with w = eta^2 d/(2 r_*^2),"
    " and r^2 comes to rest in 1/(3 w) steps, hot rows more slowly than cold ones. Momentum changes it only at higher order in w.",
)

"""B10d. Riemannian steps keep the norm exactly, whatever the loss; weight decay only makes the learning rate larger."""

from __future__ import annotations

import sympy as sp

from theory.claims import Claim, Formulas, Hypothesis, Provenance, Reference, Step, Witness
from theory.hypotheses import ENERGY_ROOT, TANGENT, perpendicular
from theory.kernel import All, AtLeast, Domain, Equal, Goal, Interval, Same
from theory.notation import G, eta, lam, r, u
from theory.optimizers import riemannian_sgd
from theory.vectors import Norm, Vector, inner, squared_norm, unit, vector

RADIAL = sp.Symbol("g_r", real=True)  # radial part of the gradient: the loss may be any
P = sp.Symbol("p", positive=True)  # eta lambda
FORMULAS = {
    "next_squared_norm": r**2,
    "tan_rotation": eta * sp.sqrt(G) / ((1 - eta * lam) * r**2),  # G the energy of the tangential part
    "decayed_rate": eta / (1 - eta * lam),  # what decay makes of the learning rate
}
GRADIENT = RADIAL * unit(u) + ENERGY_ROOT * unit(TANGENT)


def _norm(formulas: Formulas, following: Vector) -> Goal:
    return Equal(squared_norm(following), formulas["next_squared_norm"].subs(r, Norm(u)), r"\lVert u_{k+1}\rVert^2")


def rotation(formulas: Formulas) -> Goal:
    """The tangent of the rotation by the Gram determinant."""
    following = riemannian_sgd.proposed(u, GRADIENT, eta, lam)
    along = inner(vector(u), following)
    across = squared_norm(vector(u)) * squared_norm(following) - along**2
    return Equal(across / along**2, formulas["tan_rotation"].subs(r, Norm(u)) ** 2, r"\tan^2\delta")


def _decay(formulas: Formulas) -> Goal:
    """A step with decay is one without at another learning rate, ``eta lambda = p``."""
    small = {lam: P / eta}
    decayed = riemannian_sgd.step(u, ENERGY_ROOT * unit(TANGENT), eta, lam).map(lambda e: e.subs(small))
    return Same(decayed, riemannian_sgd.step(u, ENERGY_ROOT * unit(TANGENT), formulas["decayed_rate"].subs(small)),
                r"u_{k+1}(\eta, \lambda)", r"u_{k+1}\bigl(\eta/(1-\eta\lambda), 0\bigr)")  # fmt: skip


def steps(formulas: Formulas) -> tuple[Step, ...]:
    """Scaling back; the angle, which scaling does not change; decay."""
    moved = riemannian_sgd.proposed(u, GRADIENT, eta, P / eta)
    tangent = formulas["tan_rotation"].subs({lam: P / eta, r: Norm(u)})
    return (
        Step("What is scaled back to the norm has the norm, whatever the gradient's radial part.",
             _norm(formulas, riemannian_sgd.step(u, GRADIENT, eta)), concludes=True),
        Step("With decay too.", _norm(formulas, riemannian_sgd.step(u, GRADIENT, eta, P / eta)), concludes=True),
        Step("Only the tangential part turns the embedding, by", rotation(formulas), concludes=True),
        Step("and not beyond a right angle.",
             All((AtLeast(inner(vector(u), moved), sp.S.Zero, strict=True, name=r"\langle u_k, u_{k+1}\rangle"),
                  AtLeast(tangent, sp.S.Zero, strict=True, name=r"\tan\delta"))), concludes=True),
        Step("Decay is nothing but a larger learning rate.", _decay(formulas), concludes=True),
    )  # fmt: skip


def _whole(formulas: Formulas) -> Witness:
    """What is called tangential has a radial part, which the projection takes away."""
    words = r"the part $\sqrt G\,\hat t/\lVert u\rVert$ of the gradient is not tangential, and turns the embedding by less"
    return Witness(words, rotation(formulas), Domain(ranges={lam: RANGES[lam], eta: P_RANGE}))


def _not_scaled_back(formulas: Formulas) -> Witness:
    following = riemannian_sgd.proposed(u, GRADIENT, eta, sp.S.Zero)
    instead = Equal(squared_norm(following), Norm(u) ** 2 + eta**2 * G / Norm(u) ** 2, r"\lVert u_{k+1}\rVert^2")
    return Witness("the tangential step without the retraction", _norm(formulas, following), perpendicular(TANGENT, u), instead)


def _overshoot(formulas: Formulas) -> Witness:
    """The tangent of an angle up to a right one is not negative."""
    tangent = formulas["tan_rotation"].subs({lam: 2 / eta, r: Norm(u)})
    mirrored = Equal(tangent, -eta * sp.sqrt(G) / Norm(u) ** 2)
    return Witness("eta lambda = 2: the embedding is turned around", Equal(sp.Abs(tangent), tangent), instead=mirrored)


P_RANGE = Interval(sp.S.Zero, sp.S.One)
RANGES = {lam: Interval(sp.S.Zero, sp.S.One / eta, low_open=False), P: P_RANGE}
CLAIM = Claim(
    id="riemannian-steps-keep-the-norm",
    chapter="dynamics",
    label="B10d",
    title="Riemannian steps keep the norm, whatever the loss, and so record nothing in it",
    formulas=FORMULAS,
    hypotheses=(
        Hypothesis("tangential-energy", r"$G = \lVert u\rVert^2\lVert P_u g\rVert^2$ with $P_u$ the projection"
                                        r" off $u$: the energy of the tangential part", perpendicular(TANGENT, u), _whole),
        Hypothesis("retracted", "after the step the embedding is scaled back to the norm before it", witness=_not_scaled_back),
        Hypothesis("decay-in-range", r"$0 \le \eta\lambda < 1$", Domain(ranges=RANGES), _overshoot),
    ),
    letters={
        "p": r"$\eta\lambda$", r"u_{k+1}(\eta, \lambda)": r"$u_{k+1}$ at this learning rate and decay",
        "G": r"energy of the tangential part, $\lVert u\rVert^2 \lVert P_u g\rVert^2$",
        r"\hat{t}": r"direction of the tangential part, $P_u g = \lVert P_u g\rVert\,\hat t$; $\cos(t, u) = \langle\hat t, \hat u\rangle$",
    },
    steps=steps,
    evidence="Riemannian steps on losses of cosines and of inner products, with and without decay: norms and rotations to rounding,"
    " decay against the other rate bit by bit",
    provenance=Provenance.RECONSTRUCTED,
    references=(Reference("bonnabel2013", "Bonnabel, Stochastic gradient descent on Riemannian manifolds", "for the rule"),),
    remark="The norm is r_0 for ever: no frequency, no specificity, no uncertainty, and nothing to relax to. What energy there is shows in"
    " the rotation instead, eta sqrt(G)/r_0^2 a step without decay. The effective learning rate eta/r_0^2 does not anneal by itself as"
    " SGD's does. That nothing grows is true of these steps, not of projected ones (B10e).",
)  # fmt: skip

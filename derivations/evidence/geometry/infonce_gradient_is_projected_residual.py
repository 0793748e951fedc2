"""A6 measured: InfoNCE gradients against the projected residual, and their length against the bound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sympy as sp

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.comparison import over_batches
from derivations.evidence.deviations import at_most, equal
from derivations.evidence.formulas import Scene, value
from derivations.evidence.settings import Batch, draw, ordinary
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.geometry.infonce_gradient_is_projected_residual import P, residual
from theory.losses.infonce import POSITIVE_PROBABILITY
from theory.notation import positive_candidate, tau, u
from theory.vectors import Norm, tangential

_NORM = sp.Symbol("norm", positive=True)


def _scenes(batch: Batch) -> list[Scene]:
    x, pool = batch.embeddings(), batch.pool()
    return [
        Scene({u: x[i], positive_candidate: pool[i, 0]}, "v", pool[i, 1:], {tau: batch.temperatures[i]})
        for i in range(batch.rows)
    ]


def _residual(formulas: Formulas, batch: Batch, loss: str = "infonce") -> tuple[Floats, Floats]:
    """Both sides are evaluated in binary64: twice the bound of one."""
    g = evaluate(loss, batch.embeddings(), batch.pool(), batch.temperatures).gradients
    claimed = formulas["prefactor"] * tangential(u, residual(formulas))
    expected = np.array([scene.vector(claimed) for scene in _scenes(batch)])
    bound = 2 * rounding.gradient("infonce", batch.temperatures, batch.norms, batch.dimension, batch.candidates)
    return np.linalg.norm(g - expected, axis=1), bound


def _excess(formulas: Formulas, batch: Batch) -> tuple[Floats, Floats]:
    """How far ``|g|`` is above the bound; settings without a negative, where both are 0, do not count."""
    g = evaluate("infonce", batch.embeddings(), batch.pool(), batch.temperatures).gradients
    missed = np.array([1 - float(s.scalar(POSITIVE_PROBABILITY)) for s in _scenes(batch)])
    known = {P: 1 - missed, tau: batch.temperatures, _NORM: batch.norms}
    bound = value(formulas["bound"].subs(Norm(u), _NORM), known)
    slack = rounding.gradient("infonce", batch.temperatures, batch.norms, batch.dimension, batch.candidates)
    return at_most(np.linalg.norm(g, axis=1), bound), slack


def _attained(formulas: Formulas, batch: Batch) -> tuple[Floats, Floats]:
    """One negative opposite to the positive, both orthogonal to ``u``: the bound is reached."""
    x = batch.embeddings()
    v = batch.directions()
    for _ in range(2):
        v = v - (np.einsum("rd,rd->r", v, x) / batch.norms**2)[:, None] * x
    g = evaluate("infonce", x, np.stack([v, -v], axis=1), batch.temperatures).gradients
    known = {P: np.full(batch.rows, 0.5), tau: batch.temperatures, _NORM: batch.norms}
    bound = value(formulas["bound"].subs(Norm(u), _NORM), known)
    slack = rounding.gradient("infonce", batch.temperatures, batch.norms, batch.dimension, 2)
    return equal(np.linalg.norm(g, axis=1), bound), 2 * slack


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """The vector, the bound, and where the bound is attained."""
    several = [b for b in batches if b.candidates > 1]
    return (
        over_batches("InfoNCE gradient against the residual", several, lambda b: _residual(formulas, b)),
        over_batches("length above 2 (1 - p_+)/(tau r)", several, lambda b: _excess(formulas, b)),
        over_batches("length where the bound is attained", batches, lambda b: _attained(formulas, b)),
    )


def _inner_products(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        over_batches("gradient against the residual", [ordinary(seed)], lambda b, loss=loss: _residual(formulas, b, loss))
        for loss in ("infonce", "dot_product_infonce")
    )
    return NumericWitness("logits from inner products", kept, dropped)


def _moving_temperature(formulas: Formulas, seed: int) -> NumericWitness:
    """The slope of the loss along ``u``, by a central difference: 0 at fixed temperature, by the residual."""
    h = 2.0**-17

    def compare(batch: Batch, moves: bool) -> tuple[Floats, Floats]:
        x, pool = batch.embeddings(), batch.pool()
        sides = [
            evaluate("infonce", s * x, pool, batch.temperatures / s if moves else batch.temperatures).values
            for s in (1 + h, 1 - h)
        ]
        scene_slopes = [s.vector(formulas["prefactor"] * tangential(u, residual(formulas))) @ s.vectors[u] for s in _scenes(batch)]
        # third differences of size 1/tau^3 times h^2, and the loss' own rounding over h
        bound = 16 * h**2 / batch.temperatures**3 + rounding.gamma(4 * batch.dimension + 40) / batch.temperatures / h
        return equal((sides[0] - sides[1]) / (2 * h), np.array(scene_slopes)), bound

    kept, dropped = (
        over_batches("slope of the loss along u", [ordinary(seed)], lambda b, m=m: compare(b, m)) for m in (False, True)
    )
    return NumericWitness("a temperature tau/|u| that falls with the norm", kept, dropped)


EVIDENCE = Evidence(draw, check, {"cosine-logits": _inner_products, "fixed-temperature": _moving_temperature})

"""C8a measured: slopes of squared norms along the weights' gradient, the length of the weights, equal norms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, encoding, order, rounding
from derivations.evidence.deviations import at_least, equal
from derivations.evidence.encoding import Encoding, over_items, slopes_along_step
from derivations.evidence.formulas import value
from derivations.evidence.gathering import paired
from numerics.encoders.shared import Objective, encoder_flow, tangent_kernel
from numerics.simulation.integrators import MIDPOINT
from theory.claims import Formulas
from theory.laws.imprint.shared_linear_encoder_transfers_norm import CO, CU, CV, RI, RJ, K, P, S

LADDER = (8, 16, 32, 64)


def draw(rng: np.random.Generator, effort: str) -> Sequence[Encoding]:
    """Linear encoders."""
    return encoding.draw(rng, effort, layers=1)


def _pulls(e: Encoding) -> tuple[Floats, Floats]:
    """Slopes and pulls (n,), (n, d): the target with slope -2, or any vector whose tangential part is the gradient."""
    if e.loss == "cosine_regression":
        return np.full(e.items, -2.0), e.objective.candidates[:, 0]
    pull = e.norms[:, None] * e.slopes.output_gradients + 0.7 * e.slopes.outputs / e.norms[:, None]
    return np.linalg.norm(pull, axis=1), pull


def _cosines(a: Floats, b: Floats) -> Floats:
    return np.clip((a @ b.T) / (np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=1)), -1, 1)


def terms(formulas: Formulas, e: Encoding, name: str = "transfer") -> Floats:
    """The claimed terms (n, n): row i, what item j adds to the rate of its squared norm; the diagonal is its own."""
    slopes, pulls = _pulls(e)
    u = e.slopes.outputs
    known = {P: e.objective.shares[None], K: e.inputs @ e.inputs.T, S: slopes[None], RI: e.norms[:, None], RJ: e.norms[None],
             CV: _cosines(u, pulls), CO: np.diag(_cosines(u, pulls))[None], CU: _cosines(u, u)}  # fmt: skip
    found = np.array(value(formulas[name], known))
    np.fill_diagonal(found, value(formulas["own"], {}))
    return found


def noise(e: Encoding) -> Floats:
    """Rounding of the sum of terms (n,): their sizes, and what the gradients of the losses are off by."""
    lengths = np.linalg.norm(e.inputs, axis=1)
    slopes = np.abs(_pulls(e)[0])
    per_item = slopes / e.norms * rounding.gamma(e.roundings()) + e.gradient_noise()
    return np.asarray(4 * lengths * e.reach() * np.sum(e.objective.shares * lengths * per_item * e.reach() / e.norms))


def _transfer(formulas: Formulas, e: Encoding, name: str = "transfer", **changed: Any) -> tuple[Floats, Floats]:
    found, bound, _ = slopes_along_step(e, **changed)
    return equal(found, np.sum(terms(formulas, e, name), axis=1)), bound + noise(e)


def _own(formulas: Formulas, e: Encoding) -> tuple[Floats, Floats]:
    """The item's own term by the tangent kernel, products of Jacobians."""
    kernel, g, u = tangent_kernel(e.weights, e.inputs), e.slopes.output_gradients, e.slopes.outputs
    own = -2 * e.objective.shares * np.einsum("ia,iaib,ib->i", u, kernel, g)
    # <u, g> is off as a radial part is (`rounding.radial`), and rounds on its way through the Jacobians
    paths = np.sum(np.abs(u * g), axis=1) * float(rounding.gamma(e.roundings() + e.weights[0].size))
    radial = rounding.radial(e.loss, e.objective.temperatures, e.dimension)
    return equal(own, value(formulas["own"], {})), 2 * e.objective.shares * np.sum(e.inputs**2, axis=1) * (radial + paths)


def _level(e: Encoding) -> Encoding:
    """The inputs scaled so that all embeddings have one norm."""
    level = replace(e)
    level.__dict__["inputs"] = e.inputs * (np.exp(np.mean(np.log(e.norms))) / e.norms)[:, None]
    return level


def duration(e: Encoding, objective: Objective) -> float:
    """A time in which no embedding moves by more than an eighth of the smallest norm at its first speed."""
    along = objective.slopes(e.weights, e.inputs).weight_gradients[0]
    speed = float(np.max(np.linalg.norm(e.inputs @ along.T, axis=1)))
    return float(np.min(e.norms) / (8 * max(speed, 1e-300)))


def _weights_drift(formulas: Formulas, e: Encoding, objective: Objective) -> tuple[Any, float, bool]:
    """Lack of order of the drift of ``|W|^2`` along the flow by the midpoint rule, bound, and whether it can be told."""
    time = duration(e, objective)
    ends = [encoder_flow(objective, e.weights, e.inputs, duration=time, steps=k, integrator=MIDPOINT).squared_weights[:, 0]
            for k in LADDER]  # fmt: skip
    drift = np.array([abs(s[-1] - s[0] - float(value(formulas["weight_rate"], {})) * time) / s[0] for s in ends])[None]
    floor = LADDER[-1] * float(rounding.gamma(4 * e.roundings())) * (1 + time * float(np.max(e.reach() / e.norms)))
    found, spread = (x[0] for x in order.fitted(drift, noise=floor))
    none, persists = drift[0, -1] <= floor, drift[0, -1] > 0.5 * drift[0, 0]
    lack = at_least(float(MIDPOINT.order) if none else 0.0 if persists else found, MIDPOINT.order)
    return lack, 0.0 if none or persists else spread, bool(none or persists or spread < order.DISCRIMINATES)


def _conserved(formulas: Formulas, drawn: Sequence[Encoding], loss: str = "") -> Measurement:
    objectives = [replace(e.objective, loss=loss or e.loss) for e in drawn]
    rows = [_weights_drift(formulas, e, o) for e, o in zip(drawn, objectives, strict=True)]
    return paired("length of the weights along the flow, midpoint rule: lack of order", [row[:2] for row in rows],
                  [e.labels()[0] for e in drawn], [row[2] for row in rows])  # fmt: skip


def check(formulas: Formulas, drawn: Sequence[Encoding]) -> tuple[Measurement, ...]:
    """Transfer, the item's own term, equal norms, and the weights."""
    return (
        over_items("slope of the squared norm along the weights' gradient", drawn, lambda e: _transfer(formulas, e)),
        over_items("the item's own term", drawn, lambda e: _own(formulas, e)),
        over_items("slope at equal norms", [_level(e) for e in drawn], lambda e: _transfer(formulas, e, "at_equal_norms")),
        _conserved(formulas, drawn[:6]),
    )


def _radial(formulas: Formulas, seed: int) -> NumericWitness:
    several = [encoding.ordinary(seed + 1000 * i, 1) for i in range(6)]  # of one alone the order may stay unclear
    kept, dropped = (_conserved(formulas, several, loss) for loss in ("infonce", "dot_product_infonce"))
    return NumericWitness("InfoNCE on inner products", kept, dropped)


def _bias(formulas: Formulas, seed: int) -> NumericWitness:
    """``Wx + b`` is a linear encoder of ``(x, 1)``: its slope is compared with the terms of ``W`` alone."""
    e = encoding.ordinary(seed, 1)
    wide = replace(e)
    wide.__dict__["inputs"] = np.concatenate((e.inputs, np.ones((e.items, 1))), axis=1)
    wide.__dict__["weights"] = (np.concatenate((e.weights[0], np.zeros((e.dimension, 1))), axis=1),)
    claimed = np.sum(terms(formulas, e), axis=1)

    def compare(at: Encoding) -> tuple[Floats, Floats]:
        found, bound, _ = slopes_along_step(at)
        return equal(found, claimed), bound + noise(e)

    kept, dropped = (over_items("slope of the squared norm", [at], compare) for at in (e, wide))
    return NumericWitness("a bias that learns beside the matrix", kept, dropped)


def _changed(words: str, **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        e = [encoding.ordinary(seed, 1)]
        kept = over_items("slope of the squared norm", e, lambda at: _transfer(formulas, at))
        return NumericWitness(words, kept, over_items("slope of the squared norm", e, lambda at: _transfer(formulas, at, **changed)))

    return drop


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _radial,
    "linear-encoder": _bias,
    "continuous-time": _changed("one finite step, per unit of time", sides="ahead"),
    "no-weight-decay": _changed("weight decay of 0.3", weight_decay=0.3),
})  # fmt: skip

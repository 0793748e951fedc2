"""C8b measured: slopes of squared norms along the weights' gradient, own terms by Jacobians, lengths of both layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, encoding, rounding
from derivations.evidence.comparison import measurement, single
from derivations.evidence.deviations import equal
from derivations.evidence.encoding import Encoding, over_items, slopes_along_step
from derivations.evidence.formulas import value
from numerics.encoders.shared import gates, hidden, tangent_kernel
from numerics.simulation.steps import evaluate
from theory.claims import Formulas
from theory.laws.imprint.two_layer_encoder_acts_on_itself import DIRECT, HIDDEN, INPUTS, SHARE, THROUGH


def draw(rng: np.random.Generator, effort: str) -> Sequence[Encoding]:
    """Encoders with one hidden layer of ReLUs."""
    return encoding.draw(rng, effort, layers=2)


def _terms(formulas: Formulas, e: Encoding) -> Floats:
    """The claimed terms (n, n), row i what item j adds to the rate of its squared norm."""
    (_, last), u, g = e.weights, e.slopes.outputs, e.slopes.output_gradients
    open_, h, x = gates(e.weights, e.inputs)[0], hidden(e.weights, e.inputs), e.inputs
    known = {SHARE: e.objective.shares[None], HIDDEN: h @ h.T, INPUTS: x @ x.T, DIRECT: u @ g.T,
             THROUGH: (open_ * (u @ last)) @ (open_ * (g @ last)).T}  # fmt: skip
    found = np.array(value(formulas["transfer"], known))
    np.fill_diagonal(found, np.diag(value(formulas["own"], known)))
    return found


def _sizes(e: Encoding) -> Floats:
    """What the terms (n, n) would be if nothing in them cancelled."""
    (first, last), (u, x, g) = map(np.abs, e.weights), map(np.abs, (e.slopes.outputs, e.inputs, e.slopes.output_gradients))
    h = x @ first.T
    return np.asarray(2 * e.objective.shares[None] * ((h @ h.T) * (u @ g.T) + (x @ x.T) * ((u @ last) @ (g @ last).T)))


def _noise(e: Encoding) -> Floats:
    """Rounding of sums of products, on both sides; of the same gradients in the embeddings, so that how these round is no matter."""
    return np.asarray(2 * _sizes(e) * rounding.gamma(e.roundings()))


def _transfer(formulas: Formulas, e: Encoding, **changed: Any) -> tuple[Floats, Floats, Any]:
    found, bound, steady = slopes_along_step(e, **changed)
    return equal(found, _terms(formulas, e).sum(axis=1)), bound + _noise(e).sum(axis=1), steady


def _own(formulas: Formulas, e: Encoding) -> tuple[Floats, Floats]:
    kernel, g, u = tangent_kernel(e.weights, e.inputs), e.slopes.output_gradients, e.slopes.outputs
    own = -2 * e.objective.shares * np.einsum("ia,iaib,ib->i", u, kernel, g)
    return equal(own, np.diag(_terms(formulas, e))), np.diag(_noise(e))


def _layers(formulas: Formulas, e: Encoding, loss: str = "", weight_decay: float = 0.0) -> tuple[Floats, Floats]:
    """``-2 <W_l, grad_l>`` for both layers: that of ``<u, g>``, with what it rounds (`rounding.radial`)."""
    at = replace(e.objective, loss=loss or e.loss).slopes(e.weights, e.inputs).weight_gradients
    rates = [-2 * (np.sum(w * g) + weight_decay * np.sum(w * w)) for w, g in zip(e.weights, at, strict=True)]
    forward = np.abs(e.inputs)
    for w in e.weights:
        forward = forward @ np.abs(w).T
    size = np.sum(e.objective.shares[:, None] * forward * np.abs(e.slopes.output_gradients))
    radial = np.sum(e.objective.shares * rounding.radial(e.loss, e.objective.temperatures, e.dimension))
    bound = 2 * float(size * rounding.gamma(e.roundings()) + radial)
    return equal(np.array(rates), value(formulas["layer_rate"], {})), np.full(2, bound)


def _lengths(formulas: Formulas, drawn: Sequence[Encoding], **changed: Any) -> Measurement:
    deviations, bounds = zip(*(_layers(formulas, e, **changed) for e in drawn), strict=True)
    labels = [f"{e.labels()[0]} {layer} layer" for e in drawn for layer in ("first", "last")]
    return measurement("rate of the squared length of a layer", np.concatenate(deviations), np.concatenate(bounds), labels)


def check(formulas: Formulas, drawn: Sequence[Encoding]) -> tuple[Measurement, ...]:
    """Transfer and own terms together, own terms alone, layers."""
    return (
        over_items("slope of the squared norm along the weights' gradient", drawn, lambda e: _transfer(formulas, e)),
        over_items("the item's own term, by Jacobians", drawn, lambda e: _own(formulas, e)),
        _lengths(formulas, drawn),
    )


def _changed(words: str, compare: Callable[..., Measurement], **changed: Any) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        e = [encoding.ordinary(seed, 2)]
        return NumericWitness(words, compare(formulas, e), compare(formulas, e, **changed))

    return drop


def _slopes(formulas: Formulas, drawn: Sequence[Encoding], **changed: Any) -> Measurement:
    return over_items("slope of the squared norm", drawn, lambda e: _transfer(formulas, e, **changed))


def _shifted(formulas: Formulas, seed: int) -> NumericWitness:
    """``u = A(relu(Bx) + 1)``, its first layer's gradient by the chain rule."""
    e = encoding.ordinary(seed, 2)

    def rate(shift: float) -> Measurement:
        first, last = e.weights
        z = e.inputs @ first.T
        u = (np.maximum(z, 0) + shift) @ last.T
        g = evaluate(e.loss, u, e.objective.candidates, e.objective.temperatures).gradients
        pulled = (e.objective.shares[:, None] * g @ last) * (z > 0)
        found = equal(-2 * float(np.sum(pulled * z)), float(value(formulas["layer_rate"], {})))
        return single("rate of the squared length of the first layer", found, float(_layers(formulas, e)[1][0]), e.labels()[0])

    return NumericWitness("activations shifted by 1", rate(0.0), rate(1.0))


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _changed("InfoNCE on inner products", _lengths, loss="dot_product_infonce"),
    "homogeneous-activation": _shifted,
    "plain-gradient-flow": _changed("weight decay of 0.3", _slopes, weight_decay=0.3),
})  # fmt: skip

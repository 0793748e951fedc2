"""A9a measured: ``<W_l, grad>`` for every layer of random encoders, under losses of cosines and of inner products."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.batch_cases import draw
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal
from derivations.evidence.encoders import Encoder, encoders
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, ordinary
from numerics.encoders.networks import NetworkGradients
from theory.claims import Formulas
from theory.laws.geometry.layers_have_no_radial_gradient import DEGREE, RADIAL

WHAT = "<W_l, grad L> in every layer"
LOSSES = ("infonce", "nt_xent", "clip")


def _radial_in_embeddings(found: NetworkGradients) -> float:
    """Rounding of the sum of all ``<f, grad_f L>``: that of a radial part (`rounding.radial`), by the slopes in cosines with it."""
    sizes = np.sum(np.abs(found.slopes), axis=1) + np.sum(np.abs(found.slopes), axis=0)
    return float(rounding.gamma(3 * found.embeddings.shape[1] + 30) * np.sum(sizes))


def _inner(encoder: Encoder, found: NetworkGradients) -> Floats:
    return np.array([float(np.sum(w * g)) for w, g in zip(encoder.weights, found.weights, strict=True)])


def _radial(
    formulas: Formulas, encoder: Encoder, loss: str, activation: str, similarity: str = "cosine", bias: float = 0.0
) -> tuple[Floats, Floats]:
    """Of every layer, against the claim for losses of cosines; ``bias`` is added to every unit."""
    biases = [np.full(len(w), bias) for w in encoder.weights] if bias else None
    found = encoder.run(loss, activation=activation, similarity=similarity, biases=biases)
    bound = encoder.rounding(found, activation, _radial_in_embeddings(found)) + 1e-300
    return equal(_inner(encoder, found), float(value(formulas["radial"], {}))), bound


def _euler(formulas: Formulas, encoder: Encoder, activation: str) -> tuple[Floats, Floats]:
    """Inner products: every layer has its degree times the radial part in the embeddings; embeddings of moderate length."""
    scaled = [*encoder.weights[:-1], encoder.weights[-1]]
    longest = np.linalg.norm(encoder.run("infonce", activation=activation).embeddings, axis=1).max()
    scaled[-1] = scaled[-1] / (longest * encoder.scale)
    encoder = Encoder(scaled, encoder.inputs, encoder.columns, encoder.scale, encoder.label)
    found = encoder.run("infonce", activation=activation, similarity="inner_product")
    radial, layers = float(np.sum(found.embeddings * found.embedding_gradients)), len(encoder.weights)
    degree = 1.0
    claimed = np.zeros(layers)
    for i in reversed(range(layers)):
        claimed[i] = float(value(formulas["layer"], {DEGREE: degree, RADIAL: radial}))
        if activation == "relu_squared":
            degree = float(value(formulas["deeper"], {DEGREE: degree}))
    summed = float(rounding.gamma(found.embeddings.size + 20) * np.sum(np.abs(found.embeddings * found.embedding_gradients)))
    return equal(_inner(encoder, found), claimed), encoder.rounding(found, activation, summed)


def _over(what: str, batches: Sequence[Batch], compare: object) -> Measurement:
    deviations, bounds, labels = [], [], list[str]()
    for encoder in encoders(batches):
        deviation, bound = compare(encoder)  # type: ignore[operator]
        deviations.append(deviation)
        bounds.append(bound)
        labels += [f"layer {i + 1} of {encoder.label}" for i in range(len(deviation))]
    return measurement(what, np.concatenate(deviations), np.concatenate(bounds), labels)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Three losses of cosines, two activations; Euler's identity for inner products."""
    kinds = [(loss, activation) for loss in LOSSES for activation in ("relu", "relu_squared")]
    return (
        *(_over(f"{WHAT}, {loss}, {a}", batches, lambda e, loss=loss, a=a: _radial(formulas, e, loss, a)) for loss, a in kinds),
        *(_over(f"{WHAT} against its degree times <f, grad_f L>, {a}", batches, lambda e, a=a: _euler(formulas, e, a))
          for a in ("relu", "relu_squared")),
    )  # fmt: skip


def _inner_products(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        _over(WHAT, [ordinary(seed)], lambda e, s=similarity: _radial(formulas, e, "infonce", "relu", s))
        for similarity in ("cosine", "inner_product")
    )
    return NumericWitness("InfoNCE on inner products", kept, dropped)


def _biased(formulas: Formulas, seed: int) -> NumericWitness:
    kept, dropped = (
        _over(WHAT, [ordinary(seed)], lambda e, b=bias: _radial(formulas, e, "infonce", "relu", bias=b)) for bias in (0.0, 0.5)
    )
    return NumericWitness("a bias in every layer", kept, dropped)


EVIDENCE = Evidence(draw, check, {"scale-invariant": _inner_products, "positively-homogeneous": _biased})

"""A9b measured: squared norms of encoders that end in LayerNorm, with and without epsilon, or in a division by the norm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, rounding
from derivations.evidence.batch_cases import draw
from derivations.evidence.batches import number
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import equal, relative
from derivations.evidence.encoders import Encoder, encoders
from derivations.evidence.settings import Batch, ordinary
from theory.claims import Formulas
from theory.laws.geometry.layernorm_leaves_no_norm import EPSILON, ONES, VARIANCE, D
from theory.notation import u
from theory.vectors import Cosine, Norm

WHAT = "squared norm after LayerNorm"


def _variance(formulas: Formulas, z: Floats) -> Floats:
    """The claimed one, from norm and cosine with the ones."""
    norms, d = np.linalg.norm(z, axis=1), z.shape[1]
    cosines = np.sum(z, axis=1) / (norms * np.sqrt(d))
    return np.asarray(number(formulas["variance"], {Norm(u): norms, Cosine(u, ONES): cosines, D: float(d)}))


def _conditioned(z: Floats) -> Floats:
    """How much of a squared norm is left of it when the mean is taken away: what a subtraction loses."""
    return np.asarray(np.sum(z**2, axis=1) / np.sum((z - z.mean(axis=1, keepdims=True)) ** 2, axis=1))


def _compare(formulas: Formulas, encoder: Encoder, relative: float, gain: float = 1.0, bias: float = 0.0) -> tuple[Floats, Floats]:
    """Against the claim for an epsilon ``relative`` to the mean variance; ``gain`` and ``bias`` come after LayerNorm."""
    z = encoder.last_input(encoder.run("infonce"))
    d, variance = z.shape[1], _variance(formulas, z)
    e = relative * float(np.mean(np.var(z, axis=1)))
    out = gain * encoder.run("infonce", last="layernorm", epsilon=e).embeddings + bias
    known = {D: float(d), VARIANCE: variance, EPSILON: e}
    claimed = number(formulas["squared_norm"], known) if relative else np.full(len(z), float(number(formulas["limit"], known)))
    return equal(np.sum(out**2, axis=1), claimed), np.asarray(rounding.gamma(10 * d + 60) * d * _conditioned(z))


def _spread(formulas: Formulas, encoder: Encoder) -> tuple[Floats, Floats]:
    z = encoder.last_input(encoder.run("infonce"))
    measured = np.mean((z - z.mean(axis=1, keepdims=True)) ** 2, axis=1)
    return relative(measured, _variance(formulas, z)), np.asarray(rounding.gamma(6 * z.shape[1] + 40) * _conditioned(z))


def _normalized(formulas: Formulas, encoder: Encoder) -> tuple[Floats, Floats]:
    out = encoder.run("infonce", last="normalize").embeddings
    claimed = float(number(formulas["normalized"], {D: float(out.shape[1])}))
    return equal(np.sum(out**2, axis=1), claimed), np.full(len(out), float(rounding.gamma(4 * out.shape[1] + 20)))


def _over(what: str, batches: Sequence[Batch], compare: Any) -> Measurement:
    found = [(*compare(encoder), encoder.label) for encoder in encoders(batches)]
    labels = [f"item {i} of {label}" for deviations, _, label in found for i in range(len(deviations))]
    return measurement(what, np.concatenate([row[0] for row in found]), np.concatenate([row[1] for row in found]), labels)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Variance; LayerNorm with epsilons around the variance, and with none; a division by the norm."""
    return (
        _over("variance of the coordinates", batches, lambda e: _spread(formulas, e)),
        *(_over(f"{WHAT}, epsilon {relative:g} of the variance", batches, lambda e, r=relative: _compare(formulas, e, r))
          for relative in (1e-3, 1.0, 0.0)),
        _over("squared norm after a division by the norm", batches, lambda e: _normalized(formulas, e)),
    )  # fmt: skip


def _witness(words: str, **after: float) -> Any:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        kept, dropped = (_over(WHAT, [ordinary(seed)], lambda e, o=options: _compare(formulas, e, 1e-3, **o)) for options in ({}, after))
        return NumericWitness(words, kept, dropped)

    return drop


EVIDENCE = Evidence(draw, check, {
    "no-gain": _witness("a gain of 2 after LayerNorm", gain=2.0), "no-bias": _witness("a bias of 1/2", bias=0.5),
})  # fmt: skip

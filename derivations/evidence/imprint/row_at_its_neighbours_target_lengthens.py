"""C8c measured: linear encoders whose items are all drawn to the first of them, or away from it, or to its opposite."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, encoding, rounding
from derivations.evidence.comparison import measurement
from derivations.evidence.deviations import at_least, at_most, equal, listed
from derivations.evidence.encoding import Encoding, slopes_along_step
from derivations.evidence.formulas import value
from theory.claims import Formulas
from theory.laws.imprint.row_at_its_neighbours_target_lengthens import PULLED, RI, RJ, C, K, P

PULL = 2.0  # of cosine regression, whose loss is 2 - 2c
Change = Callable[[Encoding], Encoding]


def draw(rng: np.random.Generator, effort: str) -> Sequence[Encoding]:
    """Linear encoders under cosine regression."""
    return [e.with_loss("cosine_regression") for e in encoding.draw(rng, effort, layers=1)]


def _altered(e: Encoding, inputs: Floats | None = None, targets: Floats | None = None) -> Encoding:
    """The same encoder on other inputs (n, D), or with other targets (n, d)."""
    other = replace(e)
    other.__dict__["inputs"] = e.inputs if inputs is None else inputs
    if targets is not None:
        other.__dict__["objective"] = replace(e.objective, candidates=targets[:, None])
    elif "objective" in e.__dict__:
        other.__dict__["objective"] = e.objective
    return other


def at_target(e: Encoding, side: float = 1.0) -> Encoding:
    """Inputs without negative entries, so that they are at acute angles; all items drawn to the first's direction or its opposite."""
    acute = _altered(e, inputs=np.abs(e.inputs))
    first = acute.slopes.outputs[0] / acute.norms[0]
    return _altered(acute, targets=np.tile(side * first, (e.items, 1)))


def _claimed(formulas: Formulas, e: Encoding) -> float:
    """Of the first item: the sum over its neighbours."""
    u = e.slopes.outputs
    cosines = np.clip(u[1:] @ u[0] / (e.norms[1:] * e.norms[0]), -1, 1)
    known = {P: e.objective.shares[1:], K: e.inputs[1:] @ e.inputs[0], PULLED: PULL, RI: e.norms[0], RJ: e.norms[1:], C: cosines}
    return float(np.sum(value(formulas["lengthening"], known)))


def _noise(e: Encoding) -> float:
    """Rounding of the sum over neighbours, by size, and of their losses' gradients."""
    lengths = np.linalg.norm(e.inputs, axis=1)
    each = PULL / e.norms * rounding.gamma(e.roundings()) + e.gradient_noise()
    return float(8 * lengths[0] * e.reach()[0] * np.sum(e.objective.shares * lengths * each * e.reach() / e.norms))


def _compare(what: str, drawn: Sequence[Encoding], read: Callable[[Encoding, float], Any]) -> Measurement:
    """``read`` gives the deviation, of the encoder and the slope measured of its first item."""
    deviations, bounds = [], []
    for e in drawn:
        found, bound, _ = slopes_along_step(e)
        deviations.append(read(e, float(found[0])))
        bounds.append(float(bound[0]) + _noise(e))
    return measurement(what, listed(deviations), np.array(bounds), [e.labels()[0] for e in drawn])


def check(formulas: Formulas, drawn: Sequence[Encoding]) -> tuple[Measurement, ...]:
    """At the target and opposite to it."""
    here, there = [at_target(e) for e in drawn], [at_target(e, side=-1.0) for e in drawn]
    factor = float(value(formulas["opposite"], {}))
    return (
        _compare("slope of the squared norm at the neighbours' target", here, lambda e, found: equal(found, _claimed(formulas, e))),
        _compare("no shortening there", here, lambda _, found: at_least(found, 0.0)),
        _compare("slope opposite to the target", there, lambda e, found: equal(found, factor * _claimed(formulas, e))),
        _compare("no lengthening there", there, lambda _, found: at_most(found, 0.0)),
    )


def _witness(words: str, change: Change) -> Callable[[Formulas, int], NumericWitness]:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        e = at_target(encoding.ordinary(seed, 1).with_loss("cosine_regression"))
        claimed = _claimed(formulas, e)
        kept, dropped = (_compare("slope of the squared norm", [at], lambda _, found: equal(found, claimed)) for at in (e, change(e)))
        return NumericWitness(words, kept, dropped)

    return drop


def _elsewhere(e: Encoding) -> Encoding:
    return _altered(e, targets=np.random.default_rng([e.seed, 41]).standard_normal((e.items, e.dimension)))


def _obtuse(e: Encoding) -> Encoding:
    """The first input reversed, its weights' image as well: the embedding is opposite, and so are the targets."""
    inputs = e.inputs * np.where(np.arange(e.items) == 0, -1.0, 1.0)[:, None]
    return _altered(e, inputs=inputs, targets=-e.objective.candidates[:, 0])


def _separate(e: Encoding) -> Encoding:
    """Every item with input entries of its own, and its own matrix beside the others': a table of linear maps."""
    width = e.width
    inputs = np.zeros((e.items, e.items * width))
    for i in range(e.items):
        inputs[i, i * width : (i + 1) * width] = e.inputs[i]
    other = _altered(e, inputs=inputs, targets=e.objective.candidates[:, 0])
    other.__dict__["weights"] = (np.tile(e.weights[0], (1, e.items)),)
    return other


EVIDENCE = Evidence(draw, check, {
    "at-the-target": _witness("targets anywhere", _elsewhere),
    "attraction": _witness("all driven from it, to its opposite", lambda e: _altered(e, targets=-e.objective.candidates[:, 0])),
    "acute-inputs": _witness("an input opposite to the others'", _obtuse),
    "shared-linear-encoder": _witness("a matrix for every item", _separate),
})  # fmt: skip

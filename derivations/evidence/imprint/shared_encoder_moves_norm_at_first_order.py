"""C12 measured: one step of encoders and of lookup rows over a ladder of step sizes, its order and its limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, NumericWitness, encoding, order, rounding
from derivations.evidence.deviations import equal, relative
from derivations.evidence.encoding import Encoding, over_items, slopes_along_step
from derivations.evidence.formulas import value
from numerics.encoders.shared import gates, moved, outputs, tangent_kernel
from numerics.simulation.steps import evaluate, step
from theory.claims import Formulas
from theory.laws.imprint.shared_encoder_moves_norm_at_first_order import FELT, P
from theory.notation import G, r

LADDER: Floats = 1 / 2.0 ** np.arange(4)
RESOLVED = 0.2  # a limit known worse than this, relatively, says too little to count


@dataclass(frozen=True)
class Changes:
    """``r'^2 - r^2`` (items, rungs) as ``steps`` halve, the rounding of each change, and which items count."""

    values: Floats
    steps: Floats
    noise: Floats
    applies: Any


def draw(rng: np.random.Generator, effort: str) -> Sequence[Encoding]:
    """Encoders with one layer and with two."""
    both = zip(encoding.draw(rng, effort, 1)[::2], encoding.draw(rng, effort, 2)[::2], strict=True)
    return [e for pair in both for e in pair]


def encoder_changes(e: Encoding) -> Changes:
    """Steps of the weights; items at which a ReLU switches on the way have no expansion and do not count."""
    steps = np.asarray(e.size_of_step() * LADDER, dtype=np.float64)
    start, open_ = np.sum(e.slopes.outputs**2, axis=1), gates(e.weights, e.inputs)
    there = [moved(e.weights, e.slopes.weight_gradients, h) for h in steps]
    values = np.stack([np.sum(outputs(w, e.inputs) ** 2, axis=1) - start for w in there], axis=1)
    steady = np.ones(e.items, bool)
    for now, before in zip(gates(there[0], e.inputs), open_, strict=True):
        steady &= np.all(now == before, axis=1)
    return Changes(values, steps, rounding.gamma(e.roundings()) * 4 * e.reach() ** 2, steady)


def _has_first_order(e: Encoding, found: Changes) -> Any:
    """Items whose slope, by symmetric differences, makes most of the longest step's change: elsewhere terms cancel."""
    slope, noise, _ = slopes_along_step(e)
    linear = np.abs(slope) * found.steps[0]
    return found.applies & (linear > 4 * np.abs(found.values[:, 0] - slope * found.steps[0])) & (np.abs(slope) > 4 * noise)


def lookup_changes(e: Encoding, loss: str = "", weight_decay: float = 0.0) -> Changes:
    """Steps of the embeddings themselves as rows of a table, up to a tenth of the norm long."""
    u, o = e.slopes.outputs, e.objective
    g = o.shares[:, None] * evaluate(loss or e.loss, u, o.candidates, o.temperatures).gradients
    longest = 0.1 * np.min(e.norms / np.maximum(np.linalg.norm(g, axis=1), 1e-300))
    decay = weight_decay / longest
    after = [np.sum(step(u, g, np.full(e.items, longest * h), decay) ** 2, axis=1) for h in LADDER]
    values = np.stack([a - e.norms**2 for a in after], axis=1)
    slopes = o.shares * rounding.slope_sum(e.loss, o.temperatures)
    noise = rounding.step(slopes, e.norms**2, after[0], after[0], np.full(e.items, longest), e.dimension)
    return Changes(values, longest * LADDER, np.asarray(noise), np.ones(e.items, bool))


def _order(found: Changes, claimed: float) -> tuple[Any, ...]:
    p, spread = order.fitted(np.abs(found.values), noise=found.noise)
    return equal(p, claimed), spread, found.applies & (spread < order.DISCRIMINATES)


def _limit(found: Changes, power: float, claimed: Floats) -> tuple[Any, ...]:
    """The change over the power of the step, extrapolated, relative to the claim.

    The extrapolation carries three times the noise of a value.
    """
    limit, left = order.extrapolated(found.values / found.steps**power)
    bound = left + 3 * found.noise / found.steps[-1] ** power
    with np.errstate(divide="ignore", invalid="ignore"):
        off, known = relative(limit, claimed), bound / np.abs(claimed)
    return off, known, found.applies & (bound < RESOLVED * np.abs(limit))


def _coefficients(formulas: Formulas, e: Encoding) -> tuple[Floats, Floats]:
    """Claimed, of first order for the encoder and of second order for the rows, each (items,)."""
    g, u = e.slopes.output_gradients, e.slopes.outputs
    felt = np.einsum("ia,iajb,jb->ij", u, tangent_kernel(e.weights, e.inputs), g)
    first = value(formulas["shared_term"], {P: e.objective.shares[None], FELT: felt}).sum(axis=1)
    heat = e.norms**2 * np.sum(g**2, axis=1)
    return first, value(formulas["lookup_growth"], {P: e.objective.shares, G: heat, r: e.norms})


def check(formulas: Formulas, drawn: Sequence[Encoding]) -> tuple[Measurement, ...]:
    """Orders and limits of both."""
    shared, rows = {id(e): encoder_changes(e) for e in drawn}, {id(e): lookup_changes(e) for e in drawn}
    claimed = {id(e): _coefficients(formulas, e) for e in drawn}
    first, second = (float(value(formulas[name], {})) for name in ("shared_order", "lookup_order"))
    return (
        over_items("order of the change by a step of an encoder", drawn,
                   lambda e: _order(replace(shared[id(e)], applies=_has_first_order(e, shared[id(e)])), first)),
        over_items("its limit over the step", drawn, lambda e: _limit(shared[id(e)], first, claimed[id(e)][0])),
        over_items("order of the change by a step of a row", drawn, lambda e: _order(rows[id(e)], second)),
        over_items("its limit over the squared step", drawn, lambda e: _limit(rows[id(e)], second, claimed[id(e)][1])),
    )


def _witness(words: str, name: str, kept: Callable[[Encoding], Changes], dropped: Callable[[Encoding], Changes]) -> Any:
    def drop(formulas: Formulas, seed: int) -> NumericWitness:
        drawn = [encoding.ordinary(seed, 1)]
        claimed = float(value(formulas[name], {}))

        def read(changes: Callable[[Encoding], Changes]) -> Measurement:
            return over_items("order of the change", drawn, lambda e: _order(changes(e), claimed))

        return NumericWitness(words, read(kept), read(dropped))

    return drop


EVIDENCE = Evidence(draw, check, {
    "scale-invariant": _witness("rows of InfoNCE on inner products", "lookup_order", lookup_changes,
                                lambda e: lookup_changes(e, loss="dot_product_infonce")),
    "shared-encoder": _witness("rows of a table instead of a shared matrix", "shared_order", encoder_changes, lookup_changes),
    "plain-step": _witness("rows that decay", "lookup_order", lookup_changes, lambda e: lookup_changes(e, weight_decay=0.1)),
})  # fmt: skip

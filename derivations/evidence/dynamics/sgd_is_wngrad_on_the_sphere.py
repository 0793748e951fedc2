"""B11a measured: accumulator, direction and its parts along noisy descent on both losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, rounding
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import value
from derivations.evidence.rules import RulePath, RuleReading, on_losses, over_runs, rule_witness, rule_witnesses
from derivations.evidence.settings import Batch, draw
from derivations.evidence.steps import Read
from numerics.simulation.optimizers import SGD
from theory.claims import Formulas
from theory.laws.dynamics.sgd_is_wngrad_on_the_sphere import NEXT, B
from theory.notation import G, eta, r


def _accumulators(formulas: Formulas, path: RulePath) -> tuple[Floats, Floats]:
    """``b`` before and after each step, of the norms as they are."""
    before, after = (value(formulas["accumulator"], {r: np.sqrt(x), eta: path.step_size}) for x in (path.before, path.after))
    return before, after


def accumulator_law(formulas: Formulas) -> RuleReading:
    """The accumulator after a step; growth that drowns in rounding does not count."""

    def law(path: RulePath) -> Read:
        before, after = _accumulators(formulas, path)
        bound = path.rounding() / path.step_size
        claimed = value(formulas["next_accumulator"], {B: before, G: path.run.energies})
        return equal(after, claimed), bound, path.legs > 4 * bound * path.step_size

    return law


def _parts(path: RulePath) -> tuple[Floats, Floats, Floats]:
    """Unit directions before and after (rows, steps, d), and the tangential gradients ``r g``."""
    units = path.run.path / np.linalg.norm(path.run.path, axis=2, keepdims=True)
    return units[:, :-1], units[:, 1:], np.sqrt(path.before)[..., None] * path.run.gradients


def _bound(path: RulePath, tangent: Floats) -> Floats:
    """Of a unit direction: d + 30 roundings of terms that are at most ``1 + tan``, and the gradient's radial leftover."""
    slip = path.step_size * path.slopes / path.before * rounding.gamma(3 * path.dimension + 30)
    return np.asarray(rounding.gamma(8 * path.dimension + 60) * (2 + tangent) + 2 * slip)


def _direction_law(formulas: Formulas) -> RuleReading:
    """The direction after a step, in length of the difference."""

    def law(path: RulePath) -> Read:
        known = dict(zip((B, NEXT), _accumulators(formulas, path), strict=True))
        here, there, g = _parts(path)
        rate, cosine = (np.asarray(value(formulas[name], known)) for name in ("rate", "cos_rotation"))
        claimed = cosine[..., None] * (here - rate[..., None] * g)
        tangent = np.sqrt(path.legs / path.before)
        bound = _bound(path, tangent)
        return np.linalg.norm(there - claimed, axis=2), bound, (np.minimum(tangent, 1) > 4 * bound) & (bound < 0.1)

    return law


def _sphere_law(formulas: Formulas) -> RuleReading:
    """The part of the new direction along the old gradient's direction."""

    def law(path: RulePath) -> Read:
        known = dict(zip((B, NEXT), _accumulators(formulas, path), strict=True))
        _, there, g = _parts(path)
        length = np.sqrt(path.run.energies)
        with np.errstate(divide="ignore", invalid="ignore"):
            along = np.sum(there * g, axis=2) / length
        tangent = np.sqrt(path.legs / path.before)
        with np.errstate(divide="ignore", invalid="ignore"):  # what is radial in the gradient turns the direction that is asked for
            bound = _bound(path, tangent) + path.slopes * rounding.gamma(8 * path.dimension + 60) / length
        sine = tangent / np.sqrt(1 + tangent**2)
        return equal(along, -value(formulas["sphere_rate"], known) * length), bound, (sine > 4 * bound) & (bound < 0.1)

    return law


def _paths(batches: Sequence[Batch]) -> list[RulePath]:
    return on_losses(batches, SGD, lambda b: np.zeros(b.rows), path=True)


LAWS: dict[str, Callable[[Formulas], RuleReading]] = {
    "accumulator after a step": accumulator_law,
    "direction after a step": _direction_law,
    "its part along the gradient": _sphere_law,
}


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Accumulator and direction, step by step."""
    runs = _paths(batches)
    return tuple(over_runs(what, runs, law(formulas)) for what, law in LAWS.items())


WHAT = "accumulator after a step"
EVIDENCE = Evidence(
    draw, check,
    {**rule_witnesses(WHAT, accumulator_law, SGD),
     "no-weight-decay": rule_witness(WHAT, accumulator_law, SGD, "decoupled weight decay of 0.3", weight_decay=0.3)},
)  # fmt: skip

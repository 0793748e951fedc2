"""B2 measured: norms, angles and the floor along noisy minibatch paths on both losses, step by step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derivations.evidence import Evidence, Floats, Measurement, rounding
from derivations.evidence.deviations import at_least, equal
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, draw
from derivations.evidence.steps import Path, Read, Reading, on_energies, paths, read, step_witnesses
from theory.claims import Formulas
from theory.notation import G, eta, r


def _known(path: Path) -> dict[object, Floats]:
    return {r: np.sqrt(path.before), eta: path.step_size, G: path.run.energies}


def norm_law(formulas: Formulas) -> Reading:
    """The squared norm; steps whose growth drowns in rounding do not count."""

    def law(path: Path) -> Read:
        claimed, bound = value(formulas["next_squared_norm"], _known(path)), path.rounding()
        growth = path.step_size**2 * path.run.energies / path.before
        return equal(path.after, claimed), bound, growth > 4 * bound

    return law


def _angle_law(formulas: Formulas) -> Reading:
    """The rotation. Angles are off by at most the rounding of a unit vector, and the radial leftover turns nothing."""

    def law(path: Path) -> Read:
        claimed = np.arctan(value(formulas["tan_rotation"], _known(path)))
        slip = path.step_size * path.slopes / path.before * rounding.gamma(3 * path.dimension + 30)
        bound = rounding.gamma(8 * path.dimension + 60) * (1 + claimed) + slip
        return equal(path.run.rotations, claimed), bound, path.run.rotations > 4 * bound

    return law


def _floor_law(formulas: Formulas) -> Reading:
    """How far the squared norm is below its floor."""

    def law(path: Path) -> Read:
        floor = value(formulas["least_squared_norm"], _known(path))
        return at_least(path.after, floor), path.rounding(), floor > 0.5 * path.after

    return law


def _floor_reached(formulas: Formulas) -> Reading:
    """Just where ``r^2 = eta sqrt G`` the norm after the step is the floor."""

    def law(path: Path) -> Read:
        floor = value(formulas["least_squared_norm"], _known(path))
        return equal(path.after, floor), path.rounding(), np.ones_like(floor, dtype=bool)

    return law


def _at_floor(batch: Batch, offset: float) -> Path:
    """One step of a prescribed energy such that ``r^2 = eta sqrt(G) e^offset``, up or down row by row."""
    spread = np.exp(offset * np.linspace(-1, 1, batch.rows))
    energies = (batch.norms**2 / (batch.step_sizes * spread)) ** 2
    return on_energies(batch.norms, energies[:, None], batch.step_sizes, dimension=batch.dimension, seed=batch.seed)


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Norm, rotation, floor, and the floor's sharpness."""
    runs, near, exact = paths(batches), [_at_floor(b, 3.0) for b in batches], [_at_floor(b, 0.0) for b in batches]
    return (
        read("squared norm after a step", runs, norm_law(formulas)),
        read("rotation of a step", runs, _angle_law(formulas)),
        read("squared norm below its floor", runs + near, _floor_law(formulas)),
        read("floor where it is attained", exact, _floor_reached(formulas)),
    )


EVIDENCE = Evidence(draw, check, step_witnesses("squared norm after a step", norm_law))

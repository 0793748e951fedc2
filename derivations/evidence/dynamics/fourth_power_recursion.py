"""B3 measured: fourth powers of the norm along noisy minibatch paths, step by step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derivations.evidence import Evidence, Measurement
from derivations.evidence.deviations import equal
from derivations.evidence.formulas import value
from derivations.evidence.settings import Batch, draw
from derivations.evidence.steps import Path, Read, Reading, paths, read, step_witnesses
from theory.claims import Formulas
from theory.notation import G, a, eta, r, z


def law_of(formulas: Formulas) -> Reading:
    """``z' = z + 2a + a^2/z`` with the claim's own variables; the square of the step's bound, to first order."""

    def law(path: Path) -> Read:
        known = {r: np.sqrt(path.before), eta: path.step_size, G: path.run.energies}
        drives = value(formulas["drive"], known)
        claimed = value(formulas["next_fourth_power"], {z: value(formulas["variable"], known), a: drives})
        root = np.sqrt(np.abs(claimed))
        bound = (path.after + root) * path.rounding()
        return equal(path.after**2, claimed), bound, np.abs(drives) > 4 * bound

    return law


def check(formulas: Formulas, batches: Sequence[Batch]) -> tuple[Measurement, ...]:
    """Every step of every path."""
    return (read("fourth power of the norm after a step", paths(batches), law_of(formulas)),)


EVIDENCE = Evidence(draw, check, step_witnesses("fourth power of the norm after a step", law_of))

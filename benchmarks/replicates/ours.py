"""This project: `numerics.simulation.steps.descend`, on all cores."""

from __future__ import annotations

from benchmarks.contest import Contender, Prepared
from benchmarks.replicates.setting import OPTIMIZERS, STRIDE, Result, Setting
from numerics.simulation.steps import descend

NAME = "normlaw"


def contender(setting: Setting, threads: int | None = None) -> Contender:
    """``threads``: None for one a core."""
    return Contender(NAME, lambda: _prepare(setting, threads))


def _prepare(setting: Setting, threads: int | None) -> Prepared:
    given, optimizer = setting.inputs, OPTIMIZERS[setting.optimizer][0]

    def run() -> Result:
        found = descend(
            "infonce", *given, steps=setting.steps, stride=STRIDE, optimizer=optimizer, precision=setting.precision, threads=threads
        )
        return Result(
            found.embeddings, found.squared_norms[:, 1:], found.energies, found.radial, found.rotations, found.drifts, found.heats
        )

    return Prepared(run)

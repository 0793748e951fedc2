"""Replicates: thousands of steps on independent rows, each with candidates, temperature and step size of its own."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.contest import Case
from benchmarks.replicates import jax_scan, numpy_vectorised, ours
from benchmarks.replicates.bounds import difference
from benchmarks.replicates.setting import OPTIMIZERS, Setting
from numerics.simulation.optimizers import Optimizer

JAX, NUMPY = "JAX", "NumPy"
_WORK = 1.2e9  # products of a case but for the first, so that a run of ours takes about half a second


def cases(*, quick: bool = False) -> Iterator[Case]:
    """The shape of the target first, under several optimisers and in both precisions; then nine other shapes."""
    rows, steps = (16, 40) if quick else (512, 2000)
    first = Setting(rows, 32, 16, steps)
    yield _case(first, {JAX: 2.0, NUMPY: 5.0})
    yield _case(first.under(precision="float32"), {JAX: 1.0})
    for name in ("SGD with decay", "heavy ball", "Adam"):
        yield _case(first.under(optimizer=name), {JAX: 1.0})
    for dimension in (8,) if quick else (8, 128, 512):
        for candidates in (4,) if quick else (4, 64, 256):
            yield _case(_sized(dimension, candidates, quick), {JAX: 1.0})


def _sized(dimension: int, candidates: int, quick: bool) -> Setting:
    """Rows and steps such that a run takes about a second."""
    rows = 16 if quick else 512 if dimension * candidates <= 8192 else 64
    steps = 20 if quick else max(10, min(4000, int(_WORK / (2 * dimension * candidates * rows)))) // 10 * 10
    return Setting(rows, dimension, candidates, steps)


def _case(setting: Setting, targets: dict[str, float]) -> Case:
    return Case(
        "replicates", setting.name, ours.contender(setting),
        (jax_scan.contender(setting, JAX), numpy_vectorised.contender(setting, NUMPY)),
        float(setting.rows * setting.steps), "steps",
        lambda a, b: difference(setting, a, b), targets=targets,
    )  # fmt: skip


__all__ = ["OPTIMIZERS", "Optimizer", "Setting", "cases"]

"""The runs of a cell: descent on a loss or along prescribed gradients, every row a replicate; and the axes that they read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.evidence import Floats, rounding
from derivations.evidence.momentum import Run, momenta
from derivations.sweep.cells import Cell, Setting
from derivations.sweep.laws.definition import rounded_storage, stored
from numerics.losses import LOSSES
from numerics.simulation.optimizers import FORMATS, Optimizer
from numerics.simulation.steps import Trajectory, descend, drive
from numerics.updates import RULES

READS = {rule.name: rule.reads for rule in RULES}
SIMULATED = tuple(loss.name for loss in LOSSES)
TEMPERATE = tuple(name for name in SIMULATED if name != "cosine_regression")  # losses with a temperature
UNITS = {"float64": rounding.UNIT, "float32": 2.0**-24}
LENGTHS = (0.1, 10.0)  # of candidates
USUAL = ("law", "loss", "optimizer", "decay", "precision", "arithmetic", "dimension", "norm", "step_size", "visits", "steps", "replicates",
         "repeat")  # fmt: skip


def reads(setting: Setting) -> tuple[str, ...]:
    """The axes that a run of any rule on any loss depends on, by the values of the others."""
    found = [*USUAL, *READS[setting["optimizer"]]]
    found += ["eta_lambda"] * (setting["decay"] != "none") + ["lazy"] * (setting["visits"] < 1)
    if setting["loss"] == "prescribed":
        return (*found, "energy", "persistence")
    return (*found, "candidates", *(["temperature"] * (setting["loss"] in TEMPERATE)))


def optimizer_of(setting: Setting) -> Optimizer:
    """The optimiser of a setting; axes that are not read there have their default in the simulator."""
    kept_as, _, way = str(setting["precision"]).partition("-")
    own = {name: setting[name] for name in READS[setting["optimizer"]]}
    return Optimizer(setting["optimizer"], coupled=setting["decay"] == "coupled", lazy=bool(setting.get("lazy", False)), stored=kept_as,
                     stochastic=way == "stochastic", **own)  # fmt: skip


@dataclass(frozen=True)
class CellRun:
    """The replicates of a cell with what bounds are counted from; arrays (replicates, steps)."""

    setting: Setting
    run: Trajectory
    slopes: Floats | float  # bound of the length of the pulled-back slopes

    @property
    def step_size(self) -> float:
        """eta."""
        return float(self.setting["step_size"])

    @property
    def product(self) -> float:
        """``eta lambda``."""
        return float(self.setting.get("eta_lambda", 0.0)) if self.setting["decay"] != "none" else 0.0

    @property
    def decay(self) -> float:
        """lambda."""
        return self.product / self.step_size

    @property
    def dimension(self) -> int:
        """d."""
        return int(self.setting["dimension"])

    @property
    def before(self) -> Floats:
        """Squared norms before each step."""
        return self.run.squared_norms[:, :-1]

    @property
    def after(self) -> Floats:
        """Squared norms after it."""
        return self.run.squared_norms[:, 1:]

    @cached_property
    def lengths(self) -> Floats:
        """|s| of each step."""
        return np.sqrt(self.run.heats / self.before)

    @cached_property
    def gains(self) -> Floats:
        """``|s|/|g|``, 0 where there is no gradient."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.sqrt(np.where(self.run.energies > 0, self.run.heats / self.run.energies, 0.0))

    @property
    def acted(self) -> NDArray[np.bool_]:
        """Whether anything was done to the row: a lazy row is left alone without a visit."""
        return np.asarray((self.run.visits > 0) | (not self.setting.get("lazy", False)))

    @property
    def radial(self) -> Floats:
        """Bound of ``|<u, g>|``, 0 but for rounding: as `rounding.radial`, and `drive` is documented to stay below that."""
        return np.asarray(self.gamma(3 * self.dimension + 30) * np.broadcast_to(self.slopes, self.before.shape))

    def gamma(self, count: float) -> float:
        """`rounding.gamma` for the arithmetic of the run; measurements are summed in float64 in either."""
        unit = UNITS[self.setting["arithmetic"]]
        return count * unit / (1 - count * unit)

    def error(self, keep: float | Floats, radial: Floats | float = 0.0) -> Floats:
        """Bound of ``|u'|^2`` as measured, against ``|keep u - eta s|^2`` by lengths, inner products and squares as measured.

        Squared norms, an inner product and heats round 2 d + 4 times each, the update and the formula 20 times, all relative to the
        square of ``(1 + eta lambda)|u| + eta |s|``; as in `rounding.step`, a radial leftover enters as ``2 eta <u, s>``. Storage moves
        ``u'`` by a length, which changes its square by twice that times ``|u'|``, and by its square.
        """
        kept_as, _, way = str(self.setting["precision"]).partition("-")
        bits, least, _ = FORMATS[kept_as]
        leg, retracts = self.step_size * self.lengths, self.setting["optimizer"] == "riemannian_sgd"
        size = (1 + self.product) * np.sqrt(self.before) + leg
        errors = rounded_storage(bits, least, way == "stochastic")
        moved = stored(np.abs(keep) * np.sqrt(self.before), leg, self.dimension, errors, 3 if retracts else 2)
        ends = 2 * np.sqrt(self.after) * moved + moved**2
        return np.asarray(self.gamma(8 * self.dimension + 60) * (size**2 + self.after) + 2 * self.step_size * radial + ends)

    def with_momenta(self) -> Run:
        """As laws of momentum take it; needs the path."""
        one = np.ones((len(self.before), 1))
        beta = float(self.setting["momentum"])
        slopes = np.broadcast_to(self.slopes, self.before.shape)
        moments = momenta(self.run, beta, self.decay * one[:, 0] if self.setting["decay"] == "coupled" else 0.0)
        return Run(self.run, moments, beta, self.step_size * one, self.decay * one, slopes, ("",) * len(one))


def simulate(cell: Cell, *, path: bool = False, steps: int = 0, seed: int | None = None) -> CellRun:
    """Run a cell; ``steps`` where the law decides how long, ``seed`` where it runs another setting for this one."""
    s = cell.setting
    common: dict[str, Any] = {"optimizer": optimizer_of(s), "visits": s["visits"], "path": path,
                              "seed": cell.seed if seed is None else seed, "threads": 1,
                              "precision": s["arithmetic"]}  # fmt: skip
    rows, count = s["replicates"], steps or s["steps"]
    decay = s["eta_lambda"] / s["step_size"] if s["decay"] != "none" else 0.0
    if s["loss"] == "prescribed":
        energies = np.full((rows, count), s["energy"])
        run = drive(s["norm"], energies, s["step_size"], decay, dimension=s["dimension"], persistence=s["persistence"], **common)
        return CellRun(s, run, float(np.sqrt(s["energy"])))
    tau = float(s.get("temperature", 1.0))
    run = descend(s["loss"], s["norm"] * directions(cell, 0, (rows,)), pool(cell), tau, s["step_size"], decay, steps=count,
                  batch=(s["candidates"] + 1) // 2, **common)  # fmt: skip
    return CellRun(s, run, float(rounding.slope_sum(s["loss"], np.array(tau))))


def directions(cell: Cell, stream: int, shape: tuple[int, ...]) -> Floats:
    """Unit vectors (*shape, d)."""
    x = cell.rng(stream).standard_normal((*shape, cell.setting["dimension"]))
    return np.asarray(x / np.linalg.norm(x, axis=-1, keepdims=True))


def pool(cell: Cell) -> Floats:
    """Candidates (replicates, n, d), with lengths over two decades."""
    shape = (cell.setting["replicates"], cell.setting["candidates"])
    lengths = np.exp(cell.rng(2).uniform(float(np.log(LENGTHS[0])), float(np.log(LENGTHS[1])), size=shape))
    return np.asarray(directions(cell, 1, shape) * lengths[..., None])

"""Trainings in NumPy with their logs: white gradients, any optimiser that laws speak of, and steps that are wrong on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from derivations.check_log.finding import Finding
from derivations.check_log.records import Records
from derivations.check_log.report import Report, check, ledger
from numerics.training_log import NormRecorder, Setting, read_log
from numerics.training_log.plan import Plan
from numerics.training_log.setting import IN_PAIRS

FORMULAS = cache(ledger)
MEANS = ("adam", "rmsprop", "lion")


@dataclass(frozen=True)
class Training:
    """``growth``, ``power``, ``kept``: what is wrong with a step, 1, 0 and 1 where nothing is. ``guard``: an epsilon added to the norm."""

    optimizer: str = "sgd"
    decay: str = "none"
    learning_rate: float = 0.05
    weight_decay: float = 0.0
    momentum: float = 0.0
    square: float = 0.99
    epsilon: float = 0.0
    rows: int = 12
    dimension: int = 8
    steps: int = 200
    precision: str = "float64"
    every: int = 1
    growth: float = 1.0  # every gradient's step times this
    power: float = 0.0  # and times |u| to this
    kept: float = 1.0  # decay times this
    tilt: float = 0.0  # radial part of the gradient
    persistence: float = 0.0
    visits: float = 1.0
    uneven: float = 0.0  # over coordinates: their noise from e^-this to e^this
    spike: float = 1.0  # one gradient of one row times this
    guard: float = 0.0
    scale: float = 1.0  # of the first rows
    after: bool = True
    gradients: bool = True
    schedule: Callable[[float], float] = lambda _: 1.0
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def setting(self) -> Setting:
        """What the log is told."""
        own = {"second_momentum": self.square, "epsilon": self.epsilon} if self.optimizer in MEANS else {}
        burst = 2 if self.optimizer in IN_PAIRS and self.every > 1 else 1
        return Setting(**{"optimizer": self.optimizer, "decay": self.decay, "momentum": self.momentum, "precision": self.precision,
                          "every": self.every, "burst": burst, "fresh": True, **own, **self.told})  # fmt: skip

    def write(self, log: Path, seed: int = 0) -> Path:
        """Train and record."""
        rng, kind = np.random.default_rng(seed), np.dtype(self.precision)
        u = (self.scale * rng.standard_normal((self.rows, self.dimension))).astype(kind)
        plan = Plan(self.every, self.setting.burst, 0)
        memory = Memory(self, u)
        with NormRecorder(log, self.setting) as recorder:
            for k in range(self.steps):
                rate = self.learning_rate * self.schedule(k / self.steps)
                g = memory.gradient(u, rng)
                g[0] *= self.spike if k == self.steps // 2 else 1.0
                v = memory.step(u, g, rate).astype(kind)
                if plan.due(k):
                    recorder.record(k, u, g if self.gradients else None, rate, self.weight_decay, after=v if self.after else None)
                u = v
        return log

    def report(self, folder: Path, formulas: Any = None, seed: int = 0) -> Report:
        """The log checked."""
        log = self.write(folder / "log", seed) if not (folder / "log").exists() else folder / "log"
        return check(Records(read_log(log)), formulas or FORMULAS())


@dataclass
class Memory:
    """What an optimiser keeps, and the steps that it makes."""

    of: Training
    u: Any

    def __post_init__(self) -> None:
        self.count = 0
        self.m, self.v, self.x = (np.zeros_like(self.u) for _ in range(3))

    def gradient(self, u: Any, rng: np.random.Generator) -> Any:
        """Noise of energy about d - 1, projected at u and divided by |u| (or |u| + epsilon, with the radial part that leaves)."""
        q = self.of.persistence
        self.x = (q * self.x + np.sqrt(1 - q * q) * rng.standard_normal(u.shape)).astype(u.dtype)
        x = self.x * np.exp(self.of.uneven * np.linspace(-1, 1, u.shape[1])).astype(u.dtype)
        norm = np.linalg.norm(u, axis=1, keepdims=True)
        unit = u / norm
        along = unit * np.sum(unit * x, axis=1, keepdims=True)
        e = self.of.guard
        radial = along * (e / (norm + e) ** 2) + self.of.tilt * unit
        g = (x - along) / (norm + e) + radial
        return (g * (rng.random((len(u), 1)) < self.of.visits)).astype(u.dtype)

    def step(self, u: Any, g: Any, rate: float) -> Any:
        """By the definition of the optimiser; and wrong by what the training says."""
        t = self.of
        factor = t.growth * np.linalg.norm(u, axis=1, keepdims=True) ** t.power
        lam = t.weight_decay * t.kept
        full = factor * g + (lam * u if t.decay == "coupled" else 0.0)
        base = (1 - rate * lam) * u if t.decay == "decoupled" else u
        if t.optimizer == "lion":
            step = np.sign(t.momentum * self.m + (1 - t.momentum) * full)
            self.m = t.square * self.m + (1 - t.square) * full
            return base - rate * step
        if t.optimizer == "rmsprop":
            self.v = t.square * self.v + (1 - t.square) * full**2
            return base - rate * np.divide(full, np.sqrt(self.v) + t.epsilon, out=np.zeros_like(full), where=full != 0)
        if t.optimizer == "adam":
            self.count += 1
            self.m = t.momentum * self.m + (1 - t.momentum) * full
            self.v = t.square * self.v + (1 - t.square) * full**2
            m, v = self.m / (1 - t.momentum**self.count), self.v / (1 - t.square**self.count)
            return base - rate * np.divide(m, np.sqrt(v) + t.epsilon, out=np.zeros_like(m), where=m != 0)
        self.m = t.momentum * self.m + full
        return base - rate * (full + t.momentum * self.m if t.optimizer == "nesterov" else self.m)


def law(report: Report, name: str) -> Finding:
    """What it says of one law."""
    return next(f for f in report.findings if f.law == name)


def verdicts(report: Report) -> dict[str, str]:
    """Those of the laws that speak."""
    return {f.law: f.verdict for f in report.findings if f.verdict != "not applicable"}

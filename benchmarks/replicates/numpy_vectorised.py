"""NumPy, vectorised over the replicates: the same step and the same measurements; the faster of two ways to multiply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.contest import Contender, Prepared, fastest
from benchmarks.replicates.setting import OPTIMIZERS, STRIDE, Result, Setting

Array = NDArray[Any]
Scores = Callable[[Array, Array], Array]
_PRODUCTS: dict[str, tuple[Scores, Scores]] = {
    "einsum": (lambda b, x: np.einsum("rnd,rd->rn", b, x), lambda w, b: np.einsum("rn,rnd->rd", w, b)),
    "matmul": (lambda b, x: np.matmul(b, x[:, :, None])[:, :, 0], lambda w, b: np.matmul(w[:, None, :], b)[:, 0]),
}


def contender(setting: Setting, name: str) -> Contender:
    """The faster way is found on a tenth of the steps."""
    return Contender(name, lambda: _prepare(setting))


def _prepare(setting: Setting) -> Prepared:
    short = setting.under(steps=max(STRIDE, setting.steps // 10 // STRIDE * STRIDE))
    best, _ = fastest({name: lambda name=name: lambda: _run(short, name) for name in _PRODUCTS}, trials=1)  # type: ignore[misc]
    return Prepared(lambda: _run(setting, best), best)


def _run(setting: Setting, products: str) -> Result:
    kind = setting.kind
    u, candidates, t, eta, decay = (np.asarray(part, kind) for part in setting.inputs)
    b = candidates / np.sqrt(np.einsum("rnd,rnd->rn", candidates, candidates))[:, :, None]
    step, state = _Step(setting, b, t, products), _State(np.zeros_like(u), np.zeros_like(u))
    slots = setting.steps // STRIDE
    record = np.zeros((6, setting.rows, slots))  # sums of the five measurements; |u|^2 at the end
    keep, rate = (1 - eta * decay)[:, None].astype(kind), eta[:, None].astype(kind)
    squared = np.einsum("rd,rd->r", u, u)
    for age in range(setting.steps):
        at = age // STRIDE
        x = u / np.sqrt(squared)[:, None]
        g = step.gradient(x, np.sqrt(squared))
        radial, along = np.einsum("rd,rd->r", u, g), np.einsum("rd,rd->r", x, g)
        rest = g - along[:, None] * x
        s = step.direction(g, state, age)
        heat = np.einsum("rd,rd->r", s, s)
        moved = keep * u - rate * s
        move = moved - u
        across = move - np.einsum("rd,rd->r", x, move)[:, None] * x
        turn = np.arctan2(np.sqrt(np.einsum("rd,rd->r", across, across)), np.einsum("rd,rd->r", x, moved))
        record[0, :, at] += squared * np.einsum("rd,rd->r", rest, rest)
        record[1, :, at] += radial
        record[2, :, at] += turn
        record[3, :, at] -= np.einsum("rd,rd->r", u, s)
        record[4, :, at] += squared * heat
        u, squared = moved, np.einsum("rd,rd->r", moved, moved)
        record[5, :, at] = squared
    return Result(np.asarray(u, np.float64), record[5], *record[:5])


class _State:
    def __init__(self, first: Array, second: Array) -> None:
        self.first, self.second = first, second


class _Step:
    """Gradient and update rule."""

    def __init__(self, setting: Setting, b: Array, t: Array, products: str) -> None:
        self.b, self.t = b, t
        self.scores, self.combined = _PRODUCTS[products]
        self.optimizer = OPTIMIZERS[setting.optimizer][0]

    def gradient(self, x: Array, length: Array) -> Array:
        """Of InfoNCE in u, at its direction and length."""
        scores = self.scores(self.b, x)
        p = np.exp((scores - scores.max(axis=1, keepdims=True)) / self.t[:, None])
        p /= p.sum(axis=1, keepdims=True)
        p[:, 0] = -p[:, 1:].sum(axis=1)
        p /= self.t[:, None]
        c = self.combined(p, self.b)
        return np.asarray((c - np.einsum("rd,rd->r", x, c)[:, None] * x) / length[:, None])

    def direction(self, g: Array, state: _State, age: int) -> Array:
        """What the rule makes of a gradient."""
        rule, first, second = self.optimizer.rule, self.optimizer.momentum, self.optimizer.second_momentum
        if rule == "sgd":
            return g
        if rule == "heavy_ball":
            state.first = first * state.first + g
            return state.first
        state.first = first * state.first + (1 - first) * g
        state.second = second * state.second + (1 - second) * g * g
        root = np.sqrt(state.second / (1 - second ** (age + 1))) + self.optimizer.epsilon
        return np.asarray(state.first / (1 - first ** (age + 1)) / root)

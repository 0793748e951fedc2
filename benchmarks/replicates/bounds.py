"""How far two correct results may be apart by rounding, derived step by step.

Unit roundoff e, d dimensions, n candidates, temperature t, and r the least norm on the way. A gradient of InfoNCE of
cosines has length at most g = 2/(t r), and its derivative, the Hessian, norm at most h = (1/t^2 + 4/t)/r^2: of
f(u) = F(u/|u|) it is (P F'' P - <F', x> P - x (P F')^T - (P F') x^T)/|u|^2 with |F''| <= 1/t^2 and |F'| <= 2/t. To first
order in e a gradient is computed to c e g with c = (4 d + 8)/t + 2 n + 3.5 d + 20, in any order of summation: unit vectors
to d/2 + 2, scores to 2 d + 4, a softmax to twice that over t and n + 8 more, weighted sums to n + d/2 + 2, the
projection to 3 d/2 + 6 twice.

So an error E of the embedding becomes (1 + eta h) E + eta c e g + what the move rounds; under heavy ball that of the
momentum is carried along, under Adam a step moves by at most (1 + g/epsilon)/epsilon times what gradients do, since means
are averages of the gradients and roots of mean squares a norm of theirs. Measurements follow by their own derivatives.
A difference may be twice each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from benchmarks.contest import Difference
from benchmarks.replicates.setting import OPTIMIZERS, STRIDE, Floats, Result, Setting


class Errors(NamedTuple):
    """Of one contender, by row (R,): embedding, gradient, what the rule makes of it, a move by itself; and sizes."""

    embedding: Floats
    gradient: Floats
    step: Floats
    move: Floats
    largest_step: Floats
    least: Floats
    largest: Floats


def errors(setting: Setting, result: Result) -> Errors:
    """The recursion of the module's words, over all steps."""
    e = float(np.finfo(setting.kind).eps) / 2
    optimizer, _, _ = OPTIMIZERS[setting.optimizer]
    t, eta, decay = setting.inputs.temperatures, setting.inputs.step_sizes, setting.inputs.weight_decays
    d, n = setting.dimension, setting.candidates
    start = np.linalg.norm(setting.inputs.embeddings, axis=1)
    norms = np.sqrt(np.column_stack((start**2, result.squared_norms)))
    g_at_least = 2 / t
    travelled = STRIDE * eta * _largest(optimizer.rule, optimizer.momentum, optimizer.epsilon, g_at_least / norms.min(axis=1))
    least, largest = norms.min(axis=1) - travelled, norms.max(axis=1) + travelled  # between two slots, too
    g, h = g_at_least / least, (1 / t**2 + 4 / t) / least**2
    local = ((4 * d + 8) / t + 2 * n + 3.5 * d + 20) * e * g
    s = _largest(optimizer.rule, optimizer.momentum, optimizer.epsilon, g)
    move = e * (largest + 2 * eta * s + np.where(decay > 0, 3.0, 0.0) * largest)
    # decimals of temperatures, step sizes and inputs are rounded once where the precision is not that of the inputs
    given = e * largest if setting.precision == "float32" else 0.0 * largest
    error, memory, step = given, np.zeros_like(t), np.zeros_like(t)
    for _ in range(setting.steps):
        gradient = h * error + local
        if optimizer.rule == "sgd":
            step = gradient
        elif optimizer.rule == "heavy_ball":
            memory = optimizer.momentum * memory + gradient + 2 * e * s
            step = memory
        else:
            first, second, eps = optimizer.momentum, optimizer.second_momentum, optimizer.epsilon
            of_mean = gradient + 4 * e * g / (1 - first)
            of_root = gradient + 4 * e * g / (1 - second)
            step = (of_mean + g / eps * of_root) / eps + 4 * e * s
        error = error + eta * step + move
    return Errors(error, h * error + local, step, move, s, least, largest)


def _largest(rule: str, momentum: float, epsilon: float, g: Floats) -> Floats:
    """The largest step that a rule makes of gradients of length g at most."""
    return {"sgd": g, "heavy_ball": g / (1 - momentum), "adam": g / max(epsilon, 1e-300)}[rule]


def allowances(setting: Setting, result: Result) -> Result:
    """By how much a correct result may differ from ours, entry by entry (of embeddings: in length)."""
    e, d = float(np.finfo(setting.kind).eps) / 2, setting.dimension
    made = errors(setting, result)
    E, r, R, s = made.embedding, made.least, made.largest, made.largest_step
    g = 2 / setting.inputs.temperatures / r
    energy = 2 * R**2 * g * made.gradient + 2 * R * g**2 * E + (6 * d + 30) * e * R**2 * g**2
    radial = (2 * d + 10) * e * R * g
    heat = 2 * R**2 * s * made.step + 2 * R * s**2 * E + (2 * d + 4) * e * R**2 * s**2
    drift = R * made.step + s * E + d * e * R * s
    # the angle between u and u - w: its slope in w is at most 1/|u - w|, in u |w|/(|u| |u - w|)
    stretch = setting.inputs.step_sizes / (1 - setting.inputs.step_sizes * setting.inputs.weight_decays)
    w, nearest = stretch * s, np.maximum(r - stretch * s, r / 2)
    rotation = (stretch * made.step + w * E / r + made.move) / nearest + (4 * d + 16) * e * w / nearest + 2 * e * w / nearest

    def summed(one: Floats, sums: Floats) -> Floats:
        """Over a slot, its own additions included: in the precision of the run, at most."""
        return 2 * STRIDE * (one[:, None] + e * np.abs(sums))

    squared = 2 * R * E + E**2 + d * e * R**2
    return Result(
        2 * E, np.broadcast_to(2 * squared[:, None], result.squared_norms.shape), summed(energy, result.energies),
        summed(radial, result.radial), summed(rotation, result.rotations), summed(drift, result.drifts),
        summed(heat, result.heats),
    )  # fmt: skip


def difference(setting: Setting, ours: Result, theirs: Result) -> Difference:
    """The largest difference over what is allowed, and in what."""
    allowed = allowances(setting, ours)
    moved = np.linalg.norm(ours.embeddings - setting.inputs.embeddings, axis=1)
    if not np.all(moved > 4 * allowed.embeddings):  # then who does nothing would pass
        return Difference(np.inf, "embeddings that hardly move")
    worst = Difference(0.0)
    for name, mine, other, bound in zip(Result._fields, ours, theirs, allowed, strict=True):
        if np.shape(mine) != np.shape(other):
            return Difference(np.inf, f"{name} of shape {np.shape(other)}, not {np.shape(mine)},")
        apart = np.abs(np.asarray(other, np.float64) - mine)
        if name == "embeddings":
            apart = np.sqrt(np.sum(apart**2, axis=1))
        relative = float(np.max(apart / bound))
        if np.isnan(relative):
            return Difference(relative, name)
        worst = max(worst, Difference(relative, name), key=lambda found: found.relative)
    return worst

"""Shared encoders: u_i = f(x_i; W) with weights that all items share, their gradients, tangent kernel and gradient flow.

An encoder is a sequence of matrices with a ReLU between them and none behind the last; one matrix is a linear encoder.
n items, D input dimensions, d output dimensions. All functions raise ``InvalidInput`` with name, value and bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics import validation
from numerics.simulation.integrators import RK4, Integrator
from numerics.simulation.steps import evaluate
from numerics.validation import Floats, InvalidInput, OutOfRange

GUARD = 0.25  # part of the smallest norm that an embedding may move in one step of the flow
Weights = tuple[Floats, ...]


@dataclass(frozen=True)
class Slopes:
    """The objective ``sum_i shares_i L_i(u_i)`` at some weights."""

    outputs: Floats  # (n, d)
    output_gradients: Floats  # (n, d) of L_i in u_i, without the shares
    weight_gradients: Weights  # of the objective


@dataclass(frozen=True)
class EncoderFlow:
    """Gradient flow in the weights: squared norms of embeddings and of weights along it."""

    times: Floats  # (steps + 1,)
    squared_norms: Floats  # (steps + 1, n)
    squared_weights: Floats  # (steps + 1, layers)
    weights: Weights  # the last ones


@dataclass(frozen=True)
class Objective:
    """A loss of `numerics.losses` for every item: candidates (n, m, d), temperatures (n,) or one, shares (n,)."""

    loss: str
    candidates: Floats
    temperatures: Floats
    shares: Floats

    def slopes(self, weights: Sequence[ArrayLike], inputs: ArrayLike) -> Slopes:
        """Outputs, and gradients of the objective in outputs and weights, by the chain rule layer by layer."""
        matrices, x = _checked(weights, inputs)
        u = outputs(matrices, x)
        g = evaluate(self.loss, u, self.candidates, self.temperatures, threads=1).gradients
        return Slopes(u, g, pulled_back(matrices, x, self.shares[:, None] * g))


def outputs(weights: Sequence[ArrayLike], inputs: ArrayLike) -> Floats:
    """Embeddings (n, d) of inputs (n, D)."""
    matrices, x = _checked(weights, inputs)
    return _layers(matrices, x)[-1] @ matrices[-1].T


def gates(weights: Sequence[ArrayLike], inputs: ArrayLike) -> tuple[Floats, ...]:
    """Slopes of the ReLUs, 0 or 1, for every hidden layer (n, width)."""
    matrices, x = _checked(weights, inputs)
    return tuple((h > 0).astype(float) for h in _layers(matrices, x)[1:])


def hidden(weights: Sequence[ArrayLike], inputs: ArrayLike) -> Floats:
    """What enters the last layer, (n, width): the inputs themselves of a linear encoder."""
    return _layers(*_checked(weights, inputs))[-1]


def pulled_back(weights: Sequence[ArrayLike], inputs: ArrayLike, slopes: ArrayLike) -> Weights:
    """``sum_i J_i^T slopes_i``, J_i the Jacobian of u_i in the weights; slopes (n, d)."""
    matrices, x = _checked(weights, inputs)
    layers, back = _layers(matrices, x), validation.table("slopes", slopes, (len(x), len(matrices[-1])))
    found: list[Floats] = []
    for matrix, entering in zip(reversed(matrices), reversed(layers), strict=True):
        found.insert(0, back.T @ entering)
        back = (back @ matrix) * (entering > 0)
    return tuple(found)


def jacobians(weights: Sequence[ArrayLike], inputs: ArrayLike) -> Floats:
    """``d u_ia / d W`` (n, d, number of weights), one backward pass for each entry."""
    matrices, x = _checked(weights, inputs)
    basis = np.eye(len(matrices[-1]))
    return np.array([[np.concatenate([m.ravel() for m in pulled_back(matrices, row[None], e[None])]) for e in basis] for row in x])


def tangent_kernel(weights: Sequence[ArrayLike], inputs: ArrayLike) -> Floats:
    """``K_iajb = <d u_ia/dW, d u_jb/dW>`` (n, d, n, d): products of Jacobians."""
    j = jacobians(weights, inputs)
    return np.einsum("iap,jbp->iajb", j, j)


def moved(weights: Weights, direction: Weights, step: float) -> Weights:
    """``weights - step * direction``."""
    return tuple(w - step * g for w, g in zip(weights, direction, strict=True))


def encoder_flow(
    objective: Objective, weights: Sequence[ArrayLike], inputs: ArrayLike, *, duration: float, steps: int, integrator: Integrator = RK4
) -> EncoderFlow:
    """dW/dt = -grad in ``steps`` equal steps.

    Gradients grow as 1/|u_i|. Raises ``OutOfRange`` when a step would move an embedding by more than `GUARD` of the
    smallest norm: take more steps then.
    """
    matrices, x = _checked(weights, inputs)
    end = validation.number("duration", duration, above=0.0)
    steps = validation.integer("steps", steps, 1)
    if not isinstance(integrator, Integrator):
        raise InvalidInput(f"integrator = {integrator!r} must be an Integrator")
    h, norms, sizes = end / steps, [np.sum(outputs(matrices, x) ** 2, axis=1)], [_sizes(matrices)]
    for k in range(steps):
        following = _advanced(objective, matrices, x, h, integrator)
        before, after = outputs(matrices, x), outputs(following, x)
        if np.max(np.linalg.norm(after - before, axis=1)) > GUARD * np.min(np.linalg.norm(before, axis=1)):
            raise OutOfRange(f"duration / steps = {h:g} moves an embedding by more than {GUARD} of the smallest norm at step {k}")
        matrices = following
        norms.append(np.sum(after**2, axis=1))
        sizes.append(_sizes(matrices))
    return EncoderFlow(end * np.arange(steps + 1) / steps, np.array(norms), np.array(sizes), matrices)


def _advanced(objective: Objective, weights: Weights, x: Floats, h: float, integrator: Integrator) -> Weights:
    slopes: list[Weights] = []
    for row in integrator.stages:
        at = weights
        for part, slope in zip(row, slopes, strict=False):
            at = moved(at, slope, h * part)
        slopes.append(objective.slopes(at, x).weight_gradients)
    for part, slope in zip(integrator.weights, slopes, strict=True):
        weights = moved(weights, slope, h * part)
    return weights


def _sizes(weights: Weights) -> Floats:
    return np.array([np.sum(w**2) for w in weights])


def _layers(matrices: Weights, x: Floats) -> list[Floats]:
    """What enters each layer."""
    found = [x]
    for matrix in matrices[:-1]:
        found.append(np.maximum(found[-1] @ matrix.T, 0.0))
    return found


def _checked(weights: Sequence[ArrayLike], inputs: ArrayLike) -> tuple[Weights, Floats]:
    if len(weights) < 1:
        raise InvalidInput("weights has no matrix, must have at least 1")
    x = validation.table("inputs", inputs, (None, None))
    matrices: list[Floats] = []
    for i, matrix in enumerate(weights):
        width = x.shape[1] if i == 0 else len(matrices[-1])
        matrices.append(validation.table(f"weights[{i}]", matrix, (None, width)))
    return tuple(matrices), x

"""Gradient flow: ``du/dt = -g``, the limit of SGD as its learning rate vanishes."""

from __future__ import annotations

from theory.vectors import Vector


def velocity(gradient: Vector) -> Vector:
    """The time derivative of the embedding."""
    return (-1) * gradient

"""Recording a JAX loop: told of parameters before and after an update; products are dispatched, and fetched when a part is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from numerics.training_log.plan import USUAL_EVERY, sampled_rows
from numerics.training_log.recorder import NormRecorder, Taken
from numerics.training_log.setting import IN_PAIRS, Setting
from numerics.training_log.versions import versions
from numerics.validation import InvalidInput

USUAL_ROWS = 256


class OptaxRecorder(NormRecorder):
    """A recorder for a loop in JAX, with optax or any other update rule::

        recorder = NormRecorder.for_optax("log", Setting(optimizer="sgd"), lambda tree: {"words": tree["words"]})
        ...
        updates, state = optimiser.update(gradients, state, parameters)
        changed = optax.apply_updates(parameters, updates)
        recorder.step(parameters, gradients, changed, learning_rate)

    ``select`` takes a tree of parameters (and the tree of gradients) to the tables to watch, (rows, d) by name. optax does not say what
    a transformation is made of: ``setting`` says it. Products are in float64 if JAX has it enabled, in float32 if not, which the log
    says. Nothing waits for the device between parts; ``parameters`` must not have been donated to the update.
    """

    def __init__(self, path: str | Path, setting: Setting, select: Callable[[Any], Mapping[str, Any]], *, rows: Any = USUAL_ROWS,
                 every: int = USUAL_EVERY, seed: int = 0, **options: Any) -> None:  # fmt: skip
        burst = 2 if setting.optimizer in IN_PAIRS and every > 1 else 1
        wide = "float64" if jax.config.read("jax_enable_x64") else "float32"
        found = {**versions("jax", "jaxlib", "optax"), **setting.versions}
        super().__init__(path, replace(setting, every=every, burst=burst, seed=seed, measured_in=wide, versions=found), **options)
        self.select, self.rows, self.number = select, rows, 0
        self._ids: dict[str, Any] = {}  # on the device
        self._numbers: dict[str, Any] = {}
        self._made = jax.jit(partial(_all_products, wide=wide))

    def step(self, before: Any, gradients: Any, after: Any, learning_rate: Any, decay: Any = 0.0) -> None:
        """Tell of one step; call it at every step, in order: most cost a comparison. Learning rate and decay may be on the device."""
        if self.due(self.number):
            tables, slopes, moved = (self.select(tree) for tree in (before, gradients, after))
            for name, u in tables.items():
                if name not in self._ids:
                    self._chosen(name, u)
            grams = self._made(*({name: tree[name] for name in tables} for tree in (tables, slopes, moved, self._ids)))
            for name, u in tables.items():
                self.take(Taken(self.number, name, self._numbers[name], u.shape[1], grams[name], learning_rate, decay, True, True))
        self.number += 1

    def _chosen(self, name: str, table: Any) -> None:
        """The rows of a table, once; those that are 0 have no direction and are left out."""
        if table.ndim != 2:
            raise InvalidInput(f"table {name!r} has shape {tuple(table.shape)}, must be a table of rows")
        if str(table.dtype) != self.setting.precision:
            raise InvalidInput(f"precision = {self.setting.precision!r} of the setting is not that of table {name!r}, {table.dtype}")
        rows = self.rows[name] if isinstance(self.rows, Mapping) else self.rows
        ids = sampled_rows(rows, table.shape[0], self.setting.seed)
        ids = ids[np.asarray(jnp.any(table[ids] != 0, axis=1))]
        if not len(ids):
            raise InvalidInput(f"table {name!r}: every row to be watched is 0, must have a direction")
        self._ids[name], self._numbers[name] = jnp.asarray(ids), ids


def _all_products(u: Any, g: Any, v: Any, ids: Any, *, wide: str) -> Any:
    """Of all tables, in one call."""
    def rows(tree: Any, name: str) -> Any:
        return tree[name][ids[name]].astype(wide)

    return {name: _products(rows(u, name), rows(g, name), rows(v, name), ids[name]) for name in ids}


def _products(u: Any, g: Any, v: Any, ids: Any) -> Any:
    """As `columns.products`, at the highest precision that the device has for the type."""
    stack = jnp.stack((u, g, v, v - u), axis=1)
    own = jnp.take_along_axis(stack, (ids % u.shape[1])[:, None, None], axis=2)
    return jnp.concatenate((jnp.matmul(stack, jnp.swapaxes(stack, 1, 2), precision=jax.lax.Precision.HIGHEST), own), axis=2)

"""The same training in JAX with optax; the recorder is told of each step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import optax

from derivations.log_demo.cases import BETA, EPSILON, SQUARE, TEMPERATURE, Case
from derivations.log_demo.pairs import Pairs
from numerics.training_log import NormRecorder, Setting


def optimizer_of(case: Case) -> Any:
    """optax' own; decay that is part of the gradient comes before the rule."""
    if case.optimizer == "adam":
        return optax.adamw(case.learning_rate, BETA, SQUARE, EPSILON, weight_decay=case.decay)
    rule = optax.sgd(case.learning_rate, momentum=BETA if case.optimizer == "heavy_ball" else None)
    return optax.chain(optax.add_decayed_weights(case.decay), rule) if case.decay else rule


def setting_of(case: Case, batch: int) -> Setting:
    """What optax does not say of itself."""
    constants = {"sgd": {}, "heavy_ball": {"momentum": BETA}, "adam": {"momentum": BETA, "second_momentum": SQUARE, "epsilon": EPSILON}}
    kind = "none" if not case.decay else "decoupled" if case.optimizer == "adam" else "coupled"
    told: dict[str, Any] = {"optimizer": case.optimizer, "decay": kind, **constants[case.optimizer], **case.label}
    return Setting(precision=case.precision, fresh=True, slope_bound=2 / TEMPERATURE, terms=batch, **told)


def train(case: Case, pairs: Pairs, log: Path, *, dimension: int, batch: int, steps: int, seed: int) -> None:
    """Train and record both tables, every step; in float64 for the length of this call, whatever JAX was set to."""
    with jax.enable_x64(True):
        _train(case, pairs, log, dimension, batch, steps, seed)


def _train(case: Case, pairs: Pairs, log: Path, dimension: int, batch: int, steps: int, seed: int) -> None:
    keys = jax.random.split(jax.random.key(seed), 2)
    tables = {name: dimension**-0.5 * jax.random.normal(key, (pairs.words, dimension), case.precision)
              for name, key in zip(("words", "contexts"), keys, strict=True)}  # fmt: skip
    optimizer = optimizer_of(case)
    state = optimizer.init(tables)

    def loss(tables: Any, word: Any, context: Any) -> Any:
        u, v = tables["words"][word], tables["contexts"][context]
        if case.similarity == "cosine":
            u, v = (x / jnp.linalg.norm(x, axis=1, keepdims=True) for x in (u, v))
        return optax.softmax_cross_entropy_with_integer_labels(u @ v.T / TEMPERATURE, jnp.arange(len(u))).mean()

    @jax.jit
    def update(tables: Any, state: Any, word: Any, context: Any) -> Any:
        gradients = jax.grad(loss)(tables, word, context)
        updates, state = optimizer.update(gradients, state, tables)
        return gradients, optax.apply_updates(tables, updates), state

    with NormRecorder.for_optax(log, setting_of(case, batch), lambda tree: tree, every=1, seed=seed) as recorder:
        for step in range(steps):
            gradients, changed, state = update(tables, state, *pairs.batch(batch, seed, step))
            recorder.step(tables, gradients, changed, case.learning_rate, case.decay)
            tables = changed

"""JAX: jit, scan, all cores (one host device each, rows sharded over them); the fastest of several ways to write it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.contest import Contender, Missing, Prepared, Run, fastest
from benchmarks.replicates.setting import OPTIMIZERS, STRIDE, Result, Setting
from numerics.compilation.processors import processors

_DEVICES = "--xla_force_host_platform_device_count"
VARIANTS = ("einsum", "vmap", "sums", "rows last")


def contender(setting: Setting, name: str) -> Contender:
    """``name`` in the table."""
    return Contender(name, lambda: _prepare(setting))


def load() -> Any:
    """JAX in double precision, with one device a core; raises `Missing`."""
    flags = os.environ.get("XLA_FLAGS", "")
    if _DEVICES not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} {_DEVICES}={processors()}".strip()
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    try:
        import jax
    except ImportError as error:
        raise Missing(f"jax is not installed: pip install '.[bench]' ({error})") from error
    jax.config.update("jax_enable_x64", True)
    return jax


def _prepare(setting: Setting) -> Prepared:
    jax = load()
    short = setting.under(steps=max(STRIDE, setting.steps // 20 // STRIDE * STRIDE))
    ways = {name: lambda name=name: _compiled(jax, short, name) for name in VARIANTS}
    best, _ = fastest(ways)
    return Prepared(_compiled(jax, setting, best), best)


def _compiled(jax: Any, setting: Setting, variant: str) -> Run:
    """The compiled run; embeddings are donated, so that each run is given its own copy."""
    inputs = [np.asarray(part, setting.kind) for part in setting.inputs]
    last = variant == "rows last"
    devices = jax.devices()[: processors()] if setting.rows % processors() == 0 else jax.devices()[:1]
    mesh = jax.sharding.Mesh(np.array(devices), ("rows",))

    def placed(part: Any) -> Any:
        part = np.moveaxis(part, 0, -1) if last else part
        spec: list[str | None] = [None] * part.ndim
        spec[-1 if last else 0] = "rows"
        return jax.device_put(np.ascontiguousarray(part), jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec(*spec)))

    rest = [placed(part) for part in inputs[1:]]
    run = jax.jit(_program(jax, setting, variant), donate_argnums=0)
    first = placed(inputs[0])
    executable = run.lower(first, *rest).compile()

    def once() -> Result:
        u, record = jax.block_until_ready(executable(placed(inputs[0]), *rest))
        found = [np.asarray(part, np.float64) for part in record]
        return Result(np.moveaxis(np.asarray(u, np.float64), -1, 0) if last else np.asarray(u, np.float64),
                      *(part.T for part in found))  # fmt: skip

    return once


def _program(jax: Any, setting: Setting, variant: str) -> Callable[..., Any]:
    """A scan over slots of a scan over steps. Axis 0 is rows, or the last one is, so that loops run along rows."""
    jnp, optimizer = jax.numpy, OPTIMIZERS[setting.optimizer][0]
    axis = 0 if variant == "rows last" else 1
    scores, combined = _products(jax, variant)

    def wide(a: Any) -> Any:
        return a[None] if axis == 0 else a[:, None]

    def dot(a: Any, b: Any) -> Any:
        return jnp.sum(a * b, axis=axis)

    def direction(g: Any, state: Any, age: Any) -> Any:
        beta, second = optimizer.momentum, optimizer.second_momentum
        if optimizer.rule == "sgd":
            return g, state
        if optimizer.rule == "heavy_ball":
            m = beta * state[0] + g
            return m, (m,)
        m = beta * state[0] + (1 - beta) * g
        v = second * state[1] + (1 - second) * g * g
        root = jnp.sqrt(v / (1 - second ** (age + 1))) + optimizer.epsilon
        return m / (1 - beta ** (age + 1)) / root, (m, v)

    def program(u: Any, candidates: Any, t: Any, eta: Any, decay: Any) -> Any:
        feature = 2 if variant != "rows last" else 1
        b = candidates / jnp.sqrt(jnp.sum(candidates**2, axis=feature, keepdims=True))
        keep = wide(1 - eta * decay)

        def one(carry: Any, _: Any) -> Any:
            u, squared, state, age, sums = carry
            length = jnp.sqrt(squared)
            x = u / wide(length)
            s = scores(b, x)
            p = jax.nn.softmax(s / wide(t), axis=axis)
            p = p.at[0].add(-1.0) if axis == 0 else p.at[:, 0].add(-1.0)
            c = combined(p / wide(t), b)
            g = (c - wide(dot(x, c)) * x) / wide(length)
            rest = g - wide(dot(x, g)) * x
            made, state = direction(g, state, age)
            moved = keep * u - wide(eta) * made
            move = moved - u
            across = move - wide(dot(x, move)) * x
            turn = jnp.arctan2(jnp.sqrt(dot(across, across)), dot(x, moved))
            measured = (squared * dot(rest, rest), dot(u, g), turn, -dot(u, made), squared * dot(made, made))
            sums = tuple(a + m for a, m in zip(sums, measured, strict=True))
            return (moved, dot(moved, moved), state, age + 1, sums), None

        def slot(carry: Any, _: Any) -> Any:
            u, squared, state, age = carry
            zeros = tuple(jnp.zeros_like(squared) for _ in range(5))
            (u, squared, state, age, sums), _ = jax.lax.scan(one, (u, squared, state, age, zeros), None, length=STRIDE)
            return (u, squared, state, age), (squared, *sums)

        moments = {"sgd": 0, "heavy_ball": 1, "adam": 2}[optimizer.rule]
        state = tuple(jnp.zeros_like(u) for _ in range(moments))
        start = (u, dot(u, u), state, jnp.zeros((), u.dtype))
        (u, *_), record = jax.lax.scan(slot, start, None, length=setting.steps // STRIDE)
        return u, record

    return program


def _products(jax: Any, variant: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Scores of candidates b with x, and their weighted sum."""
    jnp = jax.numpy
    if variant == "einsum":
        return (lambda b, x: jnp.einsum("rnd,rd->rn", b, x)), (lambda w, b: jnp.einsum("rn,rnd->rd", w, b))
    if variant == "vmap":
        return jax.vmap(lambda b, x: b @ x), jax.vmap(lambda w, b: w @ b)
    if variant == "sums":
        return (lambda b, x: jnp.sum(b * x[:, None], axis=2)), (lambda w, b: jnp.sum(w[:, :, None] * b, axis=1))
    return (lambda b, x: jnp.sum(b * x[None], axis=1)), (lambda w, b: jnp.sum(w[:, None] * b, axis=0))

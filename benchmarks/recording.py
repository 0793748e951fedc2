"""What NormRecorder costs: its share of a small training loop, in PyTorch and in JAX, at the interval that is the default.

The share is the time spent inside the recorder over that of the loop it is in, writing included: two figures of one run, which other work
on the machine lengthens alike. The loop with a recorder over the same loop without, in turns, is shown beside it: it sees what the
recorder may cost outside of itself (a cache that it empties), and the noise of the machine.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.findings import Finding, Tell
from numerics.training_log import NormRecorder, Setting
from numerics.training_log.plan import USUAL_EVERY

ROWS, DIMENSION, BATCH = 2000, 64, 256
STEPS = 2048  # a loop; of one in 256 a record
LIMIT = 3.0  # percent
TEMPERATURE = 0.1
Loop = Callable[[Path | None], tuple[float, float]]  # a log or none, to seconds in all, and inside the recorder


def findings(repeats: int, tell: Tell, *, quick: bool = False) -> Iterator[Finding]:
    """Shares and ratios of each framework that is installed."""
    steps = STEPS // 16 if quick else STEPS
    for name, made in (("PyTorch", torch_loop), ("JAX", jax_loop)):
        try:
            loop = made(steps)
        except ImportError as error:
            tell(f"recording: {name} is not installed ({error})")
            continue
        shares, ratios, per_step = [], [], []
        for number in range(repeats + 1):
            tell(f"recording, {name}, round {number} of {repeats}")
            with_it, inside = _recorded(loop)
            without, _ = loop(None)
            if number:  # the first round compiles and warms up
                shares.append(100 * inside / with_it)
                ratios.append(100 * (with_it / without - 1))
                per_step.append(1e6 * without / steps)
        note = f"two tables of {ROWS} rows, d={DIMENSION}, batch {BATCH}, SGD, float32, 256 rows of each watched, one step in {USUAL_EVERY}"
        yield Finding("recording", f"{name}: share of the loop inside NormRecorder", tuple(shares), "%", note, target=LIMIT)
        yield Finding("recording", f"{name}: loop with it over loop without, less 1", tuple(ratios), "%", "noise of the machine included")
        yield Finding("recording", f"{name}: a step without it", tuple(per_step), "us")


def _recorded(loop: Loop) -> tuple[float, float]:
    folder = Path(tempfile.mkdtemp())
    try:
        return loop(folder / "log")
    finally:
        shutil.rmtree(folder)


class Watch:
    """Adds up the time of calls."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same call, timed."""

        def called(*arguments: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return call(*arguments, **named)
            finally:
                self.seconds += time.perf_counter() - began

        return called


def batches(steps: int) -> Any:
    """Row numbers (steps, 2, batch)."""
    return np.random.default_rng(0).integers(ROWS, size=(steps, 2, BATCH))


def torch_loop(steps: int) -> Loop:
    """Embeddings, normalised, cross entropy, SGD; one thread."""
    import torch

    from numerics.training_log.torch_recorder import Hooks

    torch.set_num_threads(1)
    chosen = torch.from_numpy(batches(steps))

    def loop(log: Path | None) -> tuple[float, float]:
        torch.manual_seed(0)
        words, contexts = torch.nn.Embedding(ROWS, DIMENSION), torch.nn.Embedding(ROWS, DIMENSION)
        optimizer = torch.optim.SGD([words.weight, contexts.weight], 0.1)
        watch, before, after = Watch(), Hooks.before, Hooks.after
        Hooks.before, Hooks.after = watch.timed(before), watch.timed(after)  # type: ignore[method-assign]
        try:
            watched = {"words": words.weight, "contexts": contexts.weight}
            recorder = None if log is None else NormRecorder.for_torch(log, optimizer, watched)
            began = time.perf_counter()
            for word, context in chosen:
                optimizer.zero_grad()
                u, v = (torch.nn.functional.normalize(x) for x in (words(word), contexts(context)))
                torch.nn.functional.cross_entropy(u @ v.T / TEMPERATURE, torch.arange(BATCH)).backward()
                optimizer.step()
            if recorder is not None:
                watch.timed(recorder.close)()
            return time.perf_counter() - began, watch.seconds
        finally:
            Hooks.before, Hooks.after = before, after  # type: ignore[method-assign]

    return loop


def jax_loop(steps: int) -> Loop:
    """The same, compiled; every step is waited for, as a loop that prints its loss does, so that no work is counted elsewhere."""
    import jax
    import jax.numpy as jnp
    import optax

    optimizer, chosen = optax.sgd(0.1), batches(steps)

    def loss(tables: Any, word: Any, context: Any) -> Any:
        u, v = tables["words"][word], tables["contexts"][context]
        u, v = (x / jnp.linalg.norm(x, axis=1, keepdims=True) for x in (u, v))
        return optax.softmax_cross_entropy_with_integer_labels(u @ v.T / TEMPERATURE, jnp.arange(BATCH)).mean()

    @jax.jit
    def update(tables: Any, state: Any, word: Any, context: Any) -> Any:
        gradients = jax.grad(loss)(tables, word, context)
        updates, state = optimizer.update(gradients, state, tables)
        return gradients, optax.apply_updates(tables, updates), state

    kept: dict[str, Any] = {}  # a recorder compiles once; the loops of later rounds find it done

    def loop(log: Path | None) -> tuple[float, float]:
        shape, names = (ROWS, DIMENSION), ("words", "contexts")
        tables = {n: jax.random.normal(jax.random.key(i), shape, dtype=jnp.float32) for i, n in enumerate(names)}
        state, watch = optimizer.init(tables), Watch()
        recorder = None if log is None else NormRecorder.for_optax(log, Setting(precision="float32"), lambda tree: tree)
        if recorder is not None:
            recorder._made = kept.setdefault("made", recorder._made)
        tell = None if recorder is None else watch.timed(recorder.step)
        began = time.perf_counter()
        for word, context in chosen:
            gradients, changed, state = jax.block_until_ready(update(tables, state, word, context))
            if tell is not None:
                tell(tables, gradients, changed, 0.1)
            tables = changed
        if recorder is not None:
            watch.timed(recorder.close)()
        return time.perf_counter() - began, watch.seconds

    return loop

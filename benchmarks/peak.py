"""The peak of fused multiply-adds of this machine, the fraction of it that the replicates reach, and what limits them.

Operations of a replicate's step are counted from its definition, divisions and roots as one each. With d dimensions and n
candidates: direction d; scores 2nd; softmax 5n and n exponentials; weighted sum 2nd; projection of the cotangent 5d; radial
part and the one along u 4d; tangential energy 4d; drift and heat 4d; the move 3d; of the angle four sums of products 9d and
the rejection 7d. In all 4nd + 37d + 5n + 10 operations, with n exponentials and an arctangent that are not counted. Nothing
is random where a step sees all candidates and every row is visited.

What limits them is found by timing: a step's time is fitted, on a grid of d and n and one core, by a + b n + c d + e n d
with no part negative. The part n d is sums of products, b n the softmax, c d passes over vectors, a the arctangent, roots and
what a step costs at all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.optimize import nnls

from benchmarks.findings import Finding, Tell
from benchmarks.fused import Chains, chains
from benchmarks.replicates import ours
from benchmarks.replicates.setting import Setting
from numerics.processors import processors

_ROUNDS = 2_000_000
_GRID = tuple((d, n) for d in (8, 32, 128) for n in (4, 16, 64))


def operations(setting: Setting) -> float:
    """Floating-point operations of a step of one row under SGD, transcendental functions left out."""
    n, d = setting.candidates, setting.dimension
    return 4.0 * n * d + 37.0 * d + 5.0 * n + 10.0


def findings(repeats: int, tell: Tell, *, quick: bool = False) -> Iterator[Finding]:
    """Peaks, the fraction that is reached on one core and on all, and the parts of a step."""
    cores, rounds = processors(), _ROUNDS // 100 if quick else _ROUNDS
    for precision in ("float64", "float32"):
        tell(f"peak, {precision}")
        kernel = chains(precision)
        setting = Setting(32 if quick else 512, 32, 16, 40 if quick else 1000, precision=precision)
        words = ", ".join(f"{count} vfmadd on {register}" for register, count in kernel.instructions.items() if count)
        for threads in dict.fromkeys((1, cores)):
            pairs = [(_rate_of_chains(kernel, rounds, threads), _rate_of_steps(setting, threads)) for _ in range(repeats + 1)][1:]
            peaks, reached = zip(*pairs, strict=True)
            on = f"{precision}, {threads} core{'s' if threads > 1 else ''}"
            yield Finding("peak", f"fused multiply-adds, {on}", peaks, "GFLOP/s", f"in the loop: {words or 'none found'}")
            yield Finding("peak", f"replicates, {on}", reached, "GFLOP/s", f"{operations(setting):.0f} operations a step")
            shares = tuple(100 * b / a for a, b in pairs)
            yield Finding("peak", f"fraction of the peak, {on}", shares, "%", "round by round")
    yield from _parts(repeats, tell, quick)


def _rate_of_chains(kernel: Chains, rounds: int, threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        list(pool.map(kernel.run, [rounds] * threads))
        return threads * rounds * kernel.operations / (time.perf_counter() - began) / 1e9


def _seconds_a_step(setting: Setting, threads: int) -> float:
    run = ours.contender(setting, threads).prepare().run
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) / (setting.rows * setting.steps)


def _rate_of_steps(setting: Setting, threads: int) -> float:
    return operations(setting) / _seconds_a_step(setting, threads) / 1e9


def _parts(repeats: int, tell: Tell, quick: bool) -> Iterator[Finding]:
    """The parts of a step at d = 32, n = 16, and how fast its sums of products are."""
    times = np.full(len(_GRID), np.inf)
    for _ in range(1 + repeats):
        for i, (d, n) in enumerate(_GRID):
            tell(f"parts of a step, d={d}, n={n}")
            steps = 20 if quick else max(20, int(2e7 / operations(Setting(1, d, n, 1)) / 16) // 10 * 10)
            times[i] = min(times[i], _seconds_a_step(Setting(16, d, n, steps), 1))
    a, b, c, e = fitted(_GRID, times)
    d, n = 32, 16
    total = a + b * n + c * d + e * n * d
    said = (
        ("sums of products with the candidates", e * n * d, f"{4 / e / 1e9:.1f} GFLOP/s in them" if e > 0 else ""),
        ("softmax", b * n, ""),
        ("passes over vectors", c * d, ""),
        ("arctangent, roots, and what a step costs at all", a, ""),
    )
    for words, part, note in said:
        yield Finding("peak", f"of a step, d={d}, n={n}: {words}", (part * 1e9,), "ns", f"{100 * part / total:.0f} %; {note}".rstrip("; "))


def fitted(grid: Sequence[tuple[int, int]], times: np.ndarray) -> tuple[float, float, float, float]:
    """a, b, c, e of a + b n + c d + e n d, none negative, by least squares of relative errors."""
    design = np.array([(1.0, n, d, n * d) for d, n in grid])
    found, _ = nnls(design / times[:, None], np.ones(len(times)))
    a, b, c, e = map(float, found)
    return a, b, c, e

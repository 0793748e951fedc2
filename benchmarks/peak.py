"""The peak of fused multiply-adds of this machine, the fraction of it that the replicates reach, and what limits them.

Operations of a replicate's step are counted from its definition, divisions and roots as one each. With d dimensions and n
candidates: direction d; scores 2nd; softmax 5n and n exponentials; weighted sum 2nd; projection of the cotangent 5d; radial
part and the one along u 4d; tangential energy 4d; drift and heat 4d; the move 3d; of the angle four sums of products 9d and
the rejection 7d. In all 4nd + 37d + 5n + 10 operations, with n exponentials and an arctangent that are not counted. Nothing
is random where a step sees all candidates and every row is visited.

What limits them is found by timing the parts of a step by themselves (`benchmarks.parts`), in rounds, beside the whole step.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from benchmarks import parts
from benchmarks.findings import Finding, Tell
from benchmarks.fused import Chains, chains
from benchmarks.replicates import ours
from benchmarks.replicates.setting import Setting
from numerics.arithmetic.lanes import WIDTH
from numerics.compilation.processors import processors

_ROUNDS = 2_000_000
_REST = "the rest: passes over vectors, arctangent, roots"


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
    """The parts of a step on one core, each timed by itself, round by round, beside the whole step."""
    setting = Setting(16, 8, 4, 20) if quick else Setting(16, 32, 16, 50_000)
    d, n, rounds = setting.dimension, setting.candidates, setting.rows * setting.steps // WIDTH
    separately = parts.timed(setting)
    found: dict[str, list[float]] = {"all of it": [], **{name: [] for name in separately}, _REST: []}
    for number in range(1 + max(2, repeats)):
        tell(f"parts of a step, round {number}")
        found["all of it"].append(_seconds_a_step(setting, 1))
        for name, seconds in separately.items():
            found[name].append(seconds(rounds))
        found[_REST].append(found["all of it"][-1] - sum(found[name][-1] for name in separately))
    whole = median(found["all of it"][1:])
    for name, values in found.items():
        note = f"{100 * median(values[1:]) / whole:.0f} %"
        if name == _REST:
            note += "; the whole less the parts above, whose spreads it has"
        yield Finding("peak", f"of a step, d={d}, n={n}: {name}", tuple(1e9 * s for s in values[1:]), "ns", note)

"""How the cost grows with the work: exponents, each with an interval, and what 10^9 rows would take on paper.

One size is varied, the others stay. The exponent is the slope of log seconds in log size by least squares over all repeats,
with Student's interval at 95 %. Below 1 what is fixed still counts; above 1 a cache is left. An interval of repeats does not
know that the points may lie on no straight line: the note has the spread at every size.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from scipy import stats

from benchmarks import replicates, tables
from benchmarks.contest import Run
from benchmarks.findings import Finding, Tell
from benchmarks.replicates.setting import Setting
from benchmarks.tables.setting import zipf_text
from numerics.compilation.processors import processors
from numerics.lookup.embeddings import train_lookup

_ROWS = 1e9  # of the estimate
_PAIRS_A_ROW = 1000.0  # of the estimate: as many pairs for each row of the table
_RECORD = 136  # bytes of measurements a row, what is returned included, as `train_lookup` documents


def findings(repeats: int, tell: Tell, *, quick: bool = False) -> Iterator[Finding]:
    """Exponents in replicates, dimensions, candidates, steps, cores and rows of a table; then the estimate."""
    base = Setting(16, 8, 4, 20) if quick else Setting(64, 32, 16, 400)
    doubled = (1, 2) if quick else (1, 2, 4, 8)
    sweeps: dict[str, tuple[list[int], Callable[[int], Run]]] = {
        "replicates": ([base.rows * k for k in doubled], lambda size: _replicates(base.under(rows=size))),
        "dimensions": ([base.dimension * k for k in doubled], lambda size: _replicates(base.under(dimension=size))),
        "candidates": ([base.candidates * k for k in doubled], lambda size: _replicates(base.under(candidates=size))),
        "steps": ([base.steps * k for k in doubled], lambda size: _replicates(base.under(steps=size))),
        "cores": (list(range(1, processors() + 1)), lambda size: _replicates(base.under(rows=8 * base.rows), size)),
    }
    for name, (sizes, build) in sweeps.items():
        if len(sizes) > 1:
            seconds = _measured(name, sizes, build, repeats, tell)
            yield _exponent(f"replicates: exponent in {name}", sizes, seconds)
    yield from _tables(repeats, tell, quick)


def _replicates(setting: Setting, threads: int | None = None) -> Run:
    return replicates.ours.contender(setting, threads).prepare().run


def _tables(repeats: int, tell: Tell, quick: bool) -> Iterator[Finding]:
    sizes = [1000, 2000] if quick else [10_000, 100_000, 1_000_000]
    settings = [tables.Setting(zipf_text(rows, 60_000 if quick else 400_000), 128, batch=4096) for rows in sizes]
    pairs: list[list[float]] = [[] for _ in sizes]  # seconds of one pair
    for number in range(1 + max(2, repeats)):
        for setting, found in zip(settings, pairs, strict=True):
            tell(f"growth in rows, {len(setting.text.counts)} of them, round {number}")
            found.append(seconds_a_pair(setting))
    pairs = [found[1:] for found in pairs]  # the first one compiles
    yield _exponent("tables: exponent of a pair in rows", sizes, pairs)
    for size, found in zip(sizes, pairs, strict=True):
        yield Finding("growth", f"tables: a pair with {size} rows", tuple(1e9 * s for s in found), "ns",
                      "d=128, float32, all cores; while it trains, without the start and the end, which are once a training")  # fmt: skip
    dimension, cores = 128, processors()
    bytes_a_row = 2 * (4 * dimension + _RECORD)
    yield Finding("growth", "10^9 rows on paper: memory", (_ROWS * bytes_a_row / 1e12,), "TB",
                  f"two tables of d={dimension} in float32 under SGD, {bytes_a_row} bytes a row")  # fmt: skip
    hours = tuple(cores * s * _PAIRS_A_ROW * _ROWS / 3600 for s in pairs[-1])
    yield Finding("growth", "10^9 rows on paper: work", hours, "core hours",
                  f"{_PAIRS_A_ROW:.0f} pairs a row at the cost above; network and memory of more machines not modelled")  # fmt: skip


def seconds_a_pair(setting: tables.Setting) -> float:
    """Of a training, from its first report of progress to the last one that all neighbours of its words came before.

    So nothing is subtracted that is as large as what is measured, and each word in between has 2 ``window`` pairs.
    """
    marks: list[tuple[int, float]] = []
    text = setting.text
    train_lookup([text.ids], text.counts, setting.settings(), progress=lambda tokens: marks.append((tokens, time.perf_counter())))
    (first, began), (last, ended) = marks[0], marks[-2]  # after the last but one come the final words, without right neighbours
    if last <= first:
        raise ValueError(f"a text of {len(text.ids)} words reports its progress {len(marks)} times, must do so 3 times or more")
    return (ended - began) / (2 * setting.window * (last - first))


def _measured(name: str, sizes: Sequence[int], build: Callable[[int], Run], repeats: int, tell: Tell) -> list[list[float]]:
    """Seconds by size and repeat; sizes are interleaved."""
    runs = [build(size) for size in sizes]
    for run in runs:
        run()
    seconds: list[list[float]] = [[] for _ in sizes]
    for number in range(max(2, repeats)):
        tell(f"growth in {name}, round {number + 1}")
        for run, found in zip(runs, seconds, strict=True):
            began = time.perf_counter()
            run()
            found.append(time.perf_counter() - began)
    return seconds


def _exponent(name: str, sizes: Sequence[int], seconds: Sequence[Sequence[float]]) -> Finding:
    slope, low, high = exponent(sizes, seconds)
    at = ", ".join(f"{size}: {min(found):.3g} to {max(found):.3g} s" for size, found in zip(sizes, seconds, strict=True))
    return Finding("growth", name, (slope,), "", f"95 %: {low:.2f} to {high:.2f}; {at}")


def exponent(sizes: Sequence[int], seconds: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Slope of log seconds in log size, with the ends of its interval at 95 %."""
    x = np.log(np.repeat(sizes, [len(found) for found in seconds]))
    y = np.log(np.concatenate(seconds))
    line = stats.linregress(x, y)
    half = float(stats.t.ppf(0.975, len(x) - 2)) * float(line.stderr)
    return float(line.slope), float(line.slope) - half, float(line.slope) + half

"""A contest: several contenders do the same work; who computed something else is reported as wrong and not timed.

Rounds are interleaved (A B C A B C), so that whatever else the machine does meets all of them, and what counts is the
ratio within a round: its median over the rounds, with the least and the largest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Run = Callable[[], Any]


@dataclass(frozen=True)
class Prepared:
    """What is timed, and, where there was a choice, how it is done."""

    run: Run
    how: str = ""


class Missing(Exception):
    """A contender cannot take part here, and why."""


@dataclass(frozen=True)
class Contender:
    """One way to do the work: ``prepare`` builds all that is not timed and returns what is; raises `Missing`."""

    name: str
    prepare: Callable[[], Prepared]


@dataclass(frozen=True)
class Difference:
    """How far a result is from ours, in units of the bound that rounding gives: above 1 it is another result."""

    relative: float
    where: str = ""

    @property
    def wrong(self) -> bool:
        """Beyond the bound, or not a number."""
        return not self.relative <= 1.0


Check = Callable[[Any, Any], Difference]


@dataclass(frozen=True)
class Case:
    """One row of a benchmark: ours against the others, ``work`` units a run.

    ``check`` puts each result beside ours; ``None`` where no two contenders compute the same, of which ``note`` says more.
    ``target`` is the ratio of times to each contender that is aimed at.
    """

    benchmark: str
    name: str
    ours: Contender
    others: tuple[Contender, ...]
    work: float
    unit: str
    check: Check | None
    note: str = ""
    targets: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """What became of one contender; ``ratios`` are its times over ours, round by round."""

    contender: str
    status: str  # ok, missing, wrong, failed
    reason: str = ""
    seconds: tuple[float, ...] = ()
    ratios: tuple[float, ...] = ()
    prepared: float = 0.0  # seconds of preparation and first run: compilation, reported apart
    difference: float | None = None  # over the bound

    @property
    def ratio(self) -> float:
        """The median ratio."""
        return median(self.ratios)


@dataclass(frozen=True)
class Outcome:
    """A case with what became of everybody, ours first."""

    case: Case
    standings: tuple[Standing, ...]

    @property
    def faults(self) -> tuple[Standing, ...]:
        """Those that computed something else, or failed."""
        return tuple(s for s in self.standings if s.status in ("wrong", "failed"))


def hold(case: Case, repeats: int, tell: Callable[[str], None] = lambda _: None) -> Outcome:
    """Prepare everybody, compare the results, then time those that computed the same."""
    tell(f"{case.name}: {case.ours.name}")
    began = time.perf_counter()
    run = case.ours.prepare().run
    reference = run()
    running = {case.ours.name: run}
    standings = {case.ours.name: Standing(case.ours.name, "ok", prepared=time.perf_counter() - began)}
    for contender in case.others:
        tell(f"{case.name}: {contender.name}")
        standings[contender.name], found = _admitted(case, contender, reference)
        if found is not None:
            running[contender.name] = found
    seconds = _rounds(running, repeats, lambda words: tell(f"{case.name}: {words}"))
    return Outcome(case, tuple(_timed(s, seconds, case.ours.name) for s in standings.values()))


def _admitted(case: Case, contender: Contender, reference: Any) -> tuple[Standing, Run | None]:
    began = time.perf_counter()
    try:
        prepared = contender.prepare()
        result = prepared.run()
    except Missing as reason:
        return Standing(contender.name, "missing", str(reason)), None
    except Exception as error:  # a peer that breaks is a row of the table, not the end of the run
        return Standing(contender.name, "failed", f"{type(error).__name__}: {error}"), None
    spent = time.perf_counter() - began
    if case.check is None:
        return Standing(contender.name, "ok", prepared.how, prepared=spent), prepared.run
    difference = case.check(reference, result)
    if difference.wrong:
        words = f"another result: {difference.where} differ by {difference.relative:.3g} times the rounding bound"
        return Standing(contender.name, "wrong", words, prepared=spent, difference=difference.relative), None
    return Standing(contender.name, "ok", prepared.how, prepared=spent, difference=difference.relative), prepared.run


def _rounds(running: Mapping[str, Run], repeats: int, tell: Callable[[str], None]) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in running}
    for number in range(repeats):
        tell(f"round {number + 1} of {repeats}")
        for name, run in running.items():
            began = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - began)
    return seconds


def _timed(standing: Standing, seconds: Mapping[str, Sequence[float]], ours: str) -> Standing:
    own = seconds.get(standing.contender)
    if own is None:
        return standing
    ratios = tuple(theirs / mine for theirs, mine in zip(own, seconds[ours], strict=True))
    return Standing(
        standing.contender, standing.status, standing.reason, tuple(own), ratios, standing.prepared, standing.difference
    )


def fastest(variants: Mapping[str, Callable[[], Run]], trials: int = 2) -> tuple[str, Run]:
    """Of several ways to write one contender the one with the least time, so that none is beaten for being written badly."""
    best: tuple[float, str, Run] | None = None
    for name, build in variants.items():
        run = build()
        run()
        spent = min(_once(run) for _ in range(trials))
        if best is None or spent < best[0]:
            best = (spent, name, run)
    assert best is not None
    return best[1], best[2]


def _once(run: Run) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began

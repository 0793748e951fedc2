"""Progress of a verification, on stderr: bars on a terminal, one line a claim elsewhere, or nothing."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Column

from derivations.ledger.examination import EvidenceJob, Job, ProofJob, RealTextJob
from derivations.ledger.verification import Plan, Results
from derivations.ledger.workers import Advanced, Event, Finished
from derivations.terminal.tables import console, line, verdict

_NOW = 28  # the bars stay short of 80 columns: a full line would wrap at the terminal's own ^C


class Display(Protocol):
    """Something that hears every event of a run."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def tell(self, event: Event, results: Results) -> None:
        """Called after the record of a finished job was filed."""


def display(plan: Plan, *, quiet: bool, json: bool, no_color: bool) -> Display:
    """What suits where stderr goes."""
    out = console(no_color=no_color, stderr=True)
    if quiet:
        return Silence()
    if sys.stderr.isatty() and out.is_terminal:
        return Bars(plan, out)
    return Silence() if json else Lines(plan, out)


class Silence:
    """Nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def tell(self, event: Event, results: Results) -> None:
        """Hears it and says nothing."""


class Lines(Silence):
    """One line for each claim, as it is completed."""

    def __init__(self, plan: Plan, out: Console) -> None:
        self._claims = {claim.id: claim for claim in plan.claims}
        self._out = out

    def tell(self, event: Event, results: Results) -> None:
        """A line when both halves of a claim are there."""
        if not isinstance(event, Finished):
            return
        if isinstance(event.job, RealTextJob):
            if real := results.real_text:
                line(self._out, "real text: the law ", verdict(real.verdict), f" on {real.corpus}")
        elif results.complete(event.job.claim):
            record = results.claim(self._claims[event.job.claim])
            biting = sum(h.witness == "bites" for h in record.hypotheses)
            words = f"evidence {record.evidence.verdict}; {biting} of {len(record.hypotheses)} witnesses bite"
            line(self._out, f"{record.label} {record.id}: ", verdict(record.proof.status), f"; {words}")


class Bars:
    """A bar for the proofs, one for the measurements, one for real text; gone when the run is over."""

    def __init__(self, plan: Plan, out: Console) -> None:
        self._labels = {claim.id: claim.label for claim in plan.claims}
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn(
                "{task.fields[now]}", table_column=Column(no_wrap=True, overflow="ellipsis", max_width=_NOW)
            ),
            console=out,
            transient=True,
        )
        count = len(plan.claims)
        self._tasks = {
            kind: self._progress.add_task(words, total=total, now="")
            for kind, words, total in (
                (ProofJob, "proofs", count),
                (EvidenceJob, "evidence", count),
                (RealTextJob, "real text", int(plan.real_text)),
            )
            if total
        }

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, event: Event, results: Results) -> None:
        """Move a bar."""
        task = self._tasks[type(event.job)]
        if isinstance(event, Advanced):
            at = event.fraction if isinstance(event.job, RealTextJob) else None
            self._progress.update(task, completed=at, now=f"{self._name(event.job)}{event.words}")
        elif isinstance(event.job, RealTextJob):
            self._progress.update(
                task, completed=1, now=results.real_text.verdict if results.real_text else ""
            )
        else:
            self._progress.update(task, advance=1, now="")

    def _name(self, job: Job) -> str:
        return "" if isinstance(job, RealTextJob) else f"{self._labels[job.claim]} "

"""``python -m benchmarks``: measure, compare, report."""

from __future__ import annotations

import importlib
import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.arguments import NAMES, parser
from benchmarks.contest import Outcome, hold
from benchmarks.document import Document, NoResults, document, faults, read, written
from benchmarks.findings import Finding
from benchmarks.report import draw, markdown, quoted, show
from derivations.files import write_whole

README = Path(__file__).parents[1] / "README.md"
CONTESTS = ("replicates", "tables")


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status; ``argv`` defaults to the process' own."""
    options = parser().parse_args(argv)
    if unknown := [name for name in options.names if name not in NAMES]:
        parser().error(f"{unknown[0]!r} is no benchmark; choose from {', '.join(NAMES)}")
    try:
        return _run(options)
    except KeyboardInterrupt:
        print("benchmarks: interrupted; no file was written half", file=sys.stderr)
        return 130
    except (OSError, NoResults, ValueError) as error:
        print(f"benchmarks: error: {error}", file=sys.stderr)
        return 2


def _run(options: Namespace) -> int:
    for folder in filter(None, (options.out, options.json.parent if options.json else None)):
        folder.mkdir(parents=True, exist_ok=True)  # before an hour of work
    results = read(options.source.read_text(encoding="utf-8")) if options.source else measured(
        options.names or NAMES, options.repeats, quick=options.quick, tell=_teller()
    )  # fmt: skip
    _write(options, results)
    show(results, Console(no_color=options.no_color or None, highlight=False, width=None if sys.stdout.isatty() else 200))
    for fault in faults(results):
        print(f"benchmarks: {fault}", file=sys.stderr)
    return 1 if faults(results) else 0


def measured(names: Sequence[str], repeats: int, *, quick: bool, tell: Callable[[str], None]) -> Document:
    """Carry out the benchmarks named, in their order; one that breaks is a failure of the document, and the others go on."""
    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    failures: list[str] = []
    for name in NAMES:
        if name not in names:
            continue
        try:
            module = importlib.import_module(f"benchmarks.{name}")
            if name in CONTESTS:
                outcomes += [hold(case, repeats, tell) for case in module.cases(quick=quick)]
            else:
                findings += module.findings(repeats, tell, quick=quick)
        except Exception as error:  # said at the end; what has been measured is not lost
            failures.append(f"{name}: {type(error).__name__}: {error}")
    return document(outcomes, findings, failures, repeats, quick)


def _write(options: Namespace, results: Document) -> None:
    if options.json:
        write_whole(options.json, written(results))
    if options.out:
        write_whole(options.out / "results.json", written(results))
        write_whole(options.out / "results.md", markdown(results))
        for kind in ("svg", "png"):
            draw(results, options.out / f"ratios.{kind}")
    if options.readme:
        write_whole(README, quoted(README.read_text(encoding="utf-8"), results))


def _teller() -> Callable[[str], None]:
    """One line on a terminal that is written over; elsewhere a line for each thing."""
    began, terminal = time.perf_counter(), sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def tell(words: str) -> None:
        line = f"{time.perf_counter() - began:6.0f} s  {words}"
        sys.stderr.write(f"\r\x1b[K{line[:100]}" if terminal else f"{line}\n")
        sys.stderr.flush()

    return tell


if __name__ == "__main__":
    sys.exit(main())

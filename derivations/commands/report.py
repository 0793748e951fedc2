"""``normlaw report``: a run as one page of HTML."""

from __future__ import annotations

from argparse import Namespace

from derivations.command_line.input_checks import writable_folder
from derivations.report.build import write_report
from derivations.terminal.progress import reported
from derivations.terminal.tables import console, line


def run(options: Namespace) -> int:
    """0 once the page is written; raises `UsageError` for a folder without a ledger."""
    folder = options.ledger
    quiet = getattr(options, "quiet", False)
    with reported("report", quiet=quiet) as tell:
        path, passes = write_report(folder, writable_folder(options.out), tell)
    if not quiet:
        out = console(no_color=getattr(options, "no_color", False))
        if not passes:
            line(out, ("the run falls short; the page says so first", "bold red"))
        line(out, f"open: {path}")
    return 0

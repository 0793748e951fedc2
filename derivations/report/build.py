"""The report of a run, from its folder to one file."""

from __future__ import annotations

from pathlib import Path

from derivations.files import write_whole
from derivations.report.page import page
from derivations.report.source import source_of
from derivations.terminal.progress import Tell

REPORT = "report.html"


def write_report(ledger: Path, out: Path, tell: Tell = lambda _fraction, _message: None) -> tuple[Path, bool]:
    """Read the run in the folder ``ledger``, write ``out``/report.html; the path, and whether the run passes.

    The same run gives the same bytes. Raises `UsageError` in one line for a folder that holds no run.
    """
    source = source_of(ledger)
    return write_whole(out / REPORT, page(source, tell)), bool(source.ledger["summary"]["passes"])

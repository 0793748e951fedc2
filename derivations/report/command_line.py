"""The arguments of ``normlaw report``; imports no library."""

from __future__ import annotations

import argparse
from pathlib import Path

REPORT = """\
Makes one page, report.html, of a run of normlaw verify: the verdict, and every claim with statement,
hypotheses and what fails without each, derivation, evidence as plots, what it is derived from, and the
command that runs it again; with filters, a search, and LaTeX to copy. It needs no network and no server:
open the file in a browser, print it, mail it. What falls short comes first.

  normlaw verify && normlaw report --out page

Exits with 0 once the page is written, whatever the run found; 2 without a ledger.
"""


def add_arguments(p: argparse.ArgumentParser, ledger: str) -> None:
    """The arguments; ``ledger`` is where normlaw verify writes by default."""
    p.add_argument("--ledger", type=Path, default=Path(ledger), metavar="DIR", help=f"where normlaw verify wrote (default {ledger}/)")
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="where report.html goes")

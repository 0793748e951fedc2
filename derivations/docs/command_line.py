"""The arguments of ``normlaw docs``; imports no library."""

from __future__ import annotations

import argparse
from pathlib import Path

DOCS = """\
Builds the documentation as a site that works offline: one page a law with its statement, derivation
and counterexamples, the chapters as lecture notes, the tutorial with what it printed, how-tos, and
the reference. Laws are proved and the tutorial is run while it is built, which takes a minute or two.

It is built in the folder of the sources, by Sphinx, which is in the extra docs:

  pip install -c constraints.txt -e '.[docs]'
  normlaw docs --out site
  normlaw docs --out site --ledger normlaw-out     with what the last run measured

Exits with 0 once it is built; 1 if a law is not proved, a cell of the tutorial fails or a link is
broken; 2 on bad usage, or without the extra.
"""


def add_arguments(p: argparse.ArgumentParser, out: str) -> None:
    """The arguments; ``out`` is the folder in which normlaw writes by default."""
    default = Path(out) / "docs"
    p.add_argument("--out", type=Path, default=default, metavar="DIR", help=f"where it goes (default {default}/)")
    p.add_argument("--ledger", type=Path, metavar="DIR", help="the folder of a run of normlaw verify, whose measurements the pages show")

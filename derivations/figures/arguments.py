"""The arguments of ``normlaw figures``; imports no library."""

from __future__ import annotations

import argparse
from pathlib import Path

from derivations.command_line.argument_types import seed
from derivations.figures.names import FIGURES, FORMATS

_NAMES = "\n".join(f"  {name:<20} {words}" for name, words in FIGURES.items())
FIGURES_HELP = f"""\
Simulates and draws figures; the same seed, effort and versions give the same bytes. Lines are the
ledger's formulas, markers what simulations gave that know no law, bands and bars what is proved or
allowed, dashes a broken variant, which the markers leave.

{_NAMES}

Without a NAME all of these are drawn. A NAME can also be the id or label of a claim: then every
comparison and every witness of it is drawn, from the points that normlaw verify left in --ledger.

  normlaw figures --out pictures
  normlaw figures heavy-tails --out slides --format png --theme dark
  normlaw verify B5 && normlaw figures B5 --out pictures

PGF is for \\input in LaTeX and needs a TeX engine. --effort full is for print: minutes, not seconds.
"""


def add_arguments(p: argparse.ArgumentParser, ledger: str) -> None:
    """``ledger``: where a run's files are by default."""
    p.add_argument("names", nargs="*", metavar="NAME", help="a figure, or the id or label of a claim; default: all figures")
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="where files go")
    p.add_argument("--format", choices=FORMATS, default="svg", help="default svg")
    p.add_argument("--seed", type=seed, default=0, metavar="N", help="seed of the simulations (default 0)")
    p.add_argument("--effort", choices=("quick", "full"), default="quick", help="how much to simulate (default quick)")
    p.add_argument("--theme", choices=("light", "dark"), default="light", help="default light")
    p.add_argument("--ledger", type=Path, default=Path(ledger), metavar="DIR", help=f"a run of normlaw verify (default {ledger}/)")

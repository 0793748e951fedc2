"""What can be asked for, and what `--help` teaches."""

from __future__ import annotations

import argparse
from pathlib import Path

NAMES = ("replicates", "tables", "peak", "growth", "symbolic", "startup", "files")
MOST_REPEATS = 1000
_ABOUT = """\
Measures this project against its peers, as ratios of times within one run.

  replicates   gradient descent of many rows, against JAX and NumPy          about 4 minutes
  tables       embedding tables over a text, against gensim and PyTorch      about 5 minutes
  peak         fused multiply-adds of this machine, and what is reached      a minute
  growth       exponents of the cost in every size; 10^9 rows on paper       a minute
  symbolic     the proofs of the ledger, in one process and in all           a minute or two
  startup      until there is an answer: commands and imports                half a minute
  files        norms of embeddings in files, against a plain read of them    half a minute

Every contender gets the same inputs, and its result is put beside ours before its time counts: one that is farther off
than rounding allows (a bound that is derived in bounds.py, not set) is reported as wrong. Compilation is not timed. Rounds
are interleaved, and a ratio is one within a round; shown are the median, and the least and the largest.
A peer that is not installed is a row with a reason; they come with: pip install -c constraints.txt -e '.[bench]'
"""
_EPILOG = """\
examples:
  python -m benchmarks                                everything
  python -m benchmarks replicates tables --repeats 9  two of them
  python -m benchmarks --quick                        tiny sizes: does it run? the figures say nothing
  python -m benchmarks --json results.json --out pictures
  python -m benchmarks --from results.json --readme   quotes earlier results in README.md

exit status: 0 if all that ran computed the same, 1 if a contender is wrong or failed, 2 on bad usage or a file that cannot
be read or written, 130 if interrupted. A target that is missed is said, and no error.
"""


def parser() -> argparse.ArgumentParser:
    """Of ``python -m benchmarks``."""
    p = argparse.ArgumentParser(
        prog="python -m benchmarks", description=_ABOUT, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)} (default: all)")
    p.add_argument("--repeats", type=repeats, default=5, metavar="N", help="interleaved rounds (default 5)")
    p.add_argument("--quick", action="store_true", help="tiny sizes, to see whether it runs")
    p.add_argument("--json", type=Path, metavar="FILE", help="write the results as one JSON document")
    p.add_argument("--out", type=Path, metavar="DIR", help="write results.json, results.md, ratios.svg and ratios.png there")
    p.add_argument("--from", dest="source", type=Path, metavar="FILE", help="measure nothing; take the results of a JSON document")
    p.add_argument("--readme", action="store_true", help="quote the results in README.md, between its two markers")
    p.add_argument("--no-color", action="store_true", help="no colour, even on a terminal (NO_COLOR is respected)")
    return p


def repeats(text: str) -> int:
    """A number of rounds; raises `argparse.ArgumentTypeError` with the bounds."""
    value = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= value <= MOST_REPEATS:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} must be an integer between 1 and {MOST_REPEATS}")
    return value

"""The arguments of ``normlaw imprint`` and its help; imports no library."""

from __future__ import annotations

import argparse
from pathlib import Path

from derivations.command_line.argument_types import seed

IMPRINT = """\
What will the lengths of embeddings mean after training? For rows of a lookup table and a loss of
cosines the laws answer by optimiser and weight decay: how the norm depends on frequency and on
gradient energy, whether specific and ambiguous rows are shorter or longer, under which conditions,
after how many steps, and by which claims. Dense decay shrinks every row at every step, lazy decay
only the rows that have a gradient.

  normlaw imprint                                   the map
  normlaw imprint --optimizer sgd --decay lazy      one entry in full
  normlaw imprint --loss dot_product_infonce        where it does not apply, and why
  normlaw imprint --encoder shared                  likewise
  normlaw imprint --plot map.svg                    norms against frequency
  normlaw imprint --fits                            exponents fitted to simulations, beside those claimed
  normlaw imprint --text                            on real text: predictions, hits and misses

exit status: 0 if the ledger has an answer, 1 if it has none, 2 on bad usage or output that
cannot be written
"""


def add_arguments(p: argparse.ArgumentParser) -> None:
    """To the command's parser."""
    p.add_argument("--optimizer", metavar="NAME", help="one optimiser, in full (default: the table of all)")
    p.add_argument("--decay", metavar="KIND", help="none, dense or lazy (default: all)")
    p.add_argument("--loss", metavar="NAME", help="the loss, to see whether the map applies (default: a scale-invariant one)")
    p.add_argument("--encoder", choices=("lookup", "shared"), default="lookup", help="free rows or f(x; W) (default lookup)")
    p.add_argument("--plot", type=Path, metavar="FILE", help="draw norms against frequency, as SVG")
    p.add_argument("--fits", action="store_true", help="the exponents of C5 and C5b fitted to simulations, with intervals")
    p.add_argument("--text", action="store_true", help="train word embeddings in seven ways (optimiser and decay), and compare")
    p.add_argument("--corpus", type=Path, metavar="FILE", help="the same on your own UTF-8 text")
    p.add_argument("--seed", type=seed, default=0, metavar="N", help="seed of training and simulations (default 0)")
    p.add_argument("--effort", choices=("quick", "full"), default="quick", help="how much text (default quick)")
    p.add_argument("--json", action="store_true", help="as one JSON document")

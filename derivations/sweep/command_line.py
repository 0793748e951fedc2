"""The arguments of ``normlaw sweep`` and its help; imports no library."""

from __future__ import annotations

import argparse
from pathlib import Path

from derivations.command_line.one_line_parser import Parser

MOST_WORKERS = 1024

SWEEP = """\
Puts the laws of the ledger to every cell of a design - losses, optimisers, decay, dimension,
temperature, frequency, precision, replicates - and writes a row for each to a Parquet dataset:
setting, observed, predicted, bound, width, verdict, seed, versions. A cell's result is a function of its
setting and the sweep's seed alone. Needs the extra: pip install '.[sweep]'.

  normlaw sweep SPEC.toml --dry-run           how many cells, and the first of them
  normlaw sweep SPEC.toml --out DIR           do them, on all cores
  normlaw sweep SPEC.toml --out DIR           the same again: go on where it was interrupted
  normlaw sweep SPEC.toml --out DIR --scheduler tcp://host:8786     on a Dask cluster
  normlaw sweep report DIR [--out DIR2]       coverage, worst cells, exponents, plots
  normlaw sweep cell DIR ID                   one cell again, by itself, beside what was written
  normlaw sweep report --help, normlaw sweep cell --help            more about these two

a spec:
  [sweep]
  name = "my sweep"
  seed = 1                  # default 0
  chunk = 256               # cells a file (default 256)
  time_limit = 300          # seconds of one cell, after which it is an error (default 300)

  [[design]]                # one or more; cells that several of them have are done once
  name = "steps"
  kind = "random"           # every axis drawn for itself; or "grid": all combinations
  cells = 1000              # of a random design
  [design.axes]
  law = ["balance", "right_angle", "step"]
  optimizer = ["sgd", "adam", "lion"]
  decay = ["none", "decoupled", "coupled"]
  dimension = { low = 2, high = 512, scale = "log" }
  step_size = { low = 1e-3, high = 1.0, scale = "log" }     # in a grid with count = N
  [[design.exclude]]        # leaves out what lies in all of its axes
  optimizer = "lion"
  decay = "coupled"

laws (a cell's axis law; evidence:* and the like stand for all that begin so):
  balance, right_angle   C0 and A1 at every step of any rule, loss, decay and precision
  step                   the rule's own recursion at every step (B2, B6, B8, B10)
  sandwich, logarithm    growth over a whole run between bounds: B4; B10c
  momentum_growth        in the mean over white gradients: B8b, B8e
  equilibrium, map       in the mean over white gradients: B6, B8, B10, B12h exactly; the map of
                         the imprint (C5) for small steps, within what its limit leaves out
  batch_gradients, batch_step    losses of whole batches (A7, B6)
  placed:LABEL           a claim's own measurement at the cell's setting (B12b, B12c, B12d, B12h,
                         B12i, B13c, C5b)
  evidence:LABEL         a claim's own evidence at another seed

axes, where a law reads them; what a design leaves out has its default:
  law loss optimizer decay(none|decoupled|coupled) lazy(true|false) arithmetic(float64|float32)
  precision(float64|float32|bfloat16|float16, or one of these -stochastic: how an embedding is kept)
  dimension candidates temperature norm energy persistence step_size eta_lambda(step size times
  weight decay) visits(frequency) momentum second_momentum epsilon threshold accumulator steps
  relaxations replicates effort(quick|full) repeat(the same setting, other draws)

verdicts: holds; loose, where it holds, but all that would pass is wider than the value itself is
large, so that little is told apart; fails; vacuous, where the law does not speak of the setting (the
note says why); error, where a cell raised, or ended its process or its time twice.

exit status: 0 if no cell fails or has an error, 1 if one does or nothing was compared, 2 on bad usage,
130 interrupted
"""


REPORT_PAGE = """\
What a dataset of normlaw sweep says, finished or not. On the terminal: cells that fall short first,
then laws with their verdicts, exponents of the norm, and the cells nearest to their bound.

  normlaw sweep report DIR                 writes DIR/report/
  normlaw sweep report DIR --out DIR2      writes DIR2/
  normlaw sweep report DIR --json          report.json on stdout as well, and nothing else there
  normlaw sweep report DIR --quiet         only cells that fall short

writes
  report.md      all of it: open this one
  report.json    the same for machines
  coverage       cells by law and verdict, as SVG and PNG
  margins        how much of its bound each cell takes up
  norms          norms that were seen against norms that were predicted

columns
  nearest        the largest share of its bound that a cell takes up and holds; above 1 it would fail
  width          the median over cells of how wide a bound is: half the length of all that would pass,
                 over the size of the value that is compared. Above 1 a cell is loose, for then a value
                 twice as large would pass as well: it is counted by itself, and is none that holds.
  blunt          the share of cells whose width is above 0.1: a formula that is off by a tenth may pass them

exit status: 0 if no cell fails or has an error, 1 if one does or nothing was compared, 2 on bad usage,
130 interrupted
"""
CELL_PAGE = """\
Does one cell of a dataset again, alone, in a process like those of a sweep, and says whether the bits
are those that were written. Prints the setting, the figures, and Python that does the same.

  normlaw sweep cell DIR 1b8a6c0f22d09e57      by its id, as a report names it
  normlaw sweep cell DIR 1b8a                  by the beginning of it
  normlaw sweep cell DIR 1b8a --json           for machines
  normlaw sweep cell DIR 1b8a --quiet          nothing, unless it falls short or the bits are others

exit status: 0 if the cell's law holds, is loose or does not speak there, and the bits are those that were
written; 1 if not; 2 on bad usage, 130 interrupted
"""
JSON = "one JSON document on stdout, nothing else there"


def add_arguments(p: Parser, shared: Parser) -> None:
    """To the command's parser; ``report DIR`` and ``cell DIR ID`` are pages of their own, with ``shared`` arguments."""
    p.set_defaults(page="")
    p.add_argument("spec", type=Path, metavar="SPEC", help="a TOML file to run (one called report or cell: ./report)")
    p.add_argument("--out", type=Path, metavar="DIR", help="where the dataset goes")
    p.add_argument("--dry-run", action="store_true", help="count the cells and show the first of them")
    p.add_argument("--workers", type=workers, metavar="N", help="processes (default: one a core)")
    p.add_argument("--scheduler", metavar="ADDRESS", help="do it on the Dask cluster of this scheduler")
    p.add_argument("--local-cluster", action="store_true", help="start a Dask cluster on this machine, and do it there")
    p.add_argument("--force", action="store_true", help="begin anew where the folder holds another sweep, or this one by other versions")
    p.add_argument("--json", action="store_true", help=JSON)
    p.pages = {"report": _page(p.prog, "report", REPORT_PAGE, shared), "cell": _page(p.prog, "cell", CELL_PAGE, shared)}
    p.pages["report"].add_argument("--out", type=Path, metavar="DIR", help="where the report goes (default DIR/report)")
    p.pages["cell"].add_argument("id", metavar="ID", help="a cell's id, or the beginning of it")


def _page(prog: str, name: str, words: str, shared: Parser) -> Parser:
    raw = argparse.RawDescriptionHelpFormatter
    page = Parser(prog=f"{prog} {name}", description=words, formatter_class=raw, parents=[shared])
    page.set_defaults(page=name)
    page.add_argument("folder", type=Path, metavar="DIR", help="a dataset")
    page.add_argument("--json", action="store_true", help=JSON)
    return page


def workers(text: str) -> int:
    """A number of processes from the command line; raises `argparse.ArgumentTypeError` with the bounds."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} must be an integer between 1 and {MOST_WORKERS}")
    return int(text)

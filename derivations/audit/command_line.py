"""The arguments of ``normlaw audit`` and its help; imports no library."""

from __future__ import annotations

import argparse
from pathlib import Path

from derivations.command_line.argument_types import seed

AUDIT = """\
Do the norms of these embeddings mean something: what, why that sign, may they be used as
confidence, should they be normalised away, which rows were never trained?

  1. detector      is there a norm signal at all (a final normalisation, the floor of the
                   precision, rows that look untrained)?
  2. association   rank correlation of the norm with every covariate, raw and controlled for the
                   others, bends and jumps too, with intervals, clustered by a group,
                   corrected for multiplicity
  3. theory        what the ledger predicts for what you say of the training, and where the
                   two part, all predictions judged together, and beyond a control if there is
                   one; where the model is outside every law, that is said
  4. rankings      hubs; do norms dominate inner products? (needs --queries); is that better? the
                   exponent b of cos(q, d) |d|^b, fitted on one half of the queries and tested
                   on the other (needs --relevance)
  5. calibration   does the norm of the best match tell whether it is right beyond cosine, margin,
                   length and whatever else is given, in any shape that boosted trees can learn?
                   (needs --relevance; claims nothing without a length of the documents)

EMBEDDINGS is .npy, .npz, .parquet, .arrow/.feather or .safetensors, float16, bfloat16, float32,
float64 or int8, one row an embedding; it is read in blocks, so it may be larger than memory (what .npz
stores uncompressed is read twice, once for its checksum). Covariates are .csv, .parquet, .arrow or
.npz, one row an embedding, in the same order. Relevance has columns query and document (row numbers
from 0) and, if you like, relevance (a grade; default 1).
Needs the extra: pip install '.[audit]'.

  normlaw audit vectors.npy
  normlaw audit vectors.npy --covariates words.csv --frequency count --specificity depth --length tokens
  normlaw audit vectors.npy --covariates words.csv --encoder lookup --optimizer sgd --decay lazy
  normlaw audit docs.npy --queries queries.npy
  normlaw audit docs.npy --covariates docs.csv --length tokens --control untrained.npy --queries queries.npy --relevance pairs.csv
  normlaw audit vectors.npy --queries queries.npy --relevance pairs.csv \\
      --documents docs.npy --document-covariates docs.csv --document-length tokens --document-control untrained-docs.npy
  normlaw audit trained.npy --covariates words.csv --control untrained.npy
"""
AUDIT_END = """\
columns named frequency, count, depth, polysemy, length, tokens and the like play their roles
unless told otherwise. The documents are EMBEDDINGS, whose covariates, group and control then
hold for rankings and confidence too; or, with --documents, a file of their own, and what is known
of them is said by --document-covariates, -length, -confounder, -group and -control. Queries that
share their best match (or its group) count as one in halves and intervals. Every association is
controlled for all other columns of numbers, lengths and confounders among them, or with --given
confounders for those alone. --column, --tensor and
--bfloat16 hold for every file of such a kind. With --out the page (audit.md), its figures (SVG)
and audit.json are written there.

exit status: 0 the audit was made, whatever it found; 2 bad usage or input; 130 interrupted
"""


def add_arguments(p: argparse.ArgumentParser) -> None:
    """To the command's parser."""
    p.add_argument("embeddings", type=Path, metavar="EMBEDDINGS", help="a file of embeddings")
    p.add_argument("--column", metavar="NAME", help="the column of a Parquet or Arrow file that holds the vectors")
    p.add_argument("--tensor", metavar="NAME", help="the tensor of a safetensors file, or the array of an .npz")
    p.add_argument("--bfloat16", action="store_true", help="two-byte entries of .npy and .npz files are bfloat16")
    p.add_argument("--covariates", type=Path, metavar="FILE", help="a table with a row for each embedding")
    roles = p.add_argument_group("what the covariates are (each repeatable)")
    for role, words in (
        ("frequency", "how often the item was seen in training"),
        ("specificity", "how specific it is: depth in a taxonomy, concentration of its contexts"),
        ("ambiguity", "how uncertain it is: senses, entropy of labels"),
        ("length", "length of the text; always controlled for"),
        ("confounder", "anything else to be controlled for in every association; text, such as a language, by its labels"),
    ):
        roles.add_argument(f"--{role}", action="append", default=[], metavar="COLUMN", help=words)
    roles.add_argument("--group", metavar="COLUMN", help="items of a group are not independent: intervals resample whole groups")
    roles.add_argument("--given", choices=("all", "confounders"), default="all",
                       help="control for all other columns of numbers (default), or for lengths and confounders alone")  # fmt: skip
    said = p.add_argument_group("what is known of the training")
    said.add_argument("--encoder", choices=("lookup", "shared"), help="rows of a table, or f(x; W)")
    said.add_argument("--optimizer", metavar="NAME", help="sgd, adamw, ... (normlaw imprint lists them)")
    said.add_argument("--decay", metavar="KIND", help="weight decay: none, dense or lazy")
    said.add_argument("--loss", metavar="NAME", help="infonce, siglip, ...")
    said.add_argument("--pooling", choices=("mean", "other"), help="how a shared encoder pools tokens")
    said.add_argument("--stored", choices=("float16", "bfloat16", "float32", "float64"), metavar="PRECISION",
                      help="precision in which the vectors were made, if the file's is a wider one")  # fmt: skip
    other = p.add_argument_group("controls and retrieval")
    other.add_argument("--control", type=Path, metavar="FILE", help="the same items from an untrained copy, or another layer")
    other.add_argument("--queries", type=Path, metavar="FILE", help="embeddings of queries")
    other.add_argument("--relevance", type=Path, metavar="FILE", help="which documents are relevant to which queries")
    documents = p.add_argument_group("documents in a file of their own (default: EMBEDDINGS, --covariates, --control, ...)")
    documents.add_argument("--documents", type=Path, metavar="FILE", help="embeddings of the documents that queries look for")
    documents.add_argument("--document-covariates", type=Path, metavar="FILE", help="a table with a row for each document")
    for name, words in (("length", "length of a document; held against its norm"),
                        ("confounder", "anything else to be held against its norm")):  # fmt: skip
        documents.add_argument(f"--document-{name}", action="append", default=[], metavar="COLUMN", help=f"{words} (repeatable)")
    documents.add_argument("--document-group", metavar="COLUMN",
                           help="queries whose best matches are of one group count as one")  # fmt: skip
    documents.add_argument("--document-control", type=Path, metavar="FILE",
                           help="the same documents from an untrained copy: their norms are held against the norm as well")  # fmt: skip
    how = p.add_argument_group("how")
    how.add_argument("--bad-rows", type=share, default=0.01, metavar="SHARE",
                     help="rows with NaN, null, infinity or norm 0 are left out, cells of a column of numbers that are none are taken as"
                     " missing; above this share of rows it stops, or leaves the column out. Blank cells are missing, however many:"
                     " above this share there is a warning of how many rows are used (default 0.01)")  # fmt: skip
    how.add_argument("--correction", choices=("holm", "bh"), default="holm", help="for several covariates: Holm, or Benjamini-Hochberg")
    how.add_argument("--level", type=level, default=0.95, metavar="P", help="level of intervals, above 0.5 (default 0.95)")
    how.add_argument("--resamples", type=resamples, default=2000, metavar="N", help="of the bootstrap (default 2000)")
    how.add_argument("--seed", type=seed, default=0, metavar="N", help="default 0")
    how.add_argument("--out", type=Path, metavar="DIR", help="write audit.md, audit.json and figures there")
    how.add_argument("--json", action="store_true", help="one JSON document on stdout, nothing else there")


def share(text: str) -> float:
    """A share of rows from the command line; raises `argparse.ArgumentTypeError` with the bounds."""
    return _between(text, 0.0, 1.0, "a share from 0 to 1")


def level(text: str) -> float:
    """The level of an interval; raises `argparse.ArgumentTypeError` with the bounds."""
    return _between(text, 0.5, 0.9999, "a level above 0.5 and at most 0.9999", above=True)


def resamples(text: str) -> int:
    """A number of resamples; raises `argparse.ArgumentTypeError` with the bounds."""
    if not text.isdecimal() or not 200 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} must be an integer between 200 and 1000000")
    return int(text)


def _between(text: str, low: float, high: float, words: str, *, above: bool = False) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high or (above and value == low):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} must be {words}")
    return value

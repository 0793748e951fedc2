"""``python -m derivations.case_study --wordnet DIR --out DIR``."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from derivations.case_study.command_line import parser
from derivations.command_line.output import status_of


def main(argv: Sequence[str] | None = None) -> int:
    """0 when done, 2 on bad usage or input, 130 if interrupted."""
    arguments = parser()

    def run() -> int:
        options = arguments.parse_args(argv)
        from derivations.command_line.input_checks import UsageError, writable_folder
        from numerics.validation import InvalidInput

        try:
            folder = writable_folder(options.out)
            if options.only in (None, "embed"):
                _embed(folder, options)
            if options.only in (None, "audit"):
                _audit(folder, options)
            if options.only in (None, "measure"):
                _measure(folder, options)
        except (UsageError, InvalidInput) as error:
            arguments.error(str(error))
        return 0

    return status_of(run, f"{arguments.prog}: interrupted; the same command goes on from here")


def _embed(folder: Path, options: Namespace) -> None:
    from derivations.case_study.data_files import Request, write_data
    from derivations.case_study.encoder import SentenceEncoder
    from derivations.case_study.nouns import study
    from derivations.case_study.wordnet import read_wordnet
    from derivations.terminal.progress import reported

    request = Request(options.wordnet, options.model, options.limit, options.queries, options.seed, options.permuted)
    with reported("embedding", quiet=options.quiet) as tell:
        tell(0.0, "reading WordNet")
        nouns = study(read_wordnet(options.wordnet), limit=options.limit, seed=options.seed)
        tell(0.0, "opening the model")
        write_data(folder, nouns, SentenceEncoder(options.model), request, tell)


def _audit(folder: Path, options: Namespace) -> None:
    from derivations.case_study.audits import run_audits
    from derivations.command_line.input_checks import UsageError

    try:
        run_audits(folder, options.seed, quiet=options.quiet)
    except ModuleNotFoundError as missing:
        raise UsageError(f"{missing.name} is missing: pip install -c constraints.txt '.[case-study]'") from missing


def _measure(folder: Path, options: Namespace) -> None:
    import json

    from derivations.case_study.audits import read_audits
    from derivations.case_study.figures import figures
    from derivations.case_study.measure import SCHEMA, measure, plain
    from derivations.case_study.page import page
    from derivations.case_study.written import read_written
    from derivations.files import write_whole
    from derivations.terminal.progress import reported

    written = read_written(folder)
    with reported("measuring", quiet=options.quiet) as tell:
        results = measure(written, read_audits(folder, written.record["model"], options.seed), options.seed, tell)
    document = json.dumps({"schema_version": SCHEMA, **plain(results)}, indent=2) + "\n"
    write_whole(folder / "results.json", document)
    drawn = figures(results)
    for name, svg in drawn.items():
        write_whole(folder / name, svg)
    text = page(results, drawn)
    write_whole(folder / "RESULTS.md", text)
    print(document if options.json else text, end="")


if __name__ == "__main__":
    sys.exit(main())

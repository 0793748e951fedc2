"""A chapter as a script: derive every claim of it, print each step, write its LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from derivations.command_line.arguments import chapter_parser
from derivations.command_line.input_checks import UsageError, writable_folder
from derivations.command_line.output import status_of
from derivations.files import write_whole
from derivations.latex.export import FORMATS, Extras
from derivations.ledger.examination import proof_record
from derivations.terminal.derivation import show_derivation
from derivations.terminal.tables import console, line
from theory.catalogue import catalogue
from theory.claims import Claim, Proof, prove


def run_chapter(chapter: str, argv: Sequence[str] | None = None) -> int:
    """0 if every step is proved, 1 if not, 2 on bad usage or output that cannot be written, 130 if interrupted."""
    parser = chapter_parser(chapter)

    def run() -> int:
        options = parser.parse_args(argv)
        try:
            folder = writable_folder(options.out)
            return _derive(chapter, folder, console(no_color=options.no_color))
        except UsageError as error:
            parser.error(str(error))

    return status_of(run, f"{parser.prog}: interrupted")


def _derive(chapter: str, folder: Path, out: Console) -> int:
    proofs: list[Proof] = []
    short: list[tuple[Claim, str]] = []
    for claim in catalogue():
        if claim.chapter == chapter:
            proofs.append(prove(claim))
            record = proof_record(proofs[-1])
            show_derivation(out, claim, record)
            line(out)
            short += [(claim, why) for why in record.shortfalls()]
    for name, text in FORMATS["latex"](tuple(proofs), Extras()).items():
        (folder / name).parent.mkdir(exist_ok=True)
        write_whole(folder / name, text)
    for claim, why in short:
        line(out, (f"{claim.label} {claim.id}", "bold red"), f": {why}")
    proved, measured = (sum(p.outcome == word for p in proofs) for word in ("proved", "numeric-only"))
    loud = f", {measured} NUMERIC-ONLY (measured, not proved)" if measured else ""
    line(out, f"{proved} of {len(proofs)} claims proved{loud}; LaTeX: {folder / 'normlaw.tex'}")
    return 1 if short or not proofs else 0

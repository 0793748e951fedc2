"""A chapter as a script: its lecture notes, with every claim derived where it is called for, and its LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from derivations.command_line.arguments import chapter_parser
from derivations.command_line.input_checks import UsageError, writable_folder
from derivations.command_line.output import status_of
from derivations.files import write_whole
from derivations.latex.export import FORMATS, Extras
from derivations.latex.resting import rested
from derivations.lecture import Section, title
from derivations.ledger.examination import proof_record
from derivations.terminal.derivation import paragraph, show_derivation
from derivations.terminal.tables import console, line, shortfall
from theory.catalogue import catalogue
from theory.claims import Claim, Proof, prove
from theory.standing import what_it_rests_on


def run_chapter(chapter: str, argv: Sequence[str] | None = None, sections: Sequence[Section] = ()) -> int:
    """0 if every step is proved, 1 if not, 2 on bad usage or output that cannot be written, 130 if interrupted.

    Claims of the chapter that no section calls for come last.
    """
    parser = chapter_parser(chapter)

    def run() -> int:
        options = parser.parse_args(argv)
        try:
            folder = writable_folder(options.out)
            return _derive(chapter, folder, _Spoken(console(no_color=options.no_color)), sections)
        except UsageError as error:
            parser.error(str(error))

    return status_of(run, f"{parser.prog}: interrupted")


class _Spoken:
    """Notes that prove and print: a `derivations.lecture.Notes`."""

    def __init__(self, out: Console) -> None:
        self.out = out
        self.proofs: dict[str, Proof] = {}
        self.short: list[tuple[Claim, str]] = []

    def say(self, words: str) -> None:
        paragraph(self.out, words)

    def law(self, label: str) -> None:
        claim = catalogue()[label]
        proof = self.proofs[claim.id] = prove(claim)
        record = proof_record(proof)
        show_derivation(self.out, claim, record)
        line(self.out)
        self.short += [(claim, why) for why in record.shortfalls()]


def _derive(chapter: str, folder: Path, notes: _Spoken, sections: Sequence[Section]) -> int:
    for section in sections:
        line(notes.out, (title(section), "bold underline"))
        line(notes.out)
        section(notes)
    claims = [claim for claim in catalogue() if claim.chapter == chapter]
    for claim in claims:
        if claim.id not in notes.proofs:
            notes.law(claim.id)
    return _written(folder, notes, tuple(notes.proofs[claim.id] for claim in claims))


def _written(folder: Path, notes: _Spoken, proofs: tuple[Proof, ...]) -> int:
    """The LaTeX, in the order of the catalogue; then what is open, and the count."""
    proofs = rested(proofs)
    for name, text in FORMATS["latex"](proofs, Extras()).items():
        (folder / name).parent.mkdir(exist_ok=True)
        write_whole(folder / name, text)
    resting = [(p.claim, what_it_rests_on([lemma.label for lemma in p.fallen])) for p in proofs if p.fallen]
    for claim, why in [*notes.short, *resting]:
        shortfall(notes.out, f"{claim.label} {claim.id}", why, "bold red")
    proved, measured = (sum(p.outcome == word for p in proofs) for word in ("proved", "numeric-only"))
    loud = f", {measured} NUMERIC-ONLY (measured, not proved)" if measured else ""
    line(notes.out, f"{proved} of {len(proofs)} claims proved{loud}; LaTeX: {folder / 'normlaw.tex'}")
    return 1 if notes.short or resting or not proofs else 0

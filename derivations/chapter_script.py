"""A chapter as a script: its lecture notes, with every claim derived where it is called for, and its LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from derivations.terminal.progress import reported
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
            return _derive(chapter, folder, console(no_color=options.no_color), sections)
        except UsageError as error:
            parser.error(str(error))

    return status_of(run, f"{parser.prog}: interrupted")


class _Spoken:
    """Notes that print what was proved: a `derivations.lecture.Notes`."""

    def __init__(self, out: Console, proofs: Sequence[Proof]) -> None:
        self.out = out
        self.proofs = {proof.claim.id: proof for proof in proofs}
        self.told = set[str]()

    def say(self, words: str) -> None:
        paragraph(self.out, words)

    def law(self, label: str) -> None:
        proof = self.proofs[catalogue()[label].id]
        self.told.add(proof.claim.id)
        show_derivation(self.out, proof.claim, proof_record(proof), rests=_rests(proof))
        line(self.out)


def _derive(chapter: str, folder: Path, out: Console, sections: Sequence[Section]) -> int:
    """Everything is proved before a word is said, so that what does not stand comes first."""
    claims = [claim for claim in catalogue() if claim.chapter == chapter]
    proofs = rested(_proved(claims))
    short = [(proof.claim, why) for proof in proofs for why in [*proof_record(proof).shortfalls(), *filter(None, [_rests(proof)])]]
    if short:
        line(out, ("NOT EVERYTHING HERE HOLDS", "bold red"))
        _show(out, short)
        line(out)
    notes = _Spoken(out, proofs)
    for section in sections:
        line(out, (title(section), "bold underline"))
        line(out)
        section(notes)
    for claim in claims:
        if claim.id not in notes.told:
            notes.law(claim.id)
    return _written(out, folder, proofs, short)


def _proved(claims: Sequence[Claim]) -> Iterator[Proof]:
    with reported("proving", quiet=False) as tell:
        for done, claim in enumerate(claims):
            tell(done / len(claims), claim.label)
            yield prove(claim)


def _rests(proof: Proof) -> str:
    return what_it_rests_on([lemma.label for lemma in proof.fallen])


def _show(out: Console, short: Sequence[tuple[Claim, str]]) -> None:
    for claim, why in short:
        shortfall(out, f"{claim.label} {claim.id}", why, "bold red")


def _written(out: Console, folder: Path, proofs: tuple[Proof, ...], short: Sequence[tuple[Claim, str]]) -> int:
    """The LaTeX, in the order of the catalogue; then, once more, what is open, and the count."""
    for name, text in FORMATS["latex"](proofs, Extras()).items():
        (folder / name).parent.mkdir(exist_ok=True)
        write_whole(folder / name, text)
    _show(out, short)
    proved, measured = (sum(p.outcome == word for p in proofs) for word in ("proved", "numeric-only"))
    loud = f", {measured} NUMERIC-ONLY (measured, not proved)" if measured else ""
    line(out, f"{proved} of {len(proofs)} claims proved{loud}; LaTeX: {folder / 'normlaw.tex'}")
    return 1 if short or not proofs else 0

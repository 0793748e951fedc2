"""A chapter as a script: derive every claim of it, print each step, write its LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from derivations.derivation_text import show_derivation
from derivations.examination import proof_of
from derivations.files import write_whole
from derivations.input_checks import UsageError, writable_folder
from derivations.terminal import console, line
from theory.catalogue import catalogue
from theory.claims import Claim


def run_chapter(chapter: str, argv: Sequence[str] | None = None) -> int:
    """0 if every step is proved, 1 if not, 2 on bad usage, 130 if interrupted."""
    import sys

    from derivations.arguments import chapter_parser

    parser = chapter_parser(chapter)
    options = parser.parse_args(argv)
    try:
        folder = writable_folder(options.out)
        return _derive(chapter, folder, console(no_color=options.no_color))
    except UsageError as error:
        parser.error(str(error))
    except KeyboardInterrupt:
        print(f"{parser.prog}: interrupted", file=sys.stderr)
        return 130


def _derive(chapter: str, folder: Path, out: Console) -> int:
    claims = [claim for claim in catalogue() if claim.chapter == chapter]
    open_claims: list[tuple[Claim, str]] = []
    for claim in claims:
        proof = proof_of(claim)
        show_derivation(out, claim, proof)
        line(out)
        _write(claim, folder)
        open_claims += [(claim, why) for why in proof.shortfalls()]
    for claim, why in open_claims:
        line(out, (f"{claim.label} {claim.id}", "bold red"), f": {why}")
    proved = len(claims) - len({claim.id for claim, _ in open_claims})
    line(out, f"{proved} of {len(claims)} claims proved; LaTeX in {folder}")
    return 1 if open_claims or not claims else 0


def _write(claim: Claim, folder: Path) -> None:
    from derivations.latex.fragment import claim_latex

    write_whole(folder / f"{claim.id}.tex", claim_latex(claim) + "\n")

"""``normlaw docs``: every law proved, the tutorial run, and the site built of what came out."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from derivations.command_line.input_checks import writable_folder
from derivations.docs.cells import CellError
from derivations.docs.pages import ledger_verdicts
from derivations.docs.site import DocsError, build, check
from derivations.docs.sources import sources
from derivations.latex.resting import rested
from derivations.terminal.progress import reported
from derivations.terminal.tables import console, line
from theory.catalogue import catalogue
from theory.claims import prove


def run(options: Namespace) -> int:
    """0 when built, 1 if something in it is wrong; raises `UsageError`, before any work, where it cannot be built."""
    check()
    verdicts = ledger_verdicts(options.ledger)
    out, quiet = writable_folder(options.out), getattr(options, "quiet", False)
    proofs = []
    try:
        with reported("docs", quiet=quiet) as tell:
            for done, claim in enumerate(catalogue()):
                tell(0.6 * done / len(catalogue()), f"proving {claim.label}")
                proofs.append(prove(claim))
            tell(0.6, "running the tutorial")
            pages = sources(rested(proofs), verdicts)
            tell(0.8, "building the site")
            page: Path = build(pages, out)
    except (CellError, DocsError) as error:
        print(f"normlaw docs: {error}", file=sys.stderr)
        return 1
    if not quiet:
        line(console(no_color=getattr(options, "no_color", False)), f"open: {page}")
    open_ = [proof.claim.label for proof in proofs if not proof.stands]
    if open_:
        print(f"normlaw docs: not proved: {', '.join(open_)}", file=sys.stderr)
    return 1 if open_ else 0

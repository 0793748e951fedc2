"""``python -m derivations.docs --out DIR``: every law proved, the tutorial run, and the site built of what came out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from derivations.command_line.output import status_of


def parser() -> argparse.ArgumentParser:
    """Of the command line."""
    p = argparse.ArgumentParser(
        prog="python -m derivations.docs",
        description="Builds the documentation, which works offline: one page a law, chapters, tutorial, how-tos, reference. "
        "Laws are proved and the tutorial is run while it is built, which takes a minute. Needs the extra docs.",
        epilog="exit status: 0 when built, 1 if a law is not proved or a link is broken, 2 on bad usage, 130 if interrupted",
    )
    p.add_argument("--out", type=Path, default=Path("normlaw-out") / "docs", metavar="DIR", help="where it goes (default %(default)s)")
    p.add_argument("--ledger", type=Path, metavar="DIR", help="the folder of a run of normlaw verify, whose measurements the pages show")
    p.add_argument("--quiet", action="store_true", help="no progress")
    return p


def main(argv: Sequence[str] | None = None) -> int:
    """0 when built, 1 if something in it is wrong, 2 on bad usage, 130 if interrupted."""
    arguments = parser()

    def run() -> int:
        options = arguments.parse_args(argv)
        from derivations.command_line.input_checks import UsageError, writable_folder
        from derivations.docs.cells import CellError
        from derivations.docs.site import DocsError
        from numerics.validation import InvalidInput

        try:
            return _built(writable_folder(options.out), options.ledger, options.quiet)
        except (UsageError, InvalidInput) as error:
            arguments.error(str(error))
        except (CellError, DocsError) as error:
            print(f"{arguments.prog}: {error}", file=sys.stderr)
            return 1

    return status_of(run, f"{arguments.prog}: interrupted")


def _built(out: Path, ledger: Path | None, quiet: bool) -> int:
    from derivations.docs.pages import ledger_verdicts
    from derivations.docs.site import build
    from derivations.docs.sources import sources
    from derivations.terminal.progress import reported
    from theory.catalogue import catalogue
    from theory.claims import prove

    verdicts, proofs = ledger_verdicts(ledger), []
    with reported("docs", quiet=quiet) as tell:
        for done, claim in enumerate(catalogue()):
            tell(0.6 * done / len(catalogue()), f"proving {claim.label}")
            proofs.append(prove(claim))
        tell(0.6, "running the tutorial")
        pages = sources(proofs, verdicts)
        tell(0.8, "building the site")
        page = build(pages, out)
    print(page)
    open_ = [proof.claim.label for proof in proofs if proof.outcome != "proved"]
    if open_:
        print(f"not proved: {', '.join(open_)}", file=sys.stderr)
    return 1 if open_ else 0


if __name__ == "__main__":
    sys.exit(main())

"""``normlaw export``: every claim as LaTeX (a paper), Markdown or JSON; or single claims, printed."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from derivations.command_line.input_checks import UsageError, claim_named, writable_folder
from derivations.terminal.progress import reported
from derivations.terminal.tables import console, line
from theory.catalogue import catalogue
from theory.claims import Claim


def run(options: Namespace) -> int:
    """Write the files and name them; or print the claims that are named."""
    _check(options)
    if options.ids:
        sys.stdout.write(_printed([claim_named(catalogue(), name) for name in options.ids], options))
        return 0
    out, quiet = writable_folder(options.out), getattr(options, "quiet", False)
    for path in _written(out, options, quiet):
        if not quiet:
            line(console(no_color=getattr(options, "no_color", False)), str(path))
    return 0


def _check(options: Namespace) -> None:
    """What does not go together, before any work."""
    if options.ids and options.out:
        raise UsageError("ID and --out do not go together: named claims are printed, a folder takes all of them")
    if not options.ids and not options.out:
        raise UsageError("--out DIR is needed, or an ID to print")
    if options.plain and not (options.ids and options.format == "latex"):
        raise UsageError("--plain is for fragments: normlaw export ID --format latex --plain")
    for flag, given in (("--pdf", options.pdf), ("--ledger", options.ledger)):
        if given and (options.ids or options.format != "latex"):
            raise UsageError(f"{flag} is for the whole paper: normlaw export --out DIR --format latex {flag}")


def _written(out: Path, options: Namespace, quiet: bool) -> list[Path]:
    from derivations.latex.companion.build import build, commands
    from derivations.latex.companion.figures import draw, found
    from derivations.latex.export import Extras, export
    from derivations.ledger.read import read_document

    if options.pdf:
        commands()  # whether there is an engine, before the work
    ledger = read_document(options.ledger) if options.ledger else None
    if options.pdf and ledger is not None:
        with reported("figures", quiet=quiet) as tell:
            draw(out, int(ledger["seed"]), tell)
    with reported("export", quiet=quiet) as tell:
        paths = export(out, options.format, None, Extras(ledger, found(out), tell))
    if options.pdf:
        with reported("typesetting", quiet=quiet) as tell:
            paths.append(build(out, tell))
    return paths


def _printed(claims: Sequence[Claim], options: Namespace) -> str:
    from derivations.latex.export import fragments, proved

    with reported("export", quiet=True) as tell:
        return fragments(proved(tell, claims), options.format, plain_only=options.plain)

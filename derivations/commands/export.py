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
from theory.claims import Claim, Proof
from theory.standing import what_it_rests_on


def run(options: Namespace) -> int:
    """Write the files and name them; or print the claims that are named. 1 if one of them is not proved, and the export says so."""
    _check(options)
    if options.ids:
        return _printed([claim_named(catalogue(), name) for name in options.ids], options)
    out, quiet = writable_folder(options.out), getattr(options, "quiet", False)
    paths, proofs = _written(out, options, quiet)
    for path in paths:
        if not quiet:
            line(console(no_color=getattr(options, "no_color", False)), str(path))
    return _fallen(proofs)


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


def _written(out: Path, options: Namespace, quiet: bool) -> tuple[list[Path], Sequence[Proof]]:
    from derivations.latex.companion.build import build, commands
    from derivations.latex.companion.figures import draw, found
    from derivations.latex.export import Extras, export, proved
    from derivations.ledger.read import read_document

    if options.pdf:
        commands()  # whether there is an engine, before the work
    ledger = read_document(options.ledger) if options.ledger else None
    if options.pdf and ledger is not None:
        with reported("figures", quiet=quiet) as tell:
            draw(out, int(ledger["seed"]), tell)
    with reported("export", quiet=quiet) as tell:
        proofs = proved(tell)
        paths = export(out, options.format, proofs, Extras(ledger, found(out), tell))
    if options.pdf:
        try:
            with reported("typesetting", quiet=quiet) as tell:
                paths.append(build(out, tell))
        except UsageError:
            _fallen(proofs)  # what does not stand is said, whatever becomes of the PDF
            raise
    return paths, proofs


def _printed(claims: Sequence[Claim], options: Namespace) -> int:
    """Print the claims; 1 if one of them does not stand, which is said on standard error as well."""
    from derivations.latex.export import fragments, proved

    with reported("export", quiet=True) as tell:
        proofs = proved(tell, claims)
    sys.stdout.write(fragments(proofs, options.format, plain_only=options.plain))
    return _fallen(proofs)


def _fallen(proofs: Sequence[Proof]) -> int:
    """1 if one of them does not stand, or a lemma behind it, each of which is said on standard error."""
    fallen = [proof for proof in proofs if proof.fallen or not proof.stands]
    for proof in fallen:
        why = f"is {proof.outcome}" if not proof.stands else what_it_rests_on([lemma.label for lemma in proof.fallen])
        print(f"normlaw export: {proof.claim.label} {proof.claim.id} {why}: it is no law", file=sys.stderr)
    return 1 if fallen else 0

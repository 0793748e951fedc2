"""``normlaw check``: a file of claims of one's own, and the ledger of their verdicts."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from derivations.command_line.input_checks import writable_folder
from derivations.files import write_whole
from derivations.statements.files import OwnRecord, check, read_claims
from derivations.statements.ledger import own_document, own_markdown
from derivations.statements.text import setting_words
from derivations.terminal.tables import console, line, show_shortfalls, verdict


def run(options: Namespace) -> int:
    """0 if every verdict is the expected one, 1 if not; raises `UsageError` before any work."""
    quiet, no_color = getattr(options, "quiet", False), getattr(options, "no_color", False)
    claims, folder = read_claims(options.file), writable_folder(options.out)
    out, silent = console(no_color=no_color), quiet or options.json
    width = max(len(claim.name) for claim in claims)

    def tell(record: OwnRecord) -> None:
        if silent:
            return
        against = record.result.counterexample if record.result else None
        said = record.proof.steps[0].method if record.proof.status == "proved" else record.proof.note
        said = f"at {setting_words(against)}" if against is not None else said
        mark = ("  ok", "dim") if record.as_expected else (f"  UNEXPECTED, expected {record.expected}", "bold red")
        line(out, f"{record.id:<{width}}  ", verdict(record.proof.status), mark, (f"  {said}", "dim"))

    ledger = check(claims, options.timeout, tell)
    text = json.dumps(own_document(ledger), indent=2, allow_nan=False) + "\n"
    write_whole(folder / "ledger.json", text)
    path = write_whole(folder / "ledger.md", own_markdown(ledger))
    if options.json:
        sys.stdout.write(text)
    if silent:
        show_shortfalls(console(no_color=no_color, stderr=options.json), ledger)
    else:
        short = len(ledger.shortfalls())
        head = "every verdict is as expected" if ledger.passes else f"{short} FALL{'S' * (short == 1)} SHORT"
        line(out, (f"{head}: {len(ledger.claims)} claims; {ledger.seconds:.1f} s", "bold"))
        line(out, f"open: {path}")
    return 0 if ledger.passes else 1

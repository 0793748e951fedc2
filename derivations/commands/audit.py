"""``normlaw audit``: do the norms of these embeddings mean something?"""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from derivations.command_line.input_checks import UsageError, writable_folder
from derivations.files import write_whole
from derivations.ledger.document import finite

# what errors of files call arguments, and the command line flags
_FLAGS = {
    "column": "--column", "tensor": "--tensor", "precision='bfloat16'": "--bfloat16", "precision": "--bfloat16", "limit": "--bad-rows",
}  # fmt: skip


def run(options: Namespace) -> int:
    """0 once the audit is made, whatever it finds; raises `UsageError` or ``InvalidInput`` in one line."""
    from derivations.audit.audit import audit
    from derivations.audit.document import document
    from derivations.audit.never_trained import TABLE, table
    from derivations.audit.page import markdown, show
    from derivations.terminal.progress import reported
    from derivations.terminal.tables import console, line
    from numerics.association.partialling import MissingLibrary
    from numerics.embedding_files import FileRefused

    if options.out is not None:
        writable_folder(options.out)
    quiet = bool(getattr(options, "quiet", False) or options.json)
    with reported("audit", quiet=quiet) as tell:
        try:
            found = audit(options, tell)
        except FileRefused as error:
            raise error.renamed(_FLAGS) from error
        except ModuleNotFoundError as missing:
            raise UsageError(MissingLibrary.of(missing)) from missing
    for words in found.warnings:
        print(f"normlaw audit: warning: {words}", file=sys.stderr)
    text = json.dumps(finite(document(found)), indent=2, allow_nan=False) + "\n"
    out = console(no_color=getattr(options, "no_color", False))
    if options.out is not None:
        from derivations.audit.figures import figures

        drawn = figures(found)
        for name, svg in drawn.items():
            write_whole(options.out / f"{name}.svg", svg)
        write_whole(options.out / "audit.json", text)
        write_whole(options.out / TABLE, table(found))
        write_whole(options.out / "audit.md", markdown(found, tuple(drawn)))
    if options.json:
        sys.stdout.write(text)
    else:
        show(out, found, quiet=bool(getattr(options, "quiet", False)))
        if options.out is not None:
            line(out, f"open: {options.out / 'audit.md'}")
    return 0

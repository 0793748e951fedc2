"""``normlaw prove``: one statement of one's own."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from derivations.statements.process import prove_within
from derivations.statements.text import EXIT, definitions_of, show_result, usage_error
from derivations.terminal.tables import console
from theory.statements import StatementError


def run(options: Namespace) -> int:
    """0 proved, 1 refuted, 3 undecided; raises `UsageError` for what cannot be read."""
    where = definitions_of(options.where)
    try:
        result = prove_within(options.statement, where, options.given, options.timeout)
    except StatementError as error:
        raise usage_error(error) from error
    if options.json:
        sys.stdout.write(json.dumps(result.document(), indent=2) + "\n")
    elif not getattr(options, "quiet", False) or result.verdict != "proved":
        show_result(console(no_color=getattr(options, "no_color", False)), result)
    return EXIT[result.verdict]

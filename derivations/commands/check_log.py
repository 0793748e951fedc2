"""``normlaw check-log``: the laws of the ledger put to the log of a training."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from derivations.check_log.report import check_log, document
from derivations.check_log.text import show
from derivations.terminal.tables import console


def run(options: Namespace) -> int:
    """0 if a law of the optimiser holds and none fails, 1 otherwise; raises `InvalidInput` for a log that cannot be read."""
    report = check_log(options.log)
    if options.json:
        sys.stdout.write(json.dumps(document(report), indent=2, allow_nan=False) + "\n")
    else:
        show(console(no_color=getattr(options, "no_color", False)), report, quiet=getattr(options, "quiet", False))
    return 0 if report.verdict == "holds" else 1

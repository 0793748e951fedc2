"""The command line, ``normlaw``. Light to import: what a command needs is imported when it runs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from derivations.command_line.arguments import parser
from derivations.command_line.output import status_of


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status and raises nothing. ``argv`` defaults to the process' own."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Unicode still gets an answer
    return status_of(lambda: _status(argv), "normlaw: interrupted; nothing was left half-written")


def _status(argv: Sequence[str] | None) -> int:
    top = parser()
    options = top.parse_args(argv)
    if options.command is None:
        top.print_help(sys.stderr)
        return 2
    return _run(options.command, options)


def _run(command: str, options: object) -> int:
    from derivations.command_line.input_checks import UsageError
    from numerics.validation import InvalidInput

    try:
        status = importlib.import_module(f"derivations.commands.{command.replace('-', '_')}").run(options)
    except (UsageError, InvalidInput) as error:
        print(f"normlaw {command}: error: {error}", file=sys.stderr)
        return 2
    return int(status)


if __name__ == "__main__":
    sys.exit(main())

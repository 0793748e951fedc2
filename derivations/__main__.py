"""The command line, ``normlaw``. Light to import: what a command needs is imported when it runs."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from derivations.arguments import parser

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status and raises nothing. ``argv`` defaults to the process' own."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without Unicode still gets an answer
    top = parser()
    try:
        options = top.parse_args(argv)
        if options.command is None:
            top.print_help(sys.stderr)
            return 2
        return _run(options.command, options)
    except SystemExit as done:  # argparse
        return done.code if isinstance(done.code, int) else 2
    except KeyboardInterrupt:
        print("normlaw: interrupted; nothing was left half-written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # `normlaw list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # a full disk under standard output
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"normlaw: error: the output could not be written: {error.strerror or error}", file=sys.stderr)
        return 2


def _run(command: str, options: object) -> int:
    from derivations.input_checks import UsageError
    from numerics.validation import InvalidInput

    try:
        status = importlib.import_module(f"derivations.commands.{command}").run(options)
        sys.stdout.flush()
    except (UsageError, InvalidInput) as error:
        print(f"normlaw {command}: error: {error}", file=sys.stderr)
        return 2
    return int(status)


if __name__ == "__main__":
    sys.exit(main())

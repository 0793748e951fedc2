"""What becomes of a run whose output cannot be written: one line on standard error, and exit status 2. Imports no library."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import TextIO

INTERRUPTED, UNWRITTEN = 130, 2


def status_of(run: Callable[[], int], interrupted: str) -> int:
    """The exit status of a run, all of its output written; raises nothing. ``interrupted`` is said after Ctrl-C."""
    if sys.stderr is None:  # it was closed before the start, and what is opened next would get its number
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115  to the end of the process
    if sys.stdout is None:
        return _said("normlaw: error: the output could not be written: standard output is closed", UNWRITTEN)
    try:
        try:
            status = run()
        except SystemExit as done:  # argparse
            status = done.code if isinstance(done.code, int) else 2
        sys.stdout.flush()  # here, where a failure can still be told
    except KeyboardInterrupt:
        status = _said(interrupted, INTERRUPTED)
    except OSError as error:  # a full disk under standard output, or `normlaw list | head`
        _discard(sys.stdout)
        why = error.strerror or str(error) or type(error).__name__
        status = _said(f"normlaw: error: the output could not be written: {why}", UNWRITTEN)
    return _said("", status)


def _said(words: str, status: int) -> int:
    """The status, after a line on standard error where that is possible."""
    try:
        if words:
            print(words, file=sys.stderr)
        sys.stderr.flush()
    except OSError:  # nobody is there to read it
        _discard(sys.stderr)
        return UNWRITTEN
    return status


def _discard(stream: TextIO) -> None:
    """What is left in a stream goes nowhere, so that the interpreter does not stumble over it at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())

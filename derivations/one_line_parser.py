"""A parser of arguments that says what is wrong in one line, and hides no output that could not be written."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


LARGEST_SEED = 2**62


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        message = " ".join(message.splitlines())
        self.exit(2, f"{self.prog}: error: {message} (try: {self.prog} --help)\n")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """As argparse does, which keeps silent about what could not be written."""
        if message:
            (file or sys.stderr).write(message)


def seed(text: str) -> int:
    """A seed from the command line; raises `argparse.ArgumentTypeError` with the bounds."""
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 0 <= value <= LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} must be an integer between 0 and {LARGEST_SEED}")
    return value

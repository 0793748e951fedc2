"""A parser of arguments that says what is wrong in one line, and hides no output that could not be written."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


ANYWHERE = ("--quiet", "--no-color")  # arguments that may stand before a word that names a page


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line. ``pages``: first words that have a parser of their own, with a help of its own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.pages: dict[str, Parser] = {}

    def error(self, message: str) -> NoReturn:
        message = " ".join(message.splitlines())
        self.exit(2, f"{self.prog}: error: {message} (try: {self.prog} --help)\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """As argparse does, but what is left over is an error here: a command's own help is what explains it."""
        words = list(sys.argv[1:] if args is None else args)
        place = next((i for i, word in enumerate(words) if word not in ANYWHERE), len(words))
        if place < len(words) and words[place] in self.pages:
            return self.pages[words[place]].parse_known_args(words[:place] + words[place + 1 :], namespace)
        found, unknown = super().parse_known_args(words, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """As argparse does, which keeps silent about what could not be written."""
        if message:
            (file or sys.stderr).write(message)

"""What a chapter's lecture notes are made of: sections that say something and then put a law, in an order one can follow.

A section is a function of `Notes`, its title the first line of its docstring. Who gives it the notes decides what becomes of it:
`derivations.chapter_script` proves and prints each law on a terminal, `recorded` keeps the order for a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol


class Notes(Protocol):
    """What a section is told to write on."""

    def say(self, words: str) -> None:
        """A paragraph, with formulas between dollar signs."""

    def law(self, label: str) -> None:
        """The law of this label: statement, hypotheses, steps and verdicts, as they come out now."""


Section = Callable[[Notes], None]


def title(section: Section) -> str:
    """The first line of its docstring."""
    return (section.__doc__ or "").strip().splitlines()[0].rstrip(".")


@dataclass
class Recorded:
    """Notes that keep what a section says: ``("say", words)`` and ``("law", label)`` in order."""

    title: str
    entries: list[tuple[str, str]] = field(default_factory=list)

    def say(self, words: str) -> None:
        self.entries.append(("say", " ".join(words.split())))

    def law(self, label: str) -> None:
        self.entries.append(("law", label))

    @property
    def laws(self) -> list[str]:
        """Labels, in order."""
        return [what for kind, what in self.entries if kind == "law"]


def recorded(sections: Iterable[Section]) -> list[Recorded]:
    """Every section with what it says; nothing is proved."""
    found = []
    for section in sections:
        notes = Recorded(title(section))
        section(notes)
        found.append(notes)
    return found

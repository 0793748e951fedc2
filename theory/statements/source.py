"""Where a text comes from, and what is wrong with it: one message, and a caret under the offending character."""

from __future__ import annotations

from dataclasses import dataclass

_WIDTH = 76  # characters of a line that are shown around the caret


@dataclass(frozen=True)
class Source:
    """One text that a person wrote; ``label`` says which, as in ``--where L``."""

    text: str
    label: str = "statement"


@dataclass(frozen=True)
class Spot:
    """A character of a source, counted from 0."""

    source: Source
    position: int


class StatementError(ValueError):
    """A text that is no statement. ``str`` is one line; `shown` adds the text with a caret."""

    def __init__(self, message: str, spot: Spot) -> None:
        super().__init__(message)
        self.message, self.spot = message, spot

    @property
    def shown(self) -> str:
        """Three lines: where and what, the text around the place, and a caret below the character."""
        text, at = self.spot.source.text, self.spot.position
        start = max(0, min(at - _WIDTH // 2, len(text) - _WIDTH))
        piece = text[start : start + _WIDTH]
        plain = "".join(c if c.isprintable() else " " for c in piece)
        before, after = "..." * (start > 0), "..." * (start + _WIDTH < len(text))
        return f"{self.message}\n  {before}{plain}{after}\n  {' ' * (len(before) + at - start)}^"

"""What the kernel says: proved, refuted with values, or undecided. Nothing in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from theory.typesetting.shown import Shown


class Status(Enum):
    """The three answers; there is no fourth, and no answer raises."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Verdict(Shown):
    """The answer to one goal.

    ``method`` names the decision procedure, ``detail`` is its certificate in words, ``values`` the exact point
    at which a refuted goal fails, ``conditions`` what the statement asks for in order to be defined and the
    kernel could not certify: a proof with conditions is a proof only where they hold.
    """

    status: Status
    method: str
    detail: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether the goal is settled as true, with no condition left open."""
        return self.status is Status.PROVED and not self.conditions

    @property
    def refuted(self) -> bool:
        """Whether the goal is settled as false, by exact values."""
        return self.status is Status.REFUTED


def jointly(verdicts: list[Verdict]) -> Verdict:
    """Refuted if any part is, proved if all are."""
    for status in (Status.REFUTED, Status.UNDECIDED):
        for verdict in verdicts:
            if verdict.status is status:
                return verdict
    if not verdicts:
        return Verdict(Status.UNDECIDED, "none", "nothing is stated")
    methods = ", ".join(dict.fromkeys(v.method for v in verdicts))
    conditions = tuple(sorted({c for v in verdicts for c in v.conditions}))
    return Verdict(Status.PROVED, methods, f"{len(verdicts)} parts", conditions=conditions)


class Undecidable(Exception):
    """Raised inside the kernel only: this expression is outside the method. Never leaves ``decide``."""

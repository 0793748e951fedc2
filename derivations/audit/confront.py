"""What was predicted beside what was found: where they agree, where they part, and where nothing can be said."""

from __future__ import annotations

import math
from dataclasses import dataclass

from derivations.audit.expectations import Expectation

AGREES, PARTS, UNDECIDED, SILENT = "agrees", "parts", "undecided", "no prediction"


@dataclass(frozen=True)
class Found:
    """A figure with its interval."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is one."""
        return math.isfinite(self.value) and math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def sign(self) -> int:
        """-1 or 1 if the interval is on one side of 0, else 0."""
        return (self.low > 0) - (self.high < 0)


@dataclass(frozen=True)
class Confrontation:
    """One column in one role. ``verdict``: agrees, parts, undecided or no prediction; ``words`` say why."""

    column: str
    expectation: Expectation
    found: Found
    verdict: str
    words: str


def sign_against(column: str, expectation: Expectation, found: Found) -> Confrontation:
    """The sign of a rank correlation, controlled for the other covariates, against the one predicted."""
    return Confrontation(column, expectation, found, *_sign(expectation, found))


def exponent_against(column: str, expectation: Expectation, found: Found) -> Confrontation:
    """The slope of ln norm in ln frequency against the exponents that the formulas allow: an interval that meets theirs agrees."""
    if expectation.exponents is None:
        return Confrontation(column, expectation, found, SILENT, expectation.why)
    least, greatest = expectation.exponents
    allowed = f"{least:g}" if least == greatest else f"{least:g} to {greatest:g}"
    if not found.known:
        return Confrontation(column, expectation, found, UNDECIDED, f"predicted {allowed}; no slope could be fitted")
    agrees = found.low <= greatest and found.high >= least
    return Confrontation(column, expectation, found, AGREES if agrees else PARTS, f"predicted {allowed}")


def _sign(expectation: Expectation, found: Found) -> tuple[str, str]:
    if expectation.sign is None:
        return SILENT, expectation.why
    if not found.known:
        return UNDECIDED, "could not be measured"
    reach = max(abs(found.low), abs(found.high))
    if expectation.sign == 0:
        if found.sign:
            return PARTS, "predicted: no effect"
        return AGREES, f"predicted: no effect; one beyond {reach:.2g} would have been seen"
    predicted = "positive" if expectation.sign > 0 else "negative"
    if found.sign == 0:
        return UNDECIDED, f"predicted {predicted}; the interval holds 0"
    return (AGREES if found.sign == expectation.sign else PARTS), f"predicted {predicted}"

"""What was predicted beside what was found: where they agree, where they part, and where nothing can be said."""

from __future__ import annotations

import math
from dataclasses import dataclass

from derivations.audit.expectations import Expectation

AGREES, PARTS, UNDECIDED, SILENT = "agrees", "parts", "undecided", "no prediction"

SMALL = 0.1  # a correlation that is small by the usual convention (Cohen, 1988); an interval that holds larger ones shows no absence

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
    """The slope of ln norm in ln frequency against the exponents that the formulas allow.

    It agrees if its interval lies among them or, of a single one, holds it and no exponent of another regime of the ledger
    (``rivals``): an interval so wide that it would agree with either has decided nothing.
    """
    return Confrontation(column, expectation, found, *_exponent(expectation, found))


def _exponent(expectation: Expectation, found: Found) -> tuple[str, str]:
    if expectation.exponents is None:
        return SILENT, expectation.why
    least, greatest = expectation.exponents
    predicted = f"predicted {least:g}" if least == greatest else f"predicted {least:g} to {greatest:g}"
    if not found.known:
        return UNDECIDED, f"{predicted}; no slope with an interval could be fitted"
    if found.high < least or found.low > greatest:
        return PARTS, predicted
    if least < greatest:
        within = least <= found.low and found.high <= greatest
        return (AGREES, predicted) if within else (UNDECIDED, f"{predicted}; the interval goes beyond")
    others = [f"{e:g}" for e in expectation.rivals if found.low <= e <= found.high]
    return (UNDECIDED, f"{predicted}; the interval holds {', '.join(others)} as well") if others else (AGREES, predicted)


def _sign(expectation: Expectation, found: Found) -> tuple[str, str]:
    if expectation.sign is None:
        return SILENT, expectation.why
    if not found.known:
        return UNDECIDED, "could not be measured"
    reach = max(abs(found.low), abs(found.high))
    if expectation.sign == 0:
        if found.sign:
            return PARTS, "predicted: no effect"
        return (AGREES if reach <= SMALL else UNDECIDED), f"predicted: no effect; one beyond {reach:.2g} would have been seen"
    predicted = "positive" if expectation.sign > 0 else "negative"
    if found.sign == 0:
        return UNDECIDED, f"predicted {predicted}; the interval holds 0"
    return (AGREES if found.sign == expectation.sign else PARTS), f"predicted {predicted}"

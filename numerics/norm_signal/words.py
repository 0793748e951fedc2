"""The verdict in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from numerics.norm_signal.records import QUANTISED, EqualNorms, Level, Outliers, Quantised, ShortGroup, Untrained

Kind = Literal["signal", "none", "mixed", "undecided"]
EPSILON_SHARE = 0.01  # of a variance: with more, epsilon is a part of the model and not a guard against 0


@dataclass(frozen=True)
class Findings:
    """What the verdict is made of."""

    rows: int
    dimension: int
    precision: str
    entries_seen: bool
    median: float
    largest: float
    floors: dict[str, float]
    floor_of: str | None
    at_floor: float
    levels: tuple[Level, ...]
    in_levels: float
    outliers: Outliers
    untrained: tuple[Untrained, ...]
    equal: tuple[EqualNorms, ...]
    quantised: Quantised | None = None
    short: ShortGroup | None = None
    in_equal: int = 0  # rows whose norm is exactly that of others, beyond chance


def verdict(found: Findings) -> tuple[Kind, str]:
    """What the norms are, and whether they can mean anything: of rows that rounding, or chance at the start, made, they cannot."""
    kind, words = _verdict(found)
    told = found.quantised is not None and not found.quantised.scaled
    return kind, words + (f"; {steps(found.quantised)}" if told and found.quantised is not None else "")


def _verdict(found: Findings) -> tuple[Kind, str]:
    if found.quantised is not None and found.quantised.scaled:
        return "none", "none: each row was scaled by its own greatest entry, and its length lies in a scale that this file does not have"
    if found.floor_of is not None:
        return _constant(found)
    if only_epsilon(found):
        return "none", f"none: normalised to sqrt({found.dimension}) but for the epsilon of a LayerNorm"
    if found.untrained and found.untrained[0].everything:
        law = found.untrained[0].entries
        return "none", f"none: never trained: all norms are as {law} random entries of {found.dimension} dimensions give them"
    reasons = _reasons(found)
    if reasons:
        return "mixed", "mixed: " + "; ".join(reasons)
    far, several = found.outliers.count, _equal(found)
    notes = ([f"{_rows(far)} far from the rest"] if far else []) + ([f"{_rows(several)} of exactly equal norms"] if several else [])
    return "signal", "signal" + (f", with {' and '.join(notes)}" if notes else "")


def _reasons(found: Findings) -> list[str]:
    reasons = []
    if found.levels:
        reasons.append(f"discrete: {_share(found.in_levels)} of rows have one of {len(found.levels)} norms")
    elif found.at_floor:
        reasons.append(f"{_share(found.at_floor)} of rows have one norm, to rounding")
    never = sum(group.rows for group in found.untrained)
    if never:
        small = "small " if all(group.small for group in found.untrained) else ""
        reasons.append(f"{_rows(never)} with {small}norms as of random vectors look never trained")
    if 2 * (several := _equal(found)) > found.rows:  # fewer are copies of one text, and say nothing of the others
        reasons.append(f"{_rows(several)} have exactly equal norms")
    return reasons


def _equal(found: Findings) -> int:
    """Rows of exactly equal norms, where it is not already said that norms come in levels."""
    return 0 if found.levels or found.at_floor else found.in_equal


def _constant(found: Findings) -> tuple[Kind, str]:
    floor, root = found.floors[found.floor_of or found.precision], math.sqrt(found.dimension)
    if abs(found.median - 1) <= floor:
        what = "normalised"
    elif abs(found.median / root - 1) <= floor:
        what = f"normalised to sqrt({found.dimension}), as a last LayerNorm or RMSNorm without gain does"
    elif only_epsilon(found):
        what = f"normalised to sqrt({found.dimension}) but for the epsilon of a LayerNorm"
    else:
        what = f"constant at {found.median:g}"
    if found.floor_of == QUANTISED:
        what = f"at the floor of quantisation ({what})"
    elif found.floor_of != found.precision:
        what = f"at the floor of {found.floor_of} ({what}{'' if found.entries_seen else '; entries, which were not given, could tell'})"
    exceptions = found.outliers.count
    if exceptions and not only_epsilon(found):
        return "mixed", f"mixed: {what}, but for {_rows(exceptions)}"
    return "none", f"none: {what}"


def steps(of: Quantised) -> str:
    """What quantisation did to norms."""
    if of.codes:
        return ("entries are int8 codes: norms are lengths, in steps, only if one scale is that of all entries; with scales for rows or"
                " dimensions give the numbers that codes stand for, and unpack packed bits")  # fmt: skip
    if of.steps == 1:
        return "entries are binary or ternary, a sign times one size: of a length no more is left than that size tells"
    whose = {"all": "one step", "row": "a step of each row", "dimension": "a step of each dimension"}[of.scale]
    if not of.floor < 1:
        kept = "a step is no small part of a norm, and lengths may be lost"
    else:
        kept = f"lengths are kept to {_share(of.floor)}, but for what was cut off"
    return f"entries are multiples, up to {of.steps}, of {whose} (quantised): {kept}"


def only_epsilon(found: Findings) -> bool:
    """Whether no norm is above sqrt(d) and most are below by what an epsilon of at most a hundredth of the variance takes.

    A LayerNorm makes sqrt(d v / (v + epsilon)) of a row of variance v: never above sqrt(d), which real norms would have to meet by chance.
    """
    floor, root = found.floors[found.precision], math.sqrt(found.dimension)
    return found.largest <= root * (1 + floor) and found.median >= root * math.sqrt(1 - EPSILON_SHARE)


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _share(share: float) -> str:
    return f"{100 * share:.3g} %"

"""All predictions that an audit judges, as one family: together they are wrong no more often than one interval may be.

Each is judged by an interval at level 1 - (1 - level) / m, m being how many are judged (Bonferroni; no dependence is supposed), so
that where all predictions are true one of them is said to part with probability at most 1 - level, and where nothing joins norms and
columns one is said to be met as rarely. Where the norms of a control are given, it is the difference to the control that decides,
and a verdict is given only if the controlled figure has the same; but for claims about the architecture, which an untrained network
shares.
"""

from __future__ import annotations

from collections.abc import Sequence

from derivations.audit.confront import (
    AGREES,
    PARTS,
    SILENT,
    UNDECIDED,
    Confrontation,
    Found,
    exponent_against,
    sign_against,
)
from derivations.audit.expectations import Expectation
from derivations.audit.record import Exponent
from derivations.audit.roles import Roles
from numerics.association import Association, Estimate

_SAID = {AGREES: "agrees", PARTS: "parts", UNDECIDED: "does not decide"}


def family_of(predicted: Sequence[Expectation], roles: Roles) -> int:
    """How many columns and exponents meet a prediction; 1 where none does, so that intervals have a level."""
    by_role = {e.role: e for e in predicted}
    columns = [by_role[role] for role in map(roles.of, roles.measured) if role is not None]
    slopes = sum(e.role == "frequency" and e.exponents is not None for e in columns)
    return max(1, sum(e.sign is not None for e in columns) + slopes)


def confronted(
    predicted: Sequence[Expectation], found: Sequence[Association], exponents: Sequence[Exponent], roles: Roles
) -> tuple[Confrontation, ...]:
    """Every column with a role, and every exponent, by joint intervals."""
    by_role = {e.role: e for e in predicted}
    made = []
    for a in found:
        role = roles.of(a.covariate)
        if role is not None:
            own, beyond = joint(a.controlled), None if a.difference is None else joint(a.difference)
            made.append(_both(sign_against(a.covariate, by_role[role], own),
                              None if beyond is None else sign_against(a.covariate, by_role[role], beyond)))  # fmt: skip
    for e in exponents:
        name, said = f"exponent of {e.column}", by_role["frequency"]
        against = None if e.difference is None else exponent_against(name, said, e.difference)
        made.append(_both(exponent_against(name, said, e.joint), against))
    return tuple(made)


def joint(e: Estimate) -> Found:
    """By the interval that holds together with those of the family."""
    return Found(e.value, e.joint_low, e.joint_high)


def _both(own: Confrontation, beyond: Confrontation | None) -> Confrontation:
    """``beyond``: of the difference to the control, None without one."""
    if beyond is None or own.verdict == SILENT:
        return own
    if own.expectation.architecture:
        words = f"{own.words}; of the architecture, trained or not: the control, which has it too, decides nothing"
        return Confrontation(own.column, own.expectation, own.found, own.verdict, words)
    if own.verdict == beyond.verdict:
        return Confrontation(own.column, own.expectation, beyond.found, beyond.verdict, f"{beyond.words}; beyond the control")
    words = f"the norm {_SAID[own.verdict]}, what goes beyond the control {_SAID[beyond.verdict]}"
    return Confrontation(own.column, own.expectation, beyond.found, UNDECIDED, words)

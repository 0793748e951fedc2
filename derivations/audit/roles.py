"""What a covariate stands for: the ledger speaks of frequency, specificity, ambiguity and length, and files have columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from derivations.command_line.input_checks import UsageError
from numerics.association.inputs import is_length

MEANINGS = ("frequency", "specificity", "ambiguity")
ROLES = (*MEANINGS, "length")
USUAL: Mapping[str, tuple[str, ...]] = {  # names of columns that say by themselves what they are
    "frequency": ("frequency", "freq", "count", "counts"),
    "specificity": ("specificity", "depth", "concentration"),
    "ambiguity": ("ambiguity", "polysemy", "senses", "entropy", "disagreement"),
    "length": ("length", "tokens", "token_count", "n_tokens", "characters", "words"),
}


@dataclass(frozen=True)
class Roles:
    """``columns``: role -> columns that play it; ``confounders``: columns to be controlled for, lengths among them; ``group``: clusters;
    ``labels``: confounders that are text."""

    columns: Mapping[str, tuple[str, ...]]
    confounders: tuple[str, ...]
    group: str | None
    measured: tuple[str, ...]  # every numeric covariate, in the order of the file
    labels: tuple[str, ...] = ()

    def of(self, column: str) -> str | None:
        """The role of a column, or None."""
        return next((role for role, names in self.columns.items() if column in names), None)


def assigned(
    numeric: Sequence[str],
    others: Mapping[str, str],
    said: Mapping[str, Sequence[str]],
    confounders: Sequence[str] = (),
    group: str | None = None,
    prefix: str = "--",
    text: Sequence[str] = (),
) -> Roles:
    """Roles as the user says (``said``: role -> columns), else by the usual names; a column has one role. ``others``: why no numbers;
    ``prefix``: of flags in errors; ``text``: those of the others that are labels, which may be confounders.

    Raises `UsageError` for a column that is not there, is text where numbers are needed, or is given two roles.
    """
    everything = (*numeric, *others)
    taken: dict[str, str] = {}
    for role in ROLES:
        for name in said.get(role, ()):
            _numeric(f"{prefix}{role}", name, numeric, others)
            if name in taken:
                raise UsageError(f"{prefix}{role} = {name!r} is {prefix}{taken[name]} already; a column has one role")
            taken[name] = role
    for role in ROLES:
        if group is not None and group in said.get(role, ()):
            raise UsageError(f"{prefix}group = {group!r} is {prefix}{role} already; the column that says which rows belong together"
                             " cannot be measured as well")  # fmt: skip
    if group is not None and group in confounders and group not in text:  # a label may be held fixed, and say what belongs together
        raise UsageError(f"{prefix}group = {group!r} is {prefix}confounder already; name one of them")
    for name in (name for name in confounders if name not in text):
        _numeric(f"{prefix}confounder", name, numeric, others)
    if group is not None and group not in everything:
        raise UsageError(f"{prefix}group = {group!r} must be one of the columns: {_named(everything)}")
    for role in ROLES:
        if not said.get(role):
            for name in numeric:
                if usual_role(name) == role and name != group:
                    taken.setdefault(name, role)
    columns = {role: tuple(name for name in numeric if taken.get(name) == role) for role in ROLES}
    controlled = tuple(dict.fromkeys((*confounders, *columns["length"])))
    return Roles(columns, controlled, group, tuple(name for name in numeric if name != group),
                 tuple(name for name in controlled if name in text))  # fmt: skip


def usual_role(name: str) -> str | None:
    """The role that a column's name says by itself, or None."""
    return next((role for role in ROLES if name.lower() in USUAL[role] or (role == "length" and is_length(name))), None)


def _numeric(flag: str, name: str, numeric: Sequence[str], others: Mapping[str, str]) -> None:
    if name in others:
        raise UsageError(f"{flag} = {name!r} must be a column of numbers, such as {_named(numeric)}; it is {others[name]}")
    if name not in numeric:
        raise UsageError(f"{flag} = {name!r} must be one of the columns: {_named((*numeric, *others))}")


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "") if names else "(there are none)"

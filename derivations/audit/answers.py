"""The questions that a person has of norms, each with the answer that was found; no answer says more than its interval does."""

from __future__ import annotations

from derivations.audit.confront import AGREES, PARTS
from derivations.audit.record import Audit
from numerics.association import Association, Estimate


def answers(found: Audit) -> tuple[tuple[str, str], ...]:
    """Question and answer, in the order in which they come up."""
    return (("Is there a norm signal?", _signal(found)), ("What do norms go with?", _what(found)), ("As predicted?", _why(found)),
            ("May norms serve as confidence?", _confidence(found)), ("Normalise before ranking?", _normalise(found)),
            ("Rows that look never trained?", _untrained(found)))  # fmt: skip


def _signal(found: Audit) -> str:
    return found.signal.verdict


def significant(found: Audit, e: Estimate) -> bool:
    """Whether an association is told from none after the correction for how many were looked at."""
    return e.adjusted_p <= 1 - found.level


def _what(found: Audit) -> str:
    if found.roles is None:
        return "not asked: give --covariates FILE"
    if not found.associations:
        constant = found.signal.smallest == found.signal.largest
        return "nothing to associate: norms are constant" if constant else "there is no numeric covariate"
    told = [a for a in found.associations if significant(found, a.controlled)]
    if not told:
        return "no covariate has an association with the norm that is told from none, controlled for the others"
    words = [f"{'longer' if a.controlled.value > 0 else 'shorter'} with {a.covariate} ({_rho(a.controlled)})"
             for a in sorted(told, key=lambda a: -abs(a.controlled.value))]  # fmt: skip
    return "; ".join(words) + ", each at equal ranks of the others" + _turned(found)


def _turned(found: Audit) -> str:
    names = [a.covariate for a in found.associations if a.signs_differ]
    return f". RAW AND CONTROLLED SIGNS DIFFER: {', '.join(names)}" if names else ""


def _rho(e: Estimate) -> str:
    return f"rho {e.value:+.3f}, {e.low:+.3f} to {e.high:+.3f}"


def _why(found: Audit) -> str:
    if found.outside:
        return f"outside every law of lookup rows: {found.outside}" + _met(found)
    if not found.confrontations:
        silent = found.signal.kind == "none"
        return "there is no signal" if silent else "nothing to compare: no covariate has a role that the ledger speaks of"
    return _met(found).removeprefix("; ") or "the ledger makes no prediction for these"


def _met(found: Audit) -> str:
    parts = []
    for word, shown in ((AGREES, "as predicted"), (PARTS, "AGAINST the prediction")):
        names = [c.column for c in found.confrontations if c.verdict == word]
        parts += [f"{shown}: {', '.join(names)}"] if names else []
    return "; " + "; ".join(parts) if parts else ""


def _confidence(found: Audit) -> str:
    if found.retrieval is None:
        return "not asked: give --queries and --relevance"
    if found.retrieval.usefulness is None:
        return f"cannot be said: {found.retrieval.why_not}"
    return f"beyond {', '.join(found.retrieval.controls)}: {found.retrieval.usefulness.verdict}"


def _normalise(found: Audit) -> str:
    if found.retrieval is None:
        if found.signal.kind == "none":
            return "it makes no difference: there is no signal"
        return (f"norms vary by {100 * found.signal.variation:.2g} % (coefficient of variation): inner products rank by them as well;"
                " give --queries and --relevance to see whether that helps")  # fmt: skip
    e = found.retrieval.exponent
    gain, low, high = e.over_cosine
    return (f"cos |d|^b is best at b = {e.fitted:g} ({e.low:g} to {e.high:g}); on the other half {e.verdict} against b = 0:"
            f" nDCG@{e.k} {gain:+.4f} ({low:+.4f} to {high:+.4f})")  # fmt: skip


def _untrained(found: Audit) -> str:
    groups = found.signal.untrained
    if not groups:
        return "none found" if found.signal.kind != "none" else "norms are constant: they do not tell"
    return "; ".join(f"{u.rows} rows with norms {u.lowest:.4g} to {u.highest:.4g} are as {u.entries} entries alone would make them"
                     for u in groups)  # fmt: skip


def shown_signs(a: Association) -> str:
    """How many groups agree with the controlled sign, or nothing without groups."""
    counts = a.controlled_by_group
    if counts is None:
        return ""
    total = counts.positive + counts.negative
    return f"{counts.agreeing(a.controlled.value)} of {total}"

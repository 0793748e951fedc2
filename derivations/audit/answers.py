"""The questions that a person has of norms, each with the answer that was found; no answer says more than its interval does."""

from __future__ import annotations

import math
from collections.abc import Mapping

from derivations.audit.confront import AGREES, PARTS, UNDECIDED
from derivations.audit.layout import listed
from derivations.audit.never_trained import looks_untrained
from derivations.audit.record import Audit
from derivations.audit.retrieval import Retrieval
from numerics.association import Association, Estimate
from numerics.rankings import NormExponent

_NAMED = 5  # columns that are not used
_ROUNDING = math.ldexp(1, -40)  # of a correlation of ranks


def answers(found: Audit) -> tuple[tuple[str, str], ...]:
    """Question and answer, in the order in which they come up."""
    return (("Is there a norm signal?", _signal(found)), ("What do norms go with?", _what(found)), ("As predicted?", _why(found)),
            ("May norms serve as confidence?", _confidence(found)), ("Normalise before ranking?", _normalise(found)),
            ("Rows that look never trained?", looks_untrained(found)))  # fmt: skip


def _signal(found: Audit) -> str:
    s = found.signal
    if s.kind != "signal":
        return s.verdict
    if s.decided_by_one:
        return (f"yes: norms vary by {100 * s.robust_variation:.3g} % of their median (robust); how much of their mean cannot be said: a"
                f" single row decides it{s.verdict.removeprefix('signal')}")  # fmt: skip
    return (f"yes: norms vary by {100 * s.variation:.3g} % of their mean ({100 * s.variation_low:.3g} to {100 * s.variation_high:.3g});"
            f" rounding alone makes {100 * max(s.floors.values()):.1g} % at most{s.verdict.removeprefix('signal')}")  # fmt: skip


def significant(found: Audit, e: Estimate) -> bool:
    """Whether an association is told from none after the correction for how many were looked at."""
    return e.adjusted_p <= 1 - found.level


def _what(found: Audit) -> str:
    if found.roles is None:
        return "not asked: give --covariates FILE, a table of what is known of each row"
    if found.signal.kind == "none":
        return f"nothing to speak of: {found.signal.verdict.removeprefix('none: ')}"
    if not found.associations:
        return "the covariates have no column of numbers" + not_used(found.unused)
    tested = [a for a in found.associations if not math.isnan(a.controlled.adjusted_p)]
    held = "; each given the other columns" if any(a.controls for a in tested) else ""
    told = [a for a in found.associations if significant(found, a.controlled)]
    words = [f"{'longer' if a.controlled.value > 0 else 'shorter'} with {a.covariate} ({_rho(a.controlled)})"
             for a in sorted(told, key=lambda a: -abs(a.controlled.value))]  # fmt: skip
    said = "; ".join(words) + held + _unsaid(found) if told else _none_told(found, held)
    return said + _turned(found) + _not_beyond(told) + not_used(found.unused)


def not_used(unused: Mapping[str, str]) -> str:
    """Columns of text that play no role: what norms share with them passes for what they share with another column."""
    named = [f"{name} ({why})" for name, why in unused.items() if why.startswith("text")]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f". Not used: {', '.join(named[:_NAMED])}{more}" if named else ""


def _none_told(found: Audit, held: str) -> str:
    """Nothing found is not the same as nothing that could have been."""
    tested = [a.covariate for a in found.associations if not math.isnan(a.controlled.adjusted_p)]
    if not tested:
        return _unsaid(found).removeprefix("; ")
    which = "any covariate" if len(tested) == len(found.associations) else listed(tested)
    return f"no association found with {which}{held}{_unsaid(found)}"


def _unsaid(found: Audit) -> str:
    """Columns of which nothing can be said, those of one reason together; raw figures, where the others leave nothing of a column."""
    reasons: dict[str, list[str]] = {}
    for a in found.associations:
        if math.isnan(a.controlled.adjusted_p):
            raw = "" if math.isnan(a.raw.low) else f" (raw {_rho(a.raw)})"
            reasons.setdefault(_alike(found, a) or a.controlled.reason, []).append(a.covariate + raw)
    return "".join(f"; of {listed(names)} it cannot be said: {why}" for why, names in reasons.items())


def _alike(found: Audit, a: Association) -> str:
    """Which columns order the rows alike, and the way out; empty where that is not why."""
    if not a.determined_by:
        return ""
    copies = [b.covariate for b in found.associations if b.covariate in a.determined_by and abs(b.raw.value) >= 1 - _ROUNDING]
    if copies:
        return f"the norms have the order of {' and of '.join(copies)}, beside which nothing is left of them; leave out {', '.join(copies)}"
    names = [b.covariate for b in found.associations if b.covariate in (a.covariate, *a.determined_by)]
    names += [name for name in a.determined_by if name not in names]
    out = f"leave out all but one ({' or '.join(names)})"
    if found.roles is not None and not set(names) & set(found.roles.confounders):
        out += ", or hold confounders alone equal (--given confounders)"
    return f"{' and '.join(names)} put the rows into the same order, so that beside the one nothing is left of the other; {out}"


def _turned(found: Audit) -> str:
    pairs = [f"{a.covariate} raw {a.raw.value:+.3f}, controlled {a.controlled.value:+.3f}" for a in found.associations if a.signs_differ]
    return f". SIGNS DIFFER without and with the other columns held equal: {'; '.join(pairs)}" if pairs else ""


def _not_beyond(told: list[Association]) -> str:
    """Of a control file: what it shows as well cannot be due to what it lacks. By the interval of the difference by itself."""
    names = [a.covariate for a in told if a.difference is not None and a.difference.sign != a.controlled.sign]
    return f". NOT BEYOND THE CONTROL, whose norms do the same: {', '.join(names)}" if names else ""


def _rho(e: Estimate) -> str:
    return f"rho {e.value:+.3f}, {e.low:+.3f} to {e.high:+.3f}"


def _why(found: Audit) -> str:
    if found.signal.kind == "none":
        return "nothing to compare: there is no signal"
    if found.outside:
        return f"no law about rows of a table applies: {found.outside}" + _met(found)
    if found.training.encoder is None:
        return f"not asked: {found.expectations[0].why}" + _met(found)
    if not found.confrontations:
        return "nothing to compare: no column is said to be a frequency, specificity, ambiguity or length"
    return _met(found).removeprefix("; ") or "theory makes no prediction for these columns"


def _met(found: Audit) -> str:
    parts = []
    for word, shown in ((AGREES, "as predicted"), (PARTS, "AGAINST the prediction"), (UNDECIDED, "not decided")):
        names = [c.column for c in found.confrontations if c.verdict == word]
        parts += [f"{shown}: {', '.join(names)}"] if names else []
    return "; " + "; ".join(parts) if parts else ""


def _confidence(found: Audit) -> str:
    r = found.retrieval
    if r is None:
        return "not asked: give --queries and --relevance"
    if r.usefulness is None:
        return f"cannot be said: {r.why_not}"
    said = useful(r)
    if r.usefulness.useful and not set(r.lengths) & set(r.controls):
        return ("NOT CLAIMED: no length of the documents was given, which the norm may stand for (--covariates and --length, or"
                f" --document-covariates and --document-length where --documents is given); without it: {said}")  # fmt: skip
    return said + (not_used(r.unused) if r.usefulness.useful else "")


def useful(r: Retrieval) -> str:
    """The verdict, with the names of what the norm was held against and of what counts as one."""
    assert r.usefulness is not None
    head, _, rest = r.usefulness.words(r.controls).partition(": ")
    return f"{head.removesuffix(' beyond the controls')} beyond {listed(r.controls)}: {rest}"


def _normalise(found: Audit) -> str:
    r = found.retrieval
    if r is None:
        if found.signal.kind == "none":
            return "it makes no difference: there is no signal"
        return ("not asked: inner products rank by norms as well as by directions; give --queries to see what that does to the lists, and"
                " --relevance to see whether they are better for it")  # fmt: skip
    if r.exponent is None:
        return f"cannot be said: {r.why_not}; {dominance(r)}"
    e = r.exponent
    best = f"cos(q, d) |d|^b is best at b = {e.fitted:g} ({e.low:g} to {e.high:g})" + (", an end of what was tried" if e.at_edge else "")
    against = [f"{gain:+.4f} ({low:+.4f} to {high:+.4f}) {what}" for what, b, (gain, low, high) in (
        ("over the cosine", 0.0, e.over_cosine), ("over inner products", 1.0, e.over_inner_product)) if b != e.fitted]  # fmt: skip
    return f"{_advice(e)}: {best}; on the other half of the queries it gains nDCG@{e.k} of {' and '.join(against)}"


def dominance(r: Retrieval) -> str:
    """What norms do to the lists, which needs no judgement of what is relevant."""
    if r.lists.overlap == 1:
        return "norms move no document into a list or out of it"
    return (f"inner products put another document first than cosines for {100 * (1 - r.lists.same_best):.3g} % of the queries, and fill"
            f" {100 * (1 - r.lists.overlap):.3g} % of the places in lists of {r.lists.k} with other documents; the"
            f" {100 * r.by_product.fraction:.2g} % of the documents with the greatest norms take {100 * r.by_product.share:.3g} % of the"
            f" places ({100 * r.by_cosine.share:.3g} % by the cosine)")  # fmt: skip


def _advice(e: NormExponent) -> str:
    """In words that the intervals of the held-out half bear."""
    cosine, product = ((low > 0) - (high < 0) for _, low, high in (e.over_cosine, e.over_inner_product))
    if cosine > 0:
        return "no: inner products rank better" if e.fitted == 1 else "not wholly: a power of the norm ranks better than none"
    if cosine < 0:
        return "yes: the cosine ranks better than the power of the norm that was fitted"
    if product > 0:
        return "yes: inner products rank worse" + ("" if e.fitted == 0 else ", and no gain over the cosine was found")
    return "no: inner products rank better" if product < 0 else "no difference found"


def shown_signs(a: Association) -> str:
    """How many groups agree with the controlled sign, or nothing without groups."""
    counts = a.controlled_by_group
    if counts is None:
        return ""
    total = counts.positive + counts.negative
    return f"{counts.agreeing(a.controlled.value)} of {total}"

"""Whether a ledger that is read back agrees with itself: its verdicts worked out anew from the steps and figures in it.

A file that somebody edited, or that lost a claim, is noticed here; figures that somebody invented are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from derivations.ledger.records import MeasurementRecord

Document = Mapping[str, Any]


def contradiction(ledger: Document) -> str:
    """The first thing in which the document of a ledger contradicts itself, in words; empty if nothing does."""
    return next((f"{who}: {what}" for who, what in _contradictions(ledger)), "")


def _contradictions(ledger: Document) -> Iterator[tuple[str, str]]:
    claims: Sequence[Document] = ledger["claims"]
    for claim in claims:
        yield from ((str(claim["id"]), what) for what in _of_claim(claim))
    twice = [name for name, count in Counter(c["id"] for c in claims).items() if count > 1]
    yield from ((str(name), "it is there twice") for name in twice)
    yield from (("real text", what) for what in _of_real_text(ledger["real_input"]))
    yield from (("summary", what) for what in _of_summary(ledger, claims))


def _of_claim(claim: Document) -> Iterator[str]:
    yield from _of_proof(claim)
    yield from _of_evidence(claim["evidence"])
    for hypothesis in claim["hypotheses"]:
        yield from (f"hypothesis {hypothesis['id']}: {what}" for what in _of_hypothesis(hypothesis, claim["proof"]))
    passes = claim["proof"] in ("proved", "numeric-only") and all(map(_settled, claim["steps"]))
    passes &= claim["evidence"]["verdict"] == "holds" and all(h["witness"] == "bites" for h in claim["hypotheses"])
    if passes == bool(claim["falls_short"]):
        yield f"it {'falls' if passes else 'does not fall'} short, and its verdicts say otherwise"


def _of_proof(claim: Document) -> Iterator[str]:
    said, steps = claim["proof"], claim["steps"]
    if said not in ("proved", "numeric-only", "refuted", "undecided"):
        yield f"proof = {said!r} is no verdict"
    if said in ("proved", "numeric-only") and not all(step["verdict"] == "proved" for step in steps):
        yield f"proof = {said!r} with a step that is not"
    if said == "proved" and claim["statement_latex"] != r" ;\quad ".join(step["latex"] for step in steps if step["concludes"]):
        yield "statement_latex is not what its steps conclude"
    if said == "proved" and not any(step["concludes"] for step in steps):
        yield "proof = 'proved' without a step that concludes the statement"
    if said != "refuted" and any(step["verdict"] == "refuted" for step in steps):
        yield f"proof = {said!r} with a step that is refuted"


def _settled(step: Document) -> bool:
    return step["verdict"] == "proved" and not step["conditions"]


def _of_evidence(evidence: Document) -> Iterator[str]:
    found = [_measurement(m) for m in evidence["measurements"]]
    for measured in found:
        yield from _of_measurement(measured)
    verdicts = [m.verdict for m in found]
    fails = evidence["note"] or "fails" in verdicts
    verdict = "fails" if fails else "holds" if verdicts and set(verdicts) == {"holds"} else "vacuous"
    if evidence["verdict"] != verdict:
        yield f"evidence = {evidence['verdict']!r}, and its measurements say {verdict!r}"
    if evidence["settings"] != (most := max((m.settings for m in found), default=0)):
        yield f"evidence settings = {evidence['settings']!r}, and its measurements say {most}"
    decisive = max((m for m in found if m.settings), key=lambda m: m.share, default=None)
    figures = (None, None) if decisive is None else (decisive.observed, decisive.bound)
    if (_number(evidence["observed"]), _number(evidence["bound"])) != figures and not any(f != f for f in figures):
        yield f"evidence observed = {evidence['observed']!r}, bound = {evidence['bound']!r} is not its measurement nearest to the bound"


def _measurement(m: Document) -> MeasurementRecord:
    return MeasurementRecord(m["what"], m["verdict"], _number(m["observed"]), _number(m["bound"]), m["settings"])


def _number(value: Any) -> float | None:
    """A figure as the ledger has it: none, a number, or the name of what JSON cannot write."""
    return None if value is None else float(value)


def _of_measurement(m: MeasurementRecord) -> Iterator[str]:
    inside = m.observed is not None and m.bound is not None and m.observed <= m.bound
    verdict = "vacuous" if not m.settings else "holds" if inside else "fails"
    if m.verdict != verdict:
        yield f"{m.what}: verdict = {m.verdict!r} with observed = {m.observed}, bound = {m.bound}, settings = {m.settings}"


def _of_hypothesis(hypothesis: Document, proof: str) -> Iterator[str]:
    kernel, numeric = hypothesis["symbolic"], hypothesis["numeric"]
    if kernel is not None:
        refuted = kernel["verdict"] == "refuted" and (kernel["instead"] is None or _settled(kernel["instead"]))
        if kernel["bites"] != refuted:
            yield f"the kernel's witness has bites = {kernel['bites']}, and its verdicts say {refuted}"
    if numeric is not None:
        yield from _of_simulation(numeric)
    bites = numeric is not None and numeric["bites"] and (kernel["bites"] if kernel is not None else proof == "numeric-only")
    wanted = "missing" if numeric is None else "bites" if bites else "fails"
    if hypothesis["witness"] != wanted and not (kernel is None and proof not in ("proved", "numeric-only")):
        yield f"witness = {hypothesis['witness']!r}, and its two sides say {wanted!r}"


def _of_simulation(numeric: Document) -> Iterator[str]:
    sides = [numeric[name] and _measurement(numeric[name]) for name in ("kept", "dropped")]
    for side in filter(None, sides):
        yield from _of_measurement(side)
    bites = all(sides) and [side.verdict for side in sides] == ["holds", "fails"]
    if numeric["bites"] != bites:
        yield f"the simulated witness has bites = {numeric['bites']}, and its measurements say {bites}"


def _of_real_text(real: Document | None) -> Iterator[str]:
    if real is not None and real["verdict"] == "holds" and (real["outside"] or real["note"]):
        yield f"verdict = 'holds' with {real['outside']} rows outside their bound"


def _of_summary(ledger: Document, claims: Sequence[Document]) -> Iterator[str]:
    summary, real = ledger["summary"], ledger["real_input"]
    short = [c for c in claims if c["falls_short"]]
    passes = bool(claims or real) and not short and (real is None or real["verdict"] == "holds")
    counted: dict[str, Any] = {"claims": len(claims), "passes": passes}
    for name, found in (
        ("proof", Counter(c["proof"] for c in claims)),
        ("evidence", Counter(c["evidence"]["verdict"] for c in claims)),
        ("witnesses", Counter(h["witness"] for c in claims for h in c["hypotheses"])),
    ):
        counted[name] = {word: found[word] for word in summary[name]}
    for name, value in counted.items():
        if summary[name] != value:
            yield f"{name} = {summary[name]}, and the claims say {value}"

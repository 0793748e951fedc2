"""A ledger written down: one JSON document, and Markdown for a person."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from derivations.ledger.proofs import KernelWitness, StepRecord
from derivations.ledger.records import (
    ClaimRecord,
    HypothesisRecord,
    Ledger,
    MeasurementRecord,
    NumericWitnessRecord,
    RealTextRecord,
    figure,
)
from theory.standing import FALL_SHORT, what_it_rests_on

SCHEMA_VERSION = 1


def ledger_json(ledger: Ledger) -> str:
    """The whole ledger as one JSON document, ASCII, with no NaN or Infinity literal."""
    return json.dumps(finite(document(ledger)), indent=2, allow_nan=False) + "\n"


def document(ledger: Ledger) -> dict[str, Any]:
    """The ledger as nested plain values."""
    real, resting, missing = ledger.real_text, ledger.resting(), ledger.not_run()
    return {
        "schema_version": SCHEMA_VERSION,
        "summary": summary(ledger),  # first: what falls short is not below everything that holds
        "claims": [claim_document(claim, resting[claim.id], missing[claim.id]) for claim in ledger.claims],
        "real_input": None if real is None else _real_text(real),
        "seed": ledger.seed,
        "effort": ledger.effort,
        "versions": dict(ledger.versions),
    }


def summary(ledger: Ledger) -> dict[str, Any]:
    """Counts of every verdict, whether the run passes, and what falls short."""
    proofs = Counter(c.proof.status for c in ledger.claims)
    evidence = Counter(c.evidence.verdict for c in ledger.claims)
    witnesses = Counter(h.witness for c in ledger.claims for h in c.hypotheses)
    return {
        "passes": ledger.passes,
        "claims": len(ledger.claims),
        "proof": {name: proofs[name] for name in ("proved", "refuted", "undecided", "numeric-only")},
        "numeric_only": [claim.id for claim in ledger.numeric_only],
        "evidence": {name: evidence[name] for name in ("holds", "fails", "vacuous")},
        "witnesses": {name: witnesses[name] for name in ("bites", "missing", "fails")},
        "real_input": ledger.real_text.verdict if ledger.real_text else "not run",
        "unchanged": ledger.unchanged,
        "falls_short": [{"who": who, "why": why} for who, why in ledger.shortfalls()],
        "rest_on_what_falls_short": [name for name, lemmas in ledger.resting().items() if lemmas],
        "rest_on_what_was_not_run": [name for name, lemmas in ledger.not_run().items() if lemmas],
        "seconds": round(ledger.seconds, 3),
    }


def claim_document(claim: ClaimRecord, resting: Sequence[str] = (), missing: Sequence[str] = ()) -> dict[str, Any]:
    """One claim as nested plain values; ``resting`` are the labels of lemmas that fall short, ``missing`` ids of those not run."""
    decisive = claim.evidence.decisive
    return {
        "id": claim.id,
        "label": claim.label,
        "chapter": claim.chapter,
        "title": claim.title,
        "statement_latex": claim.proof.statement_latex,
        "proof": claim.proof.status,
        "steps": [step_document(step) for step in claim.proof.steps],
        "evidence": {
            "verdict": claim.evidence.verdict,
            "observed": decisive.observed if decisive else None,
            "bound": decisive.bound if decisive else None,
            "settings": claim.evidence.settings,
            "note": claim.evidence.note,
            "measurements": [_measurement(m) for m in claim.evidence.measurements],
        },
        "hypotheses": [_hypothesis(h) for h in claim.hypotheses],
        "derived_from": list(claim.derived_from),
        "fallen_lemmas": list(resting),
        "lemmas_not_run": list(missing),
        "provenance": claim.provenance,
        "falls_short": list(claim.shortfalls()),
        "sources": claim.sources,
        "seconds": round(claim.seconds, 3),
    }


def step_document(step: StepRecord) -> dict[str, Any]:
    """One step as plain values."""
    return {
        "words": step.words,
        "latex": step.latex,
        "decided": [definition.document() for definition in step.decided],
        "concludes": step.concludes,
        "case": step.case,
        "free": step.free,
        "verdict": step.verdict,
        "method": step.method,
        "detail": step.detail,
        "values": dict(step.values),
        "conditions": list(step.conditions),
    }


def _measurement(m: MeasurementRecord | None) -> dict[str, Any] | None:
    if m is None:
        return None
    names = ("what", "verdict", "observed", "bound", "settings", "setting")
    return {name: getattr(m, name) for name in names}


def _hypothesis(h: HypothesisRecord) -> dict[str, Any]:
    return {
        "id": h.id,
        "words": h.words,
        "witness": h.witness,
        "symbolic": kernel_document(h.kernel),
        "numeric": _numeric(h.numeric),
    }


def kernel_document(witness: KernelWitness | None) -> dict[str, Any] | None:
    """The kernel's witness as plain values."""
    if witness is None:
        return None
    instead = None if witness.instead is None else step_document(witness.instead)
    return {"bites": witness.bites, **step_document(witness.step), "instead": instead}


def _numeric(witness: NumericWitnessRecord | None) -> dict[str, Any] | None:
    if witness is None:
        return None
    kept, dropped = _measurement(witness.kept), _measurement(witness.dropped)
    return {
        "words": witness.words,
        "bites": witness.bites,
        "kept": kept,
        "dropped": dropped,
        "note": witness.note,
    }


def _real_text(real: RealTextRecord) -> dict[str, Any]:
    names = ("verdict", "corpus", "observed", "bound", "checked", "outside", "at", "note")
    plain = {name: getattr(real, name) for name in names}
    words = [dict(zip(real.header, row, strict=True)) for row in real.rows]
    return {
        **plain,
        "words": words,
        "summary": dict(real.summary),
        "files": list(real.files),
        "seconds": round(real.seconds, 3),
    }


def finite(value: Any) -> Any:
    """The same value, floats that JSON cannot write as strings: ``"nan"``, ``"inf"``, ``"-inf"``."""
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def ledger_markdown(ledger: Ledger) -> str:
    """The ledger as Markdown, without timings: the same run gives the same bytes."""
    verdict = "Everything holds." if ledger.passes else "Something falls short; see below."
    lines = ["# Ledger", "", f"Seed {ledger.seed}, effort {ledger.effort}. {verdict}", ""]
    lines += [f"**{ledger.not_proved()}.**", ""] if ledger.numeric_only else []
    lines += [
        "| | statement | proof | evidence | observed | bound | witnesses |",
        "|---|---|---|---|---|---|---|",
    ]
    resting = ledger.resting()
    lines += [_markdown_row(claim, resting[claim.id]) for claim in ledger.claims]
    text = _real_text_markdown(ledger.real_text) if ledger.real_text else ["Real text is no part of this run."]
    lines += ["", *text]
    lines += ["", f"**{said[0].upper()}{said[1:]}.**"] if (said := ledger.part()) else []
    if short := ledger.shortfalls():
        lines += ["", "## Falls short", "", *(f"- **{who}**: {why}" for who, why in short)]
    lines += [
        "",
        "## Versions",
        "",
        ", ".join(f"{name} {version}" for name, version in ledger.versions.items()),
    ]
    return "\n".join(lines) + "\n"


def _markdown_row(claim: ClaimRecord, resting: Sequence[str]) -> str:
    decisive = claim.evidence.decisive
    biting = sum(h.witness == "bites" for h in claim.hypotheses)
    figures = (figure(decisive.observed), figure(decisive.bound)) if decisive else ("", "")
    cells = (
        claim.label,
        f"{claim.title} (`{claim.id}`)" + (f"; **{said}**" if (said := what_it_rests_on(resting, FALL_SHORT)) else ""),
        "**numeric-only, not proved**" if claim.proof.status == "numeric-only" else claim.proof.status,
        claim.evidence.verdict,
        *figures,
    )
    return "| " + " | ".join((*cells, f"{biting} of {len(claim.hypotheses)} bite")) + " |"


def _real_text_markdown(real: RealTextRecord) -> list[str]:
    line = f"{real.corpus}: the law {real.verdict} on {real.checked} rows"
    line += f"; largest relative error {figure(real.observed)}, bound there {figure(real.bound)}."
    if exponent := real.summary.get("exponents_in_visits", {}).get("norm"):
        low, value, high = (figure(exponent[name]) for name in ("low", "value", "high"))
        line += f" Norm grows as visits^{value} (95 %: {low} to {high})."
    if not real.rows:
        return ["## Real text", "", line]
    head = ["| " + " | ".join(real.header) + " |", "|" + "---|" * len(real.header)]
    return ["## Real text", "", line, "", *head, *("| " + " | ".join(row) + " |" for row in real.rows)]

"""The ledger of one's own claims written down: verdict, what was expected, and whether that is so. There is no evidence
here but the vectors of a refutation, so there are no columns for it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from derivations.ledger.records import Ledger
from derivations.statements.files import VERDICTS, OwnRecord
from derivations.statements.text import setting_words

SCHEMA_VERSION = 1


def records(ledger: Ledger) -> tuple[OwnRecord, ...]:
    """The claims of a ledger of one's own."""
    return tuple(claim for claim in ledger.claims if isinstance(claim, OwnRecord))


def own_document(ledger: Ledger) -> dict[str, Any]:
    """The ledger as nested plain values."""
    found = records(ledger)
    verdicts = Counter(record.proof.status for record in found)
    return {
        "schema_version": SCHEMA_VERSION,
        "claims": [_entry(record) for record in found],
        "summary": {
            "passes": ledger.passes,
            "claims": len(found),
            "verdicts": {name: verdicts[name] for name in VERDICTS},
            "ok": sum(record.as_expected for record in found),
            "unexpected": sum(not record.as_expected for record in found),
            "falls_short": [{"who": who, "why": why} for who, why in ledger.shortfalls()],
            "seconds": round(ledger.seconds, 3),
        },
        "versions": dict(ledger.versions),
    }


def _entry(record: OwnRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "label": record.label,
        "statement": record.statement,
        "where": dict(record.where),
        "given": list(record.given),
        "verdict": record.proof.status,
        "expected": record.expected,
        "as_expected": record.as_expected,
        "result": None if record.result is None else record.result.document(),
    }


def own_markdown(ledger: Ledger) -> str:
    """The ledger as Markdown, without timings: the same run gives the same bytes."""
    verdict = "Every verdict is as expected." if ledger.passes else "Something is not as expected; see below."
    lines = ["# Ledger of own claims", "", verdict, "", "| | claim | statement | verdict | expected | | how, or where it fails |"]
    lines += ["|---|---|---|---|---|---|---|", *map(_row, records(ledger))]
    if short := ledger.shortfalls():
        lines += ["", "## Not as expected", "", *(f"- **{who}**: {why}" for who, why in short)]
    lines += ["", "## Versions", "", ", ".join(f"{name} {version}" for name, version in ledger.versions.items())]
    return "\n".join(lines) + "\n"


def _row(record: OwnRecord) -> str:
    said = [f"`{record.statement}`", *(f"where `{n} = {text}`" for n, text in record.where.items())]
    said += [f"given `{text}`" for text in record.given]
    cells = (record.label, record.id, "; ".join(said), record.proof.status, record.expected,
             "ok" if record.as_expected else "**unexpected**", _why(record))  # fmt: skip
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def _why(record: OwnRecord) -> str:
    result = record.result
    if result is None:
        return record.proof.note
    if result.counterexample is not None:
        return f"at {setting_words(result.counterexample)}"
    if result.verdict == "proved":
        return "; ".join([f"by {result.method}", *(["wherever " + ", ".join(result.conditions)] if result.conditions else [])])
    return result.note

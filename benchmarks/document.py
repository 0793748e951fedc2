"""Results as one JSON document, from which tables and pictures are made: now, or later from the file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from statistics import median
from typing import Any

from benchmarks.contest import Outcome, Standing
from benchmarks.findings import Finding
from benchmarks.machine import machine

SCHEMA_VERSION = 1
Document = dict[str, Any]


def document(outcomes: Sequence[Outcome], findings: Sequence[Finding], failures: Sequence[str], repeats: int, quick: bool) -> Document:
    """Everything that a run found; ``failures`` are benchmarks that could not be carried out."""
    return {
        "schema_version": SCHEMA_VERSION,
        "machine": machine(),
        "repeats": repeats,
        "quick": quick,
        "contests": [_contest(outcome) for outcome in outcomes],
        "findings": [_finding(finding) for finding in findings],
        "failures": list(failures),
    }


def _contest(outcome: Outcome) -> Document:
    case = outcome.case
    return {
        "benchmark": case.benchmark, "case": case.name, "work": case.work, "unit": case.unit, "note": case.note,
        "results_compared": case.check is not None,
        "contenders": [_standing(s, case.targets.get(s.contender)) for s in outcome.standings],
    }  # fmt: skip


def _standing(s: Standing, target: float | None) -> Document:
    ratio = {"median": s.ratio, "least": min(s.ratios), "largest": max(s.ratios)} if s.ratios else None
    met = None if target is None or ratio is None else ratio["median"] >= target
    return {
        "contender": s.contender, "status": s.status, "note": s.reason, "seconds": list(s.seconds), "ratio_to_ours": ratio,
        "target": target, "met": met, "seconds_to_prepare": s.prepared, "difference_over_bound": _finite(s.difference),
    }  # fmt: skip


def _finite(value: float | None) -> float | str | None:
    """JSON has no infinity."""
    return value if value is None or abs(value) < float("inf") else "infinite"


def _finding(f: Finding) -> Document:
    return {
        "benchmark": f.benchmark, "name": f.name, "unit": f.unit, "median": f.value, "least": min(f.values),
        "largest": max(f.values), "values": list(f.values), "note": f.note, "target": f.target, "at_least": f.least, "met": f.met,
    }  # fmt: skip


def faults(results: Document) -> list[str]:
    """Why a run is no success: contenders that computed something else or broke, benchmarks that could not be carried out."""
    wrong = [
        f"{contest['case']}: {c['contender']} {c['status']}: {c['note']}"
        for contest in results["contests"] for c in contest["contenders"] if c["status"] in ("wrong", "failed")
    ]  # fmt: skip
    return wrong + list(results["failures"])


def written(results: Document) -> str:
    """As text."""
    return json.dumps(results, indent=1, allow_nan=False) + "\n"


class NoResults(ValueError):
    """A file holds no results of this schema."""


def read(text: str) -> Document:
    """The document in a file; raises `NoResults`."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise NoResults(f"no JSON: {error}") from error
    if not isinstance(found, dict) or found.get("schema_version") != SCHEMA_VERSION:
        raise NoResults(f"no results of schema version {SCHEMA_VERSION}")
    return found


def rate(contest: Document, contender: Document) -> float:
    """Units of work a second: the median."""
    return float(contest["work"]) / median(contender["seconds"])

"""A run read back from its folder: ledger.json and points.json, with one clear error for files that are not those of one run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from derivations.command_line.input_checks import UsageError
from derivations.ledger.coherence import contradiction
from derivations.ledger.document import SCHEMA_VERSION
from derivations.ledger.points import ClaimPoints, claim_points_from
from derivations.ledger.points_agree import disagreement
from derivations.ledger.records import Ledger

LEDGER, POINTS = "ledger.json", "points.json"
POINTS_VERSION = 1
AGAIN = "run normlaw verify again"
_TOP = {"schema_version", "claims", "real_input", "summary", "seed", "effort", "versions"}
_CLAIM = {"id", "label", "chapter", "title", "statement_latex", "proof", "steps", "evidence", "hypotheses", "derived_from", "provenance",
          "falls_short", "seconds"}  # fmt: skip
_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


def points_json(ledger: Ledger) -> str:
    """The points of all claims as one JSON document, ASCII, a line a claim."""
    head = {"schema_version": POINTS_VERSION, "seed": ledger.seed, "effort": ledger.effort}
    start = ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items())
    claims = ",\n".join(
        f"{json.dumps(c.id)}: {json.dumps(c.evidence.points.document(), separators=(',', ':'), allow_nan=False)}" for c in ledger.claims
    )
    return f'{{{start}, "claims": {{\n{claims}\n}}}}\n'


def read_ledger(folder: Path) -> tuple[dict[str, Any], dict[str, ClaimPoints]]:
    """The document of ledger.json, and points by claim id; raises `UsageError`, one line with file, finding and remedy."""
    document = read_document(folder)
    return document, _points(folder / POINTS, document)


def read_document(folder: Path) -> dict[str, Any]:
    """The document of ledger.json alone; raises likewise."""
    document = _document(folder / LEDGER)
    _ledger(folder / LEDGER, document)
    return document


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist: {AGAIN}") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError):
        raise UsageError(f"{path} is no JSON document (cut short?): {AGAIN}") from None
    if not isinstance(document, dict):
        raise UsageError(f"{path} is no file of normlaw verify: it holds no JSON object")
    return document


def _version(path: Path, document: Mapping[str, Any], known: int) -> None:
    version = document.get("schema_version")
    if version != known or isinstance(version, bool):
        found = "has no schema_version" if version is None else f"has schema_version = {version!r}"
        raise UsageError(f"{path} {found}, must be {known}: {AGAIN}")


def _ledger(path: Path, document: Mapping[str, Any]) -> None:
    _version(path, document, SCHEMA_VERSION)
    if missing := sorted(_TOP - set(document)):
        raise UsageError(f"{path} is no ledger of normlaw verify: it lacks {', '.join(missing)}")
    try:
        for claim in document["claims"]:
            if missing := sorted(_CLAIM - set(claim)):
                raise UsageError(f"{path} is no ledger of normlaw verify: claim {claim.get('id')!r} lacks {', '.join(missing)}")
            _counts(claim)
        document["versions"]["normlaw"]
        wrong = contradiction(document)
    except UsageError:
        raise
    except _BROKEN as error:
        raise UsageError(f"{path} is no ledger of normlaw verify ({type(error).__name__}: {error}): {AGAIN}") from None
    if wrong:
        raise UsageError(f"{path} contradicts itself, so it is not as normlaw verify wrote it; {wrong}: {AGAIN}")


def _counts(claim: Mapping[str, Any]) -> tuple[int, set[str]]:
    """How many measurements a claim of the ledger has, and the hypotheses with a simulated witness."""
    return len(claim["evidence"]["measurements"]), {h["id"] for h in claim["hypotheses"] if h["numeric"] is not None}


def _points(path: Path, ledger: Mapping[str, Any]) -> dict[str, ClaimPoints]:
    document = _document(path)
    _version(path, document, POINTS_VERSION)
    try:
        found = {str(name): claim_points_from(of) for name, of in document["claims"].items()}
        run = document["seed"], document["effort"]
    except _BROKEN as error:
        raise UsageError(f"{path} is no file of normlaw verify ({type(error).__name__}: {error}): {AGAIN}") from None
    claims = {claim["id"]: _counts(claim) for claim in ledger["claims"]}
    measured = {name: (len(of.measurements), set(of.witnesses)) for name, of in found.items()}
    if run != (ledger["seed"], ledger["effort"]) or measured != claims:
        raise UsageError(f"{path} is of another run than {LEDGER} beside it: {AGAIN}")
    if wrong := disagreement(ledger, found):
        raise UsageError(f"{path} contradicts {LEDGER} beside it; {wrong}: {AGAIN}")
    return found

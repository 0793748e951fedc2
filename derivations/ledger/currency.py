"""Whether a run that is read back is of what the project says today: of all of it, and of the sources as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derivations.ledger.inputs import sources
from theory.catalogue import catalogue


def changed(ledger: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the claims of the run whose law, lemmas, kernel, simulators or evidence are others by now, or that are gone."""
    claims = catalogue()
    now = {c["id"]: sources(c["id"], claims) if c["id"] in claims else None for c in ledger["claims"]}
    return frozenset(c["id"] for c in ledger["claims"] if c.get("sources") != now[c["id"]])


def not_run(ledger: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of the claims of the catalogue that are no part of the run."""
    there = {c["id"] for c in ledger["claims"]}
    return tuple(claim.id for claim in catalogue() if claim.id not in there)

"""Whether a run that is read back is of what the project says today: of all of it, and of the sources as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derivations.ledger.inputs import sources
from theory.catalogue import Catalogue, catalogue


def changed(ledger: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the claims of the run whose law, lemmas, kernel, simulators or evidence are others by now, or that are gone."""
    claims = catalogue()
    return frozenset(c["id"] for c in ledger["claims"] if c["id"] not in claims or _differs(c, claims))


def _differs(recorded: Mapping[str, Any], claims: Catalogue) -> bool:
    """Whether the sources are others, or what the record says in words is not what they say."""
    claim = claims[recorded["id"]]
    said = recorded["title"], [(h["id"], h["words"]) for h in recorded["hypotheses"]]
    same = said == (claim.title, [(h.id, h.words) for h in claim.hypotheses])
    return not same or recorded.get("sources") != sources(recorded["id"], claims)


def not_run(ledger: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of the claims of the catalogue that are no part of the run."""
    there = {c["id"] for c in ledger["claims"]}
    return tuple(claim.id for claim in catalogue() if claim.id not in there)

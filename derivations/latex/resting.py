"""Proofs that are to be printed, each with the lemmas behind it that do not stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from theory.catalogue import catalogue
from theory.claims import Claim, Proof, first_shortfall, is_proved
from theory.standing import behind


def rested(proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """The proofs, each with the claims behind it that do not stand, in the order of the catalogue.

    A lemma that is not among the proofs is put to the kernel now, up to its first step that is not proved.
    """
    proofs = tuple(proofs)
    claims = {c.id: c for c in catalogue()} | {p.claim.id: p.claim for p in proofs}
    standing = {p.claim.id: p.stands for p in proofs}
    uses = {name: claim.derived_from for name, claim in claims.items()}
    lemmas = {p.claim.id: behind(p.claim.id, uses) for p in proofs}
    for name, claim in claims.items():
        if name not in standing and any(name in found for found in lemmas.values()):
            standing[name] = _stands(claim)
    fallen = {name: claim for name, claim in claims.items() if not standing.get(name, True)}
    return tuple(replace(p, fallen=tuple(c for name, c in fallen.items() if name in lemmas[p.claim.id])) for p in proofs)


def _stands(claim: Claim) -> bool:
    """What `Proof.stands` would say, without asking for witnesses."""
    return first_shortfall(claim) is None if claim.numeric_only else is_proved(claim)

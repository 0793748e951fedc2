"""A verification: which claims, which jobs, and the ledger that comes of them. Prints nothing."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path

from derivations.ledger.examination import LAW_OF_REAL_TEXT, EvidenceJob, Job, ProofJob, RealTextJob, Record
from derivations.ledger.inputs import sources
from derivations.ledger.kept import Kept
from derivations.ledger.proofs import ProofRecord
from derivations.ledger.records import ClaimRecord, EvidenceRecord, HypothesisRecord, Ledger, RealTextRecord
from derivations.ledger.workers import Event, Finished, Lanes, in_processes
from numerics.compilation.processors import processors
from theory.catalogue import Catalogue, catalogue
from theory.claims import Claim

REAL_TEXT_CLAIMS = (LAW_OF_REAL_TEXT, "norm-grows-as-fourth-root")
REAL_TEXT_FOLDER = "real-text"
_PROOFS_A_PROCESS = 10  # at least: to start one costs as much as several proofs
_ENGINES = ("sympy", "python-flint", "numpy", "scipy", "numba")
Runner = Callable[[Lanes], Iterator[Event]]


@dataclass(frozen=True)
class Plan:
    """What to verify: claims in the order of the catalogue, and whether real text is part of it."""

    claims: tuple[Claim, ...]
    real_text: bool
    seed: int = 0
    effort: str = "quick"
    corpus: Path | None = None
    out: Path = Path("normlaw-out")
    only_changed: bool = False

    def lanes(self, cores: int = 1) -> tuple[tuple[Job, ...], ...]:
        """Lists of jobs that do not compete: real text, then proofs; the measurements; and more proofs.

        Real text comes first, because a corpus that cannot be used should be found out first. Measurements use all cores
        by themselves; proofs use one, and are dealt out to more processes where there are cores and proofs enough.
        """
        text = (RealTextJob(self.corpus, self.seed, self.effort, self.out / REAL_TEXT_FOLDER),)
        shares = max(1, min(cores - 1, len(self.claims) // _PROOFS_A_PROCESS))
        proofs = [tuple(ProofJob(c.id) for c in self.claims[share::shares]) for share in range(shares)]
        measurements = tuple(EvidenceJob(c.id, self.seed, self.effort) for c in self.claims)
        return (*(text if self.real_text else ()), *proofs[0]), measurements, *proofs[1:]


def plan_of(
    claims: Catalogue, names: tuple[str, ...], chapters: tuple[str, ...], *, real_text: bool = False
) -> tuple[tuple[Claim, ...], bool]:
    """The claims named (by id, label or chapter; all if none is), and whether real text belongs to them."""
    wanted = {claims[name].id for name in names} | {c.id for c in claims if c.chapter in chapters}
    everything = not names and not chapters
    chosen = tuple(c for c in claims if everything or c.id in wanted)
    return chosen, real_text or everything or any(c.id in REAL_TEXT_CLAIMS for c in chosen)


@dataclass
class Results:
    """Records as they come in, by claim; a claim is complete when both of its halves are there."""

    proofs: dict[str, ProofRecord] = field(default_factory=dict)
    evidence: dict[str, EvidenceRecord] = field(default_factory=dict)
    real_text: RealTextRecord | None = None

    def take(self, job: Job, record: Record) -> None:
        """File a record."""
        if isinstance(record, RealTextRecord):
            self.real_text = record
        elif isinstance(job, ProofJob) and isinstance(record, ProofRecord):
            self.proofs[job.claim] = record
        elif isinstance(job, EvidenceJob) and isinstance(record, EvidenceRecord):
            self.evidence[job.claim] = record

    def complete(self, claim: str) -> bool:
        """Whether nothing more is to come for this claim."""
        return claim in self.proofs and claim in self.evidence

    def claim(self, claim: Claim) -> ClaimRecord:
        """The line of the ledger, from both halves."""
        proof, evidence = self.proofs[claim.id], self.evidence[claim.id]
        hypotheses = tuple(
            HypothesisRecord(
                h.id, h.words, proof.witnesses.get(h.id), evidence.witnesses.get(h.id), not claim.numeric_only
            )
            for h in claim.hypotheses
        )
        return ClaimRecord(
            claim.id,
            claim.label,
            claim.chapter,
            claim.title,
            proof,
            evidence,
            hypotheses,
            claim.derived_from,
            claim.provenance.value,
        )


def verify(plan: Plan, tell: Callable[[Event, Results], None], runner: Runner = in_processes, kept: Kept | None = None) -> Ledger:
    """Do everything that the plan asks; ``tell`` hears every event, after its record was filed.

    ``kept`` takes every record as it comes in, and, if the plan asks for changes only, gives those that still hold.
    Raises `InvalidInput` for a corpus that cannot be used.
    """
    started, results = time.perf_counter(), Results()
    found = _kept_before(plan, kept)
    for job, record in found.items():
        results.take(job, record)
        tell(Finished(job, record), results)
    lanes = tuple(tuple(job for job in lane if job not in found) for lane in plan.lanes(processors()))
    with closing(runner(lanes)) as events:  # type: ignore[type-var]
        for event in events:
            if isinstance(event, Finished):
                results.take(event.job, event.record)
                if kept:
                    kept.keep(event.job, event.record)
            tell(event, results)
    known = catalogue()
    claims = tuple(replace(results.claim(claim), sources=sources(claim.id, known)) for claim in plan.claims)
    seconds = time.perf_counter() - started
    return Ledger(claims, results.real_text, plan.seed, plan.effort, versions(), seconds, len(found))


def _kept_before(plan: Plan, kept: Kept | None) -> dict[Job, Record]:
    if kept is None or not plan.only_changed:
        return {}
    pairs = ((job, kept.find(job)) for lane in plan.lanes() for job in lane)
    return {job: record for job, record in pairs if record is not None}


def versions() -> Mapping[str, str]:
    """Of this package, Python, and the libraries that decide or measure."""
    return {
        "normlaw": _version("normlaw"),
        "python": platform.python_version(),
        **{e: _version(e) for e in _ENGINES},
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"

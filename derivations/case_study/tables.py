"""The tables of the study as CSV, whole or not there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from derivations.case_study.nouns import Column, Study, Texts
from derivations.files import write_whole


def write_covariates(path: Path, texts: Texts, columns: Mapping[str, Column]) -> Path:
    """One row a text, in the order of the embeddings: the text, what is known of it, and further ``columns``."""
    named = {"text": texts.texts, **texts.columns, **columns}
    return _write(path, list(named), zip(*named.values(), strict=True))


def write_relevance(path: Path, study: Study, queries: Sequence[int]) -> Path:
    """One row a query and relevant document, by row of ``queries`` and of the glosses: ``relevance`` 1 whatever the sense, whose
    number is ``sense``."""
    rows = ((q, document, 1, sense) for q, lemma in enumerate(queries) for document, sense in study.relevant[lemma])
    return _write(path, ["query", "document", "relevance", "sense"], rows)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow(header)
    table.writerows(rows)
    return write_whole(path, buffer.getvalue())

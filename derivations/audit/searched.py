"""What is to be searched, as the command line says: queries, documents, what is known of these, and what is relevant."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from derivations.audit.asked import Asked, Known
from derivations.audit.columns import Given, given
from derivations.audit.judged import judged
from derivations.command_line.input_checks import UsageError
from numerics.embedding_files import EmbeddingFile, NormScan
from numerics.validation import InvalidInput

CONTROL = "the control's norm"
OF_DOCUMENTS = ("covariates", "length", "confounder", "group", "control")  # flags, each with --document- before it
Open = Callable[[Path], EmbeddingFile]
Scan = Callable[[EmbeddingFile], NormScan]


def checked(options: Namespace) -> None:
    """Raises `UsageError` for flags that do not go together, before anything is read."""
    if not options.queries:
        for flag in ("documents", "relevance"):
            if getattr(options, flag):
                raise UsageError(f"--{flag} needs --queries FILE")
    if not options.documents:
        for flag in OF_DOCUMENTS:
            if getattr(options, f"document_{flag}"):
                raise UsageError(f"--document-{flag} needs --documents FILE; without it the documents are EMBEDDINGS,"
                                 f" and what is known of them is --{flag}")  # fmt: skip


def searched(
    options: Namespace, open_file: Open, scan_file: Scan, audited: tuple[EmbeddingFile, NormScan, NormScan | None, Given | None]
) -> Asked:
    """``audited``: EMBEDDINGS with their norms, those of the control, and the covariates: of the documents, where no others are given."""
    queries = open_file(options.queries)
    if options.documents:
        documents = open_file(options.documents)
        covariates = given(options, documents, "document-")
        scan = scan_file(documents)
        there = None if options.document_control is None else _control(open_file(options.document_control), documents, scan_file)
    else:
        documents, scan, there, covariates = audited
    known = _known(covariates)
    if there is not None:
        known = replace(known, columns={**known.columns, CONTROL: there.norms})
    asked = judged(queries, documents, scan_file(queries), scan, options.relevance, known)
    own = covariates.warnings if options.documents and covariates is not None else ()
    return replace(asked, warnings=own)


def _control(file: EmbeddingFile, documents: EmbeddingFile, scan_file: Scan) -> NormScan:
    if file.rows != documents.rows:
        raise InvalidInput(f"{file.path} has {file.rows} rows, must have as many as {documents.path}: {documents.rows}")
    return scan_file(file)


def _known(covariates: Given | None) -> Known:
    if covariates is None:
        return Known()
    roles = covariates.roles
    columns = {name: covariates.columns[name] for name in roles.confounders if name not in roles.labels}
    unused = {name: why for name, why in covariates.unused.items() if why.startswith("text")}
    return Known(columns, roles.columns["length"], covariates.group, roles.group, covariates.labels, unused)

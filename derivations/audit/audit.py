"""The audit itself: read, detect, associate, confront with the ledger, rank."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.audit import expectations as theory
from derivations.audit.confront import Confrontation, Found, exponent_against, sign_against
from derivations.audit.record import Audit, Exponent, Floats, Source
from derivations.audit.roles import Roles, assigned
from derivations.input_checks import UsageError
from numerics.association import Association, associate, power_law
from numerics.embedding_files import (
    FINE,
    INFINITE,
    NAN,
    ZERO,
    Covariates,
    EmbeddingFile,
    NormScan,
    open_covariates,
    open_embeddings,
    scan_norms,
)
from numerics.norm_signal import NormSignal, detect
from numerics.validation import InvalidInput

Tell = Callable[[float, str], None]
REASONS = {NAN: "NaN", INFINITE: "infinite", ZERO: "zero norm"}
_ENTRIES = 512  # rows of which the entries are looked at, for the precision that they were rounded to
_SHARES = {"reading": 0.4, "control": 0.5, "covariates": 0.75, "retrieval": 1.0}  # of the progress, at their ends
CORRECTIONS = {"holm": "holm", "bh": "benjamini-hochberg"}


def audit(options: Namespace, tell: Tell) -> Audit:
    """As the command line says. Raises `UsageError` or ``InvalidInput`` in one line for what cannot be."""
    said = _training(options)
    file = open_embeddings(options.embeddings, column=options.column, tensor=options.tensor)
    covariates = open_covariates(options.covariates) if options.covariates else None
    roles = _roles(options, covariates, file)
    other = open_embeddings(options.control) if options.control else None
    if other is not None and other.rows != file.rows:
        raise InvalidInput(f"{other.path} has {other.rows} rows, must have as many as {file.path}: {file.rows}")
    scan = _scan(file, options.bad_rows, lambda done: tell(_SHARES["reading"] * done, "reading"))
    signal = detect(scan.norms, options.stored or file.precision, file.dimension, entries=_entries(file, scan),
                    resamples=options.resamples, seed=options.seed, level=options.level)  # fmt: skip
    there = None if other is None else _scan(other, options.bad_rows, lambda done: tell(_SHARES["reading"] + 0.1 * done, "control"))
    columns = {} if covariates is None else {n: c for n, c in covariates.columns.items() if c.dtype == np.float64}
    found, exponents = _associations(options, scan, there, covariates, roles, signal, tell)
    predicted = theory.expectations(said)
    retrieval = _retrieval(options, file, scan, covariates, roles, tell)
    tell(1.0, "done")
    return Audit(
        _source(file, scan), None if other is None or there is None else _source(other, there), signal, roles, found, exponents, said,
        predicted, theory.outside(said), _confronted(predicted, found, exponents, roles, signal), retrieval, scan.norms, columns,
        options.seed, options.level, CORRECTIONS[options.correction], _versions(),
    )  # fmt: skip


def _training(options: Namespace) -> theory.Training:
    for name, allowed in theory.known_choices().items():
        value = getattr(options, name)
        if value is not None and value not in allowed:
            raise UsageError(f"--{name} = {value!r} must be one of {', '.join(allowed)}")
    return theory.Training(options.encoder, options.optimizer, options.decay, options.loss, options.pooling)


def _roles(options: Namespace, covariates: Covariates | None, file: EmbeddingFile) -> Roles | None:
    said = {role: getattr(options, role) for role in ("frequency", "specificity", "ambiguity", "length")}
    if covariates is None:
        for flag in (*(f"--{role}" for role, names in said.items() if names), *(["--confounder"] if options.confounder else ()),
                     *(["--group"] if options.group else ())):  # fmt: skip
            raise UsageError(f"{flag} needs --covariates FILE")
        return None
    if covariates.rows != file.rows:
        raise InvalidInput(f"{covariates.path} has {covariates.rows} rows, must have one for each embedding: {file.rows}")
    numeric = [name for name, column in covariates.columns.items() if column.dtype == np.float64]
    text = [name for name in covariates.columns if name not in numeric]
    return assigned(numeric, text, said, options.confounder, options.group)


def _scan(file: EmbeddingFile, limit: float, tell: Callable[[float], None]) -> NormScan:
    return scan_norms(file, limit=limit, progress=lambda rows: tell(rows / file.rows))


def _entries(file: EmbeddingFile, scan: NormScan) -> Floats | None:
    """Some rows of which every entry is a number, spread over a file in which rows can be sought, else its first ones."""
    fine = np.flatnonzero(scan.status == FINE)
    if len(fine) < 2:
        return None
    seekable = file.format in ("npy", "safetensors")
    return file.take(fine[:: max(1, len(fine) // _ENTRIES)][:_ENTRIES] if seekable else fine[:_ENTRIES])


def _source(file: EmbeddingFile, scan: NormScan) -> Source:
    counts = {words: scan.counts.get(kind, 0) for kind, words in REASONS.items()}
    first = {words: scan.first_rows.get(kind, ()) for kind, words in REASONS.items() if scan.counts.get(kind, 0)}
    return Source(str(file.path), file.format, file.precision, file.rows, file.dimension, counts, first)


def _associations(
    options: Namespace, scan: NormScan, there: NormScan | None, covariates: Covariates | None, roles: Roles | None, signal: NormSignal,
    tell: Tell,
) -> tuple[tuple[Association, ...], tuple[Exponent, ...]]:  # fmt: skip
    if covariates is None or roles is None or not roles.measured or signal.smallest == signal.largest:
        return (), ()
    begin, end = _SHARES["control"], _SHARES["covariates"]
    columns = {name: covariates.columns[name] for name in roles.measured}
    group = None if roles.group is None else covariates.columns[roles.group]
    shared: dict[str, Any] = {"group": group, "resamples": options.resamples, "seed": options.seed, "level": options.level}
    found = associate(
        scan.norms, columns, confounders=roles.confounders, reference=None if there is None else there.norms,
        correction=CORRECTIONS[options.correction], progress=lambda name, i, n: tell(begin + (end - begin) * i / n, name), **shared,
    )  # fmt: skip
    exponents = []
    for name in roles.columns["frequency"]:
        others = {other: column for other, column in columns.items() if other != name and np.nanmin(column) < np.nanmax(column)}
        raw, held = (power_law(scan.norms, columns[name], controls, **shared) for controls in ({}, others))
        exponents.append(Exponent(name, Found(raw.value, raw.low, raw.high), Found(held.value, held.low, held.high)))
    return found, tuple(exponents)


def _confronted(
    predicted: tuple[theory.Expectation, ...], found: tuple[Association, ...], exponents: tuple[Exponent, ...], roles: Roles | None,
    signal: NormSignal,
) -> tuple[Confrontation, ...]:  # fmt: skip
    """Every column with a role, by its controlled estimate; where there is no signal nothing was predicted of rounding."""
    if roles is None or signal.kind == "none":
        return ()
    by_role = {e.role: e for e in predicted}
    made = []
    for a in found:
        role = roles.of(a.covariate)
        if role is not None:
            made.append(sign_against(a.covariate, by_role[role], Found(a.controlled.value, a.controlled.low, a.controlled.high)))
    made += [exponent_against(f"{e.column}: exponent", by_role["frequency"], e.controlled) for e in exponents]
    return tuple(made)


def _retrieval(
    options: Namespace, file: EmbeddingFile, scan: NormScan, covariates: Covariates | None, roles: Roles | None, tell: Tell
) -> Any:
    given = (options.queries, options.relevance)
    if not any(given):
        if options.documents:
            raise UsageError("--documents needs --queries FILE and --relevance FILE")
        return None
    if not all(given):
        raise UsageError("--queries and --relevance go together")
    from derivations.audit.judged import judged
    from derivations.audit.retrieval import retrieve

    length = None
    if options.documents is None and covariates is not None and roles is not None and roles.columns["length"]:
        length = covariates.columns[roles.columns["length"][0]]
    documents = None if options.documents is None else open_embeddings(options.documents)
    asked = judged(open_embeddings(options.queries), documents or file, scan if documents is None else None, Path(options.relevance),
                   length, options.bad_rows)  # fmt: skip
    begin, end = _SHARES["covariates"], _SHARES["retrieval"]
    return retrieve(asked, level=options.level, resamples=options.resamples, seed=options.seed,
                    tell=lambda done, words: tell(begin + (end - begin) * done, words))  # fmt: skip


def _versions() -> Mapping[str, str]:
    from importlib import metadata
    from platform import python_version

    from derivations.arguments import installed_version

    found: dict[str, str] = {"normlaw": installed_version(), "python": python_version()}
    for name in ("numpy", "scipy", "numba", "scikit-learn"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


__all__ = ["NDArray", "audit"]

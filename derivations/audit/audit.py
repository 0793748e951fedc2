"""The audit itself: read, detect, associate, confront with the ledger, rank."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from derivations.audit import expectations as theory
from derivations.audit.columns import Given, given
from derivations.audit.confront import Found
from derivations.audit.family import confronted, family_of, joint
from derivations.audit.record import Audit, Exponent, Floats, Labels, Source
from derivations.audit.retrieval import Retrieval, retrieve
from derivations.audit.searched import checked, searched
from derivations.command_line.input_checks import UsageError
from numerics.association import Association, Estimate, associate, power_law
from numerics.categories import Categories
from numerics.embedding_files import (
    FINE,
    INFINITE,
    NAN,
    NULL,
    ZERO,
    EmbeddingFile,
    NormScan,
    open_embeddings,
    scan_norms,
)
from numerics.norm_signal import NormSignal, detect
from numerics.validation import InvalidInput

Tell = Callable[[float, str], None]
REASONS = {NAN: "NaN", NULL: "null", INFINITE: "infinite", ZERO: "zero norm"}
_ENTRIES = 512  # rows of which the entries are looked at, for the precision that they were rounded to
_SHARES = {"reading": 0.4, "control": 0.5, "covariates": 0.75, "retrieval": 0.99}  # of the progress, at their ends
CORRECTIONS = {"holm": "holm", "bh": "benjamini-hochberg"}


def audit(options: Namespace, tell: Tell) -> Audit:
    """As the command line says. Raises `UsageError` or ``InvalidInput`` in one line for what cannot be."""
    said = _training(options)
    checked(options)
    file = _opened(options, options.embeddings)
    covariates = given(options, file)
    other = _opened(options, options.control) if options.control else None
    if other is not None and other.rows != file.rows:
        raise InvalidInput(f"{other.path} (--control) has {other.rows} rows, must have as many as {file.path}: {file.rows}")
    scan = _scan(file, options.bad_rows, lambda done: tell(_SHARES["reading"] * done, "reading"))
    tell(_SHARES["reading"], "looking for a signal")
    signal = detect(scan.norms, options.stored or file.precision, file.dimension, entries=_entries(file, scan),
                    resamples=options.resamples, seed=options.seed, level=options.level)  # fmt: skip
    there = None if other is None else _scan(other, options.bad_rows, lambda done: tell(_SHARES["reading"] + 0.1 * done, "control"))
    predicted = theory.expectations(said)
    family = 1 if covariates is None else family_of(predicted, covariates.roles)
    found, exponents = _associations(options, scan, there, covariates, signal, family, tell)
    retrieval, doubts = _retrieval(options, (file, scan, there, covariates), tell)
    tell(1.0, "done")
    roles = None if covariates is None else covariates.roles
    met = () if roles is None or signal.kind == "none" else confronted(predicted, found, exponents, roles)
    return Audit(
        _source(file, scan), None if other is None or there is None else _source(other, there), signal, roles,
        {} if covariates is None else covariates.unused, {} if covariates is None else covariates.unreadable, _labels(covariates),
        (*(() if covariates is None else covariates.warnings), *doubts), found, exponents, said, predicted, theory.outside(said),
        met, family, retrieval, scan.norms, {} if covariates is None else {**covariates.columns, **covariates.labels},
        options.seed, options.level, CORRECTIONS[options.correction], _versions(),
    )  # fmt: skip


def _opened(options: Namespace, path: Path) -> EmbeddingFile:
    """What was said of columns and tensors is about every file of the kind that has them."""
    kind = path.suffix.lower()
    named, bits = kind in (".npz", ".safetensors", ".json"), kind in (".npy", ".npz")
    plain = named or kind == ".npy"
    if path == options.embeddings and ((plain and options.column) or (kind == ".npy" and options.tensor)):
        raise UsageError(f"--{'column' if options.column else 'tensor'} has no meaning for {path}"
                         + ("; the array is named by --tensor" if named else ""))  # fmt: skip
    return open_embeddings(path, column=None if plain else options.column, tensor=options.tensor if named else None,
                           precision="bfloat16" if bits and options.bfloat16 else None)  # fmt: skip


def _training(options: Namespace) -> theory.Training:
    for name, allowed in theory.known_choices().items():
        value = getattr(options, name)
        if value is not None and value not in allowed:
            raise UsageError(f"--{name} = {value!r} must be one of {', '.join(allowed)}")
    return theory.Training(options.encoder, options.optimizer, options.decay, options.loss, options.pooling)


def _scan(file: EmbeddingFile, limit: float, tell: Callable[[float], None]) -> NormScan:
    """Raises ``InvalidInput`` where fewer than two rows have a norm: nothing varies then."""
    found = scan_norms(file, limit=limit, progress=lambda rows: tell(rows / file.rows))
    if (fit := found.counts[FINE]) < 2:
        bad = "; ".join(f"{found.counts[kind]} with {words}" for kind, words in REASONS.items() if found.counts[kind])
        why = f" ({bad})" if bad else ""
        raise InvalidInput(f"{file.path} must have at least 2 rows with a norm; of its {file.rows} it has {fit}{why}")
    return found


def _entries(file: EmbeddingFile, scan: NormScan) -> Floats | None:
    """Some rows of which every entry is a number, spread over a file in which rows can be sought, else its first ones."""
    fine = np.flatnonzero(scan.status == FINE)
    if len(fine) < 2:
        return None
    seekable = file.format in ("npy", "safetensors")
    return file.take(fine[:: max(1, len(fine) // _ENTRIES)][:_ENTRIES] if seekable else fine[:_ENTRIES])


def _source(file: EmbeddingFile, scan: NormScan) -> Source:
    counts = {words: scan.counts.get(kind, 0) for kind, words in REASONS.items() if kind != NULL or scan.counts[kind]}
    first = {words: scan.first_rows.get(kind, ()) for kind, words in REASONS.items() if scan.counts.get(kind, 0)}
    return Source(str(file.path), file.format, file.precision, file.rows, file.dimension, counts, first)


def _associations(
    options: Namespace, scan: NormScan, there: NormScan | None, covariates: Given | None, signal: NormSignal, family: int, tell: Tell
) -> tuple[tuple[Association, ...], tuple[Exponent, ...]]:
    if covariates is None or not covariates.roles.measured or signal.smallest == signal.largest:
        return (), ()
    begin, end, roles = _SHARES["control"], _SHARES["covariates"], covariates.roles
    columns: dict[str, Floats | Categories] = {**{name: covariates.columns[name] for name in roles.measured}, **covariates.labels}
    shared: dict[str, Any] = {"group": covariates.group, "resamples": options.resamples, "seed": options.seed, "level": options.level,
                              "family": family}  # fmt: skip
    found = associate(
        scan.norms, columns, confounders=roles.confounders, given=options.given, reference=None if there is None else there.norms,
        correction=CORRECTIONS[options.correction], progress=lambda name, i, n: tell(begin + (end - begin) * i / (n + 1), name), **shared,
    )  # fmt: skip
    controls = {a.covariate: a.controls for a in found}
    exponents = []
    for name in (name for name in roles.columns["frequency"] if name in columns and signal.kind != "none"):
        tell(end - 0.01, f"exponent of {name}")
        others = {other: columns[other] for other in controls[name]}
        own = covariates.columns[name]
        raw, held = (power_law(scan.norms, own, held_equal, **shared) for held_equal in ({}, others))
        less = None if there is None else joint(power_law(scan.norms / there.norms, own, others, **shared))
        exponents.append(Exponent(name, _figure(raw), _figure(held), held.rows, held.reason, joint(held), less))
    return found, tuple(exponents)


def _labels(covariates: Given | None) -> dict[str, Labels]:
    held = {} if covariates is None else covariates.labels
    return {name: Labels(c.counts, len(c.rare), c.rare_rows, c.missing) for name, c in held.items()}


def _figure(e: Estimate) -> Found:
    return Found(e.value, e.low, e.high)


def _retrieval(
    options: Namespace, audited: tuple[EmbeddingFile, NormScan, NormScan | None, Given | None], tell: Tell
) -> tuple[Retrieval | None, tuple[str, ...]]:
    """Also what to warn of in the covariates of documents."""
    if not options.queries:
        return None, ()
    asked = searched(options, lambda path: _opened(options, path), lambda file: scan_norms(file, limit=options.bad_rows), audited)
    begin, end = _SHARES["covariates"], _SHARES["retrieval"]
    found = retrieve(asked, level=options.level, resamples=options.resamples, seed=options.seed,
                     tell=lambda done, words: tell(begin + (end - begin) * done, words))  # fmt: skip
    return found, asked.warnings


def _versions() -> Mapping[str, str]:
    from importlib import metadata
    from platform import python_version

    from derivations.command_line.arguments import installed_version

    found: dict[str, str] = {"normlaw": installed_version(), "python": python_version()}
    for name in ("numpy", "scipy", "numba", "scikit-learn"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


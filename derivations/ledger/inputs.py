"""What the outcome of a job depends on, as one hash: sources it may run, its seed and effort, and versions.

The sources are those of the claim's own file, of its lemmas' and, for a measurement, of its evidence, with all modules
of the project that they import, directly or not, wherever in the file. No import is executed to find that out.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from derivations.ledger.examination import EvidenceJob, ProofJob
from theory.catalogue import Catalogue
from theory.claims import Claim
from theory.standing import behind

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("theory", "numerics", "derivations")
JOBS = "derivations.ledger.examination"  # itself, but not all that it imports: it knows every kind of job
PROVING = ("theory.claims", "derivations.ledger.proofs", "derivations.latex.decided", "derivations.latex.printer")
MEASURING = ("derivations.evidence", "derivations.ledger.records", "derivations.ledger.sampling")


def inputs(job: ProofJob | EvidenceJob, claims: Catalogue, versions: Mapping[str, str]) -> str:
    """SHA-256 of everything that may change what the job finds out, in hexadecimal.

    Raises `FileNotFoundError` for a claim whose source is no file of the project: nothing can be said of its changes.
    """
    files = _digests(modules(job, claims))
    setting = [type(job).__name__, *map(str, vars(job).values()), platform.machine(), dict(versions), files]
    return _hashed(setting)


def sources(name: str, claims: Catalogue) -> str:
    """SHA-256 of all that a claim's proof and its measurements are made by, whatever seed, machine and versions; empty for a claim
    whose source is no file of the project."""
    try:
        return _hashed(_digests([*modules(ProofJob(name), claims), *modules(EvidenceJob(name, 0, ""), claims)]))
    except (FileNotFoundError, KeyError):
        return ""


def _digests(roots: Sequence[str]) -> dict[str, str]:
    """The sources that these modules need, each with its hash; raises `FileNotFoundError` for one that is no file of the project."""
    if missing := [module for module in roots if path(module) is None]:
        raise FileNotFoundError(f"no source for {', '.join(missing)}")
    return {module: digest(module) for module in sorted({JOBS, *reached(tuple(roots))})}


def _hashed(what: object) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def modules(job: ProofJob | EvidenceJob, claims: Catalogue) -> list[str]:
    """Where the job starts from: the laws it is about, what proves or measures them, and its evidence."""
    roots = [_module("theory.laws", claims[name]) for name in lemmas(claims, job.claim)]
    if isinstance(job, EvidenceJob):
        return [*roots, *MEASURING, _module("derivations.evidence", claims[job.claim])]
    return [*roots, *PROVING]


def _module(package: str, claim: Claim) -> str:
    return f"{package}.{claim.chapter}.{claim.id.replace('-', '_')}"


def lemmas(claims: Catalogue, name: str) -> set[str]:
    """The claim, what it is derived from, what that is derived from, and so on. Raises `KeyError` for a claim that is none of these."""
    return {claims[name].id} | behind(claims[name].id, {claim.id: claim.derived_from for claim in claims})


def reached(roots: tuple[str, ...]) -> set[str]:
    """Modules of the project that these import, directly or not, themselves included."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        if (module := waiting.pop()) not in found and path(module):
            found.add(module)
            waiting += imported(module)
    return found


@cache
def imported(module: str) -> frozenset[str]:
    """Modules of the project that a module imports anywhere in its text, and the packages it lies in."""
    file = path(module)
    if file is None:
        return frozenset()
    parts = module.split(".")
    found = {".".join(parts[:n]) for n in range(1, len(parts))}
    for node in ast.walk(ast.parse(file.read_bytes())):
        found.update(_named(node))
    return frozenset(name for name in found if name.split(".")[0] in PACKAGES)


def _named(node: ast.AST) -> Iterator[str]:
    """What an import may mean: ``from a import b`` is ``a``, and perhaps the module ``a.b``."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        if node.level or node.module is None:
            raise ValueError("relative imports are not followed")
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def digest(module: str) -> str:
    """SHA-256 of a module's source."""
    file = path(module)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file else ""


@cache
def path(module: str) -> Path | None:
    """Its file, if it is a module of this project."""
    place = ROOT.joinpath(*module.split("."))
    return next((p for p in (place.with_suffix(".py"), place / "__init__.py") if p.is_file()), None)

"""The audits of the study: their command lines, and each run by what ``normlaw audit`` itself runs."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derivations.case_study.data_files import SHIPPED
from derivations.case_study.encoder import DEFAULT_MODEL
from derivations.command_line.arguments import parser
from numerics.validation import InvalidInput

REPORT = "audit.json"
_KNOWN = ("--encoder", "shared", "--optimizer", "adamw", "--loss", "infonce", "--pooling", "mean")  # of the default model's training
_ANY = ("--encoder", "shared")


@dataclass(frozen=True)
class Audited:
    """One audit: ``command`` as a person would type it, and ``report``, what its ``audit.json`` says."""

    command: str
    report: Mapping[str, Any]

    def controlled(self, covariate: str) -> Mapping[str, Any] | None:
        """The controlled correlation of the norm with a covariate: value, low, high; None where it was not measured."""
        return next((a["controlled"] for a in self.report["associations"] if a["covariate"] == covariate), None)

    def role(self, name: str) -> str | None:
        """The first column that plays a role."""
        return next(iter(self.report["roles"]["columns"][name]), None) if self.report["roles"] else None


def command_lines(folder: Path, model: str, seed: int) -> dict[str, list[str]]:
    """Name -> arguments of ``normlaw``; each writes to the folder of that name in ``folder``. Queries look for glosses."""

    def line(name: str, *more: str) -> list[str]:
        return ["audit", *more, "--seed", str(seed), "--out", str(folder / name)]

    def texts(name: str) -> list[str]:
        return line(name, at(f"{name}.trained.npy"), "--covariates", at(f"{name}.csv"), *lengths("--"), "--group", "group",
                    "--control", at(f"{name}.untrained.npy"), *(_KNOWN if model == DEFAULT_MODEL else _ANY))  # fmt: skip

    def at(name: str) -> str:
        return str(folder / name)

    def lengths(of: str) -> list[str]:
        return [f"{of}length", "tokens", f"{of}confounder", "characters", f"{of}confounder", "words"]  # C9 is about what is pooled

    retrieval = line(
        "retrieval", at("queries.trained.npy"), "--queries", at("queries.trained.npy"), "--relevance", at("relevance.csv"),
        "--documents", at("glosses.trained.npy"), "--document-covariates", at("glosses.csv"), *lengths("--document-"),
        "--document-control", at("glosses.untrained.npy"),
    )  # fmt: skip
    return {"lemmas": texts("lemmas"), "glosses": texts("glosses"), "retrieval": retrieval, "shipped": line("shipped", at(SHIPPED))}


def run_audits(folder: Path, seed: int, *, quiet: bool) -> None:
    """All of them, with their progress on stderr. Raises what the command raises: `UsageError`, ``InvalidInput``."""
    from derivations.commands import audit

    for arguments in command_lines(folder, _model(folder), seed).values():
        options = parser().parse_args([*arguments, *(["--quiet"] if quiet else [])])
        with contextlib.redirect_stdout(io.StringIO()):  # what it says is in its files, and the study has a page of its own
            audit.run(options)


def read_audits(folder: Path, model: str, seed: int) -> dict[str, Audited]:
    """By name, as they were left. Raises ``InvalidInput`` where one is missing."""
    found = {}
    for name, arguments in command_lines(folder, model, seed).items():
        path = folder / name / REPORT
        if not path.is_file():
            raise InvalidInput(f"{path.parent} has no file {path.name}; --only audit writes it")
        found[name] = Audited(shlex.join(["normlaw", *arguments]), json.loads(path.read_text(encoding="utf-8")))
    return found


def _model(folder: Path) -> str:
    from derivations.case_study.written import read_record

    return str(read_record(folder)["model"])

"""What the report is made of: the ledger and the points of a run, and what the catalogue says beyond them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from derivations.command_line.input_checks import UsageError
from derivations.latex.content import content_latex
from derivations.latex.symbols import legend
from derivations.ledger.currency import changed, not_run
from derivations.ledger.points import ClaimPoints
from derivations.ledger.read import LEDGER, POINTS, read_ledger
from theory.catalogue import catalogue
from theory.claims import Claim
from theory.standing import behind

Document = Mapping[str, Any]
FIRST = "run normlaw verify first"


@dataclass(frozen=True)
class About:
    """What the catalogue says of a claim and the ledger does not; empty for a claim that the catalogue lacks."""

    measured_by: str = ""
    remark: str = ""
    references: tuple[tuple[str, str], ...] = ()  # (key, words and place)
    content: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # formulas of hypotheses by (id, words)
    symbols: tuple[str, ...] = ()  # what the letters of the statement are
    claim: Claim | None = None


@dataclass(frozen=True)
class Source:
    """A run as it was written down; ``words`` are rows of real-text/words.csv, if that is there."""

    ledger: Document
    points: Mapping[str, ClaimPoints]
    about: Mapping[str, About]
    folder: Path
    changed: Collection[str] = ()  # ids of claims whose sources have changed since the run

    @property
    def not_run(self) -> tuple[str, ...]:
        """Ids of claims of the catalogue that are no part of the run."""
        return not_run(self.ledger)

    @property
    def claims(self) -> Sequence[Document]:
        """The claims in the order of the ledger."""
        return list(self.ledger["claims"])

    @property
    def named(self) -> dict[str, tuple[str, str]]:
        """(label, title without marks of LaTeX) by id."""
        return {c["id"]: (c["label"], c["title"].replace("$", "")) for c in self.claims}

    @property
    def uses(self) -> dict[str, list[str]]:
        """What each claim is derived from."""
        return {c["id"]: list(c["derived_from"]) for c in self.claims}

    def falling_lemmas(self, id: str) -> list[str]:
        """Labels of the claims behind one that fall short: its own proof takes them for granted."""
        found = behind(id, self.uses)
        return [c["label"] for c in self.short if c["id"] in found]

    def lemmas_not_run(self, id: str) -> list[str]:
        """Ids of the claims behind one that are no part of the run."""
        return sorted(behind(id, self.uses) - set(self.uses))

    @property
    def short(self) -> list[Document]:
        """The claims that fall short."""
        return [c for c in self.claims if c["falls_short"]]


def stands(c: Document) -> bool:
    """Whether the kernel lets the statement of a claim be made: it proved it, or it is marked as measured only."""
    return c["proof"] in ("proved", "numeric-only")


def ways(reasons: Sequence[str]) -> str:
    """``proof refuted, evidence fails, 3 witnesses do not bite``: how each of the reasons begins."""
    kinds = Counter(" ".join(why.split()[:2]) for why in reasons)
    witnesses = kinds.pop("witness of", 0)
    found = [kind.rstrip(":,") for kind in kinds]
    return ", ".join([*found, *([f"{witnesses} witness{'es do' if witnesses > 1 else ' does'} not bite"] if witnesses else [])])


def source_of(folder: Path) -> Source:
    """What is in the folder; raises `UsageError` in one line, for a folder without a ledger with what to run first."""
    if not (folder / LEDGER).is_file():
        raise UsageError(f"--ledger = {str(folder)!r} has no {LEDGER}: {FIRST}")
    if not (folder / POINTS).is_file():
        raise UsageError(f"--ledger = {str(folder)!r} has no {POINTS}, which is needed for plots: run normlaw verify again")
    ledger, points = read_ledger(folder)
    return Source(ledger, points, {claim.id: _about(claim) for claim in catalogue()}, folder, changed(ledger))


def _about(claim: Claim) -> About:
    references = tuple((r.key, r.words + (f", {r.where}" if r.where else "")) for r in claim.references)
    content = {h.id + h.words: content_latex(h.content) for h in claim.hypotheses}
    return About(claim.evidence, claim.remark, references, content, legend(claim), claim)

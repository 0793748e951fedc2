"""The ledger: what was found out about each claim, as plain records; it imports neither side.

A record says what the kernel and the measurements said, and its ``shortfalls`` say, in words, what keeps a
run from passing. How a ledger is written down is in `derivations.ledger.document`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from derivations.ledger.points import ClaimPoints, Points
from derivations.ledger.proofs import KernelWitness, ProofRecord
from theory.standing import NOT_RUN, behind


@dataclass(frozen=True)
class MeasurementRecord:
    """One comparison: the figure closest to its bound (or farthest beyond it), and the setting it is from."""

    what: str
    verdict: str
    observed: float | None
    bound: float | None
    settings: int
    setting: str = ""
    points: Points | None = None  # for drawing; judges nothing

    @property
    def share(self) -> float:
        """How much of the bound the figure takes up; a NaN takes up all there is."""
        if self.observed is None or self.bound is None:
            return -1.0
        if self.observed == 0 and self.bound >= 0:
            return 0.0
        share = self.observed / self.bound if self.bound else math.inf
        return math.inf if math.isnan(share) else share


@dataclass(frozen=True)
class NumericWitnessRecord:
    """A hypothesis dropped in simulation: with it the statement held, without it it failed, or not."""

    words: str
    bites: bool
    kept: MeasurementRecord | None = None
    dropped: MeasurementRecord | None = None
    note: str = ""


@dataclass(frozen=True)
class EvidenceRecord:
    """Everything measured for one claim; ``witnesses`` by hypothesis id, where one is registered."""

    measurements: tuple[MeasurementRecord, ...] = ()
    witnesses: Mapping[str, NumericWitnessRecord] = field(default_factory=dict)
    seconds: float = 0.0
    note: str = ""

    @property
    def verdict(self) -> str:
        """``fails`` if a measurement fails, else ``vacuous`` if one is or none was made, else ``holds``."""
        verdicts = [m.verdict for m in self.measurements]
        if self.note or "fails" in verdicts:
            return "fails"
        return "holds" if verdicts and all(v == "holds" for v in verdicts) else "vacuous"

    @property
    def decisive(self) -> MeasurementRecord | None:
        """The measurement closest to its bound, or farthest beyond it, among those that met a setting."""
        return max((m for m in self.measurements if m.settings), key=lambda m: m.share, default=None)

    @property
    def settings(self) -> int:
        """How many settings met the hypotheses, of the measurement that met most."""
        return max((m.settings for m in self.measurements), default=0)

    @property
    def points(self) -> ClaimPoints:
        """What can be drawn of it."""
        pairs = {name: tuple(m.points if m else None for m in (w.kept, w.dropped)) for name, w in self.witnesses.items()}
        return ClaimPoints(tuple(m.points for m in self.measurements), pairs)  # type: ignore[arg-type]

    def shortfalls(self) -> tuple[str, ...]:
        """Every measurement that fails or met no setting."""
        if self.note:
            return (f"evidence fails: {self.note}",)
        if not self.measurements:
            return ("evidence vacuous: nothing was measured",)
        return tuple(_shortfall(m) for m in self.measurements if m.verdict != "holds")


def _shortfall(m: MeasurementRecord) -> str:
    if m.verdict == "vacuous":
        return f"evidence vacuous: {m.what}: no drawn setting meets the hypotheses"
    at = f", at {m.setting}" if m.setting else ""
    return f"evidence fails: {m.what}: observed {figure(m.observed)}, bound {figure(m.bound)}{at}"


@dataclass(frozen=True)
class HypothesisRecord:
    """A hypothesis and its witness on both sides: the kernel's, and the simulation's."""

    id: str
    words: str
    kernel: KernelWitness | None
    numeric: NumericWitnessRecord | None
    needs_kernel: bool = True

    @property
    def witness(self) -> str:
        """``bites`` on both sides, ``missing`` in simulation, or ``fails``."""
        if self.numeric is None:
            return "missing"
        proved = self.kernel is not None and self.kernel.bites
        return "bites" if self.numeric.bites and (proved or not self.needs_kernel) else "fails"

    def shortfalls(self) -> tuple[str, ...]:
        """What is missing, named by the hypothesis."""
        start = f"witness of hypothesis {self.id}"
        found = []
        if self.needs_kernel and self.kernel is None:
            found.append(f"{start} fails: the kernel was not asked")
        elif self.needs_kernel and self.kernel is not None and not self.kernel.bites:
            said = self.kernel.step
            found.append(f"{start} fails: without it the statement is {said.verdict} ({said.reason()})")
        if self.numeric is None:
            found.append(f"{start} missing: no simulation drops it")
        elif not self.numeric.bites:
            found.append(f"{start} fails: in simulation {_numeric_reason(self.numeric)}")
        return tuple(found)


def _numeric_reason(witness: NumericWitnessRecord) -> str:
    if witness.note or witness.kept is None or witness.dropped is None:
        return witness.note or "nothing was measured"
    kept, dropped = (
        f"{name} it the statement {m.verdict} (observed {figure(m.observed)}, bound {figure(m.bound)})"
        for name, m in (("with", witness.kept), ("without", witness.dropped))
    )
    return f"{kept}, {dropped}"


@dataclass(frozen=True)
class ClaimRecord:
    """One line of the ledger."""

    id: str
    label: str
    chapter: str
    title: str
    proof: ProofRecord
    evidence: EvidenceRecord
    hypotheses: tuple[HypothesisRecord, ...]
    derived_from: tuple[str, ...]
    provenance: str
    sources: str = ""  # one hash of all that it was proved and measured by

    @property
    def seconds(self) -> float:
        """Time the proof and the measurements took, each in its own process."""
        return self.proof.seconds + self.evidence.seconds

    def shortfalls(self) -> tuple[str, ...]:
        """What keeps the claim from passing, in words; empty if it passes."""
        witnesses = (line for h in self.hypotheses for line in h.shortfalls())
        return (*self.proof.shortfalls(), *self.evidence.shortfalls(), *witnesses)


@dataclass(frozen=True)
class RealTextRecord:
    """The law put to embeddings trained on real text; ``rows`` are strings under ``header``."""

    verdict: str
    corpus: str
    observed: float | None = None
    bound: float | None = None
    checked: int = 0
    outside: int = 0
    at: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    seconds: float = 0.0
    note: str = ""

    def shortfalls(self) -> tuple[str, ...]:
        """What keeps the run from passing; empty if it passes."""
        if self.verdict == "holds":
            return ()
        found = f"{self.outside} of {self.checked} rows outside their bound; farthest off: {self.at}"
        found += f", relative error {figure(self.observed)}, bound {figure(self.bound)}"
        if self.verdict == "vacuous":
            found = "no row grew by more than it may deviate"
        return (f"the law {self.verdict} on {self.corpus}: {self.note or found}",)


@dataclass(frozen=True)
class Ledger:
    """All that one run found out."""

    claims: tuple[ClaimRecord, ...]
    real_text: RealTextRecord | None
    seed: int
    effort: str
    versions: Mapping[str, str]
    seconds: float
    unchanged: int = 0  # proofs and measurements taken over from earlier runs

    def shortfalls(self) -> tuple[tuple[str, str], ...]:
        """(who, why) for everything that falls short, in the order of the catalogue."""
        found = [(f"{c.label} {c.id}", why) for c in self.claims for why in c.shortfalls()]
        found += [("real text", why) for why in (self.real_text.shortfalls() if self.real_text else ())]
        return tuple(found)

    def resting(self) -> dict[str, tuple[str, ...]]:
        """For each claim, by its id, labels of the claims behind it that fall short: its own proof takes them for granted."""
        uses = {c.id: c.derived_from for c in self.claims}
        short = [c for c in self.claims if c.shortfalls()]
        lemmas = {name: behind(name, uses) for name in uses}
        return {name: tuple(c.label for c in short if c.id in found) for name, found in lemmas.items()}

    def not_run(self) -> dict[str, tuple[str, ...]]:
        """For each claim, by its id, the lemmas that it uses, directly or by others of the run, and that are no part of this run."""
        uses = {c.id: c.derived_from for c in self.claims}
        return {name: tuple(sorted(behind(name, uses) - set(uses))) for name in uses}

    def part(self) -> str:
        """In words, which lemmas of its claims this run did not decide; empty if it did all."""
        names = sorted({lemma for missing in self.not_run().values() for lemma in missing})
        return f"these claims rest on {', '.join(names)}, which {NOT_RUN[len(names) > 1]}" if names else ""

    @property
    def numeric_only(self) -> tuple[ClaimRecord, ...]:
        """The claims that are measured and not proved, because they are marked so."""
        return tuple(c for c in self.claims if c.proof.status == "numeric-only")

    def not_proved(self) -> str:
        """How many claims pass without a proof, and which, loudly; empty if none does."""
        names = ", ".join(f"{c.label} {c.id}" for c in self.numeric_only)
        number = len(self.numeric_only)
        verb = "IS" if number == 1 else "ARE"
        return f"{number} OF {len(self.claims)} CLAIMS {verb} NUMERIC-ONLY: measured, not proved: {names}" if number else ""

    @property
    def passes(self) -> bool:
        """Whether something was verified and nothing falls short."""
        return bool(self.claims or self.real_text) and not self.shortfalls()


def figure(value: float | None) -> str:
    """A number as the ledger prints it: three digits, the exponent where it helps."""
    return "none" if value is None else f"{value:.3g}"

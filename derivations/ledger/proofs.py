"""What the kernel said of a claim, as plain records: steps, witnesses, what is short of a proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from derivations.latex.definition import Definition

PASSING_PROOFS = ("proved", "numeric-only")


@dataclass(frozen=True)
class StepRecord:
    """One step of a derivation and what the kernel said of it; a ``free`` step needs no hypothesis.

    ``decided`` gives the expressions behind the names in ``latex``, which somebody typed.
    """

    words: str
    latex: str
    verdict: str
    method: str
    detail: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    concludes: bool = False
    free: bool = False
    decided: tuple[Definition, ...] = ()
    case: str = ""

    @property
    def settled(self) -> bool:
        """Proved, with no condition left open."""
        return self.verdict == "proved" and not self.conditions

    def reason(self) -> str:
        """Why the step is not settled, with the values at which it fails."""
        at = ", ".join(f"{name} = {value}" for name, value in self.values.items())
        parts = [self.method if self.method != "none" else "", self.detail]
        parts += [f"at {at}"] * bool(at)
        parts += [f"on the condition that {', '.join(self.conditions)}"] * bool(self.conditions)
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True)
class KernelWitness:
    """What the kernel said of a claim without one of its hypotheses: it must be refuted.

    ``instead`` is what the witness says holds there, if it does; that must be proved.
    """

    words: str
    step: StepRecord
    instead: StepRecord | None = None

    @property
    def bites(self) -> bool:
        """The statement fails without the hypothesis, in the setting that is meant."""
        return self.step.verdict == "refuted" and (self.instead is None or self.instead.settled)

    def shortfall(self) -> str:
        """Why it does not bite."""
        if self.step.verdict != "refuted" or self.instead is None:
            return f"NOT refuted but {self.step.verdict}: {self.step.reason()}"
        return f"refuted, but what should hold instead is {self.instead.verdict}: {self.instead.reason()}"


@dataclass(frozen=True)
class ProofRecord:
    """A proof as the kernel left it; ``witnesses`` by hypothesis id."""

    status: str
    statement_latex: str = ""
    steps: tuple[StepRecord, ...] = ()
    witnesses: Mapping[str, KernelWitness] = field(default_factory=dict)
    seconds: float = 0.0
    note: str = ""

    def shortfalls(self) -> tuple[str, ...]:
        """Every step that keeps the claim from being proved; no status hides one, ``numeric-only`` least of all."""
        if self.status in PASSING_PROOFS and all(step.settled for step in self.steps):
            return ()
        open_steps = tuple(
            f"proof {'undecided' if step.verdict == 'proved' else step.verdict} at step {i}, "
            f"{step.words.rstrip('.:,')}: {step.reason()}"
            for i, step in enumerate(self.steps, 1)
            if not step.settled
        )
        return open_steps or (f"proof {self.status}: {self.note or 'no step concludes the statement'}",)

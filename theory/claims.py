"""The records: what is claimed, under which hypotheses, by which steps, from where; and what proves it.

A claim's ``formulas`` are its statement as expressions, and the one place where they are typed: the steps
prove them, evidence measures them, LaTeX prints them. `Claim.replaced` makes a broken variant, which every
check must catch. Nothing here is proved at import; `prove` asks the kernel.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from theory.kernel import Domain, Goal, Status, Verdict, decide
from theory.letters import Letters, meant, plainly
from theory.substance import altered, asked, depends, has_a_point, leaves, restatements
from theory.typesetting.shown import Shown

Formulas = Mapping[str, Any]
LEFT_OUT = "the statement itself, without this hypothesis"  # the words of a witness that nobody wrote


class Provenance(Enum):
    """Where a claim comes from."""

    CITED = "cited"
    RECONSTRUCTED = "reconstructed"
    DERIVED = "derived here"


@dataclass(frozen=True)
class Reference:
    """A source: BibTeX key, how it is cited in words, and the equation or section meant."""

    key: str
    words: str
    where: str = ""


@dataclass(frozen=True)
class Witness:
    """The statement under a violation of one hypothesis: the kernel must refute ``goal`` on ``domain``.

    ``instead`` is what holds there, for the kernel to prove: it shows that the setting is the one meant.
    """

    words: str
    goal: Goal
    domain: Domain = field(default_factory=Domain)
    instead: Goal | None = None


@dataclass(frozen=True)
class Hypothesis:
    """An assumption with a permanent id and, where it has one, formal content for the kernel.

    ``witness`` builds the statement that must fail without it, from the claim's formulas. Without one, the
    claim's own conclusions are tried with this hypothesis' content left out.
    """

    id: str
    words: str
    content: Domain = field(default_factory=Domain)
    witness: Callable[[Formulas], Witness] | None = None


@dataclass(frozen=True)
class Step:
    """One step of a derivation.

    ``concludes`` marks the steps that are the statement itself, ``case`` says what such a one is about if not all are about the same;
    ``free`` marks those that hold without any of the claim's hypotheses, and are decided without them.
    """

    words: str
    goal: Goal
    concludes: bool = False
    free: bool = False
    case: str = ""


@dataclass(frozen=True)
class Claim(Shown):
    """A law: statement (words and formulas), hypotheses, steps, lemmas, provenance, and how it is measured."""

    id: str
    chapter: str
    label: str
    title: str
    formulas: Formulas
    hypotheses: tuple[Hypothesis, ...]
    steps: Callable[[Formulas], tuple[Step, ...]]
    evidence: str
    provenance: Provenance
    references: tuple[Reference, ...] = ()
    derived_from: tuple[str, ...] = ()
    remark: str = ""
    numeric_only: bool = False
    letters: Letters = field(default_factory=dict)  # what each is that nothing else explains, by its name or LaTeX

    def domain(self, without: str = "") -> Domain:
        """Where the statement is claimed: the content of every hypothesis but the one named."""
        kept = [h.content for h in self.hypotheses if h.id != without]
        ranges = [(k, box) for d in kept for k, box in d.ranges.items()]
        if any(dict(ranges)[k] != box for k, box in ranges):
            raise ValueError(f"claim {self.id!r} has hypotheses that give one variable two ranges")
        return Domain(ranges=dict(ranges), orthogonal=tuple(p for d in kept for p in d.orthogonal),
                      invariant=tuple(name for d in kept for name in d.invariant))  # fmt: skip

    def replaced(self, **formulas: Any) -> Claim:
        """A variant of the claim with other formulas: what a typing error would have made of it.

        Raises `KeyError` for a formula that the claim does not have.
        """
        if unknown := formulas.keys() - self.formulas.keys():
            raise KeyError(f"{self.id} has no formula {sorted(unknown)}; it has {sorted(self.formulas)}")
        return replace(self, formulas=MappingProxyType({**self.formulas, **formulas}))

    def conclusions(self) -> tuple[Goal, ...]:
        """The goals that state the claim."""
        return tuple(step.goal for step in self.written if step.concludes)

    @cached_property
    def written(self) -> tuple[Step, ...]:
        """Its steps, of its own formulas: written once, for SymPy takes its time and whatever shows a claim asks."""
        return tuple(self.steps(self.formulas))


@dataclass(frozen=True)
class WitnessVerdict:
    """Whether a hypothesis is needed: ``bites`` if the kernel refuted ``goal``, a formula of the statement without it.

    ``instead``, with its verdict, is what the witness says of its setting; it has to be proved.
    """

    hypothesis: str
    words: str
    verdict: Verdict
    goal: Goal | None = None
    instead: tuple[Goal, Verdict] | None = None

    @property
    def bites(self) -> bool:
        """Refuted, with values, in the setting that is meant."""
        return self.verdict.refuted and (self.instead is None or self.instead[1].proved)


@dataclass(frozen=True)
class Proof(Shown):
    """What the kernel said of a claim, step by step."""

    claim: Claim
    steps: tuple[tuple[Step, Verdict], ...]
    witnesses: tuple[WitnessVerdict, ...]
    seconds: float
    fallen: tuple[Claim, ...] = ()  # the claims behind it that do not stand, where they were asked for

    @property
    def status(self) -> Status:
        """Proved if every step is, refuted if any step is, undecided otherwise."""
        verdicts = [v for _, v in self.steps]
        if any(v.refuted for v in verdicts):
            return Status.REFUTED
        concluded = any(step.concludes for step, _ in self.steps)
        return Status.PROVED if concluded and all(v.proved for v in verdicts) else Status.UNDECIDED

    @property
    def outcome(self) -> str:
        """What to call it: its status, or ``numeric-only`` for a claim marked so without a step that is not proved."""
        excused = self.claim.numeric_only and all(v.proved for _, v in self.steps)
        return "numeric-only" if excused else self.status.value

    @property
    def stands(self) -> bool:
        """Whether the statement may be made: it is proved, or marked as measured only, with nothing refuted or open."""
        return self.outcome in (Status.PROVED.value, "numeric-only")


def prove(claim: Claim) -> Proof:
    """Ask the kernel for every step and every witness of a claim. Never raises on what cannot be decided."""
    started = time.perf_counter()
    decided = tuple(_decided(claim))
    return Proof(claim, decided, tuple(witnesses(claim)), time.perf_counter() - started)


def is_proved(claim: Claim) -> bool:
    """Whether `prove` would call the claim proved: asked step by step, up to the first that is not, and of no witness."""
    concluded = False
    for step, verdict in _decided(claim):
        if not verdict.proved:
            return False
        concluded |= step.concludes
    return concluded


def first_shortfall(claim: Claim) -> tuple[Step, Verdict] | None:
    """The first step of a claim that is not proved, with what the kernel says of it; None for a claim whose every step is."""
    return next(((step, verdict) for step, verdict in _decided(claim) if not verdict.proved), None)


def witnesses(claim: Claim) -> Iterator[WitnessVerdict]:
    """What the kernel says without each hypothesis, asked one by one."""
    return (_witness(claim, hypothesis) for hypothesis in claim.hypotheses)


def _decided(claim: Claim) -> Iterator[tuple[Step, Verdict]]:
    """Every step with its verdict; then, where all are proved, what is wrong with the derivation nevertheless."""
    try:
        domain, steps = claim.domain(), claim.written
    except Exception as error:  # a formula that SymPy stumbles over is an undecided step, not a crash
        yield _undecided("the derivation", f"the steps cannot be written: {error}")
        return
    proved = True
    for step in steps:
        verdict = plainly(step.goal, Domain() if step.free else domain, claim.letters)
        proved &= verdict.proved
        yield step, verdict
    if proved:
        yield from _says_nothing(claim, steps, domain)


def _undecided(words: str, why: str) -> tuple[Step, Verdict]:
    return Step(words, goal=_NO_GOAL), Verdict(Status.UNDECIDED, "none", why)


def _says_nothing(claim: Claim, steps: Sequence[Step], domain: Domain) -> Iterator[tuple[Step, Verdict]]:
    """What is wrong with a derivation although every step of it is proved."""
    if not has_a_point(domain, [step.goal for step in steps]):
        yield _undecided("The hypotheses hold somewhere.", "no point at which all of them hold was found: they may contradict each other")
    for step in steps:
        if step.concludes and leaves(step.goal, domain):
            yield _undecided("The statement is about its hypotheses' domain.", f"a conclusion is about a range beyond it: {step.words}")
    for step in _restated(claim, steps):
        yield _undecided("The statement says something.", f"both sides of a conclusion are one expression: {step.words}")


def _restated(claim: Claim, steps: Sequence[Step]) -> Iterator[Step]:
    """Conclusions with a part that has one expression on both sides, whatever the claim's formulas are."""
    empty = {i: restatements(step.goal) for i, step in enumerate(steps) if step.concludes}
    for name in claim.formulas:
        if not any(empty.values()):  # and more variants cannot fill it again
            break
        try:
            variant = claim.steps({**claim.formulas, name: altered(claim.formulas[name])})
            empty = {i: parts & restatements(variant[i].goal) for i, parts in empty.items()}
        except Exception:  # a variant that cannot be written says nothing for the claim
            continue
    yield from (steps[i] for i, parts in empty.items() if parts)


def _witness(claim: Claim, hypothesis: Hypothesis) -> WitnessVerdict:
    try:
        if hypothesis.witness is not None:
            witness = hypothesis.witness(claim.formulas)
            build = hypothesis.witness
            if not depends(lambda formulas: build(formulas).goal, claim.formulas):
                said = "the witness says the same whatever the claim's formulas are: any false statement would do"
                return WitnessVerdict(hypothesis.id, witness.words, Verdict(Status.UNDECIDED, "none", said), witness.goal)
            goal, verdict = asked(witness.goal, meant(witness.domain, witness.goal, claim.letters, hypothesis.content))
            other = witness.instead
            instead = None if other is None else (other, decide(other, witness.domain))
            return WitnessVerdict(hypothesis.id, witness.words, verdict, goal, instead)
        weaker = claim.domain(without=hypothesis.id)
        verdicts = [asked(g, meant(weaker, g, claim.letters, hypothesis.content)) for g in claim.conclusions()]
    except Exception as error:
        return WitnessVerdict(hypothesis.id, "", Verdict(Status.UNDECIDED, "none", str(error)))
    nothing = Verdict(Status.UNDECIDED, "none", "the claim states no conclusion")
    failing, found = next((pair for pair in verdicts if pair[1].refuted), verdicts[0] if verdicts else (None, nothing))
    return WitnessVerdict(hypothesis.id, LEFT_OUT, found, failing)


_NO_GOAL: Goal = None  # type: ignore[assignment]

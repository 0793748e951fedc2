"""The records: what is claimed, under which hypotheses, by which steps, from where; and the catalogue.

A claim's ``formulas`` are its statement as expressions, and the one place where they are typed: the steps
prove them, evidence measures them, LaTeX prints them. `Claim.replaced` makes a broken variant, which every
check must catch. Nothing here is proved at import; `prove` asks the kernel.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import Enum
from types import MappingProxyType
from typing import Any

from theory.kernel import Domain, Goal, Status, Verdict, decide

Formulas = Mapping[str, Any]


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
    """The statement under a violation of one hypothesis: the kernel must refute ``goal`` on ``domain``."""

    words: str
    goal: Goal
    domain: Domain = field(default_factory=Domain)


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

    ``concludes`` marks the steps that are the statement itself; ``free`` those that hold without any of the
    claim's hypotheses, and are decided without them.
    """

    words: str
    goal: Goal
    concludes: bool = False
    free: bool = False


@dataclass(frozen=True)
class Claim:
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

    def domain(self, without: str = "") -> Domain:
        """Where the statement is claimed: the content of every hypothesis but the one named."""
        kept = [h.content for h in self.hypotheses if h.id != without]
        return Domain(
            ranges={k: v for d in kept for k, v in d.ranges.items()},
            orthogonal=tuple(p for d in kept for p in d.orthogonal),
            invariant=tuple(name for d in kept for name in d.invariant),
        )

    def replaced(self, **formulas: Any) -> Claim:
        """A variant of the claim with other formulas: what a typing error would have made of it.

        Raises `KeyError` for a formula that the claim does not have.
        """
        if unknown := formulas.keys() - self.formulas.keys():
            raise KeyError(f"{self.id} has no formula {sorted(unknown)}; it has {sorted(self.formulas)}")
        return replace(self, formulas=MappingProxyType({**self.formulas, **formulas}))

    def conclusions(self) -> tuple[Goal, ...]:
        """The goals that state the claim."""
        return tuple(step.goal for step in self.steps(self.formulas) if step.concludes)


@dataclass(frozen=True)
class WitnessVerdict:
    """Whether a hypothesis is needed: ``bites`` if the kernel refuted the statement without it."""

    hypothesis: str
    words: str
    verdict: Verdict

    @property
    def bites(self) -> bool:
        """Refuted, with values."""
        return self.verdict.refuted


@dataclass(frozen=True)
class Proof:
    """What the kernel said of a claim, step by step."""

    claim: Claim
    steps: tuple[tuple[Step, Verdict], ...]
    witnesses: tuple[WitnessVerdict, ...]
    seconds: float

    @property
    def status(self) -> Status:
        """Proved if every step is, refuted if any step is, undecided otherwise."""
        verdicts = [v for _, v in self.steps]
        if any(v.refuted for v in verdicts):
            return Status.REFUTED
        concluded = any(step.concludes for step, _ in self.steps)
        return Status.PROVED if concluded and all(v.proved for v in verdicts) else Status.UNDECIDED


def prove(claim: Claim) -> Proof:
    """Ask the kernel for every step and every witness of a claim. Never raises on what cannot be decided."""
    started, domain = time.perf_counter(), claim.domain()
    try:
        steps = claim.steps(claim.formulas)
    except Exception as error:  # a formula that SymPy stumbles over is an undecided step, not a crash
        verdict = Verdict(Status.UNDECIDED, "none", f"the steps cannot be written: {error}")
        steps = ()
        decided: tuple[tuple[Step, Verdict], ...] = ((Step("the derivation", goal=_NO_GOAL), verdict),)
    else:
        decided = tuple((step, decide(step.goal, Domain() if step.free else domain)) for step in steps)
    witnesses = tuple(_witness(claim, hypothesis) for hypothesis in claim.hypotheses)
    return Proof(claim, decided, witnesses, time.perf_counter() - started)


def _witness(claim: Claim, hypothesis: Hypothesis) -> WitnessVerdict:
    try:
        if hypothesis.witness is not None:
            witness = hypothesis.witness(claim.formulas)
            return WitnessVerdict(hypothesis.id, witness.words, decide(witness.goal, witness.domain))
        weaker = claim.domain(without=hypothesis.id)
        verdicts = [decide(goal, weaker) for goal in claim.conclusions()]
    except Exception as error:
        return WitnessVerdict(hypothesis.id, "", Verdict(Status.UNDECIDED, "none", str(error)))
    nothing = Verdict(Status.UNDECIDED, "none", "the claim states no conclusion")
    best = next((v for v in verdicts if v.refuted), verdicts[0] if verdicts else nothing)
    return WitnessVerdict(hypothesis.id, "the statement itself, without this hypothesis", best)


class CatalogueError(ValueError):
    """A claim that the catalogue refuses, and why."""


class Catalogue:
    """All claims, in an order in which every claim follows the ones it is derived from."""

    def __init__(self, claims: tuple[Claim, ...] = ()) -> None:
        self._claims: dict[str, Claim] = {}
        for claim in claims:
            self._admit(claim)
        self._order = self._sorted()

    def _admit(self, claim: Claim) -> None:
        if claim.id in self._claims:
            raise CatalogueError(f"duplicate claim id {claim.id!r}")
        if not claim.hypotheses:
            raise CatalogueError(f"claim {claim.id!r} has no hypotheses: nothing holds without any")
        if len({h.id for h in claim.hypotheses}) < len(claim.hypotheses):
            raise CatalogueError(f"claim {claim.id!r} has two hypotheses of one id")
        ranges = [(atom, box) for h in claim.hypotheses for atom, box in h.content.ranges.items()]
        if any(atom == other and box != its for atom, box in ranges for other, its in ranges):
            raise CatalogueError(f"claim {claim.id!r} has hypotheses that give one variable two ranges")
        if not claim.evidence.strip():
            raise CatalogueError(f"claim {claim.id!r} names no evidence")
        self._claims[claim.id] = claim

    def _sorted(self) -> tuple[str, ...]:
        order: list[str] = []
        path: list[str] = []

        def visit(name: str, wanted_by: str) -> None:
            if name not in self._claims:
                raise CatalogueError(f"claim {wanted_by!r} is derived from unknown claim {name!r}")
            if name in path:
                raise CatalogueError(f"circular derivation: {' -> '.join([*path[path.index(name) :], name])}")
            if name in order:
                return
            path.append(name)
            for lemma in self._claims[name].derived_from:
                visit(lemma, name)
            path.pop()
            order.append(name)

        for name in self._claims:
            visit(name, name)
        return tuple(order)

    def __iter__(self) -> Iterator[Claim]:
        return (self._claims[name] for name in self._order)

    def __len__(self) -> int:
        return len(self._claims)

    def __contains__(self, name: object) -> bool:
        return name in self._claims

    def __getitem__(self, name: str) -> Claim:
        """The claim with this id (or THEORY label, such as ``B2``); raises `KeyError` with near misses."""
        for claim in self._claims.values():
            if name in (claim.id, claim.label):
                return claim
        near = get_close_matches(name, [*self._claims, *(claim.label for claim in self._claims.values())])
        raise KeyError(f"{name}; perhaps {', '.join(near)}" if near else name)

    def chapters(self) -> tuple[str, ...]:
        """Chapters in order of first appearance."""
        return tuple(dict.fromkeys(claim.chapter for claim in self))

    def graph(self) -> str:
        """The dependency graph, one claim a line, each after what it is derived from."""
        return "\n".join(
            f"{c.id}" + (f"  <-  {', '.join(c.derived_from)}" if c.derived_from else "") for c in self
        )

    def dot(self) -> str:
        """The dependency graph in Graphviz' language."""
        edges = [f'  "{lemma}" -> "{c.id}";' for c in self for lemma in c.derived_from]
        nodes = [f'  "{c.id}" [label="{c.label}\\n{c.id}"];' for c in self]
        return "\n".join(["digraph claims {", "  rankdir=LR;", *nodes, *edges, "}"])


_NO_GOAL: Goal = None  # type: ignore[assignment]

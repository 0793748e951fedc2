"""The three kinds of work in a run, each a job that any process can do: a proof, measurements, real text.

A job is plain data and names its claim; it returns a record of `derivations.ledger.records` and lets nothing but an
`InvalidInput` about what the user gave out. Whatever goes wrong otherwise is a shortfall of the claim.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sympy as sp

from derivations import evidence as measured
from derivations.evidence import Floats
from derivations.latex.decided import definitions
from derivations.latex.printer import formula_latex, goal_latex
from derivations.ledger.proofs import KernelWitness, ProofRecord, StepRecord
from derivations.ledger.records import EvidenceRecord, MeasurementRecord, NumericWitnessRecord, RealTextRecord
from derivations.ledger.sampling import sampled
from theory.catalogue import Catalogue
from theory.claims import Claim, Proof, WitnessVerdict, prove
from theory.kernel import Goal, Verdict

Tell = Callable[[float, str], None]
Record = ProofRecord | EvidenceRecord | RealTextRecord
LAW_OF_REAL_TEXT = "fourth-power-sandwich"


@dataclass(frozen=True)
class ProofJob:
    """Prove a claim and put its kernel witnesses."""

    claim: str

    def perform(self, claims: Catalogue, tell: Tell) -> ProofRecord:
        """Ask the kernel; never raises for what it cannot decide."""
        tell(0.0, "proving")
        return proof_of(claims[self.claim])

    def failed(self, reason: str) -> ProofRecord:
        """The record when the process that did this job is gone."""
        return ProofRecord("undecided", note=reason)


@dataclass(frozen=True)
class EvidenceJob:
    """Measure a claim on drawn settings and drop its hypotheses one by one."""

    claim: str
    seed: int
    effort: str

    def perform(self, claims: Catalogue, tell: Tell) -> EvidenceRecord:
        """Simulate and compare; an error is evidence against the claim."""
        tell(0.0, "measuring")
        return evidence_of(claims[self.claim], self.seed, self.effort)

    def failed(self, reason: str) -> EvidenceRecord:
        """The record when the process that did this job is gone."""
        return EvidenceRecord(note=reason)


@dataclass(frozen=True)
class RealTextJob:
    """Train embeddings on a text, put the law to every row, and write what came out under ``out``."""

    corpus: Path | None
    seed: int
    effort: str
    out: Path

    def perform(self, claims: Catalogue, tell: Tell) -> RealTextRecord:
        """Train, check, write; raises `InvalidInput` for a corpus that cannot be used."""
        return real_text_of(self, claims, tell)

    def failed(self, reason: str) -> RealTextRecord:
        """The record when the process that did this job is gone."""
        return RealTextRecord("fails", self.name, note=reason)

    @property
    def name(self) -> str:
        """What to call the text before it was read."""
        return self.corpus.name if self.corpus else "the built-in text"


Job = ProofJob | EvidenceJob | RealTextJob


def proof_of(claim: Claim) -> ProofRecord:
    """The kernel's answer as a record; a claim that cannot even be put to the kernel is not proved."""
    try:
        return proof_record(prove(claim))
    except Exception as error:
        return ProofRecord("undecided", note=f"{type(error).__name__}: {error}")


def proof_record(proof: Proof) -> ProofRecord:
    """A proof as plain strings."""
    steps = tuple(
        _step(s.words, v, goal=s.goal, concludes=s.concludes, free=s.free, case=s.case) for s, v in proof.steps
    )
    witnesses = {w.hypothesis: _kernel_witness(w) for w in proof.witnesses}
    stated = [step.latex for step in steps if step.concludes]
    if proof.outcome == "numeric-only" and not stated:  # what is measured is all there is to state
        stated = [formula_latex(formula) for formula in proof.claim.formulas.values()]
    latex = r" ;\quad ".join(stated)
    return ProofRecord(proof.outcome, latex, steps, witnesses, proof.seconds)


def _kernel_witness(w: WitnessVerdict) -> KernelWitness:
    instead = None if w.instead is None else _step("", w.instead[1], w.instead[0])
    return KernelWitness(w.words, _step(w.words, w.verdict, w.goal), instead)


def _step(words: str, v: Verdict, goal: Goal | None = None, **marks: Any) -> StepRecord:
    return StepRecord(
        words=words,
        latex="" if goal is None else goal_latex(goal),
        verdict=v.status.value,
        method=v.method,
        detail=v.detail,
        values=dict(v.values),
        conditions=v.conditions,
        decided=() if goal is None else definitions(goal),
        **marks,
    )


def evidence_of(claim: Claim, seed: int, effort: str) -> EvidenceRecord:
    """The measurements as a record; without an evidence module, or with one that raises, it fails."""
    started = time.perf_counter()
    try:
        source = measured.evidence_for(claim)
    except ModuleNotFoundError as error:
        absent = (error.name or "").startswith("derivations.evidence")
        return EvidenceRecord(note="no evidence module" if absent else str(error))
    except Exception as error:
        return EvidenceRecord(note=f"the evidence module cannot be loaded: {type(error).__name__}: {error}")
    try:
        measurements = tuple(measurement_record(m, seed) for m in measured.measure(claim, seed, effort))
        note = ""
    except Exception as error:
        measurements, note = (), f"{type(error).__name__}: {error}"
    witnesses = {
        h.id: _numeric_witness(source, h.id, claim, seed)
        for h in claim.hypotheses
        if h.id in source.witnesses
    }
    return EvidenceRecord(measurements, witnesses, time.perf_counter() - started, note)


def measurement_record(m: measured.Measurement, seed: int = 0) -> MeasurementRecord:
    """A measurement at the setting that decides it, with points of a draw by ``seed``."""
    if not m.settings:
        return MeasurementRecord(m.what, m.verdict, None, None, 0)
    worst = m.worst
    setting = m.labels[worst] if worst < len(m.labels) else ""
    observed, bound = float(m.deviations[worst]), float(m.bounds[worst])
    return MeasurementRecord(m.what, m.verdict, observed, bound, m.settings, setting, sampled(m, seed))


def _numeric_witness(
    source: measured.Evidence, hypothesis: str, claim: Claim, seed: int
) -> NumericWitnessRecord:
    try:
        witness = source.witnesses[hypothesis](claim.formulas, seed)
    except Exception as error:
        return NumericWitnessRecord("", False, note=f"{type(error).__name__}: {error}")
    kept, dropped = (measurement_record(m, seed) for m in (witness.kept, witness.dropped))
    return NumericWitnessRecord(witness.words, witness.bites, kept, dropped)


def real_text_of(job: RealTextJob, claims: Catalogue, tell: Tell) -> RealTextRecord:
    """Train on real text and compare every row with the law as the catalogue states it."""
    from derivations.real_text import report as real_text_report
    from derivations.real_text import training as real_text
    from numerics.validation import InvalidInput

    started = time.perf_counter()
    try:
        quartic, excess = law_of_real_text(claims)
        result = real_text.run(
            corpus=job.corpus,
            seed=job.seed,
            effort=job.effort,
            quartic=quartic,
            sandwich_excess=excess,
            progress=tell,
        )
        files = real_text_report.write_outputs(result, job.out)
    except InvalidInput:
        raise
    except Exception as error:
        return replace(job.failed(f"{type(error).__name__}: {error}"), seconds=time.perf_counter() - started)
    found = real_text_report.summary(result)
    at = found["law"]["at"]
    return RealTextRecord(
        verdict=result.check.verdict,
        corpus=result.corpus,
        observed=found["law"]["largest_relative_error"],
        bound=found["law"]["bound_there"],
        checked=found["law"]["rows_checked"],
        outside=found["law"]["rows_outside"],
        at=f"{at['word']!r} in the {at['table']} table, replicate {at['replicate']}",
        header=real_text_report.TABLE_HEADER,
        rows=tuple(real_text_report.table_rows(result, 12)),
        summary=found,
        files=tuple(map(str, files)),
        seconds=time.perf_counter() - started,
    )


def law_of_real_text(claims: Catalogue) -> tuple[Callable[..., Floats], Callable[..., Floats]]:
    """The law as `real_text.run` takes it, prediction and excess, compiled from the claim's formulas."""
    formulas = claims[LAW_OF_REAL_TEXT].formulas
    names = sp.symbols("z_0 A M")

    def compiled(name: str, arguments: tuple[sp.Symbol, ...]) -> Callable[..., Floats]:
        plain = formulas[name].xreplace({s: sp.Symbol(s.name) for s in formulas[name].free_symbols})
        if unknown := plain.free_symbols - set(arguments):
            raise ValueError(f"formula {name} of {LAW_OF_REAL_TEXT} has symbols {sorted(map(str, unknown))}")
        return sp.lambdify(arguments, plain, "numpy")

    return compiled("lower", names[:2]), compiled("upper_excess", names)

"""Files of claims of one's own: what they may contain, their verdicts, and the ledger that comes of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from derivations.command_line.input_checks import UsageError
from derivations.command_line.toml_file import only, read_toml
from derivations.ledger.proofs import ProofRecord, StepRecord
from derivations.ledger.records import ClaimRecord, EvidenceRecord, Ledger
from derivations.ledger.verification import versions
from derivations.statements.process import Question, StatementProcess
from derivations.statements.text import usage_error
from theory.statements import Result, StatementError
from theory.statements.kinds import read

VERDICTS = ("proved", "refuted", "undecided")
_TOP, _CLAIM = {"where", "given", "claim"}, {"name", "statement", "where", "given", "expect"}
_LARGEST, _MOST_CLAIMS, _PROCESSES = 1 << 20, 1000, 2


@dataclass(frozen=True)
class OwnClaim:
    """One entry of a file: a question, its name, and the verdict that is expected."""

    name: str
    question: Question
    expected: str


@dataclass(frozen=True)
class OwnRecord(ClaimRecord):
    """A line of the ledger that passes if the verdict is the expected one."""

    statement: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    expected: str = "proved"
    result: Result | None = None

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the expected one."""
        return self.proof.status == self.expected

    def shortfalls(self) -> tuple[str, ...]:
        """The verdict where another one was expected."""
        if self.as_expected:
            return ()
        why = self.proof.steps[0].reason() if self.proof.steps else self.proof.note
        return (f"{self.proof.status}, expected {self.expected}" + (f": {why}" if why else ""),)


def read_claims(path: Path) -> tuple[OwnClaim, ...]:
    """The claims of a TOML file, all of them readable; raises `UsageError` for the first thing that is wrong."""
    document = read_toml("FILE", path, _LARGEST)
    only(document, _TOP, f"{path.name}")
    where, given = _where(document, f"{path.name}"), _given(document, path.name)
    entries = document.get("claim", [])
    if not isinstance(entries, list) or not entries or not all(isinstance(e, dict) for e in entries):
        raise UsageError(f"{path.name} has no claims: each is a table [[claim]] with name and statement")
    if len(entries) > _MOST_CLAIMS:
        raise UsageError(f"{path.name} has {len(entries)} claims; {_MOST_CLAIMS} are checked at most")
    claims = [_claim(entry, number, where, given) for number, entry in enumerate(entries, 1)]
    names = [claim.name for claim in claims]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two claims are called {name!r}")
    own = [_where(entry, "").keys() for entry in entries]
    claims = [_read(claim, where.keys() - mine) for claim, mine in zip(claims, own, strict=True)]
    used = {name for claim, mine in zip(claims, own, strict=True) for name in claim.question.where.keys() - mine}
    for name, text in where.items():
        if name not in used:
            raise UsageError(f"{path.name}: {name} is defined for all claims and not used in any (in where {name})\n  {text}\n  ^")
    return tuple(claims)


def _read(claim: OwnClaim, shared: Collection[str]) -> OwnClaim:
    """The claim with the definitions that it uses; ``shared`` are those it need not use. Raises `UsageError`."""
    asked = claim.question
    try:
        used = read(asked.statement, asked.where, asked.given, shared).definitions
    except StatementError as error:
        raise usage_error(error, f"claim {claim.name!r}: ") from error
    return replace(claim, question=replace(asked, where={n: text for n, text in asked.where.items() if n in used}))


def _claim(entry: Mapping[str, Any], number: int, where: Mapping[str, str], given: tuple[str, ...]) -> OwnClaim:
    name = entry.get("name")
    about = f"claim {name!r}" if isinstance(name, str) else f"claim number {number}"
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise UsageError(f"{about} has no name of one line")
    only(entry, _CLAIM, about)
    statement, expected = entry.get("statement"), entry.get("expect", "proved")
    if not isinstance(statement, str):
        raise UsageError(f"{about} has no statement, which must be text")
    if expected not in VERDICTS:
        raise UsageError(f"{about}: expect = {expected!r} must be one of {', '.join(VERDICTS)}")
    question = Question(statement, {**where, **_where(entry, about)}, (*given, *_given(entry, about)))
    return OwnClaim(name, question, expected)


def _where(table: Mapping[str, Any], about: str) -> dict[str, str]:
    found = table.get("where", {})
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise UsageError(f"{about}: where must be a table of names with text, as in where = {{ L = \"-cos(u, v)\" }}")
    return found


def _given(table: Mapping[str, Any], about: str) -> tuple[str, ...]:
    found = table.get("given", [])
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise UsageError(f"{about}: given must be a list of conditions, as in given = [\"tau > 0\"]")
    return tuple(found)


def check(claims: Iterable[OwnClaim], timeout: float, tell: Callable[[OwnRecord], None]) -> Ledger:
    """Prove every claim, two at a time, each within its limit; ``tell`` hears each record in the order of the file."""
    started, claims = time.perf_counter(), tuple(claims)
    idle: SimpleQueue[StatementProcess] = SimpleQueue()
    processes = [StatementProcess() for _ in range(min(_PROCESSES, len(claims)))]
    for process in processes:
        idle.put(process)

    def answer(numbered: tuple[int, OwnClaim]) -> OwnRecord:
        number, claim = numbered
        process = idle.get()
        try:
            return record(claim, process.ask(claim.question, timeout), str(number))
        finally:
            idle.put(process)

    records: list[OwnRecord] = []
    pool = ThreadPoolExecutor(len(processes))
    try:
        for found in pool.map(answer, enumerate(claims, 1)):
            records.append(found)
            tell(found)
    finally:
        for process in processes:
            process.close()
        pool.shutdown(wait=False, cancel_futures=True)
    return Ledger(tuple(records), None, 0, "own claims", versions(), time.perf_counter() - started)


def record(claim: OwnClaim, result: Result, label: str = "") -> OwnRecord:
    """A result as a line of the ledger."""
    against = result.counterexample
    values: dict[str, str] = {}
    if against is not None:
        values = {n: f"({', '.join(v)})" for n, v in against.vectors.items()} | dict(against.scalars)
    step = StepRecord("The statement.", result.statement_latex, result.verdict, result.method, result.note, values, concludes=True)
    proof = ProofRecord(result.verdict, result.statement_latex, (step,), {}, result.seconds, result.note)
    asked = claim.question
    return OwnRecord(claim.name, label, "own", f"`{asked.statement}`", proof, EvidenceRecord(), (), (), "own",
                     statement=asked.statement, where=asked.where, given=tuple(asked.given), expected=claim.expected,
                     result=result)  # fmt: skip

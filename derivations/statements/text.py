"""Statements of one's own as a person reads them: verdict, counterexample, and what is wrong with a text."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console

from derivations.command_line.input_checks import UsageError
from derivations.terminal.plain_math import plain_math
from derivations.terminal.tables import line, verdict
from theory.statements import Counterexample, Result, StatementError

EXIT = {"proved": 0, "refuted": 1, "undecided": 3}
_WIDEST = 400


def show_result(out: Console, result: Result) -> None:
    """Verdict first, then the statement and what supports it."""
    by = f"  by {result.method}" if result.verdict == "proved" else ""
    line(out, verdict(result.verdict), by, (f"  {result.seconds:.1f} s", "dim"))
    line(out, f"  {plain_math(result.statement_latex)}")
    if result.counterexample is not None:
        _show_counterexample(out, result.counterexample)
        if 0 < len(result.defect_latex) <= _WIDEST:
            line(out, f"  left - right = {plain_math(result.defect_latex)}")
    if result.conditions and result.verdict == "proved":
        line(out, ("  wherever it is defined: " + "; ".join(result.conditions), "dim"))
    if result.note:
        line(out, (f"  {result.note}", "yellow"))


def _show_counterexample(out: Console, found: Counterexample) -> None:
    at = setting_words(found)
    words = f"  it fails in dimension {found.dimension}" if found.vectors else "  it fails"
    line(out, f"{words} at {at}" if at else words)
    for name, side in (("left", found.left), ("right", found.right)):
        value = f"({', '.join(side)})" if isinstance(side, tuple) else side
        line(out, f"  {name:<5} = {value}")


def setting_words(found: Counterexample) -> str:
    """Vectors and scalars of a counterexample in one line."""
    parts = [f"{name} = ({', '.join(v)})" for name, v in found.vectors.items()]
    return ", ".join([*parts, *(f"{name} = {value}" for name, value in found.scalars.items())])


def definitions_of(texts: list[str]) -> Mapping[str, str]:
    """``NAME=EXPRESSION`` options as a mapping; raises `UsageError` for one that is none, or one given twice."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, expression = text.partition("=")
        name = name.strip()
        if not sign or not name or expression.startswith("="):
            raise UsageError(f"--where {text[:60]!r} must be NAME=EXPRESSION, as in --where 'L=-cos(u, v)'")
        if name in found:
            raise UsageError(f"--where {name}=... is given twice")
        found[name] = expression
    return found


def usage_error(error: StatementError, about: str = "") -> UsageError:
    """What is wrong with a text, with a caret under the place."""
    label = error.spot.source.label
    place = "" if label == "statement" else f" (in {label})"
    first, *rest = error.shown.split("\n")
    return UsageError("\n".join([f"{about}{first}{place}", *rest]))

"""The report as a page of text."""

from __future__ import annotations

from rich.console import Console

from derivations.check_log.finding import FAILS, HOLDS, SILENT, Finding
from derivations.check_log.report import Report, norms
from derivations.terminal.tables import line, verdict

UNITS = {
    "norm": "mean norm, second half of the run", "norm_at_start": "mean norm at the first record", "norm_at_end": "at the last",
    "energy": "mean gradient energy G", "radial_share": "of it radial", "drift": "mean drift D", "heat": "mean heat v",
    "rotation": "mean rotation of a step, radians",
}  # fmt: skip


def show(out: Console, report: Report, *, quiet: bool) -> None:
    """Laws, hypotheses, estimates; only what fails if ``quiet``."""
    width = max(len(f.law) for f in report.findings)
    for f in report.findings:
        if not quiet or f.verdict == FAILS:
            _show_law(out, f, width)
    if not quiet:
        _show_hypotheses(out, report)
        _show_estimates(out, report)
    if not quiet or report.verdict != HOLDS:
        line(out, (_last(report), "bold"))


def _last(report: Report) -> str:
    """The verdict, how many laws said what, and what was not tested: as much a result as what was."""
    counts = {word: sum(f.verdict == word for f in report.findings) for word in (HOLDS, FAILS, SILENT)}
    head = {HOLDS: "every law that speaks of this log holds", FAILS: "A LAW FAILS"}.get(report.verdict, report.verdict.upper())
    parts = [f"{head}: {', '.join(f'{n} {word}' for word, n in counts.items())}", *report.doubts]
    return "; ".join(parts + ([report.untested] if report.untested else []))


def _show_law(out: Console, f: Finding, width: int) -> None:
    labels = f" ({', '.join(f.claims)})" if f.claims else ""
    line(out, f"{f.law:<{width}}  ", verdict(f.verdict), f"  {f.words}", (labels, "dim"))
    pad = " " * (width + 2)
    if f.verdict == SILENT:
        line(out, pad, (f.reason, "dim"))
        return
    sign = "≤" if f.deviation <= f.bound else ">"
    beyond = f"{f.exceeding} of {f.compared} exceed it; " if f.exceeding else ""
    line(out, f"{pad}observed {f.observed:.8g}, predicted {f.predicted:.8g}; off by {f.deviation:.3g} {sign} {f.bound:.3g}")
    line(out, f"{pad}{beyond}{f.compared} compared, nearest to its bound at {f.at}")
    if f.note:
        line(out, pad, (f.note, "dim"))


def _show_hypotheses(out: Console, report: Report) -> None:
    line(out)
    line(out, ("what laws suppose", "bold"))
    words = {True: ("met", "green"), False: ("violated", "yellow"), None: ("open", "dim")}
    width = max(len(h.name) for h in report.hypotheses)
    for h in report.hypotheses:
        word, style = words[h.met]
        line(out, f"  {h.name:<{width}}  ", (f"{word:<8}", style), f"  {h.words}")


def _show_estimates(out: Console, report: Report) -> None:
    line(out)
    line(out, ("estimates", "bold"))
    for name, words in UNITS.items():
        if name in report.estimates:
            line(out, f"  {words}: {report.estimates[name]:.6g}")
    if report.level is not None:
        line(out, f"  memory of the norm: {report.level.memory:.4g} steps")
        line(out, f"  {'row':<24}{'measured norm':>14}{'predicted':>14}")
        for row in norms(report):
            line(out, f"  {row['parameter'] + ' ' + str(row['row']):<24}{row['measured']:>14.6g}{row['predicted']:>14.6g}")
    line(out)

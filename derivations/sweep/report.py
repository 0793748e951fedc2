"""``normlaw sweep report``: what a dataset says, failing cells first, on the terminal, as Markdown, as JSON, and in pictures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from derivations.command_line.input_checks import writable_folder
from derivations.files import write_whole
from derivations.sweep import coverage, exponents
from derivations.sweep.cell_work import VERDICTS
from derivations.sweep.one_cell import plain
from derivations.sweep.report_text import markdown, share
from derivations.sweep.table import Rows, read_rows
from derivations.terminal.tables import console, line, verdict

SHORT = {"step_size": "eta", "eta_lambda": "eta lam"}  # so that a table has 80 columns
SHOWN = 20  # failing cells on the terminal; the files have all


def report(folder: Path, out: Path | None, *, as_json: bool, quiet: bool, no_color: bool) -> int:
    """1 if a cell fails or has an error, or none was compared, else 0; raises `UsageError` where there is nothing to report."""
    rows = read_rows(folder)
    where = writable_folder(out or folder / "report")
    found = document(rows)
    from derivations.sweep.plots import draw

    pictures = draw(rows, where)
    found["pictures"] = [{"files": [path.name for path in p.paths], "caption": p.caption} for p in pictures]
    text = json.dumps(plain(found), indent=1, allow_nan=False) + "\n"
    write_whole(where / "report.json", text)
    path = write_whole(where / "report.md", markdown(found))
    if as_json:
        sys.stdout.write(text)
    else:
        show(console(no_color=no_color), found, quiet)
        if not quiet:
            line(console(no_color=no_color), f"open: {path}")
    return 1 if found["short"] or found["there"] == found["verdicts"]["vacuous"] else 0


def document(rows: Rows) -> dict[str, Any]:
    """All of it as plain data."""
    fits = exponents.document(exponents.fits(rows))
    return {
        "schema": "normlaw-sweep-report/2", "name": rows.written["spec"]["sweep"]["name"], "dataset": str(rows.folder),
        "cells": rows.cells, "there": len(rows), "seconds": rows.seconds, "versions": rows.written["versions"],
        "machines": rows.written["machines"],
        "verdicts": {word: int(rows.are(word).sum()) for word in VERDICTS},
        "short": coverage.short(rows), "laws": coverage.by_law(rows), "axes": coverage.by_axis(rows),
        "reasons": coverage.reasons(rows), "closest": coverage.closest(rows),
        "exponents": fits, "no_exponents": "" if fits else exponents.why_none(rows),
    }  # fmt: skip


def show(out: Console, found: dict[str, Any], quiet: bool) -> None:
    """Failing cells, and, unless quiet, everything else in short."""
    for row in found["short"][:SHOWN]:
        line(out, verdict(row["verdict"]), f"  {row['cell']}  {row['setting']['law']}  {row['note'] or share(row)}")
    if len(found["short"]) > SHOWN:
        line(out, f"and {len(found['short']) - SHOWN} more, in report.md")
    if quiet:
        return
    counts = ", ".join(f"{found['verdicts'][word]} {word}" for word in VERDICTS)
    line(out, (found["name"], "bold"), f": {found['there']} of {found['cells']} cells: {counts}")
    if found["there"] < found["cells"]:
        line(out, (f"{found['cells'] - found['there']} cells are missing; normlaw sweep goes on from here", "yellow"))
    seen = [word for word in VERDICTS if word in ("holds", "fails") or found["verdicts"][word]]
    out.print(_table(("law", *seen, "nearest", "width", "blunt"),
                     [(r["law"], *(str(r[w]) for w in seen), _number(r["closest"]), _number(r["width"]), _number(r["blunt"]))
                      for r in found["laws"] if not r["law"].startswith("evidence:")]))  # fmt: skip
    evidence = [r for r in found["laws"] if r["law"].startswith("evidence:")]
    if evidence:
        line(out, f"evidence of {len(evidence)} claims: ", ", ".join(f"{sum(r[w] for r in evidence)} {w}" for w in VERDICTS))
    for law in dict.fromkeys(f["law"] for f in found["exponents"]):
        line(out, (f"exponents of the norm, {law}", "bold"), " (intervals and predictions are in report.md)")
        out.print(_exponents([f for f in found["exponents"] if f["law"] == law]))
    if found["no_exponents"]:
        line(out, ("exponents of the norm", "bold"), f": none; {found['no_exponents']}")
    line(out, "nearest to their bound")
    for row in found["closest"]:
        line(out, f"  {share(row)}  {row['setting']['law']}  ", (row["again"], "dim"))


def _exponents(fits: list[dict[str, Any]]) -> Table:
    """One row a rule and kind of decay, one column an axis."""
    moving = [axis for axis in exponents.SYMBOLS if any(f["axis"] == axis for f in fits)]
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for f in fits:
        groups.setdefault((f["optimizer"], f"{f['decay']} {f['rows']}"), {})[f["axis"]] = f"{round(f['observed'], 2) + 0.0:.2f}"
    header = ("rule", "decay", *(SHORT.get(axis, axis) for axis in moving))
    return _table(header, [(*name, *(of.get(axis, "") for axis in moving)) for name, of in groups.items()])


def _number(x: float | None) -> str:
    return "" if x is None else f"{x:.2g}"


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    words = {"law", "rule", "decay"}
    for name in header:
        table.add_column(name, justify="left" if name in words else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table

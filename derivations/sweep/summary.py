"""What a run says: its pace while it goes on, and at its end, or before it, how many cells there are and what became of them."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

from derivations.sweep.cell_work import VERDICTS
from derivations.sweep.dataset import read_parts
from derivations.sweep.design import Laid
from derivations.sweep.engine import Tally
from derivations.terminal.tables import console, line, verdict

FIRST = 5  # cells that a dry run shows
_SAID = (("holds", "hold"), ("is loose", "are loose"), ("fails", "fail"), ("is vacuous", "are vacuous"), ("has an error", "have an error"))
NAMED = 20  # cells that fall short and are named


class Pace:
    """Rate and remaining time, counted from when the first cells came in: until then kernels are compiled, if never before."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._since, self._had = 0.0, 0

    def words(self, tally: Tally) -> str:
        """One line, that a terminal of 80 columns has room for at the beginning."""
        said = f"{tally.kept + tally.done} of {tally.cells} cells"
        if tally.kept:
            said += f", {tally.kept} from before"
        if tally.left and not tally.done:
            waited = time.monotonic() - self._begun
            words = f"compiling kernels, first use only{f', {duration(waited)}' if waited >= 1 else ''}"
            said = f"{said}; {words}" if tally.kept else words
        if tally.done and not self._had:
            self._since, self._had = time.monotonic(), tally.done
        if tally.done > self._had:
            rate = (tally.done - self._had) / max(time.monotonic() - self._since, 1e-6)
            said += f", {rate:.0f} a second, {duration(tally.left / rate)} left"
        bad = {word: tally.verdicts.get(word, 0) for word in ("fails", "error")}
        said += "".join(f", {count} {word}" for word, count in bad.items() if count)
        return said + (f", {tally.deaths} process{'es' * (tally.deaths > 1)} replaced" if tally.deaths else "")


def duration(seconds: float) -> str:
    """About how long."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def finished(folder: Path, name: str, tally: Tally) -> dict[str, Any]:
    """The whole dataset in a few figures."""
    verdicts: Counter[str] = Counter()
    short: list[dict[str, Any]] = []
    for table in read_parts(folder):
        column = table.column("verdict").to_pylist()
        verdicts.update(column)
        for place in (i for i, word in enumerate(column) if word in ("fails", "error")):
            row = table.slice(place, 1).to_pylist()[0]
            short.append({key: row[key] for key in ("cell", "law", "verdict", "note")})
    return {"schema": "normlaw-sweep-summary/1", "name": name, "out": str(folder), "cells": tally.cells,
            "done_now": tally.done, "processes_replaced": tally.deaths,
            "verdicts": {word: verdicts[word] for word in VERDICTS}, "short": short[:NAMED]}  # fmt: skip


def said(found: dict[str, Any], *, quiet: bool, no_color: bool) -> None:
    """The same for a person; what falls short if quiet."""
    out = console(no_color=no_color)
    for row in found["short"]:
        line(out, verdict(row["verdict"]), f"  {row['cell']}  {row['law']}  {row['note']}")
    if quiet:
        return
    counts = found["verdicts"]
    words = ", ".join(f"{counts[word]} {one if counts[word] == 1 else many}" for word, (one, many) in zip(VERDICTS, _SAID, strict=True)
                      if counts[word] or word == "fails")  # fmt: skip
    short = counts["fails"] + counts["error"]
    head = f"{short} CELL{'S' * (short > 1)} FALL{'S' * (short == 1)} SHORT" if short else "every law holds where it speaks"
    if found["cells"] == counts["vacuous"]:
        head = "NOTHING WAS COMPARED: no law speaks of any of these settings"
    line(out, (head, "bold"), f": {found['cells']} cell{'s' * (found['cells'] != 1)}: {words}")
    line(out, f"next: normlaw sweep report {found['out']}")


def planned(laid: Laid) -> dict[str, Any]:
    """A design before it is run."""
    laws = Counter(cell.law.split(":")[0] + (":" if ":" in cell.law else "") for cell in laid.cells)
    first = [{"cell": cell.id, **cell.setting} for cell in laid.cells[:FIRST]]
    return {"schema": "normlaw-sweep-plan/1", "name": laid.spec.name, "cells": len(laid.cells), "files": laid.chunks,
            "designs": dict(Counter(cell.block for cell in laid.cells)), "laws": dict(laws), "first": first}  # fmt: skip


def said_plan(found: dict[str, Any], *, no_color: bool) -> None:
    """The same for a person."""
    out = console(no_color=no_color)
    line(out, (f"{found['name']}: {found['cells']} cells in {found['files']} files", "bold"))
    for what in ("designs", "laws"):
        line(out, f"{what}: ", ", ".join(f"{name} {count}" for name, count in found[what].items()))
    for cell in found["first"]:
        line(out, "  ", ", ".join(f"{name}={value}" for name, value in cell.items()))

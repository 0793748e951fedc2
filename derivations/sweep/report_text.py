"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from derivations.sweep.cell_work import VERDICTS

LEGEND = (
    "`nearest`: the largest share of its bound that a cell takes up which holds. `width`: half the length of all that would pass - by the",
    "bound, and by what the law itself leaves open - over the size of the value that is compared; the median over cells that were",
    "compared. `blunt`: the share of those whose width is above 0.1.",
    "`widest`: the largest of cells that hold. Above 1 a cell is *loose*: a value twice as large would pass, too, and the cell",
    "counts as neither held nor failed. Where the law leaves an interval, the size is that of its lower end, if that is less. A radial",
    "gradient is over the longest that it could be; a law that is an upper bound of something positive leaves open all that is below",
    "it, and has a width of 1/2 at the least. A step counts only where the squared norm changes by more than four bounds. The evidence",
    "of a claim is several measurements, each in a unit of its own, and has no width: what it can tell apart is shown by its",
    "witnesses, in `normlaw verify`.",
)


def share(row: dict[str, Any]) -> str:
    """How much of its bound a cell takes up."""
    return f"{100 * row['share']:.3g} % of its bound" if row["share"] == row["share"] else "no figure"


def markdown(found: dict[str, Any]) -> str:
    """All of it, failing cells first."""
    return "\n".join([*_head(found), *_laws(found), *_exponents(found), *_coverage(found)])


def _head(found: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{found['verdicts'][word]} {word}" for word in VERDICTS)
    lines = [f"# Sweep: {found['name']}", "", f"{found['there']} of {found['cells']} cells; {counts}.", "",
             f"{found['seconds']:.0f} core seconds.", ""]  # fmt: skip
    if found["there"] < found["cells"]:
        lines += [f"**{found['cells'] - found['there']} cells are missing**: the same `normlaw sweep` goes on from here.", ""]
    versions = ", ".join(f"{name} {value}" for name, value in found["versions"].items())
    lines += [f"By {versions}{_machines(found['machines'])}.", "", "## Cells that fall short", ""]
    return [*lines, *([line for row in found["short"] for line in _cell(row)] or ["None."]), ""]


def _laws(found: dict[str, Any]) -> list[str]:
    rows = ((r["law"], r["cells"], *(r[word] for word in VERDICTS), *(_figure(r[name]) for name in ("closest", "width", "blunt", "widest")))
            for r in found["laws"])  # fmt: skip
    pictures = [line for p in found["pictures"] for line in (f"![{p['caption']}]({p['files'][0]})", "", p["caption"], "")]
    return ["## Laws", "", *LEGEND, "", *_table(("law", "cells", *VERDICTS, "nearest", "width", "blunt", "widest"), rows), "", *pictures]


def _machines(machines: Sequence[dict[str, Any]]) -> str:
    words = [f"{m['processor']}, {m['cores']} cores, {m['system']}" for m in machines]
    return f"; on {'; and on '.join(words)}" if words else ""


def _exponents(found: dict[str, Any]) -> list[str]:
    if found["no_exponents"]:
        return ["## Exponents of the norm", "", f"None: {found['no_exponents']}.", ""]
    figures = ("observed", "within", "predicted", "mapped")
    rows = ((f["law"], f["optimizer"], f"{f['decay']} {f['rows']}", f["axis"], f["cells"], *(_figure(f[name], 4) for name in figures))
            for f in found["exponents"])  # fmt: skip
    return ["## Exponents of the norm", "", "Fitted to all axes at once, with 95 % intervals; beside them the same fit of the predictions, "
            "and what the map of the imprint says in its limit.", "",
            *_table(("law", "rule", "decay", "axis", "cells", "seen", "±", "predicted", "map"), rows), ""]  # fmt: skip


def _coverage(found: dict[str, Any]) -> list[str]:
    lines = ["## Nearest to their bound", "", *(line for row in found["closest"] for line in _cell(row)), "", "## Coverage by axis", ""]
    for axis, groups in found["axes"].items():
        rows = ((g["value"], g["cells"], *(g[word] for word in VERDICTS)) for g in groups)
        lines += [f"### {axis}", "", *_table(("value", "cells", *VERDICTS), rows), ""]
    reasons = _table(("cells", "reason"), ((r["cells"], r["note"]) for r in found["reasons"]))
    return [*lines, "## Where laws do not speak", "", *reasons, ""]


def _cell(row: dict[str, Any]) -> list[str]:
    setting = ", ".join(f"{name} {v:g}" if isinstance(v, float) else f"{name} {v}" for name, v in row["setting"].items())
    figures = f"observed {row['observed']:.6g}, predicted {row['predicted']:.6g}, bound {row['bound']:.3g}"
    figures += f" ({row['width']:.3g} of the value)" if row["width"] == row["width"] else ""
    note = f"; {row['note']}" if row["note"] else ""
    return [f"- **{row['verdict']}** {share(row)}: {setting}; {figures}{note}  ", f"  `{row['again']}`"]


def _figure(x: float | None, digits: int = 3) -> str:
    return "" if x is None else f"{x:.{digits}g}"


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    cells = [[str(c).replace("|", "\\|") for c in row] for row in rows]
    return ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header), *("| " + " | ".join(row) + " |" for row in cells)]

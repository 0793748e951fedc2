"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from derivations.sweep.cell_work import VERDICTS


def share(row: dict[str, Any]) -> str:
    """How much of its bound a cell takes up."""
    return f"{100 * row['share']:.3g} % of its bound" if row["share"] == row["share"] else "no figure"


def markdown(found: dict[str, Any]) -> str:
    """All of it, failing cells first."""
    short, there = found["short"], f"{found['there']} of {found['cells']} cells"
    lines = [f"# Sweep: {found['name']}", "", f"{there}; " + ", ".join(f"{found['verdicts'][w]} {w}" for w in VERDICTS)
             + f". {found['seconds']:.0f} core seconds.", ""]  # fmt: skip
    if found["there"] < found["cells"]:
        lines += [f"**{found['cells'] - found['there']} cells are missing**: the same `normlaw sweep` goes on from here.", ""]
    lines += [f"By {', '.join(f'{name} {value}' for name, value in found['versions'].items())}.", ""]
    lines += ["## Cells that fall short", "", *([line for row in short for line in _cell(row)] or ["None."]), ""]
    lines += ["## Laws", "", "`nearest`: the largest share of its bound that a cell takes up which holds.", "",
              *_table(("law", "cells", *VERDICTS, "nearest"), ((r["law"], r["cells"], *(r[w] for w in VERDICTS), _figure(r["closest"]))
                                                                for r in found["laws"])), ""]  # fmt: skip
    lines += [f"![{name}]({name})" for name in found["pictures"] if name.endswith(".svg")] + [""]
    lines += ["## Exponents of the norm", "", "Fitted to all axes at once, with 95 % intervals; beside them the same fit of the predictions, "
              "and what the map of the imprint says in its limit.", "",
              *_table(("law", "rule", "decay", "axis", "cells", "seen", "±", "predicted", "map"), (
                  (f["law"], f["optimizer"], f"{f['decay']} {f['rows']}", f["axis"], f["cells"],
                   *(_figure(f[n], 4) for n in ("observed", "within", "predicted", "mapped"))) for f in found["exponents"])), ""]  # fmt: skip
    lines += ["## Nearest to their bound", "", *(line for row in found["closest"] for line in _cell(row)), ""]
    lines += ["## Coverage by axis", ""]
    for axis, groups in found["axes"].items():
        lines += [f"### {axis}", "", *_table(("value", "cells", *VERDICTS), ((g["value"], g["cells"], *(g[w] for w in VERDICTS)) for g in groups)),
                  ""]  # fmt: skip
    lines += ["## Where laws do not speak", "", *_table(("cells", "reason"), ((r["cells"], r["note"]) for r in found["reasons"])), ""]
    return "\n".join(lines)


def _cell(row: dict[str, Any]) -> list[str]:
    setting = ", ".join(f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in row["setting"].items())
    figures = f"observed {row['observed']:.6g}, predicted {row['predicted']:.6g}, bound {row['bound']:.3g}"
    return [f"- **{row['verdict']}** {share(row)}: {setting}; {figures}{'; ' + row['note'] if row['note'] else ''}  ", f"  `{row['again']}`"]


def _figure(x: float | None, digits: int = 3) -> str:
    return "" if x is None else f"{x:.{digits}g}"


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    cells = [[str(c).replace("|", "\\|") for c in row] for row in rows]
    return ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header), *("| " + " | ".join(row) + " |" for row in cells)]

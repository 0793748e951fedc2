"""One cell of a dataset done again by itself: the same bits, or what is different."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from derivations.command_line.input_checks import UsageError
from derivations.sweep.axes import axes
from derivations.sweep.cell_work import failed
from derivations.sweep.cells import Cell
from derivations.sweep.dataset import FIGURES, manifest, read_parts
from derivations.terminal.tables import console, line, verdict

COMPARED = ("verdict", *FIGURES, "power", "note")


def rerun(folder: Path, name: str, *, as_json: bool, quiet: bool, no_color: bool) -> int:
    """0 if the law holds, is loose or does not speak of the cell, and the result is the one that was written; else 1."""
    from derivations.sweep.spec import spec_of
    from derivations.sweep.versions import versions

    written = manifest(folder)
    row = row_named(folder, name)
    spec = spec_of(written["spec"])
    cell = cell_of(row, spec.seed)
    again = _alone(cell, spec.time_limit)
    written_by, here = written["versions"], versions()
    same = all(_equal(again[key], row[key]) for key in COMPARED)
    found = {"schema": "normlaw-sweep-cell/1", "cell": row["cell"], "design": row["design"], "setting": dict(cell.setting),
             "seed": cell.seed, "written": {key: row[key] for key in COMPARED}, "again": again, "same": same,
             "same_versions": written_by == here, "python": snippet(cell)}  # fmt: skip
    good = same and again["verdict"] in ("holds", "loose", "vacuous")
    if as_json:
        sys.stdout.write(json.dumps(plain(found), indent=2, allow_nan=False) + "\n")
    elif not (quiet and good):
        _show(found, no_color)
    return 0 if good else 1


def row_named(folder: Path, name: str) -> dict[str, Any]:
    """The row whose cell's id begins so; raises `UsageError` if there is none, or more than one."""
    found: list[dict[str, Any]] = []
    for table in read_parts(folder):
        ids = table.column("cell").to_pylist()
        found += [table.slice(i, 1).to_pylist()[0] for i, cell in enumerate(ids) if name and cell.startswith(name)]
    if len(found) != 1:
        raise UsageError(f"ID = {name!r} is {'no cell' if not found else f'the beginning of {len(found)} cells'} of {str(folder)!r}")
    return found[0]


def cell_of(row: dict[str, Any], sweep_seed: int) -> Cell:
    """The cell that a row is of."""
    setting = {axis: row[axis] for axis in axes() if row[axis] is not None}
    cell = Cell(setting, sweep_seed, row["design"])
    if cell.id != row["cell"]:
        raise UsageError(f"cell {row['cell']} was written with other axes than this version of normlaw has")
    return cell


def snippet(cell: Cell) -> str:
    """Python that does the same."""
    return (f"from derivations.sweep.cells import Cell\nfrom derivations.sweep.cell_work import perform\n"
            f"print(perform([Cell({dict(cell.setting)!r}, {cell.sweep_seed})]))")  # fmt: skip


def _alone(cell: Cell, time_limit: float) -> dict[str, Any]:
    """In a process as a sweep has them."""
    from derivations.sweep.engine import Piece
    from derivations.sweep.pool import Pool

    pool = Pool(1, time_limit)
    try:
        while not pool.room():
            pool.wait()
        pool.submit(Piece(0, 0, (cell,)))
        while not (outcomes := pool.wait()):
            pass
    finally:
        pool.close()
    return asdict(outcomes[0].results[0] if not outcomes[0].died else failed(outcomes[0].died))


def _equal(one: Any, other: Any) -> bool:
    return one == other or (one != one and other != other)


def plain(value: Any) -> Any:
    """Without numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value


def _wide(width: float) -> str:
    return "" if width != width else f" ({width:.3g} of the value)"


def _show(found: dict[str, Any], no_color: bool) -> None:
    out = console(no_color=no_color)
    line(out, (f"cell {found['cell']}", "bold"), f" of {found['design']}")
    for name, value in found["setting"].items():
        line(out, f"  {name:<16} {value}")
    written, again = found["written"], found["again"]
    line(out, verdict(again["verdict"]), f"  {again['note']}" if again["note"] else "")
    if again["bound"] == again["bound"]:
        line(out, f"  observed {again['observed']:.17g}, predicted {again['predicted']:.17g}")
        line(out, f"  deviation {again['deviation']:.4g}, bound {again['bound']:.4g}{_wide(again['width'])}; {again['seconds']:.3g} s")
    if not found["same"]:
        line(out, ("not what was written", "bold red"), f": {', '.join(f'{k} {written[k]}' for k in COMPARED if written[k] != again[k])}"
             + ("" if found["same_versions"] else "; the dataset is by other versions"))  # fmt: skip
    else:
        line(out, "the same bits as were written")
    line(out, f"\n{found['python']}")

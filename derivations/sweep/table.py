"""A dataset in memory, column by column, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from derivations.command_line.input_checks import UsageError
from derivations.evidence import Floats
from derivations.sweep.dataset import manifest, read_parts
from derivations.sweep.extra import pyarrow_parquet

COMPARED = ("holds", "loose", "fails")  # verdicts of rows that have figures


@dataclass(frozen=True)
class Rows:
    """The rows that are there, of ``cells`` in all; ``columns`` by name, numbers as floats with NaN for what is not read."""

    folder: Path
    written: dict[str, Any]
    columns: dict[str, Any]
    seconds: float

    @property
    def cells(self) -> int:
        """Of the whole sweep."""
        return int(self.written["cells"])

    def __len__(self) -> int:
        return len(self.columns["cell"])

    @property
    def ratios(self) -> Floats:
        """Deviation over bound, NaN where there is none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.columns["deviation"] / self.columns["bound"]
        return np.where(self.columns["deviation"] == 0, 0.0, found)

    def are(self, *verdicts: str) -> Any:
        """Which rows have one of these verdicts."""
        return np.isin(self.columns["verdict"], verdicts)

    def setting(self, place: int) -> dict[str, Any]:
        """The axes of a row that its law reads."""
        from derivations.sweep.axes import axes

        types = {"integer": int, "number": float, "choice": str, "flag": bool}
        found = {axis.name: (self.columns[axis.name][place], types[axis.kind]) for axis in axes().values()}
        return {name: kind(value) for name, (value, kind) in found.items() if value is not None and value == value}


def read_rows(folder: Path) -> Rows:
    """All chunks that can be read; raises `UsageError` where there are none."""
    pyarrow_parquet()  # or say what is missing
    import pyarrow as pa

    written = manifest(folder)
    parts = list(read_parts(folder))
    if not parts:
        raise UsageError(f"DIR = {str(folder)!r} has no rows yet")
    whole = pa.concat_tables(parts)
    seconds = sum(float(np.sum(t.column("seconds").to_numpy())) for t in read_parts(folder, "seconds"))
    return Rows(folder, written, {name: _column(whole.column(name)) for name in whole.column_names}, seconds)


def _column(column: Any) -> Any:
    import pyarrow as pa

    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return column.to_numpy(zero_copy_only=False)
    return np.array(column.to_pylist(), dtype=object)

"""A log read back: every column checked, and an error that names the first place where something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.training_log.columns import AFTER, ALWAYS, BOTH, COORDINATE, FIGURES, GRADIENT, KEYS, METADATA, Floats
from numerics.training_log.parquet import CLOSED, library, parts_of
from numerics.training_log.setting import Setting
from numerics.validation import InvalidInput

POSITIVE = ("norm", "next_norm")
NOT_NEGATIVE = ("tangential_energy", "learning_rate", "decay", "step_square")


@dataclass(frozen=True)
class TrainingLog:
    """A log: columns (n,), ordered by table, row and step. What is not known (null) is NaN; nothing else is.

    ``parameter`` holds indices of ``names``; ``closed`` says whether the run ended by itself; ``parts`` counts files.
    """

    path: Path
    setting: Setting
    names: tuple[str, ...]
    parameter: NDArray[np.int64]
    row: NDArray[np.int64]
    step: NDArray[np.int64]
    dimension: NDArray[np.int64]
    figures: dict[str, Floats]
    closed: bool
    parts: int

    def __len__(self) -> int:
        return len(self.step)

    def __getitem__(self, name: str) -> Floats:
        """A column of `columns.FIGURES`."""
        return self.figures[name]

    def place(self, at: int) -> str:
        """Where a record is, for people."""
        return f"step {self.step[at]} of row {self.row[at]} of {self.names[self.parameter[at]]!r}"


def read_log(path: str | Path) -> TrainingLog:
    """The log in a folder or one Parquet file; raises `InvalidInput` for what is truncated, mislabelled, not a number or out of order."""
    path = Path(path)
    tables, settings, closed = list[Any](), list[Setting](), False
    parts = parts_of(path)
    for part in parts:
        table, text, closed = _part(part)
        setting = Setting.from_json(text)
        if not table.num_rows and part != parts[-1]:  # the last may only say that the run ended
            raise InvalidInput(f"{part.name} holds no record, must hold at least one: only the last part of a log may be empty")
        if settings and not setting.continues(settings[-1]):
            raise InvalidInput(f"{part.name} is of another run than the part before it: their settings differ")
        settings.append(setting)
        tables.append(table)
    pa = library("pyarrow")
    try:
        whole = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    except pa.ArrowException as error:
        raise InvalidInput(f"the parts of {str(path)!r} do not fit together ({_line(error)})") from error
    if not whole.num_rows:
        raise InvalidInput(f"LOG = {str(path)!r} holds no record, must hold at least one")
    return _checked(path, whole, settings[-1], closed, len(parts))


def _part(path: Path) -> tuple[Any, bytes, bool]:
    """The table of one file, its setting, and whether it is the last of a run that ended."""
    pa, pq = library("pyarrow"), library("pyarrow.parquet")
    try:
        file = pq.ParquetFile(path)
        _labelled(path.name, file.schema_arrow)
        there = set(file.schema_arrow.names)
        table = file.read(columns=[*KEYS, "parameter", *(name for name in FIGURES if name in there)])
    except (pa.ArrowException, OSError) as error:
        raise InvalidInput(f"{path.name} is no Parquet file, or a truncated one ({_line(error)})") from error
    metadata = file.schema_arrow.metadata
    return table.replace_schema_metadata(None), metadata[METADATA], metadata.get(CLOSED) == b"1"


def _labelled(part: str, schema: Any) -> None:
    """The columns that a log has, each once and of its type; and a setting."""
    pa = library("pyarrow")
    if METADATA not in (schema.metadata or {}):
        raise InvalidInput(f"{part} is no training log: its schema lacks the entry {METADATA.decode()!r}")
    for name in (*KEYS, "parameter", *FIGURES):
        if name in COORDINATE and not set(COORDINATE) & set(schema.names):
            continue  # a log of before they were recorded
        if schema.names.count(name) != 1:
            raise InvalidInput(f"{part} has {schema.names.count(name)} columns {name!r}, must have one")
        kind = schema.field(name).type
        wanted = pa.int64() if name in KEYS else pa.float64()
        text = pa.types.is_string(kind.value_type if pa.types.is_dictionary(kind) else kind)
        if text if name != "parameter" else not text:
            raise InvalidInput(f"column {name!r} of {part} has type {kind}, must be {'text' if name == 'parameter' else wanted}")
        if name != "parameter" and kind != wanted:
            raise InvalidInput(f"column {name!r} of {part} has type {kind}, must be {wanted}")


def _checked(path: Path, table: Any, setting: Setting, closed: bool, parts: int) -> TrainingLog:
    for name in (*KEYS, "parameter", *ALWAYS):
        if table.column(name).null_count:
            raise InvalidInput(f"column {name!r} has {table.column(name).null_count} nulls, must have none")
    keys = {name: np.asarray(table.column(name)) for name in KEYS}
    texts = table.column("parameter").to_pylist()
    names = tuple(dict.fromkeys(texts))
    index = {name: i for i, name in enumerate(names)}
    parameter = np.array([index[text] for text in texts], dtype=np.int64)
    there = [name for name in FIGURES if name in table.column_names]
    known = {name: np.zeros(table.num_rows, dtype=bool) for name in FIGURES}
    known |= {name: ~np.asarray(table.column(name).is_null()) for name in there}
    figures = {name: np.full(table.num_rows, np.nan) for name in FIGURES}
    figures |= {name: np.asarray(table.column(name).fill_null(np.nan), dtype=np.float64) for name in there}
    _in_order(TrainingLog(path, setting, names, parameter, keys["row"], keys["step"], keys["dimension"], figures, closed, parts))
    order = np.lexsort((keys["step"], keys["row"], parameter))
    log = TrainingLog(path, setting, names, parameter[order], keys["row"][order], keys["step"][order], keys["dimension"][order],
                      {name: values[order] for name, values in figures.items()}, closed, parts)  # fmt: skip
    _numbers(log, {name: values[order] for name, values in known.items()})
    return log


def _in_order(log: TrainingLog) -> None:
    """Steps of a row increase down the file; the first that does not is named."""
    for name, values, least in (("step", log.step, 0), ("row", log.row, 0), ("dimension", log.dimension, 1)):
        if np.any(values < least):
            at = int(np.argmax(values < least))
            raise InvalidInput(f"{name} = {values[at]} of record {at} must be at least {least}")
    order = np.lexsort((np.arange(len(log)), log.row, log.parameter))  # as written, row by row
    p, row, step, d = (x[order] for x in (log.parameter, log.row, log.step, log.dimension))
    same = (p[1:] == p[:-1]) & (row[1:] == row[:-1])
    wrong = same & (step[1:] <= step[:-1])
    if np.any(wrong):
        at = int(np.argmax(wrong))
        place = log.place(order[at + 1])
        if step[at + 1] == step[at]:
            raise InvalidInput(f"{place} is there twice")
        raise InvalidInput(f"{place} comes after step {step[at]}: records are not in the order of their steps")
    for i, name in enumerate(log.names):
        if len(found := np.unique(d[p == i])) > 1:
            raise InvalidInput(f"dimension of {name!r} is {found[0]} in one record and {found[1]} in another, must be one number")


def _numbers(log: TrainingLog, known: dict[str, NDArray[np.bool_]]) -> None:
    """Finite, in range, and null together."""
    for name, values in log.figures.items():
        wrong = known[name] & ~np.isfinite(values)
        bound = "a finite number"
        if not np.any(wrong):
            low = values <= 0 if name in POSITIVE else values < 0
            wrong = known[name] & low & (name in POSITIVE + NOT_NEGATIVE)
            bound = "above 0" if name in POSITIVE else "at least 0"
        if np.any(wrong):
            at = int(np.argmax(wrong))
            hint = "; the training diverged, or the log is damaged" if "finite" in bound else ""
            raise InvalidInput(f"{name} = {values[at]:g} at {log.place(at)} must be {bound}{hint}")
    for group in (GRADIENT, AFTER):
        for name in group[1:]:
            _together(log, known, name, known[group[0]], group[0])
    _together(log, known, BOTH[0], known[GRADIENT[0]] & known[AFTER[0]], f"{GRADIENT[0]} and {AFTER[0]}")
    if known[COORDINATE[0]].any():
        for name, other in zip(COORDINATE, ("norm", GRADIENT[0], AFTER[0]), strict=True):
            _together(log, known, name, known[other], other)


def _together(log: TrainingLog, known: dict[str, NDArray[np.bool_]], name: str, like: NDArray[np.bool_], words: str) -> None:
    if np.any(differ := known[name] != like):
        at = int(np.argmax(differ))
        raise InvalidInput(f"{name} at {log.place(at)} is {'given' if known[name][at] else 'null'}, must be known exactly where {words} is")


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:160]

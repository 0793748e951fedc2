"""Text in columns: what separates them, a header of names, and one hint for each of the usual slips of spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from numerics.embedding_files.extra import errors, pyarrow
from numerics.embedding_files.regular_file import RegularFile, explained, one_line, quoted, refused

_LONGEST_LINE = 2**24  # bytes: what is parsed at a time, with at least a line in it
_START = 2**16  # bytes that are looked at for separators
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def parsed(file: RegularFile) -> Any:
    """A table of pyarrow: columns of numbers, or of words as they are written."""
    separator = "\t" if file.path.suffix.lower() == ".tsv" else ","
    _separated(file, separator)
    table = _read(file, separator, {})
    infinite = [name for i, name in enumerate(table.column_names) if _has_infinity(table.column(i))]
    if infinite and len(set(table.column_names)) == len(table.column_names):  # as text it can be told from a number that is too large
        table = _read(file, separator, dict.fromkeys(infinite, pyarrow().string()))
    for name in table.column_names:
        if not name.strip():
            raise refused(file.path, "has a column without a name in its header; the first line must name every column"
                          " (pandas: to_csv(..., index=False))")
        if _is_number(name):
            raise refused(file.path, f"has the number {quoted(name)} where its header should have the name of a column;"
                          " put a first line with the names of the columns")  # fmt: skip
    return table


def _read(file: RegularFile, separator: str, types: dict[str, Any]) -> Any:
    csv = pyarrow("csv")
    with explained(file.path, *errors()):
        try:
            return csv.read_csv(
                file.path,
                # one thread: an error then says in which row it is
                read_options=csv.ReadOptions(use_threads=False, block_size=_LONGEST_LINE),
                # an empty line is a row, whose entry is missing: to drop it would move all rows after it
                parse_options=csv.ParseOptions(delimiter=separator, newlines_in_values=True, ignore_empty_lines=False),
                # words stay as they are written
                convert_options=csv.ConvertOptions(
                    true_values=[], false_values=[], timestamp_parsers=[], strings_can_be_null=False, column_types=types
                ),
            )
        except pyarrow().ArrowInvalid as error:
            raise refused(file.path, f"cannot be read: {one_line(error)}{_hint(str(error), separator)}") from error


def _has_infinity(column: Any) -> bool:
    pa, pc = pyarrow(), pyarrow("compute")
    return bool(pa.types.is_floating(column.type) and pc.any(pc.is_inf(column)).as_py())


def missing() -> list[str]:
    """Spellings of an entry that is missing."""
    return list(pyarrow("csv").ConvertOptions().null_values)


def lines(file: RegularFile, rows: int) -> Callable[[int], int | None]:
    """From the number of a row, from 0, to its line, from 1; to None where some cell has several lines."""
    found, last = 0, b""
    for offset in range(0, file.size, _LONGEST_LINE):
        last = file.read(offset, _LONGEST_LINE)
        found += int(np.count_nonzero(np.frombuffer(last, np.uint8) == ord("\n")))
    whole = found + (not last.endswith(b"\n")) == rows + 1
    return lambda row: row + 2 if whole else None


def _separated(file: RegularFile, separator: str) -> None:
    """Raise ``InvalidInput`` where the first two lines have another separator, and not the one that they should have."""
    start = file.read(0, _START)
    if start.startswith(_UTF16):
        raise refused(file.path, "cannot be read: it is UTF-16, as spreadsheets save \"Unicode text\"; save it as CSV in UTF-8")
    head = start.decode("utf-8", errors="replace").splitlines()[:2]
    if not head or separator in head[0]:
        return
    for other, words in _SEPARATORS.items():
        counts = [line.count(other) for line in head]
        if other != separator and counts[0] and len(set(counts)) == 1:
            how = "name it .tsv, or write it with commas" if other == "\t" else (
                "name it .csv" if other == "," else "write it with commas, and numbers with a decimal point (in pandas: to_csv(sep=','))")
            raise refused(file.path, f"is separated by {words}, where a file with this name must have {_SEPARATORS[separator]}: {how}")


def _hint(error: str, separator: str) -> str:
    if "columns, got" in error:
        name = _SEPARATORS[separator]
        return f"; every line needs as many cells as the header, and a cell with {name} in it needs quotation marks around it"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

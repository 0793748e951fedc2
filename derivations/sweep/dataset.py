"""A sweep on disk: one Parquet file a chunk, whole or not there, in a folder that one process at a time writes to.

``sweep.json`` is what was asked for, by which versions and on which machines; ``rows/`` has what is reproducible, bit by bit;
``seconds/`` how long each cell took, and a hash of the rows. A chunk is done when its file is there, as it was written, with the
cells that it should have.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from derivations.command_line.input_checks import UsageError, writable_folder
from derivations.files import write_whole
from derivations.sweep.axes import axes
from derivations.sweep.cell_work import Result
from derivations.sweep.cells import Cell
from derivations.sweep.design import Laid
from derivations.sweep.extra import pyarrow_parquet

SCHEMA = "normlaw-sweep/2"
FIGURES = ("observed", "predicted", "deviation", "bound", "width")
DIGEST = b"rows-sha256"  # in the metadata of a chunk's seconds
FORCE = "--force begins anew and removes what is there"


def columns() -> dict[str, str]:
    """Of a row, with their types: who it is, the axes (null where the law does not read one), what came out, and by what."""
    kinds = {"choice": "string", "flag": "bool", "integer": "int64", "number": "double"}
    setting = {axis.name: kinds[axis.kind] for axis in axes().values()}
    found = {**dict.fromkeys(FIGURES, "double"), "power": "int64", "verdict": "string", "note": "string"}
    by = dict.fromkeys(("python", "numpy", "scipy", "numba", "sympy", "normlaw", "source"), "string")
    return {"cell": "string", "design": "string", **setting, "seed": "int64", **found, **by}


class Dataset:
    """A folder of a sweep, held by this process until `close`."""

    def __init__(self, folder: Path, laid: Laid, versions: Mapping[str, str], *, force: bool = False) -> None:
        pyarrow_parquet()  # or say what is missing
        self.folder, self.laid, self.versions = writable_folder(folder), laid, versions
        self._lock = _locked(folder)
        try:
            self._claim(force)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let others in."""
        self._lock.close()

    def _claim(self, force: bool) -> None:
        """Check what is there against what is asked for, or write it down."""
        asked = {"schema": SCHEMA, "spec": dict(self.laid.spec.document), "cells": len(self.laid.cells), "chunks": self.laid.chunks,
                 "digest": self.laid.digest, "versions": dict(self.versions), "machines": []}  # fmt: skip
        path = self.folder / "sweep.json"
        before = manifest(self.folder, any_schema=force) if path.exists() else asked
        if why := _differs(before, asked):
            if not force:
                raise UsageError(f"--out = {str(self.folder)!r} holds {why}; {FORCE}")
            for part in ("rows", "seconds"):
                for file in (self.folder / part).glob("*.parquet"):
                    file.unlink()
        elif not path.exists() and any((self.folder / "rows").glob("*.parquet")):
            raise UsageError(f"--out = {str(self.folder)!r} has rows but no sweep.json; give another folder")
        for part in ("rows", "seconds"):
            (self.folder / part).mkdir(exist_ok=True)
            for left in (self.folder / part).glob(".*.part"):  # of a process that was killed
                left.unlink()
        self._write({**asked, "machines": [] if why else before["machines"]})

    def _write(self, asked: Mapping[str, Any]) -> None:
        write_whole(self.folder / "sweep.json", json.dumps(asked, indent=1, allow_nan=False) + "\n")

    def done_by(self, machines: Sequence[Mapping[str, Any]]) -> None:
        """Write down on what cells are done from here on; what went on on one machine has it once, as what was never interrupted."""
        written = manifest(self.folder)
        known = [*written["machines"], *(dict(m) for m in machines)]
        self._write({**written, "machines": [m for i, m in enumerate(known) if m not in known[:i]]})

    def missing(self) -> list[int]:
        """Chunks that have to be done; files that cannot be read are removed."""
        return [number for number in range(self.laid.chunks) if not self._whole(number)]

    def _whole(self, number: int) -> bool:
        path = self._path("rows", number)
        if not path.exists():
            return False
        try:
            found = read(path).column("cell").to_pylist()
            same = hashlib.sha256(path.read_bytes()).hexdigest() == read(self._path("seconds", number)).schema.metadata[DIGEST].decode()
        except Exception:  # cut short, or not Parquet
            found, same = None, False
        if same and found == [cell.id for cell in self.laid.chunk(number)]:
            return True
        path.unlink()
        return False

    def _path(self, part: str, number: int) -> Path:
        return self.folder / part / f"chunk-{number:06d}.parquet"

    def write(self, number: int, results: Sequence[Result]) -> None:
        """A chunk's files; the rows come last, for they are what says that it is done. The other has their hash: Parquet's own
        checksums leave out what it says about its columns."""
        import pyarrow as pa

        cells = self.laid.chunk(number)
        rows = [row_of(cell, result, self.versions) for cell, result in zip(cells, results, strict=True)]
        schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns().items()])
        data = _parquet(pa.Table.from_pylist(rows, schema=schema))
        seconds = pa.table({"cell": [c.id for c in cells], "seconds": [r.seconds for r in results]})
        digest = hashlib.sha256(data).hexdigest()
        _write(self._path("seconds", number), _parquet(seconds.replace_schema_metadata({DIGEST: digest})))
        _write(self._path("rows", number), data)


def row_of(cell: Cell, result: Result, versions: Mapping[str, str]) -> dict[str, Any]:
    """A row of the dataset; axes that the law does not read are left out, and so are null."""
    found = {name: getattr(result, name) for name in (*FIGURES, "power", "verdict", "note")}
    return {"cell": cell.id, "design": cell.block, **cell.setting, "seed": cell.seed, **found, **versions}


def _parquet(table: Any) -> bytes:
    buffer = io.BytesIO()
    pyarrow_parquet().write_table(table, buffer, compression="zstd", write_page_checksum=True)
    return buffer.getvalue()


def _write(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
        _sync(path.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """So that a renamed file is there after a power cut; where folders cannot be synchronised, the system sees to it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(path: Path) -> Any:
    """A file's table, its checksums verified."""
    return pyarrow_parquet().read_table(path, page_checksum_verification=True, use_threads=False, partitioning=None)


def read_parts(folder: Path, part: str = "rows") -> Iterator[Any]:
    """The tables of all chunks that can be read, in order."""
    for path in sorted((folder / part).glob("chunk-*.parquet")):
        with contextlib.suppress(Exception):  # one that cannot be read is not done
            yield read(path)


def manifest(folder: Path, *, any_schema: bool = False) -> dict[str, Any]:
    """What a folder's sweep.json says; raises `UsageError` where there is none, or, unless ``any_schema``, one of another format."""
    path = folder / "sweep.json"
    try:
        found = dict(json.loads(path.read_text(encoding="utf-8")))
        if found["schema"] != SCHEMA and not any_schema:
            why = f"is of another format: {found['schema']!r}, this is {SCHEMA!r}; run the sweep again to another DIR"
            raise UsageError(f"{str(path)!r} {why}")
    except (OSError, ValueError, TypeError, KeyError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError(f"DIR = {str(folder)!r} holds no sweep: {path.name} cannot be read ({type(error).__name__})") from error
    return found


def _differs(there: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    if there["schema"] != asked["schema"]:
        return f"a sweep of another format ({there['schema']})"
    if there["digest"] != asked["digest"]:
        return f"another sweep ({there['spec']['sweep']['name']!r}, {there['cells']} cells; asked for: {asked['cells']})"
    if there["versions"] != asked["versions"]:
        off = [f"{name} {there['versions'].get(name)} (now {now})" for name, now in asked["versions"].items()
               if there["versions"].get(name) != now]  # fmt: skip
        return f"this sweep by other versions: {', '.join(off)}"
    return ""


def _locked(folder: Path) -> IO[str]:
    """A lock of the operating system's, which ends with the process whatever ends that."""
    handle = open(folder / "lock", "a+", encoding="utf-8")  # noqa: SIM115  held until `close`
    take: Callable[[], None] | None = None
    with contextlib.suppress(ImportError):
        import fcntl

        take = lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # noqa: E731
    try:
        if take is not None:
            take()
    except OSError:
        handle.seek(0)
        holder = handle.read().strip()
        handle.close()
        raise UsageError(f"--out = {str(folder)!r} is in use by another sweep{f' (process {holder})' if holder else ''}") from None
    handle.truncate(0)
    handle.write(f"{os.getpid()}\n")
    handle.flush()
    return handle

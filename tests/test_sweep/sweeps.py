"""Small sweeps and the processes that do them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from derivations.sweep import engine
from derivations.sweep.cell_work import perform
from derivations.sweep.dataset import Dataset
from derivations.sweep.design import laid_out
from derivations.sweep.spec import read_spec
from derivations.sweep.versions import versions

ROOT = Path(__file__).resolve().parents[2]
LONG_ENOUGH = 300  # seconds, on a machine that has other things to do, in which anything must have happened

HEAD = '[sweep]\nname = "small"\nseed = 5\nchunk = 4\n'
SPEC = HEAD + """
[[design]]
name = "steps"
kind = "random"
cells = 48
[design.axes]
law = ["balance", "right_angle"]
loss = ["infonce", "prescribed"]
optimizer = ["sgd", "adam", "heavy_ball"]
dimension = [96, 128]
steps = { low = 800, high = 1200 }
replicates = [8, 16]
"""  # some 10 milliseconds a cell: a run can be hit while it is on its way


class Here:
    """An executor without processes."""

    machines = ({"processor": "here", "cores": 1, "system": "a test"},)

    def __init__(self, work=perform, most=99):
        self.work, self.most, self.pieces = work, most, []

    def room(self):
        return 1 - len(self.pieces)

    def submit(self, piece):
        if not self.most:
            raise KeyboardInterrupt
        self.most -= 1
        self.pieces.append(piece)

    def wait(self):
        return [engine.Outcome(piece, self.work(piece.cells)) for piece in (self.pieces.pop(),)]


def done_here(folder: Path) -> dict[str, bytes]:
    """The files of `SPEC`, done, or gone on with, by this process."""
    dataset = Dataset(folder / "out", laid_out(read_spec(spec_file(folder))), versions())
    try:
        engine.run(dataset, Here(), lambda _: None)
    finally:
        dataset.close()
    return rows(folder / "out")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "derivations", "sweep", *map(str, arguments)]


def started(*arguments: object, cwd: Path, **options: object) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command(*arguments), cwd=cwd, env=environment(), stdout=pipe, stderr=pipe, text=True, **options)  # type: ignore[call-overload, no-any-return]


def finished(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=cwd, env=environment(), capture_output=True, text=True, check=False, timeout=LONG_ENOUGH)


def spec_file(folder: Path, text: str = SPEC) -> Path:
    path = folder / "spec.toml"
    path.write_text(text, encoding="utf-8")
    return path


def rows(folder: Path) -> dict[str, bytes]:
    """The files of a dataset that are reproducible."""
    return {path.name: path.read_bytes() for path in sorted((folder / "rows").glob("*.parquet"))}


def until(what: str, happened: Callable[[], object]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + LONG_ENOUGH
    while not happened():
        assert time.monotonic() < deadline, f"never seen: {what}"
        time.sleep(0.01)


def some_chunks(folder: Path, count: int = 1) -> None:
    """Wait until so many files are there."""
    until(f"{count} chunks", lambda: len(list((folder / "rows").glob("chunk-*.parquet"))) >= count)


def children(pid: int) -> list[int]:
    """Processes that do cells: those that multiprocessing spawned, but not the one that tracks its resources."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            words = (path / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        if int(fields[1]) == pid and b"spawn_main" in words:
            found.append(int(path.name))
    return found

"""Compilation: light imports, a cache that follows the sources, and no need of a cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from numba import njit

import numerics
from numerics import compiled
from numerics.compiled import SOURCE_STAMP, processors

ROOT = Path(numerics.__file__).parent
COSINES = (
    "import numpy as np; from numerics import compiled, simulate;"
    "print(float(simulate.cosines(np.ones((1, 4)), np.ones((1, 1, 4)))[0, 0]), compiled.SOURCE_STAMP)"
)


def python(code: str, folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)} | environment,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_alone_brings_in_neither_numba_nor_numpy():
    code = "import sys, numerics; print('numba' in sys.modules, 'numpy' in sys.modules)"
    assert python(code, ROOT.parent) == "False False"


def test_a_changed_source_is_compiled_anew_and_an_unchanged_one_is_not(tmp_path):
    shutil.copytree(ROOT, tmp_path / "numerics", ignore=shutil.ignore_patterns("__pycache__"))
    cache = tmp_path / "cache"
    value, stamp = python(COSINES, tmp_path, NUMBA_CACHE_DIR=str(cache)).split()
    assert (value, int(stamp)) == ("1.0", SOURCE_STAMP)
    files = {path: path.stat().st_mtime_ns for path in cache.rglob("*.nbc")}
    assert files
    python(COSINES, tmp_path, NUMBA_CACHE_DIR=str(cache))
    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*.nbc")} == files
    # the changed file is not the one that the kernel stands in
    source = tmp_path / "numerics" / "losses" / "similarity.py"
    source.write_text(source.read_text().replace("    return total\n", "    return 3.0 + total\n"))
    value, other = python(COSINES, tmp_path, NUMBA_CACHE_DIR=str(cache)).split()
    assert other != stamp
    # <a, b> + 3 of vectors of ones divided by sqrt(4 + 3)
    assert abs(float(value) - (4 / 7 + 3)) < 1e-14


def test_without_a_folder_to_cache_in_kernels_are_compiled_in_memory(monkeypatch):
    def refusing(cache: bool = False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(**options)

    def build(stamp: int):
        def rows(begin, end, out):
            if stamp != 0:
                for row in range(begin, end):
                    out[row] = row

        return rows

    monkeypatch.setattr(compiled, "njit", refusing)
    out = np.zeros(5)
    compiled.Kernel(build)(5, 2, out)
    assert out.tolist() == [0, 1, 2, 3, 4]


def test_there_is_at_least_one_processor():
    assert processors() >= 1

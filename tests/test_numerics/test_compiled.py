"""Compilation: light imports, a cache that follows the sources, and no need of a cache."""

from __future__ import annotations

import inspect
import io
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

import numerics
from numerics import losses
from numerics.compilation import compiled, kernel_cache
from numerics.compilation.compiled import SOURCE_STAMP
from numerics.compilation.processors import processors
from numerics.kernels import descend, evaluate, flow

ROOT = Path(numerics.__file__).parent
COSINES = (
    "import numpy as np; from numerics.compilation import compiled; from numerics.simulation import steps;"
    "print(float(steps.cosines(np.ones((1, 4)), np.ones((1, 1, 4)))[0, 0]), compiled.SOURCE_STAMP)"
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
    source = tmp_path / "numerics" / "arithmetic" / "sums.py"
    source.write_text(source.read_text().replace("    return total\n", "    return 3.0 + total\n"))
    value, other = python(COSINES, tmp_path, NUMBA_CACHE_DIR=str(cache)).split()
    assert other != stamp
    # <a, b> + 3 of vectors of ones divided by sqrt(4 + 3)
    assert abs(float(value) - (4 / 7 + 3)) < 1e-14


def installed_read_only(folder: Path) -> None:
    """A copy of the package beside which nothing can be written, not even by root, whom permission bits do not bind."""
    shutil.copytree(ROOT, folder / "numerics", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    places = [path for path in [folder / "numerics", *(folder / "numerics").rglob("*")] if path.is_dir()]
    for place in places:
        (place / "__pycache__").write_text("a file where the folder would be: it cannot be made\n")
        place.chmod(0o555)


def writable_again(folder: Path) -> None:
    for place in [path for path in [folder, *folder.rglob("*")] if path.is_dir()]:
        place.chmod(0o755)


def test_a_package_that_cannot_be_written_to_is_cached_in_the_users_own_folder(tmp_path):
    home, hits = tmp_path / "home", "; from numerics.kernels import evaluate as e; print(len(e.cosines._run.stats.cache_hits))"
    place = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "NUMBA_CACHE_DIR": "", "PYTHONDONTWRITEBYTECODE": "1"}
    installed_read_only(tmp_path / "site")
    before = sorted((tmp_path / "site").rglob("*"))
    first = python(COSINES + hits, tmp_path / "site", **place).split()
    assert (first[0], first[2]) == ("1.0", "0")
    assert list(home.rglob("*.nbc"))
    assert sorted((tmp_path / "site").rglob("*")) == before
    again = python(COSINES + hits, tmp_path / "site", **place).split()
    assert (again[0], again[2]) == ("1.0", "1")
    # another release at the same place: what the old one left behind is not used
    writable_again(tmp_path / "site")
    source = tmp_path / "site" / "numerics" / "arithmetic" / "sums.py"
    source.write_text(source.read_text().replace("    return total\n", "    return 3.0 + total\n"))
    other = python(COSINES + hits, tmp_path / "site", **place).split()
    assert other[2] == "0"
    assert abs(float(other[0]) - (4 / 7 + 3)) < 1e-14


def test_where_no_folder_at_all_can_be_written_kernels_still_run(tmp_path):
    installed_read_only(tmp_path / "site")
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    place = {"HOME": str(nowhere), "XDG_CACHE_HOME": str(nowhere), "NUMBA_CACHE_DIR": "", "PYTHONDONTWRITEBYTECODE": "1"}
    before = sorted(tmp_path.rglob("*"))
    assert python(COSINES, tmp_path / "site", **place).split()[0] == "1.0"
    assert sorted(tmp_path.rglob("*")) == before
    writable_again(tmp_path / "site")


KERNEL = """
import sys
from numerics.compilation import kernel_cache
kernel_cache._MARK = f"-{{int(sys.argv[1]):014x}}" if len(sys.argv) > 1 else kernel_cache._MARK
from numerics.compilation.compiled import Kernel
import numpy as np, {module}
@Kernel
def counted(stamp):
    def rows(first, last, settings, out):
        for row in range(first, last):
            out[row] = settings.factor * row
    return rows
out = np.zeros(4)
counted(4, 1, {module}.Settings(2.0), out)
assert out.tolist() == [0, 2, 4, 6]
print(len(counted._run.stats.cache_hits), counted._run.stats.cache_path)
"""
TYPES = "from typing import NamedTuple\nclass Settings(NamedTuple):\n    factor: float\n"


def stored(folder: Path, module: str, *stamp: str) -> tuple[str, Path]:
    """Run a kernel whose argument's type stands in a module of this name: what was read from disk, and the folder."""
    (folder / "script.py").write_text(KERNEL.format(module=module))
    code = f"import runpy, sys; sys.argv = ['script.py', *{stamp!r}]; runpy.run_path('script.py')"
    place = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT.parent}", "NUMBA_CACHE_DIR": str(folder / "cache")}
    hits, path = python(code, folder, **place).split(maxsplit=1)
    return hits, Path(path)


def test_a_type_that_has_moved_is_compiled_anew_whatever_the_old_index_says(tmp_path):
    for name in ("before", "after"):
        (tmp_path / f"{name}.py").write_text(TYPES)
    hits, cache = stored(tmp_path, "before")
    assert (hits, stored(tmp_path, "before")[0]) == ("0", "1")
    (tmp_path / "before.py").unlink()
    (index,) = cache.glob("*.nbi")
    pickled = io.BytesIO(index.read_bytes())
    pickle.load(pickled)  # the version of numba
    with pytest.raises(ModuleNotFoundError, match="before"):  # the index is of the module that is gone
        pickle.load(pickled)
    assert [stored(tmp_path, "after")[0] for _ in range(2)] == ["0", "1"]


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
def test_a_damaged_file_counts_as_absent(tmp_path, suffix):
    (tmp_path / "before.py").write_text(TYPES)
    cache = stored(tmp_path, "before")[1]
    (file,) = cache.glob(f"*.{suffix}")
    file.write_bytes(file.read_bytes()[:-7])
    assert [stored(tmp_path, "before")[0] for _ in range(2)] == ["0", "1"]


def test_files_of_other_sources_are_not_read_and_do_not_pile_up(tmp_path):
    (tmp_path / "before.py").write_text(TYPES)
    cache = stored(tmp_path, "before", "1")[1]
    (cache / "counted.locals.rows-1.py311.nbi").write_bytes(b"another kernel's: of a file that is not called script")
    (cache / "script.counted.locals.rows-9.py310.1.nbc").write_bytes(b"of a release before stamps")
    first = sorted(path.name for path in cache.glob("script.*-00000000000001.*"))
    assert len(first) == 2
    assert [stored(tmp_path, "before", "2")[0] for _ in range(2)] == ["0", "1"]
    left = sorted(path.name for path in cache.iterdir())
    assert left == ["counted.locals.rows-1.py311.nbi", *[name.replace("-00000000000001.", "-00000000000002.") for name in first]]


def test_without_a_folder_to_cache_in_kernels_are_compiled_in_memory(monkeypatch):
    def refusing(_):
        raise RuntimeError("cannot cache function: no locator available")

    def build(stamp: int):
        def rows(begin, end, out):
            if stamp != 0:
                for row in range(begin, end):
                    out[row] = row

        return rows

    monkeypatch.setattr(kernel_cache, "KernelCache", refusing)
    out = np.zeros(5)
    compiled.Kernel(build)(5, 2, out)
    assert out.tolist() == [0, 1, 2, 3, 4]


def functions_compiled_into(function, found):
    """The compiled functions that this one names, however deep, gathered in ``found``."""
    named = inspect.getclosurevars(function)
    for name, value in [*named.globals.items(), *named.nonlocals.items(), *_attributes(function)]:
        if isinstance(value, Dispatcher) and value not in found:
            found[value] = name
            functions_compiled_into(value.py_func, found)


def _attributes(function):
    """What ``function`` takes from modules, such as ``one.gradient``."""
    modules = [m for m in inspect.getclosurevars(function).globals.values() if inspect.ismodule(m)]
    names = function.__code__.co_names
    pairs = [(name, vars(m)[name]) for m in modules for name in names if name in vars(m)]
    return [(name, value) for name, value in pairs if isinstance(value, Dispatcher)]


def test_no_two_compiled_functions_share_a_symbol():
    # numba once linked a cached kernel to another's closure of the same name: a flow followed a wrong loss
    found = {}
    for module in (descend, evaluate, flow, losses):
        for value in vars(module).values():
            if isinstance(value, compiled.Kernel):
                functions_compiled_into(value._run.py_func, found)
            elif isinstance(value, Dispatcher):
                found[value] = value.__name__
                functions_compiled_into(value.py_func, found)
    assert {"dot", "gradient", "slopes", "measured_step", "random_bits", "advance"} <= set(found.values())
    symbols = [(f.py_func.__module__, f.py_func.__qualname__) for f in found]
    assert len(set(symbols)) == len(symbols)
    # closures of one function share a name: only kernels may be closures, one a name
    assert not [name for _, name in symbols if "<locals>" in name]


def test_there_is_at_least_one_processor():
    assert processors() >= 1

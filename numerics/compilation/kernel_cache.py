"""Where compiled kernels are kept on disk: in files that carry a stamp of all the sources they are made of.

Numba's own cache looks only at the file that a kernel stands in, and unpickles a kernel's index, which names the types of
its arguments, before it asks whether the index is stale: after a type's module has moved it would fail until the files are
deleted. Under another stamp a file has another name, so what another release left behind is never read; it is deleted when
the kernel is next stored. A file that cannot be read back counts as absent.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from numba.core.caching import CompileResultCacheImpl, FunctionCache

_ROOT = Path(__file__).parents[1]
_COMPILED_IN = ("arithmetic/*.py", "losses/*.py", "updates/*.py", "kernels/*.py", "compilation/*.py", "sampling.py")


def _source_stamp() -> int:
    digest = hashlib.sha256()
    for pattern in _COMPILED_IN:
        for path in sorted(_ROOT.glob(pattern)):
            digest.update(path.relative_to(_ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return int.from_bytes(digest.digest()[:7], "big")


SOURCE_STAMP = _source_stamp()
_MARK = f"-{SOURCE_STAMP:014x}"


class _StampedFiles(CompileResultCacheImpl):
    """Numba's names of files, the stamp added."""

    def get_filename_base(self, fullname: str, abiflags: str) -> str:
        self.kernel = fullname.replace("<", "").replace(">", "")
        return f"{super().get_filename_base(fullname, abiflags)}{_MARK}"


class KernelCache(FunctionCache):
    """Numba's cache of one function in stamped files; ``RuntimeError`` where there is no folder to write in."""

    _impl_class = _StampedFiles

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What is stored for these types of arguments, or None."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # unpickling what is damaged may raise anything
            self._forget()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Store it, and delete what this kernel was stored as under other stamps."""
        with suppress(OSError):  # a full disk: the next process compiles again
            super().save_overload(sig, data)
        for path in self._files():
            if _MARK not in path.name:
                _delete(path)

    def _files(self) -> list[Path]:
        """Those of this kernel in the folder, of any stamp and version of Python."""
        start = f"{self._impl.kernel}-"
        return [path for path in Path(self.cache_path).iterdir() if path.name.startswith(start) and path.suffix in (".nbi", ".nbc")]

    def _forget(self) -> None:
        for path in self._files():
            if path.name.startswith(self._impl.filename_base):
                _delete(path)


def _delete(path: Path) -> None:
    with suppress(OSError):  # another process was first, or the folder is not ours
        os.unlink(path)


def cached(function: Callable[..., Any], dispatcher: Any) -> Any:
    """``dispatcher``, numba's of ``function``, with its machine code kept on disk; as it is where no folder can be written.

    The first folder that can be written is taken: that of the environment variable NUMBA_CACHE_DIR, ``__pycache__``
    beside the source, or, for a package that is installed where it cannot write, the user's own (``~/.cache/numba`` on
    Linux, XDG_CACHE_HOME). Without any it is compiled anew in each process.
    """
    with suppress(RuntimeError):  # no folder
        dispatcher._cache = KernelCache(function)
    return dispatcher

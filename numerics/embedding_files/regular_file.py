"""A file that is read at places, by several threads at once; everything that is wrong with it is one `InvalidInput`."""

from __future__ import annotations

import os
import stat
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from numerics.validation import InvalidInput

_LONGEST_NAME = 60
_MOST_NAMES = 20


class RegularFile:
    """An open regular file of ``size`` bytes, closed when nothing refers to it any more.

    It stays the same file when another one takes its name. Raises ``InvalidInput`` for a path that is missing, may not be
    read, is empty, or is a folder, pipe or device.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with explained(path, ValueError):
            # without waiting, since a pipe would otherwise wait for its other end
            self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._descriptor)
        found = os.fstat(self._descriptor)
        if not stat.S_ISREG(found.st_mode):
            kind = "a directory" if stat.S_ISDIR(found.st_mode) else "a pipe or device"
            raise refused(path, f"is {kind}, and must be a regular file")
        if found.st_size == 0:
            raise refused(path, "is empty")
        self.size = found.st_size
        self._turn = threading.Lock()

    def read_into(self, buffer: NDArray[np.uint8], offset: int) -> None:
        """Fill ``buffer`` with the bytes from ``offset`` on; raises ``InvalidInput`` where the file ends before."""
        done = 0
        with explained(self.path):
            while done < len(buffer):
                count = self._some(buffer.data[done:], offset + done)
                if count == 0:
                    raise refused(self.path, f"ends at byte {offset + done}, where more was promised: it is truncated")
                done += count

    def read(self, offset: int, count: int) -> bytes:
        """``count`` bytes from ``offset`` on, or fewer at the end of the file."""
        found = np.empty(max(0, min(count, self.size - offset)), np.uint8)
        self.read_into(found, offset)
        return found.tobytes()

    def _some(self, view: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._descriptor, [view], offset)
        with self._turn:  # one place for all threads, where the system has no reading at a place
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            found = os.read(self._descriptor, len(view))
        view[: len(found)] = found
        return len(found)


class Argument(str):
    """The name of an argument within a message, which a command line has another name for."""

    __slots__ = ()


class FileRefused(InvalidInput):
    """The one error of a file; ``renamed`` says it again with other names for the arguments that it speaks of."""

    def __init__(self, *parts: str) -> None:
        super().__init__("".join(parts))
        self.parts = parts

    def renamed(self, names: Mapping[str, str]) -> InvalidInput:
        """``names``: from names of arguments, such as "tensor", to what they are called where it is shown."""
        return InvalidInput("".join(names.get(part, part) if isinstance(part, Argument) else part for part in self.parts))


def refused(path: Path, *words: str) -> FileRefused:
    """The one error of a file, to be raised."""
    return FileRefused(f"{path} ", *words)


@contextmanager
def explained(path: Path, *libraries: type[BaseException]) -> Iterator[None]:
    """Errors of the system, and those of ``libraries``, as ``InvalidInput`` with the path."""
    try:
        yield
    except InvalidInput:
        raise
    except OSError as error:
        raise refused(path, f"cannot be read: {error.strerror or one_line(error)}") from error
    except libraries as error:
        raise refused(path, f"cannot be read: {one_line(error)}") from error


def one_line(error: BaseException) -> str:
    """What a library says, in one line of bounded length."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 5 * _LONGEST_NAME else words[: 5 * _LONGEST_NAME] + "..."


def quoted(name: object) -> str:
    """A name out of a file, which may hold anything, for a message."""
    words = repr(name)
    return words if len(words) <= _LONGEST_NAME else words[:_LONGEST_NAME] + "..."


def listed(names: list[str]) -> str:
    """Names that can be chosen from, the first of them where there are many."""
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")

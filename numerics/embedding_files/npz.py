"""NumPy's archives: a ZIP file with one ``.npy`` member an array, stored as it is or deflated."""

from __future__ import annotations

import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from numerics.embedding_files.acceptable import table_shape
from numerics.embedding_files.npy import Header, header_bytes, placed, precision_of, read_header
from numerics.embedding_files.regular_file import Argument, RegularFile, explained, listed, quoted, refused
from numerics.embedding_files.sources import STORED, Block, Decoded, Source, Stopped

MAGIC, EMPTY_MAGIC = b"PK\x03\x04", b"PK\x05\x06"
_MOST_DIRECTORY_BYTES = 2**20  # thousands of members; an archive of arrays has a few
_LOCAL, _END = 30, 22  # bytes of the records before a member and at the end
_LARGE, _LOCATOR = 56, 20  # and of the two before the end of a large archive
_COMMENT = 2**16
_CHECKED = 2**20  # bytes at a time
ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error)


def opened(file: RegularFile, name: str | None, meant: str | None) -> tuple[str, Source]:
    """The name and source of one array of a ``.npz`` file."""
    with archive(file) as members:
        chosen = choose(file.path, members, name)
        info = members.getinfo(chosen)
        header = member_header(file.path, members, info)
    table_shape(header.shape, file.path)
    precision_of(header.dtype, file.path, meant)
    named = chosen.removesuffix(".npy")
    if info.compress_type == zipfile.ZIP_STORED:
        place = _place(file, info)
        source = placed(header, file, place + header.size, meant)
        return named, replace(source, check=lambda stopped: _check(file, info, place, stopped))
    if header.columns and min(header.shape) > 1:
        whole = _unpacked(file, info, header)
        return named, placed(header, whole, 0, meant)
    rows, dimension = header.shape
    precision = precision_of(header.dtype, file.path, meant)
    stored = np.dtype(STORED[precision])

    def decode(_: int, rows_per_block: int) -> Iterator[Block]:
        with archive(file) as members, members.open(info) as stream:
            _fill(stream, np.empty(header.size, np.uint8), file.path)
            for first in range(0, rows, rows_per_block):
                block = np.empty((min(rows_per_block, rows - first), dimension), stored)
                _fill(stream, block.view(np.uint8).reshape(-1), file.path)
                yield block if header.dtype.isnative else block.byteswap(inplace=True)
            _end(stream, file.path)

    return named, Decoded(rows, dimension, precision, file, (rows,), decode)


def archive(file: RegularFile) -> zipfile.ZipFile:
    """The opened archive, once its directory is known to be of a size that can be read."""
    tail = file.read(max(0, file.size - _END - _COMMENT - _LOCATOR), _END + _COMMENT + _LOCATOR)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _END > len(tail):
        raise refused(file.path, "begins as a ZIP archive and has no directory at its end: it is truncated")
    directory = struct.unpack_from("<I", tail, at + 12)[0]
    if at >= _LOCATOR and tail[at - _LOCATOR : at - _LOCATOR + 4] == b"PK\x06\x07":
        named = struct.unpack_from("<Q", tail, at - _LOCATOR + 8)[0]
        before = file.size - len(tail) + at - _LOCATOR - _LARGE
        # Python looks in front of the locator, or where that points: the release decides
        records = [file.read(place, _LARGE) for place in (named, before) if 0 <= place <= file.size - _LARGE]
        directory = max([directory, *(struct.unpack_from("<Q", r, 40)[0] for r in records if r[:4] == b"PK\x06\x06")])
    if directory > _MOST_DIRECTORY_BYTES:
        raise refused(file.path, f"has a directory of {directory} bytes; it must be at most {_MOST_DIRECTORY_BYTES}")
    with explained(file.path, *ERRORS):
        return zipfile.ZipFile(file.path)


def arrays(path: Path, members: zipfile.ZipFile) -> list[str]:
    """The members that are arrays; raises ``InvalidInput`` where there are none, or two of one name."""
    found = [each for each in members.namelist() if each.endswith(".npy")]
    if len(set(found)) != len(found):
        raise refused(path, f"has two arrays of one name among {listed([quoted(each) for each in found])}")
    if not found:
        raise refused(path, f"is an archive without arrays{_looks_like(members.namelist())}")
    return found


def _looks_like(names: list[str]) -> str:
    if any(name.endswith(".pkl") for name in names):
        return "; it looks like a checkpoint of PyTorch, which is a pickle and never read: save it as safetensors"
    return "; it looks like a workbook of Excel: save the sheet as CSV in UTF-8" if any(name.startswith("xl/") for name in names) else ""


def choose(path: Path, members: zipfile.ZipFile, name: str | None) -> str:
    """The member meant by ``name``, or the only array."""
    found = arrays(path, members)
    choice = listed([quoted(each.removesuffix(".npy")) for each in found])
    if name is None:
        if len(found) > 1:
            raise refused(path, f"has {len(found)} arrays; choose one of them with ", Argument("tensor"), f": {choice}")
        return found[0]
    if f"{name}.npy" not in found:
        raise refused(path, f"has no array {quoted(name)}; it has {choice}")
    return f"{name}.npy"


def member_header(path: Path, members: zipfile.ZipFile, info: zipfile.ZipInfo) -> Header:
    """The header of an array in an archive, which has to be as long as the archive says."""
    if info.flag_bits & 1:
        raise refused(path, f"has an encrypted member {quoted(info.filename)}, which cannot be read")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        kind = zipfile.compressor_names.get(info.compress_type, info.compress_type)  # type: ignore[attr-defined]
        raise refused(path, f"has a member {quoted(info.filename)} compressed by {kind}; it must be stored or deflated")
    with explained(path, *ERRORS), members.open(info) as stream:
        header = read_header(stream.read(header_bytes()), path)
    if not header.dtype.hasobject and header.size + header.array_bytes != info.file_size:
        words = f"an array of shape {quoted(header.shape)} takes {header.size + header.array_bytes} bytes with its header"
        raise refused(path, f"has a member {quoted(info.filename)} of {info.file_size} bytes, and {words}")
    return header


def _place(file: RegularFile, info: zipfile.ZipInfo) -> int:
    """Where the bytes of a stored member begin."""
    local = file.read(info.header_offset, _LOCAL)
    start = info.header_offset + _LOCAL + sum(struct.unpack_from("<HH", local, 26)) if len(local) == _LOCAL else file.size
    if start + info.file_size > file.size:
        raise refused(file.path, f"is truncated: member {quoted(info.filename)} does not lie within it")
    return start


def _check(file: RegularFile, info: zipfile.ZipInfo, place: int, stopped: Stopped) -> None:
    """Compare the checksum of a stored member, whose rows are read where they lie, past Python's reader and its comparison."""
    found, buffer = 0, np.empty(min(_CHECKED, info.file_size), np.uint8)
    for begin in range(0, info.file_size, _CHECKED):
        if stopped():
            return
        part = buffer[: min(_CHECKED, info.file_size - begin)]
        file.read_into(part, place + begin)
        found = zlib.crc32(part.data, found)
    if found != info.CRC:
        words = f"CRC-32 is {found:08x} and does not match {info.CRC:08x} of the archive: the file is damaged"
        raise refused(file.path, f"has a member {quoted(info.filename)} whose {words}")


def _unpacked(file: RegularFile, info: zipfile.ZipInfo, header: Header) -> RegularFile:
    """A deflated array in Fortran's order, whose rows cannot be read one after the other, as a file that vanishes with its use."""
    with tempfile.TemporaryDirectory(prefix="normlaw-", ignore_cleanup_errors=True) as folder:
        if header.array_bytes > (free := shutil.disk_usage(folder).free):
            words = f"{header.array_bytes} bytes to unpack, since it lies column after column, and {free} are free in {folder}"
            raise refused(file.path, f"takes {words}")
        path = Path(folder) / "columns"
        with archive(file) as members, members.open(info) as stream, path.open("wb") as target:
            _fill(stream, np.empty(header.size, np.uint8), file.path)
            with explained(file.path, *ERRORS):
                shutil.copyfileobj(stream, target, 2**20)
        return RegularFile(path)


def _fill(stream: IO[bytes], buffer: NDArray[np.uint8], path: Path) -> None:
    done = 0
    with explained(path, *ERRORS):
        while done < len(buffer):
            count = stream.readinto(buffer.data[done:])  # type: ignore[attr-defined]
            if not count:
                raise refused(path, "is truncated: a member ends before its array does")
            done += count


def _end(stream: IO[bytes], path: Path) -> None:
    """The last read compares the checksum."""
    with explained(path, *ERRORS):
        stream.read(1)

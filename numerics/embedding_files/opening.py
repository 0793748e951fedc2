"""Which format a file has: by what it begins with; a name that says something else is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from numerics.embedding_files import arrow, npy, npz, parquet, safetensors
from numerics.embedding_files.definition import EmbeddingFile
from numerics.embedding_files.regular_file import Argument, FileRefused, RegularFile, explained, refused
from numerics.embedding_files.sources import Source

SUFFIXES = {
    ".npy": "npy", ".npz": "npz", ".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".arrows": "arrow", ".feather": "arrow",
    ".ipc": "arrow", ".safetensors": "safetensors", ".csv": "csv", ".tsv": "csv",
}  # fmt: skip
TITLES = {
    "npy": "a NumPy array (.npy)", "npz": "a ZIP archive (.npz)", "parquet": "Parquet", "arrow": "Arrow IPC",
    "safetensors": "safetensors", "csv": "text in columns (CSV)",
}  # fmt: skip
KNOWN = ".npy, .npz, Parquet, Arrow IPC (Feather) or safetensors"


# what is told from its first bytes and not read, and what to do
_ELSEWHERE = (
    (b"\x1f\x8b", "is compressed by gzip; unpack it first (gunzip)"),
    (b"\x28\xb5\x2f\xfd", "is compressed by zstd; unpack it first (unzstd)"),
    (b"BZh", "is compressed by bzip2; unpack it first (bunzip2)"), (b"\xfd7zXZ", "is compressed by xz; unpack it first (unxz)"),
    (b"\x89HDF", "is HDF5, which is not read: save the array with numpy.save"),
    (b"GGUF", "is GGUF, which is not read: save the tensor as safetensors"),
    *((b"\x80" + bytes([v]), "is a Python pickle, which could run any program and is never read: save the array with numpy.save, or as"
       " safetensors") for v in (2, 3, 4, 5)),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which of several arrays, and what entries are whose dtype does not say it."""

    column: str | None
    tensor: str | None
    precision: str | None


def open_embeddings(
    path: str | os.PathLike[str], *, column: str | None = None, tensor: str | None = None, precision: str | None = None
) -> EmbeddingFile:
    """Open a file of embeddings: .npy, .npz, Parquet, Arrow IPC (a file, Feather included, or a stream) or safetensors.

    ``column`` names the list column of a Parquet or Arrow file, ``tensor`` the array of a .npz or safetensors file (or of the
    index of a model in shards, ``*.index.json``); needed where there is more than one. ``precision="bfloat16"`` says that the
    two-byte entries of a .npy or .npz file, whose format has no bfloat16, are its bits. No entry is read but where the file is
    compressed Arrow, whose length shows only then; what is checked here is the header and that the file is as long as it
    says. Nothing is unpickled. Raises ``InvalidInput``, in one line with the path, for a file that is missing, unreadable,
    truncated, mislabelled or empty, is no table of float16, bfloat16, float32, float64 or int8, or needs a choice.
    """
    file = RegularFile(Path(path))
    wanted = Wanted(column, tensor, precision)
    if file.path.suffix == ".json":
        if column is not None or precision is not None:
            idle = Argument("column" if column is not None else "precision")
            raise refused(file.path, "is the index of a model in shards, for which ", idle, " has no meaning")
        name, place = safetensors.shard(file, tensor)
        file = RegularFile(place)
        wanted = Wanted(None, name, None)
    found = format_of(file)
    if found not in _OPENERS:
        hint = ": numpy.save('vectors.npy', numpy.loadtxt(FILE, delimiter=','))" if found == "csv" else ""
        raise refused(file.path, f"is {TITLES.get(found, 'no file of embeddings')}; embeddings are read from {KNOWN}{hint}")
    _refuse_idle(file.path, found, wanted)
    with explained(file.path, UnicodeDecodeError):  # names of columns may be any bytes
        named, source = _OPENERS[found](file, wanted)
    return EmbeddingFile(file.path, found, named, source)


def format_of(file: RegularFile, otherwise: str | None = None) -> str:
    """The format by content; ``otherwise`` where neither content nor name says it.

    Raises ``InvalidInput`` where the name says another, or the content is of no format that is read.
    """
    start, said = file.read(0, 16), SUFFIXES.get(file.path.suffix.lower())
    for magic, words in _ELSEWHERE:
        if start.startswith(magic) and not safetensors.looks_like_one(start, file.size):
            raise refused(file.path, words)
    found = _by_content(start, file.size)
    if found is None:
        if said == "csv":
            return said
        if said is None and otherwise is not None:
            return otherwise
        if said is None:
            raise refused(file.path, f"is of no format that is read: {KNOWN}")
        raise refused(file.path, f"is named {file.path.suffix} and does not begin as {TITLES[said]} does")
    if said is not None and said != found:
        raise refused(file.path, f"is named {file.path.suffix} and holds {TITLES[found]}: it is mislabelled")
    return found


def _by_content(start: bytes, size: int) -> str | None:
    for magic, name in (
        (npy.MAGIC, "npy"), (npz.MAGIC, "npz"), (npz.EMPTY_MAGIC, "npz"), (parquet.MAGIC, "parquet"), (arrow.MAGIC, "arrow"),
    ):  # fmt: skip
        if start.startswith(magic):
            return name
    if arrow.begins_a_stream(start):
        return "arrow"
    return "safetensors" if safetensors.looks_like_one(start, size) else None


def _refuse_idle(path: Path, found: str, wanted: Wanted) -> None:
    """An argument that the format has no use for is a misunderstanding."""
    uses = {"npy": ("precision",), "npz": ("tensor", "precision"), "safetensors": ("tensor",)}.get(found, ("column",))
    for name in ("column", "tensor", "precision"):
        if getattr(wanted, name) is not None and name not in uses:
            raise FileRefused(Argument(name), f" = {getattr(wanted, name)!r} has no meaning for {path}, which is {TITLES[found]}")


Opener = Callable[[RegularFile, Wanted], tuple[str | None, Source]]
_OPENERS: dict[str, Opener] = {
    "npy": lambda file, wanted: (None, npy.opened(file, wanted.precision)),
    "npz": lambda file, wanted: npz.opened(file, wanted.tensor, wanted.precision),
    "parquet": lambda file, wanted: parquet.opened(file, wanted.column),
    "arrow": lambda file, wanted: arrow.opened(file, wanted.column),
    "safetensors": lambda file, wanted: safetensors.opened(file, wanted.tensor),
}

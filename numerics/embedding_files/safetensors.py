"""safetensors: a length, a JSON header with the place of each tensor, and the tensors; and the index of a model in shards.

The format is read here rather than by its library, which maps the file and does not say where a tensor lies.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from numerics.embedding_files.acceptable import SUPPORTED, advice, table_shape
from numerics.embedding_files.regular_file import Argument, RegularFile, listed, one_line, quoted, refused
from numerics.embedding_files.sources import InRows, Segment, Source

_LONGEST_HEADER = 100_000_000  # of bytes: the limit of the format
_LONGEST_INDEX = _LONGEST_HEADER
_PRECISIONS = {"F16": "float16", "BF16": "bfloat16", "F32": "float32", "F64": "float64", "I8": "int8"}
_MOST_SHOWN = 3  # dimensions of a shape in a list of tensors


@dataclass(frozen=True)
class Tensor:
    """What the header says of one."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    def __str__(self) -> str:
        lengths = [str(length) for length in self.shape[:_MOST_SHOWN]] + ["..."] * (len(self.shape) > _MOST_SHOWN)
        return f"{self.dtype} {' x '.join(lengths) or 'one number'}"


def looks_like_one(start: bytes, size: int) -> bool:
    """Whether a file of ``size`` bytes that begins so can be one: the length of the header, then JSON."""
    return len(start) > 8 and start[8:9] == b"{" and int.from_bytes(start[:8], "little") <= size - 8


def opened(file: RegularFile, name: str | None) -> tuple[str, Source]:
    """The name and source of a tensor."""
    length = int.from_bytes(file.read(0, 8), "little")
    if length > _LONGEST_HEADER:
        raise refused(file.path, f"has a header of {length} bytes; the format allows {_LONGEST_HEADER}")
    if length > file.size - 8:
        raise refused(file.path, f"is truncated: its header takes {length} bytes, and {max(0, file.size - 8)} are there")
    data = 8 + length
    tensors = {
        key: _tensor(file.path, key, said)
        for key, said in _object(file.path, file.read(8, length)).items()
        if key != "__metadata__"
    }
    _covered(file, tensors, data)
    chosen = _choose(file.path, tensors, name)
    tensor = tensors[chosen]
    precision = _PRECISIONS.get(tensor.dtype)
    if precision is None:
        hint = advice(tensor.dtype)
        raise refused(file.path, f"has tensor {quoted(chosen)} of type {quoted(tensor.dtype)}; it must hold {SUPPORTED}{hint}")
    rows, dimension = table_shape(tensor.shape, file.path)
    source = InRows(rows, dimension, precision, file, (Segment(0, data + tensor.begin),))
    if rows * source.row_bytes != tensor.end - tensor.begin:
        raise refused(file.path, f"has {tensor.end - tensor.begin} bytes for tensor {quoted(chosen)}, {tensor}")
    if data + tensor.end > file.size:
        raise refused(file.path, f"is truncated: tensor {quoted(chosen)} ends at byte {data + tensor.end} of {file.size}")
    return chosen, source


def _covered(file: RegularFile, tensors: dict[str, Tensor], data: int) -> None:
    """Tensors have to cover the file, one after the other without gaps, as the format says and its library demands."""
    end, last = 0, ""
    for key, tensor in sorted(tensors.items(), key=lambda item: (item[1].begin, item[1].end)):
        if tensor.begin != end:
            what = "overlaps" if tensor.begin < end else f"leaves {tensor.begin - end} bytes that belong to no tensor after"
            raise refused(file.path, f"has tensor {quoted(key)} from byte {tensor.begin} of its data, which {what} {last or 'its header'}")
        end, last = tensor.end, quoted(key)
    if data + end > file.size:
        raise refused(file.path, f"is truncated: tensor {last} ends at byte {data + end} of {file.size}")
    if data + end < file.size:
        raise refused(file.path, f"has {file.size - data - end} bytes after its last tensor, which belong to none")


def shard(file: RegularFile, name: str | None) -> tuple[str, Path]:
    """Of the index of a model in shards (``model.safetensors.index.json``): the tensor's name and its file, in the same folder."""
    if file.size > _LONGEST_INDEX:
        raise refused(file.path, f"has {file.size} bytes; the index of a model must have at most {_LONGEST_INDEX}")
    places = _object(file.path, file.read(0, file.size)).get("weight_map")
    if not isinstance(places, dict) or not places or not all(isinstance(place, str) for place in places.values()):
        raise refused(file.path, "is no index of safetensors: it has no weight_map of names of tensors to names of files")
    if name is None and len(places) > 1:
        raise refused(file.path, f"has {len(places)} tensors; choose one of them with ", Argument("tensor"), f": {_listed(places)}")
    chosen = next(iter(places)) if name is None else name
    if chosen not in places:
        raise refused(file.path, f"has no tensor {quoted(chosen)}; it has {_listed(places)}")
    place = places[chosen]
    if Path(place).name != place or place in ("", ".", "..") or "\\" in place or "\0" in place:
        raise refused(file.path, f"has tensor {quoted(chosen)} in {quoted(place)}, which is no name of a file beside it")
    return chosen, file.path.parent / place


def _listed(names: Iterable[str]) -> str:
    return listed([quoted(name) for name in names])


def _object(path: Path, text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise refused(path, f"has a JSON header that cannot be read: {one_line(error)}") from error
    if not isinstance(found, dict):
        raise refused(path, "has a JSON header that is no object; vectors written as JSON are not read: save them with numpy.save")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _tensor(path: Path, name: str, said: Any) -> Tensor:
    entry = said if isinstance(said, dict) else {}
    dtype, shape, place = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not (isinstance(dtype, str) and _lengths(shape) and _lengths(place) and len(place) == 2 and place[0] <= place[1]):
        raise refused(path, f"has a header that says of {quoted(name)} {quoted(said)}: it needs dtype, shape and data_offsets")
    return Tensor(dtype, tuple(shape), *place)


def _lengths(value: Any) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(each) is int and each >= 0 for each in value)


def _choose(path: Path, tensors: dict[str, Tensor], name: str | None) -> str:
    choice = listed([f"{quoted(key)} ({tensor})" for key, tensor in tensors.items()])
    if not tensors:
        raise refused(path, "has no tensors")
    if name is None and len(tensors) > 1:
        raise refused(path, f"has {len(tensors)} tensors; choose one of them with ", Argument("tensor"), f": {choice}")
    if name is not None and name not in tensors:
        raise refused(path, f"has no tensor {quoted(name)}; it has {choice}")
    return next(iter(tensors)) if name is None else name

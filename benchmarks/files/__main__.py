"""``python -m benchmarks.files``: one large file of float16, measured in a fresh process for its memory.

The file is made, read plainly and scanned in turns, from the cache and from disk, and deleted.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.arguments import repeats
from benchmarks.files import checked, over, plain_read, rounds, scan
from benchmarks.files.written import embeddings

_ABOUT = """\
Makes a file of float16 embeddings (.npy), reads it plainly and takes norms and moments of all its rows, in turns; says how fast
both are and how much memory this process took at most. Nothing else may run in this process: its peak is the system's figure.

  python -m benchmarks.files                        20 000 000 rows of 128: 5 GB, in the system's folder for temporary files
  python -m benchmarks.files --rows 1000000 --json
"""


def main(argv: Sequence[str] | None = None) -> int:
    """The exit status: 0, 2 if the file cannot be written, 130 if interrupted; the file is deleted in any case."""
    p = argparse.ArgumentParser(prog="python -m benchmarks.files", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rows", type=_count, default=20_000_000, metavar="N", help="embeddings (default 20000000)")
    p.add_argument("--dimension", type=_count, default=128, metavar="D", help="entries of each (default 128)")
    p.add_argument("--repeats", type=repeats, default=3, metavar="N", help="rounds (default 3)")
    p.add_argument("--folder", type=Path, metavar="DIR", help="where the file is made")
    p.add_argument("--json", action="store_true", help="one JSON document on standard output")
    options = p.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="normlaw-benchmark-", dir=options.folder) as folder:
            path = Path(folder) / "large.npy"
            _write(path, options.rows, options.dimension)
            found = _measured(path, options)
    except KeyboardInterrupt:
        print("benchmarks: interrupted; the file is deleted", file=sys.stderr)
        return 130
    except (OSError, ValueError) as error:
        print(f"benchmarks: error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(found, indent=1) if options.json else _text(found))
    return 0


def _count(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= value <= 2**28:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} must be an integer between 1 and {2**28}")
    return value


def _write(path: Path, rows: int, dimension: int) -> None:
    block = np.ascontiguousarray(embeddings("float16", 2**22, dimension))
    with path.open("wb") as stream:
        header = {"descr": "<f2", "fortran_order": False, "shape": (rows, dimension)}
        np.lib.format.write_array_header_1_0(stream, header)
        for first in range(0, rows, len(block)):
            stream.write(block[: rows - first].data)
            _tell(f"writing: {100 * first // rows} %")


def _tell(words: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{words}")
        sys.stderr.flush()


def _measured(path: Path, options: argparse.Namespace) -> dict[str, Any]:
    before = _peak()
    checked(path)
    found: dict[str, Any] = {
        "rows": options.rows, "dimension": options.dimension, "bytes": path.stat().st_size,
        "peak_before_mb": before, "peak_mb": _peak(), "result_mb": 9 * options.rows / 1e6,
    }  # fmt: skip
    runs: dict[str, Callable[[Path], object]] = {"plain_read": plain_read, "scan": scan}
    for how, forget in (("cache", False), ("disk", True)):
        rates = rounds(path, runs, options.repeats, f"from {how}", _tell, forget=forget)
        found[how] = {name: list(each.speeds) for name, each in rates.items()}
        found[how]["ratios"] = list(over(rates["scan"].speeds, rates["plain_read"].speeds))
        found[how]["processor_ratios"] = list(over(rates["scan"].processor, rates["plain_read"].processor))
    _tell("")
    return found


def _peak() -> float:
    """Megabytes that this process has taken at most."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _text(found: dict[str, Any]) -> str:
    lines = [f"{found['rows']} rows of {found['dimension']}, float16: {found['bytes'] / 1e9:.2f} GB"]
    for how in ("cache", "disk"):
        read, scanned, ratios = (found[how][name] for name in ("plain_read", "scan", "ratios"))
        lines.append(
            f"from {how}: plain read {median(read):.2f} GB/s, norms and moments {median(scanned):.2f} GB/s,"
            f" ratio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}),"
            f" processor time {median(found[how]['processor_ratios']):.2f} times that of the read"
        )
    more = found["peak_mb"] - found["peak_before_mb"]
    result = f"of which the result is {found['result_mb']:.0f} MB"
    lines.append(f"peak memory {found['peak_mb']:.0f} MB, {more:.0f} MB more than before the scan, {result}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

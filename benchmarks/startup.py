"""How long it takes until there is an answer: commands and imports, each in a process of its own, warm."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

from benchmarks.findings import Finding, Tell

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "python, nothing else": ("-c", "pass"),
    "normlaw --version": ("-m", "derivations", "--version"),
    "normlaw --help": ("-m", "derivations", "--help"),
    "import sympy": ("-c", "import sympy"),
    "import theory.catalogue": ("-c", "import theory.catalogue"),
    "import theory.statements": ("-c", "import theory.statements"),
}
_LIMIT = 0.15  # seconds, of commands
_MORE = 0.1  # seconds, of imports, more than sympy's


def findings(repeats: int, tell: Tell, *, quick: bool = False) -> Iterator[Finding]:
    """Medians over interleaved rounds; an import of theory is held against that of sympy in the same round."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(1 + repeats * (1 if quick else 5)):
        tell(f"start-up, round {number + 1}")
        for name, arguments in COMMANDS.items():
            spent = _seconds(arguments)
            if number:  # the first round warms the disk
                seconds[name].append(spent)
    for name, found in seconds.items():
        limit = _LIMIT if name.startswith("normlaw") else None
        yield Finding("start-up", name, tuple(1000 * s for s in found), "ms", target=None if limit is None else 1000 * limit)
    for name in ("import theory.catalogue", "import theory.statements"):
        more = tuple(1000 * (a - b) for a, b in zip(seconds[name], seconds["import sympy"], strict=True))
        yield Finding("start-up", f"{name}, more than sympy", more, "ms", target=1000 * _MORE)


def _seconds(arguments: tuple[str, ...]) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - began

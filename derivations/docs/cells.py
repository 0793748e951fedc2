"""A script of percent cells, run from top to bottom, as Markdown: its prose, its code, and what it really put out."""

from __future__ import annotations

import ast
import code
import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

_CELL, _PROSE = "# %%", "# %% [markdown]"


class CellError(RuntimeError):
    """A cell that failed, with its number and its first line."""


def rendered(script: Path) -> str:
    """The script as Markdown. Runs it, in this process; raises `CellError` where a cell of it raises."""
    runner, parts = _Runner(), list[str]()
    for number, (prose, text) in enumerate(cells(script.read_text(encoding="utf-8")), 1):
        if prose:
            parts.append(text)
            continue
        parts.append(f"```python\n{text}\n```")
        try:
            printed, shown = runner.run(text, f"{script.name}, cell {number}")
        except Exception as error:
            raise CellError(f"{script.name}, cell {number} ({text.splitlines()[0]}): {type(error).__name__}: {error}") from error
        if printed:
            parts.append(f"```text\n{printed.rstrip()}\n```")
        parts += [shown] if shown else []
    return "\n\n".join(parts) + "\n"


def cells(text: str) -> Iterator[tuple[bool, str]]:
    """Whether it is prose, and its text, without the marks; what stands before the first mark is left out."""
    for block in ("\n" + text).split(f"\n{_CELL}")[1:]:
        head, _, body = block.partition("\n")
        if prose := (_CELL + head).strip() == _PROSE:
            body = "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.splitlines())
        if body.strip():
            yield prose, body.strip("\n")


class _Runner(code.InteractiveInterpreter):
    """Cells that share their names; an error is raised, not printed, and the value of a last expression is shown."""

    def __init__(self) -> None:
        super().__init__({"__name__": "__tutorial__"})

    def run(self, text: str, name: str) -> tuple[str, str]:
        """What it printed, and its last value as Markdown."""
        tree = ast.parse(text, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        printed, shown, display = io.StringIO(), list[str](), sys.displayhook
        sys.displayhook = lambda value: shown.append(markdown(value))
        try:
            with contextlib.redirect_stdout(printed):
                self.runcode(compile(tree, name, "exec"))
                if last is not None:
                    self.runcode(compile(ast.Interactive([last]), name, "single"))
        finally:
            sys.displayhook = display
        return printed.getvalue(), "\n\n".join(filter(None, shown))

    def runcode(self, code: CodeType) -> None:
        self._failed: BaseException | None = None
        super().runcode(code)
        if self._failed is not None:
            raise self._failed

    def showtraceback(self) -> None:
        self._failed = sys.exc_info()[1]


def markdown(value: Any) -> str:
    """As a notebook would show it."""
    if value is None:
        return ""
    if hasattr(value, "_repr_markdown_"):
        return str(value._repr_markdown_())
    return f"```text\n{value!r}\n```"

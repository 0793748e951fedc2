"""Progress of one long task on stderr: a bar on a terminal, a line for every tenth elsewhere, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from derivations.terminal.tables import console

Tell = Callable[[float, str], None]


@contextmanager
def reported(words: str, *, quiet: bool) -> Iterator[Tell]:
    """``tell(fraction, message)`` for the task called ``words``."""
    if quiet:
        yield lambda _fraction, _message: None
        return
    if not sys.stderr.isatty():
        said = -1

        def tell(fraction: float, message: str) -> None:
            nonlocal said
            if (tenth := int(10 * fraction)) > said:
                said = tenth
                print(f"{words}: {int(100 * fraction)} %, {message}", file=sys.stderr, flush=True)

        yield tell
        return
    columns = (TextColumn(words), BarColumn(bar_width=24), TaskProgressColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console(no_color=False, stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=message)

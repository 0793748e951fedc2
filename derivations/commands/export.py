"""``normlaw export``: every claim as LaTeX, Markdown or JSON."""

from __future__ import annotations

from argparse import Namespace

from derivations.command_line.input_checks import writable_folder
from derivations.terminal.tables import console, line


def run(options: Namespace) -> int:
    """Write the files and name them."""
    out = writable_folder(options.out)
    from derivations.latex.export import export

    paths = export(out, options.format)
    if not getattr(options, "quiet", False):
        for path in paths:
            line(console(no_color=getattr(options, "no_color", False)), str(path))
    return 0

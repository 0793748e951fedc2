"""A process of this interpreter that serves: it answers what comes through a pipe, and ends when the pipe closes."""

from __future__ import annotations

import subprocess
import sys
from typing import IO


def serving(module: str, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start ``serve()`` of a module, with this process's path, in a session of its own, so that Ctrl-C does not reach it."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from {module} import serve; serve()"
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, start_new_session=True
    )

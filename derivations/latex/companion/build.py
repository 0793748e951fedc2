"""The PDF: the engine run in a temporary folder, its log read, and what went wrong said with line and cause."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from derivations.command_line.input_checks import UsageError
from derivations.files import write_whole_bytes

Tell = Callable[[float, str], None]
NAME = "normlaw"
PACKAGES = "texlive-latex-base texlive-latex-recommended lmodern"
_LATEX = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape", NAME)
_LIMIT = 900  # seconds for one run of an engine
_ERROR = re.compile(r"^(?:(\S+?):(\d+): (.*)|! (.*))$", re.MULTILINE)
_OVERFULL = re.compile(r"^Overfull \\[hv]box \((\d+(?:\.\d+)?)pt[^\n]*", re.MULTILINE)
_UNDEFINED = re.compile(r"(?:Reference|Citation) `([^']*)'[^\n]*undefined")
_WIDEST = 2.0  # points; what sticks out less nobody sees


class TypesettingError(UsageError):
    """The engine stopped, or the document it made is not as it should be; the message has line and cause."""


def commands() -> tuple[tuple[str, ...], ...]:
    """What has to be run: latexmk where it is, else pdflatex and bibtex; raises `UsageError` where there is no engine."""
    if shutil.which("pdflatex") is None:
        raise UsageError(f"--pdf needs pdflatex, which is not there; on Debian or Ubuntu: apt-get install {PACKAGES}")
    if shutil.which("latexmk"):
        return (("latexmk", "-pdf", *_LATEX[1:]),)
    if shutil.which("bibtex") is None:
        raise UsageError("--pdf needs bibtex, which is not there; on Debian or Ubuntu: apt-get install texlive-binaries")
    return (_LATEX, ("bibtex", NAME), _LATEX, _LATEX)


def build(source: Path, tell: Tell = lambda _fraction, _words: None) -> Path:
    """``source/normlaw.pdf`` from ``source/normlaw.tex``; nothing else is left there.

    A PDF of before is gone, whatever happens: nobody shall take it for this one. Raises `TypesettingError`: without a PDF if the
    engine stops, and beside one that is not as it should be.
    """
    runs, target = commands(), source / f"{NAME}.pdf"
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="normlaw-latex-") as name:
        folder = Path(name) / "paper"
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.aux", "*.log", f"{NAME}.pdf"))
        for i, command in enumerate(runs):
            tell(i / len(runs), " ".join(command[:1]))
            _run(command, folder)
        write_whole_bytes(target, (folder / f"{NAME}.pdf").read_bytes())
        faults = read_log((folder / f"{NAME}.log").read_text(encoding="utf-8", errors="replace"))
    if faults:
        raise TypesettingError(f"{NAME}.pdf is there, but not as it should be: {'; '.join(faults[:5])}")
    tell(1.0, "done")
    return target


def read_log(log: str) -> list[str]:
    """What is wrong with a document that was made: references without target, lines that stick out by more than 2 pt."""
    missing = [f"nothing is called {name!r}" for name in dict.fromkeys(_UNDEFINED.findall(log.replace("\n", "")))]
    wide = [found[0] for found in _OVERFULL.finditer(log) if float(found[1]) > _WIDEST]
    return [*missing, *wide]


def first_error(log: str) -> str:
    """The first error of a log, with file and line where it says them, and the line of TeX's input it stopped at."""
    found = _ERROR.search(log)
    if found is None:
        return "no cause is given in its log"
    where = f"{found[1]}, line {found[2]}: " if found[1] else ""
    at = re.search(r"^l\.(\d+) ?(.*)$", log[found.end() :], re.MULTILINE)
    near = f" (at line {at[1]}: {at[2].strip()[-80:]})" if at else ""
    return f"{where}{(found[3] or found[4]).strip()}{near}"


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=_LIMIT, check=False)
    except subprocess.TimeoutExpired:
        raise TypesettingError(f"{command[0]} did not end within {_LIMIT} seconds") from None
    except OSError as error:
        raise TypesettingError(f"{command[0]} cannot be run: {error.strerror or error}") from error
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace")
        cause = bibtex_error(said) if command[0] == "bibtex" else first_error(said)
        raise TypesettingError(f"{command[0]} failed: {cause}")


def bibtex_error(said: str) -> str:
    """The first complaint of BibTeX."""
    lines = [line for line in said.splitlines() if "---line" in line or line.startswith(("I couldn't", "I found", "Warning"))]
    return lines[0] if lines else "no cause is given"

"""``normlaw figures``: the figures that tell the story, simulated and drawn now, and those of claims from the points of a run."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from derivations.command_line.input_checks import UsageError, writable_folder
from derivations.figures.names import FIGURES


def run(options: Namespace) -> int:
    """Write the files and name them on standard output; 1 if one shows what does not hold, else 0.

    Raises `UsageError` for names that are not known or a missing TeX engine.
    """
    names, claims = _sorted_out(options.names)
    _engine(options.format)
    points, short = _points(options.ledger, claims)
    out = writable_folder(options.out)
    from derivations.figures.style import STYLES
    from derivations.terminal.progress import reported
    from derivations.terminal.tables import console, line

    style, quiet = STYLES[options.theme], getattr(options, "quiet", False)
    paths: list[Path] = []
    wrong: list[str] = []
    with reported("figures", quiet=quiet) as tell:
        for i, name in enumerate(names):
            tell(i / len(names), f"simulating {name}")
            path, complaint = _story(name, options, out, style)
            paths.append(path)
            wrong += [f"{name} does not hold: {complaint}"] if complaint else []
        tell(1.0, "drawn")
    for claim, found in points:
        paths += _of_claim(claim, found, options, out, style)
    if not quiet:
        for path in paths:
            line(console(no_color=getattr(options, "no_color", False)), str(path))
    for words in wrong:
        print(f"normlaw figures: {words}", file=sys.stderr)
    return 1 if wrong or short else 0


def _sorted_out(names: list[str]) -> tuple[list[str], list[str]]:
    """Names of the story, and ids of claims; all of the story if nothing is named."""
    if not names:
        return list(FIGURES), []
    story = [name for name in FIGURES if name in names]
    others = [name for name in names if name not in FIGURES]
    if not others:
        return story, []
    from derivations.command_line.input_checks import claim_named
    from theory.catalogue import catalogue

    try:
        return story, [claim_named(catalogue(), name).id for name in others]
    except UsageError as error:
        raise UsageError(f"{str(error).replace('ID =', 'NAME =')}; figures are {', '.join(FIGURES)}") from None


def _engine(form: str) -> None:
    """A PGF has its words measured by TeX."""
    if form != "pgf":
        return
    from derivations.figures.render import ENGINES, engine

    if engine() is None:
        raise UsageError(f"--format = 'pgf' needs one of {', '.join(ENGINES)} (Debian: apt install texlive-latex-recommended"
                         " texlive-pictures); pdf and svg need none")  # fmt: skip


def _points(ledger: Path, claims: list[str]) -> tuple[list[tuple[str, Any]], bool]:
    """Of these claims, in a run's folder, and whether one falls short there, which is said on standard error."""
    if not claims:
        return [], False
    from derivations.ledger.read import read_ledger

    document, points = read_ledger(ledger)
    if missing := [claim for claim in claims if claim not in points]:
        raise UsageError(f"--ledger = {str(ledger)!r} has no points of {', '.join(missing)}: run normlaw verify {' '.join(missing)} first")
    short = [claim for claim in document["claims"] if claim["id"] in claims and claim["falls_short"]]
    for claim in short:
        print(f"normlaw figures: {claim['label']} {claim['id']} falls short in this run: {claim['falls_short'][0]}", file=sys.stderr)
    return [(claim, points[claim]) for claim in claims], bool(short)


def _story(name: str, options: Namespace, out: Path, style: Any) -> tuple[Path, str]:
    """The file, and what is wrong with what it shows."""
    from derivations.figures import render
    from derivations.figures.verdict import complaint, fallen

    found, without = render.story(name).data(options.seed, options.effort), fallen(name)
    return render.written(name, found, out, options.format, style, without), complaint(found, without)


def _of_claim(claim: str, points: Any, options: Namespace, out: Path, style: Any) -> list[Path]:
    from derivations.figures.of_claims import pictures
    from derivations.figures.render import encoded
    from derivations.files import write_whole_bytes

    return [write_whole_bytes(out / f"{name}.{options.format}", encoded(figure, options.format, style, f"{name}: {_said(figure)}"))
            for name, figure in pictures(claim, points, style)]  # fmt: skip


def _said(figure: Any) -> str:
    """The sentence above the last panel: whether settings leave their bound."""
    return str(figure.axes[-1].get_title(loc="left"))

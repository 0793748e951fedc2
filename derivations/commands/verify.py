"""``normlaw verify``: the ledger on the terminal, as JSON, and as files."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from rich.console import Console

from derivations.command_line.input_checks import UsageError, chapters_named, claim_named, readable_text, writable_folder
from derivations.files import write_whole
from derivations.ledger.document import ledger_json, ledger_markdown
from derivations.ledger.kept import Kept
from derivations.ledger.read import LEDGER, POINTS, points_json, read_document
from derivations.ledger.records import Ledger
from derivations.ledger.verification import Plan, plan_of, verify, versions
from derivations.ledger.workers import in_processes
from derivations.terminal.live import display
from derivations.terminal.tables import STYLES, console, line, show_ledger, show_shortfalls
from theory.catalogue import catalogue

RUNNER = in_processes


def run(options: Namespace) -> int:
    """0 if everything passes, 1 if something falls short; raises `UsageError` before any work."""
    quiet, no_color = getattr(options, "quiet", False), getattr(options, "no_color", False)
    plan = _plan(options)
    with display(plan, quiet=quiet, json=options.json, no_color=no_color) as shown:
        ledger = verify(plan, shown.tell, RUNNER, Kept(plan.out / "records", catalogue(), versions()))
    gone = _replaced(ledger, plan.out)
    files = write_ledger(ledger, plan.out)
    if ledger.numeric_only and (quiet or options.json):  # elsewhere the last line says it
        line(console(no_color=no_color, stderr=True), (ledger.not_proved(), STYLES["numeric-only"]))
    if options.json:
        sys.stdout.write(ledger_json(ledger))
        if not quiet:
            show_shortfalls(console(no_color=no_color, stderr=True), ledger)
            _tell_replaced(console(no_color=no_color, stderr=True), gone, plan.out)
    elif quiet:
        show_shortfalls(console(no_color=no_color), ledger)
    else:
        out = console(no_color=no_color)
        show_ledger(out, ledger)
        line(out, "open: ", ", ".join(map(str, files)))
        _tell_replaced(out, gone, plan.out)
    return 0 if ledger.passes else 1


def _plan(options: Namespace) -> Plan:
    claims = catalogue()
    names = tuple(claim_named(claims, name).id for name in options.ids)
    chapters = chapters_named(claims, options.chapter)
    corpus = readable_text(options.corpus)
    out = writable_folder(options.out)
    chosen, real_text = plan_of(claims, names, chapters, real_text=corpus is not None)
    return Plan(chosen, real_text, options.seed, options.effort, corpus, out, options.only_changed)


def _replaced(ledger: Ledger, out: Path) -> int:
    """How many claims the ledger in the folder has that are no part of this one, which takes its place."""
    try:
        before = read_document(out)
    except UsageError:  # none, or one that nobody could have read
        return 0
    return len({claim["id"] for claim in before["claims"]} - {claim.id for claim in ledger.claims})


def _tell_replaced(to: Console, gone: int, out: Path) -> None:
    if gone:
        words = f"the ledger in {out} was of {gone} more claim{'s' * (gone != 1)}, and now is of this run only"
        line(to, (f"{words}: normlaw verify --only-changed --out {out} runs all, and takes over what has not changed", "yellow"))


def write_ledger(ledger: Ledger, out: Path) -> tuple[Path, ...]:
    """ledger.json, points.json and ledger.md; the paths a person should open, pictures included."""
    (out / POINTS).unlink(missing_ok=True)  # never the points of another run beside a ledger, wherever this one is interrupted
    write_whole(out / LEDGER, ledger_json(ledger))
    write_whole(out / POINTS, points_json(ledger))
    found = [write_whole(out / "ledger.md", ledger_markdown(ledger))]
    real = [Path(name) for name in (ledger.real_text.files if ledger.real_text else ())]
    return (*found, *(path for path in real if path.suffix in (".svg", ".csv")))

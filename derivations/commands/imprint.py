"""``normlaw imprint``: what the norms of embeddings will mean, by the ledger; and what they mean on real text."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import Any

from derivations.command_line.input_checks import UsageError, readable_text, writable_file
from derivations.files import write_whole
from derivations.ledger.document import finite
from derivations.terminal.tables import console, line
from theory.imprint_map import Regime


def run(options: Namespace) -> int:
    """0 if there is an answer, 1 if no claim gives one; raises `UsageError` for names that are not known."""
    from derivations.imprint_map import report

    _known(options)
    entries = report.chosen(options.optimizer, options.decay)
    beyond = _beyond(options)
    out = console(no_color=getattr(options, "no_color", False))
    answered = bool(entries) and not beyond
    document: dict[str, Any] = {"map": [report.regime_document(r, options.loss) for r in entries] if answered else [], "beyond": beyond}
    if not answered:
        document["see"] = report.titles(report.pointers(beyond, options.optimizer, options.decay))
        document["known"] = [] if beyond else report.known_document(options.optimizer)
    if not options.json:
        _show(out, options, entries, beyond)
    if options.plot and answered:
        from derivations.imprint_map.plot import map_svg

        write_whole(options.plot, map_svg(entries))
        document["plot"] = str(options.plot)
        if not options.json:
            line(out, f"open: {options.plot}")
    if options.fits:
        document["fits"] = _fits(options, out)
    if options.text or options.corpus:
        document["text"] = _text(options, out)
    if options.json:
        sys.stdout.write(json.dumps(finite(document), indent=2, allow_nan=False) + "\n")
    return 0 if answered or options.text or options.corpus or options.fits else 1


def _known(options: Namespace) -> None:
    from theory.imprint_elsewhere import names
    from theory.imprint_map import DECAYS
    from theory.imprint_signs import losses

    asked = (("--optimizer", options.optimizer, names()), ("--decay", options.decay, DECAYS), ("--loss", options.loss, losses()))
    for flag, value, known in asked:
        if value is not None and value not in known:
            raise UsageError(f"{flag} = {value!r} must be one of {', '.join(known)}")
    if options.plot:
        writable_file("--plot", options.plot)


def _beyond(options: Namespace) -> str:
    """Why the map does not apply, or nothing."""
    from theory.imprint_signs import NOTHING, losses

    if options.encoder == "shared":
        return "shared"
    return "loss" if options.loss is not None and losses()[options.loss] == NOTHING else ""


def _show(out: Any, options: Namespace, entries: tuple[Regime, ...], beyond: str) -> None:
    from derivations.imprint_map import report

    if beyond:
        report.show_beyond(out, beyond)
    elif not entries:
        report.show_nothing(out, options.optimizer, options.decay)
    elif options.optimizer:
        for r in entries:
            report.show_regime(out, r, options.loss)
    else:
        report.show_map(out, entries, options.loss)


def _fits(options: Namespace, out: Any) -> list[dict[str, Any]]:
    from derivations.imprint_map import fits as imprint_fits

    fits = imprint_fits.run(options.seed)
    if not options.json:
        imprint_fits.show(out, fits)
    return imprint_fits.document(fits)


def _text(options: Namespace, out: Any) -> dict[str, Any]:
    from derivations.imprint_map import report
    from derivations.imprint_map.text import run as train
    from derivations.terminal.progress import reported

    corpus = readable_text(options.corpus)
    with reported("training", quiet=getattr(options, "quiet", False) or options.json) as progress:
        found = train(corpus=corpus, seed=options.seed, effort=options.effort, progress=progress)
    if not options.json:
        report.show_text(out, found)
    return report.text_document(found)

"""``normlaw sweep``: a design of cells done, reported, and one of them done again."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from typing import Any

from derivations.command_line.input_checks import UsageError

INTERRUPTED = 130


def run(options: Namespace) -> int:
    """The page that was asked for; raises `UsageError` for what cannot be meant."""
    return {"report": _report, "cell": _cell, "": _sweep}[options.page](options)


def _sweep(options: Namespace) -> int:
    from derivations.sweep.dataset import Dataset
    from derivations.sweep.design import laid_out
    from derivations.sweep.extra import distributed
    from derivations.sweep.spec import read_spec
    from derivations.sweep.versions import versions

    if not options.dry_run and options.out is None:
        raise UsageError("--out DIR is missing: where the rows go")
    if options.scheduler and options.local_cluster:
        raise UsageError("--scheduler and --local-cluster exclude each other")
    laid = laid_out(read_spec(options.spec))
    if options.dry_run:
        return _dry_run(laid, options)
    if options.scheduler or options.local_cluster:
        distributed()  # or say what is missing, before a folder is claimed
    here = versions()
    dataset = Dataset(options.out, laid, here, force=options.force)
    try:
        return _run(dataset, lambda: _executor(options, here, laid.spec.time_limit), options)
    finally:
        dataset.close()


def _executor(options: Namespace, versions: dict[str, str], time_limit: float) -> Any:
    from numerics.compilation.processors import processors

    workers = options.workers or processors()
    if options.scheduler or options.local_cluster:
        from derivations.sweep.cluster import Cluster

        return Cluster(options.scheduler, workers, versions, time_limit)
    from derivations.sweep.pool import Pool

    return Pool(workers, time_limit)


def _run(dataset: Any, start: Callable[[], Any], options: Namespace) -> int:
    from derivations.sweep import engine
    from derivations.sweep.summary import Pace, finished, said
    from derivations.terminal.progress import reported

    quiet = bool(getattr(options, "quiet", False) or options.json)
    tally, executor = engine.Tally(len(dataset.laid.cells), 0), None
    try:
        if dataset.missing():
            executor = start()
        with reported("sweep", quiet=quiet) as tell:
            pace = Pace()

            def shown(now: engine.Tally) -> None:
                nonlocal tally
                tally = now
                tell((now.kept + now.done) / now.cells, pace.words(now))

            tally = engine.run(dataset, executor, shown) if executor else engine.Tally(tally.cells, tally.cells)
    except KeyboardInterrupt:
        print(f"normlaw: interrupted; {tally.kept + tally.done} of {tally.cells} cells are done and kept in {dataset.folder}: "
              "the same command goes on from there", file=sys.stderr)  # fmt: skip
        return INTERRUPTED
    finally:
        if executor is not None:
            executor.close()
    found = finished(dataset.folder, dataset.laid.spec.name, tally)
    if options.json:
        sys.stdout.write(json.dumps(found, indent=2, allow_nan=False) + "\n")
    else:
        said(found, quiet=quiet, no_color=getattr(options, "no_color", False))
    verdicts = found["verdicts"]
    compared = found["cells"] > verdicts["vacuous"]  # a check that met no setting is a failure
    return 0 if compared and not verdicts["fails"] + verdicts["error"] else 1


def _dry_run(laid: Any, options: Namespace) -> int:
    from derivations.sweep.summary import planned, said_plan

    found = planned(laid)
    if options.json:
        sys.stdout.write(json.dumps(found, indent=2, allow_nan=False) + "\n")
    else:
        said_plan(found, no_color=getattr(options, "no_color", False))
    return 0


def _report(options: Namespace) -> int:
    from derivations.sweep.report import report

    return report(options.folder, options.out, as_json=options.json, quiet=getattr(options, "quiet", False),
                  no_color=getattr(options, "no_color", False))  # fmt: skip


def _cell(options: Namespace) -> int:
    from derivations.sweep.one_cell import rerun

    return rerun(options.folder, options.id, as_json=options.json, quiet=getattr(options, "quiet", False),
                 no_color=getattr(options, "no_color", False))  # fmt: skip
